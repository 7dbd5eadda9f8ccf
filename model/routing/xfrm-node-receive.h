/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_RECEIVE_H
#define XFRM_NODE_RECEIVE_H

#include "xfrm-node-cpus.h"
#include "xfrm-node-teller.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/packet.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-sec-path.h"

#include <cstdint>
#include <deque>
#include <map>
#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Opens the packets of a node that IPsec protects, and has what was inside received anew.
 *
 * Source: xfrm4_rcv(), xfrm4_udp_encap_rcv() and xfrm4_transport_finish(), Linux 4.1 (R240, R241,
 * R259).  What was inside is received anew at the same time, but as an event of its own, as the
 * kernel's backlog does it (netif_rx()), and its sec_path goes with it.
 */
class NodeReceive
{
  public:
    /// The sec_path of a packet that is received anew.
    struct Arriving
    {
        uint64_t uid; //!< the packet's number
        SecPath path; //!< states of the layers that it shed
    };

    /**
     * @param ipv4 IP of the node @param net its policies and states
     * @param cpus where packets are worked on @param teller tells of drops; all four must outlive
     * this
     */
    NodeReceive(Ipv4L3Protocol& ipv4, Namespace& net, NodeCpus& cpus, NodeTeller& teller);

    ~NodeReceive();
    NodeReceive(const NodeReceive&) = delete;
    NodeReceive& operator=(const NodeReceive&) = delete;
    NodeReceive(NodeReceive&&) = delete;
    NodeReceive& operator=(NodeReceive&&) = delete;

    /// @param protocol an IP protocol
    /// @return whether its packets are opened here, and so not checked before (R240)
    static bool Opens(uint8_t protocol);

    /// @brief Say what packets without a check value hold.
    /// @param isReal true: encrypted bytes; false: what is protected, as it is
    void SetRealBytes(bool isReal)
    {
        m_isReal = isReal;
    }

    /// @brief Take ESP out of UDP on a port (UDP_ENCAP).
    /// @param port the port @param type how ESP hides there; None: not at all any more
    void SetUdpEncap(uint16_t port, EncapType type);

    /**
     * @brief A packet of ESP, AH, IPcomp or IP in IP for this host arrived (xfrm4_rcv()).
     * @param packet what follows the IP header, whole @param header the IP header
     * @param interface where it came in
     */
    void Receive(const Ptr<Packet>& packet,
                 const Ipv4Header& header,
                 const Ptr<Ipv4Interface>& interface);

    /// @return whether any port takes ESP out of UDP
    bool HasUdpEncap() const
    {
        return !m_encapPorts.empty();
    }

    /**
     * @brief Does UDP drop a packet on a port that takes ESP out of UDP, or without room for a port
     * (__udp4_lib_rcv())?
     *
     * Deviation: the kernel sums up more than 76 bytes only once policies let them in
     * (udp_lib_checksum_complete()).  Packets on all other ports are for ns-3's UDP to judge.
     *
     * @param packet what follows the IP header, whole @param header the IP header
     * @return whether its length or its checksum is wrong; a checksum of 0 is none
     */
    bool IsBrokenUdp(const Packet& packet, const Ipv4Header& header) const;

    /**
     * @brief A UDP packet for this host arrived, and was let in (xfrm4_udp_encap_rcv(), R241).
     *
     * Bytes behind its end, by the length in its header, are cut off ESP.
     *
     * @param packet what follows the IP header, whole, not broken @param header the IP header
     * @param interface where it came in
     * @return whether it was ESP or a keepalive; false: it is its socket's
     */
    bool TakeUdp(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 const Ptr<Ipv4Interface>& interface);

    /// @return what the packet being received is, if it had been inside another; else null
    const Arriving* GetArriving() const
    {
        return m_arriving;
    }

    /// @brief Say what packet is received now.
    /// @param arriving that it had been inside another, which must last as long; null: it had not
    /// @return what was received before
    Arriving* ExchangeArriving(Arriving* arriving)
    {
        return std::exchange(m_arriving, arriving);
    }

    /// @brief What is being received was put together: it has another number.
    /// @param uid the number of the whole packet
    void NameArriving(uint64_t uid)
    {
        if (m_arriving)
        {
            m_arriving->uid = uid;
        }
    }

    /// @param packet a packet that is being received
    /// @return states of the layers that it shed
    const SecPath& GetPath(const Packet& packet) const;

  private:
    /// A packet that shed a layer.
    struct Opened
    {
        Ptr<Packet> packet;           //!< what was inside, with its IP header
        SecPath path;                 //!< states of the layers that it shed
        Ptr<Ipv4Interface> interface; //!< where it came in
    };

    void Open(const Ptr<Packet>& packet,
              const Ipv4Header& header,
              const InputPacket& description,
              const Ptr<Ipv4Interface>& interface);
    void Enqueue(Opened opened);
    void RunBacklog();
    void ReceiveAnew(Opened opened);

    Ipv4L3Protocol& m_ipv4;                     //!< IP of the node
    NodeCpus& m_cpus;                           //!< where packets are worked on
    NodeTeller& m_teller;                       //!< tells of drops
    Input m_input;                              //!< opens
    bool m_isReal{false};                       //!< packets without a check value are encrypted
    std::map<uint16_t, EncapType> m_encapPorts; //!< UDP ports that take ESP out of UDP
    Arriving* m_arriving{nullptr};              //!< packet being received anew; null: none is
    SecPath m_noPath;                           //!< path of all others
    std::deque<Opened> m_backlog;               //!< to be received anew
    EventId m_backlogEvent;                     //!< when they will be
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_RECEIVE_H
