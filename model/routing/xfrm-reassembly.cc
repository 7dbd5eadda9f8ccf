/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-reassembly.h"

#include "ns3/ipv6-interface.h"

namespace ns3::xfrm
{

/// Stands before a protocol on an interface.
class Reassembly::StandIn : public IpL4Protocol
{
  public:
    /// @param owner whose it is @param protocol what it stands before
    StandIn(Reassembly* owner, const Ptr<IpL4Protocol>& protocol)
        : m_owner(owner),
          m_protocol(protocol)
    {
    }

    /// @brief Only hand on from now on.
    void Retire()
    {
        m_owner = nullptr;
    }

    int GetProtocolNumber() const override
    {
        return m_protocol->GetProtocolNumber();
    }

    RxStatus Receive(Ptr<Packet> p,
                     const Ipv4Header& header,
                     Ptr<Ipv4Interface> incomingInterface) override
    {
        if (!m_owner || !m_owner->m_isDelivering)
        {
            return m_protocol->Receive(p, header, incomingInterface);
        }
        Ipv4Header whole = header; // of the fragment that came last
        whole.SetLastFragment();
        return m_owner->m_whole(p, whole, incomingInterface, m_protocol);
    }

    RxStatus Receive(Ptr<Packet> p,
                     const Ipv6Header& header,
                     Ptr<Ipv6Interface> incomingInterface) override
    {
        return m_protocol->Receive(p, header, incomingInterface);
    }

    void ReceiveIcmp(Ipv4Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv4Address payloadSource,
                     Ipv4Address payloadDestination,
                     const uint8_t payload[8]) override
    {
        m_protocol->ReceiveIcmp(icmpSource,
                                icmpTtl,
                                icmpType,
                                icmpCode,
                                icmpInfo,
                                payloadSource,
                                payloadDestination,
                                payload);
    }

    void SetDownTarget(DownTargetCallback cb) override
    {
        m_protocol->SetDownTarget(cb);
    }

    void SetDownTarget6(DownTargetCallback6 cb) override
    {
        m_protocol->SetDownTarget6(cb);
    }

    DownTargetCallback GetDownTarget() const override
    {
        return m_protocol->GetDownTarget();
    }

    DownTargetCallback6 GetDownTarget6() const override
    {
        return m_protocol->GetDownTarget6();
    }

  private:
    Reassembly* m_owner;          //!< whose it is; null: retired
    Ptr<IpL4Protocol> m_protocol; //!< what it stands before
};

Reassembly::Reassembly(Ipv4L3Protocol& ipv4, WholeCallback whole)
    : m_ipv4(ipv4),
      m_whole(std::move(whole))
{
}

Reassembly::~Reassembly()
{
    for (const auto& [place, standIn] : m_standIns)
    {
        standIn->Retire();
    }
}

void
Reassembly::StandBefore(uint8_t protocol, uint32_t interface)
{
    const auto place = std::make_pair(protocol, interface);
    if (m_standIns.count(place) > 0)
    {
        return;
    }
    const Ptr<IpL4Protocol> real = m_ipv4.GetProtocol(protocol, static_cast<int32_t>(interface));
    if (real)
    {
        const Ptr<StandIn> standIn = Create<StandIn>(this, real);
        m_standIns.emplace(place, standIn);
        m_ipv4.Insert(standIn, interface);
    }
}

void
Reassembly::Deliver(const Ptr<const Packet>& packet,
                    const Ipv4Header& header,
                    uint32_t interface,
                    const DeliverCallback& deliver)
{
    StandBefore(header.GetProtocol(), interface);
    m_isDelivering = true;
    deliver(MakeReal(*packet), header, interface);
    m_isDelivering = false;
}

Ptr<Packet>
MakeReal(const Packet& packet)
{
    Ptr<Packet> real = packet.Copy();
    real->AddAtEnd(Create<Packet>()); // appending nothing makes all bytes real
    return real;
}

} // namespace ns3::xfrm
