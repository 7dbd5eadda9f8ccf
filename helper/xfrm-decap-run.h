/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DECAP_RUN_H
#define XFRM_DECAP_RUN_H

/**
 * @file
 * @ingroup xfrm
 * @brief All packets of a capture, as a host receives them.
 */

#include "xfrm-decap.h"
#include "xfrm-ip-xfrm.h"
#include "xfrm-pcap-link.h"

#include "ns3/nstime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What is to be done with a capture.
struct DecapRunConfig
{
    std::vector<IpXfrmCommand> commands; //!< of the host; time 0 is that of the first packet
    std::vector<IpAddress> addresses;    //!< of the host; empty: as the commands tell
    Decap::Config host;                  //!< what the host is like
    std::string pcapFile;                //!< the capture
    std::string filter;                  //!< which frames of it count, see PcapReader; empty: all
    std::string writeFile;               //!< where packets that were inside are written; empty:
                                         //!< nowhere
    bool reseals{false};                 //!< seal what was opened again, and compare
};

/// How the layers of a packet look that were sealed again.
struct ResealedPacket
{
    bool isEqual{true};    //!< as they were
    size_t layer{0};       //!< else: the outermost one that is not, from 0
    size_t firstOffset{0}; //!< first byte of it behind its IP header that differs
};

/// What became of a captured packet.
struct DecapRecord
{
    uint64_t number{0};                     //!< number of its frame, from 1
    Time time;                              //!< when it was captured, since 1970
    Time sinceStart;                        //!< the same, since the first packet, from 0
    IpAddress source;                       //!< of its IP header
    IpAddress destination;                  //!< of its IP header
    uint8_t protocol{0};                    //!< of its IP header
    DecapResult result;                     //!< what became of it
    std::optional<ResealedPacket> resealed; //!< if it was opened and sealed again
};

/// How often what happened.
struct DecapTotals
{
    uint64_t nPackets{0};                                //!< packets
    std::array<uint64_t, N_DECAP_VERDICTS> nByVerdict{}; //!< of them, by DecapVerdict
    std::array<uint64_t, N_PCAP_SKIPS> nSkipped{};       //!< frames without a packet, by PcapSkip
    uint64_t nOpened{0};                                 //!< packets of which all layers opened
    uint64_t nIncomplete{0};                             //!< packets that lacked fragments
    uint64_t nResealed{0};                               //!< packets that were sealed again
    uint64_t nEqual{0};                                  //!< of them, those equal to before
    Statistics statistics;                               //!< the host's counters
};

/**
 * @brief Let a host receive a capture.
 *
 * Time is that of the packets, but never goes back: where theirs do, they come at once.
 *
 * @param config what is to be done
 * @param onPacket told of each packet
 * @return how often what happened
 * @throws IpXfrmError, std::invalid_argument for a file that can't be read or written, and a
 *         command that is wrong or refused
 */
DecapTotals RunDecap(const DecapRunConfig& config,
                     const std::function<void(const DecapRecord&)>& onPacket);

} // namespace ns3::xfrm

#endif // XFRM_DECAP_RUN_H
