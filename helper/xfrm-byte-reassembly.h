/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BYTE_REASSEMBLY_H
#define XFRM_BYTE_REASSEMBLY_H

#include "xfrm-ip-bytes.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <tuple>

namespace ns3::xfrm
{

/// What became of a fragment.
enum class FragmentVerdict : uint8_t
{
    Waiting,  //!< others are missing
    Whole,    //!< it was the last one that was missing
    Overlaps, //!< it covers bytes that came already: all fragments of its packet are dropped
    Malformed //!< it can't be a part of a packet of at most 65535 bytes, and is dropped
};

/**
 * @ingroup xfrm
 * @brief Puts fragments of IPv4 packets together, as bytes (RFC 791).
 *
 * Source: ip_defrag(), net/ipv4/ip_fragment.c, Linux 4.1.  Packets are told apart by source,
 * destination, protocol and identification, and wait 30 s for their fragments
 * (net.ipv4.ipfrag_time).  Deviations: 4.1 cuts overlapping fragments to fit, which lets a sender
 * hide bytes from whoever looks on; here their packet is dropped, as it is from 4.20 on.  No limit
 * of memory (net.ipv4.ipfrag_high_thresh).
 */
class ByteReassembly
{
  public:
    /// What became of a fragment.
    struct Result
    {
        FragmentVerdict verdict; //!< what
        Octets packet;           //!< the packet, if it is whole
    };

    /**
     * @brief A fragment arrived.
     * @param fragment it, well-formed @param now the time, never before that of another one
     * @return what became of it
     */
    Result Take(const IpBytes& fragment, Time now);

    /// @return packets that still wait, or waited in vain
    uint64_t GetIncomplete() const
    {
        return m_nTimedOut + m_datagrams.size();
    }

  private:
    /// What fragments of a packet have in common: source, destination, protocol, identification.
    using Key = std::tuple<uint32_t, uint32_t, uint8_t, uint16_t>;

    /// A packet whose fragments come.
    struct Datagram
    {
        uint64_t number{0};               //!< how manieth it is
        Octets header;                    //!< IP header of the first fragment, empty until it comes
        std::map<size_t, Octets> parts;   //!< payloads by their offset
        size_t haveBytes{0};              //!< sum of their lengths [bytes]
        std::optional<size_t> totalBytes; //!< length of the payload, once the last came [bytes]
    };

    void DropOld(Time now);
    static bool Overlaps(const Datagram& datagram, size_t begin, size_t end);
    static bool Fits(const Datagram& datagram, const IpBytes& fragment);
    static FragmentVerdict Store(Datagram& datagram, const IpBytes& fragment);
    static Octets Join(const Datagram& datagram, uint8_t protocol);

    /// When a packet is given up.
    struct Deadline
    {
        Time time;       //!< when
        Key key;         //!< its name
        uint64_t number; //!< which one of that name
    };

    std::map<Key, Datagram> m_datagrams; //!< packets that wait
    std::deque<Deadline> m_deadlines;    //!< of all packets since, earliest first
    uint64_t m_nDatagrams{0};            //!< packets of which fragments came
    uint64_t m_nTimedOut{0};             //!< packets given up
};

} // namespace ns3::xfrm

#endif // XFRM_BYTE_REASSEMBLY_H
