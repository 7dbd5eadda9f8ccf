/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-diversion.h"

#include "xfrm-net-device.h"

#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-queue-disc-item.h"
#include "ns3/traffic-control-layer.h"

#include <utility>

namespace ns3::xfrm
{

/**
 * @brief What the pseudo interface has for traffic control: the last place where a packet and its
 *        IP header are apart.
 */
class Diversion::Tap : public TrafficControlLayer
{
  public:
    /// @param diversion takes the packets
    explicit Tap(Diversion* diversion)
        : m_diversion(diversion)
    {
    }

    /// @brief Let no more packets through.
    void Close()
    {
        m_diversion = nullptr;
    }

    void Send(Ptr<NetDevice> /*device*/, Ptr<QueueDiscItem> item) override
    {
        if (m_diversion)
        {
            const auto sent = StaticCast<Ipv4QueueDiscItem>(item);
            m_diversion->Catch(sent->GetPacket(), sent->GetHeader());
        }
    }

  private:
    Diversion* m_diversion; //!< takes the packets; null: nobody does
};

Diversion::Diversion(Ipv4L3Protocol& ipv4, Catcher catcher)
    : m_ipv4(ipv4),
      m_catcher(std::move(catcher))
{
}

Diversion::~Diversion()
{
    if (m_tap)
    {
        m_tap->Close();
    }
}

void
Diversion::Prepare()
{
    if (m_device)
    {
        return;
    }
    m_device = CreateObject<XfrmNetDevice>();
    m_ipv4.GetObject<Node>()->AddDevice(m_device);
    m_interface = m_ipv4.GetNInterfaces();
    m_ipv4.AddInterface(m_device);
    m_ipv4.AddAddress(m_interface, {Ipv4Address::GetLoopback(), Ipv4Mask::GetOnes()});
    m_ipv4.SetForwarding(m_interface, false);
    m_tap = CreateObject<Tap>(this);
    m_ipv4.GetInterface(m_interface)->SetTrafficControl(m_tap);
    m_ipv4.SetUp(m_interface);
    m_route = Create<Ipv4Route>();
    m_route->SetOutputDevice(m_device);
}

Ptr<Ipv4Route>
Diversion::Divert(const Ptr<Ipv4Route>& route, uint64_t uid)
{
    m_way[m_nDiverted++ % m_way.size()] = {uid, route};
    auto diverted = Create<Ipv4Route>(*route);
    diverted->SetOutputDevice(m_device);
    return diverted;
}

const Ptr<Ipv4Route>&
Diversion::DivertRouted(uint64_t uid)
{
    m_routed = uid;
    return m_route;
}

void
Diversion::Catch(const Ptr<Packet>& packet, const Ipv4Header& header)
{
    if (m_routed == packet->GetUid())
    {
        m_routed.reset();
        m_catcher(packet, header, nullptr);
        return;
    }
    for (uint32_t back = 1; back <= m_way.size(); ++back)
    {
        Slot& slot = m_way[(m_nDiverted - back) % m_way.size()];
        if (slot.route && slot.uid == packet->GetUid())
        {
            m_catcher(packet, header, std::exchange(slot.route, nullptr));
            return;
        }
    }
}

} // namespace ns3::xfrm
