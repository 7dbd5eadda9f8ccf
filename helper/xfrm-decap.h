/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DECAP_H
#define XFRM_DECAP_H

#include "xfrm-byte-packet.h"
#include "xfrm-byte-reassembly.h"
#include "xfrm-decap-host.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-policy-check.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// What a host does with a packet.
enum class DecapVerdict : uint8_t
{
    Inner,          //!< its layers are opened, and what was inside is let in, or through
    Dropped,        //!< IPsec drops it
    Fragment,       //!< it waits for other fragments
    BadFragment,    //!< it overlaps another fragment: their packet is dropped
    Keepalive,      //!< it keeps a NAT's mapping alive (R241)
    Ike,            //!< it is no ESP, and goes to the socket of its port (R241)
    Plain,          //!< it is not protected, and let in
    NotForThisHost, //!< it has another destination
    Malformed,      //!< IP or UDP drops it, or what was inside: lengths or a checksum are wrong
    CutShort        //!< it was captured in part, so that nobody can tell
};

/// How many verdicts there are.
inline constexpr size_t N_DECAP_VERDICTS{10};

/// @param verdict a verdict @return it in words, such as "not for this host"
const char* GetText(DecapVerdict verdict);

/// What became of a packet.
struct DecapResult
{
    DecapVerdict verdict{DecapVerdict::Malformed}; //!< what
    std::optional<Counter> counter;                //!< if dropped: the counter that moved
    std::optional<SpiSequence> front;              //!< what its first layer says
    EncapType encapType{EncapType::None};          //!< how its first layer hides in UDP
    std::vector<OpenedByteLayer> layers;           //!< layers that were opened, outermost first
    bool isOpened{false};                          //!< no layer is left, also if policies drop it
    Octets inner;                                  //!< what was inside, if opened: an IP packet
};

/**
 * @ingroup xfrm
 * @brief What a host does with the packets that it receives, byte by byte.
 *
 * Source: ip_rcv(), ip_local_deliver(), udp_queue_rcv_skb(), xfrm4_udp_encap_rcv(), xfrm4_rcv() and
 * xfrm4_transport_finish(), Linux 4.1 (R240 to R269).  A tunnel's inner packet for this host is
 * received anew with the states that it came through, so that tunnels in tunnels are opened, too.
 *
 * Left out: what forwarding does to a packet (R270 and on), ICMP, TCP and whatever else a host does
 * with what it let in; fragments that are inside are not put together.
 */
class Decap
{
  public:
    /// What a host is like.
    struct Config
    {
        bool hasPolicyCheck{true}; //!< policies are asked (R260); false: whatever opens is let in
        bool hasBypass{true};      //!< sockets that ESP comes to by UDP let everything in, as IKE
                                   //!< daemons have it; false: policies are asked
    };

    /// @param host who receives; must outlive this @param config what it is like
    Decap(DecapHost& host, const Config& config);

    /**
     * @brief Receive a packet, or a fragment of one.
     * @param packet any bytes at all @param now the time since the start
     * @return what became of it
     */
    DecapResult Receive(std::span<const uint8_t> packet, Time now);

    /// @return packets of which not all fragments came
    uint64_t GetIncomplete() const
    {
        return m_reassembly.GetIncomplete();
    }

  private:
    /// A packet that is being opened.
    struct Arrival;

    std::optional<DecapVerdict> Take(const IpBytes& packet, Octets& whole);
    void Deliver(Arrival& arrival);
    bool TakeUdp(Arrival& arrival);
    bool Open(Arrival& arrival, const InputPacket& description, std::span<const uint8_t> payload);
    void LetIn(Arrival& arrival, Direction direction);
    bool IsLetIn(Arrival& arrival, Direction direction);

    DecapHost& m_host;           //!< who receives
    Config m_config;             //!< what it is like
    Input m_input;               //!< opens layers
    PolicyCheck m_check;         //!< asks policies
    ByteReassembly m_reassembly; //!< puts fragments together
};

} // namespace ns3::xfrm

#endif // XFRM_DECAP_H
