/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REASSEMBLY_H
#define XFRM_REASSEMBLY_H

#include "ns3/callback.h"
#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/packet.h"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Shows packets of this host that came in fragments, once IP put them together.
 *
 * ns-3 puts fragments together behind its routing, and hands what they make to the protocol at
 * once.  So the protocol of a fragment gets a stand-in in front, on the interface that it came by,
 * which shows the whole packet before it hands it on.
 */
class Reassembly
{
  public:
    /**
     * @brief Takes a packet that was put together.
     * Parameters: what follows the IP header, the header of the whole, number of the interface of
     * the last fragment, and the protocol it is for.
     */
    using WholeCallback = std::function<IpL4Protocol::RxStatus(const Ptr<Packet>&,
                                                               const Ipv4Header&,
                                                               const Ptr<Ipv4Interface>&,
                                                               const Ptr<IpL4Protocol>&)>;

    /// How IP delivers a packet or fragment.
    using DeliverCallback = Callback<void, Ptr<const Packet>, const Ipv4Header&, uint32_t>;

    /// @param ipv4 IP of the node; must outlive this @param whole takes whole packets
    Reassembly(Ipv4L3Protocol& ipv4, WholeCallback whole);

    ~Reassembly();
    Reassembly(const Reassembly&) = delete;
    Reassembly& operator=(const Reassembly&) = delete;
    Reassembly(Reassembly&&) = delete;
    Reassembly& operator=(Reassembly&&) = delete;

    /**
     * @brief Deliver a fragment; the last one of a packet has the whole shown.
     * @param packet what follows its IP header @param header its IP header
     * @param interface number of the interface that it came by @param deliver how IP delivers
     */
    void Deliver(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 uint32_t interface,
                 const DeliverCallback& deliver);

  private:
    class StandIn;

    void StandBefore(uint8_t protocol, uint32_t interface);

    Ipv4L3Protocol& m_ipv4;                                          //!< IP of the node
    WholeCallback m_whole;                                           //!< takes whole packets
    std::map<std::pair<uint8_t, uint32_t>, Ptr<StandIn>> m_standIns; //!< by protocol and interface
    bool m_isDelivering{false}; //!< IP is being given a fragment
};

/**
 * @brief Make the bytes of a fragment real.
 *
 * ns-3.37 puts three or more fragments together wrongly if they begin with zeros that are only
 * counted and end in real bytes, as those of ESP do.
 *
 * @param packet a fragment @return the same with real bytes
 */
Ptr<Packet> MakeReal(const Packet& packet);

} // namespace ns3::xfrm

#endif // XFRM_REASSEMBLY_H
