/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DECAP_REPORT_H
#define XFRM_DECAP_REPORT_H

/**
 * @file
 * @ingroup xfrm
 * @brief What became of a capture's packets, in words and as JSON.
 */

#include "xfrm-decap-run.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// @param protocol of an IP packet @return its name, or its number
std::string NameProtocol(uint8_t protocol);

/// @param record a packet @return how it is protected, or its protocol
std::string NameOuter(const DecapRecord& record);

/// @param result what became of a packet @return a verdict, or the counter that moved
std::string DescribeVerdict(const DecapResult& result);

/// @param record a packet @param hasBytes with the bytes of what was inside
/// @return its JSON object
nlohmann::ordered_json MakePacketJson(const DecapRecord& record, bool hasBytes);

/// @param totals what happened
/// @return what is counted, with names; behind the first two, 0 is not worth a line
std::vector<std::pair<std::string, uint64_t>> ListFigures(const DecapTotals& totals);

/// @param totals what happened @param hasReseal packets were sealed again
/// @return the JSON object of totals
nlohmann::ordered_json MakeTotalsJson(const DecapTotals& totals, bool hasReseal);

} // namespace ns3::xfrm

#endif // XFRM_DECAP_REPORT_H
