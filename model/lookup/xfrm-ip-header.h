/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_HEADER_H
#define XFRM_IP_HEADER_H

#include "ns3/xfrm-ip-address.h"

#include <cstdint>

namespace ns3::xfrm
{

/// The fields of an IPv4 header that IPsec reads and writes.
struct IpHeader
{
    static constexpr uint32_t MIN_BYTES{20}; //!< an IPv4 header without options [bytes]

    IpAddress source;                //!< source address
    IpAddress destination;           //!< destination address
    uint8_t protocol{0};             //!< protocol of what follows
    uint8_t tos{0};                  //!< type of service
    uint8_t ttl{0};                  //!< time to live
    uint16_t id{0};                  //!< identification
    bool isDontFragment{false};      //!< DF
    uint32_t lengthBytes{MIN_BYTES}; //!< length with options [bytes]
};

} // namespace ns3::xfrm

#endif // XFRM_IP_HEADER_H
