/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/abort.h"

#include <utility>

namespace ns3::xfrm::tests
{

ScriptedRoute::ScriptedRoute(ScriptedRouteTable& table, ScriptedDevice& device)
    : Route(table.GetGeneration()),
      m_table(table),
      m_device(device),
      m_isOfException(device.pathMtu != 0)
{
    ++m_table.nLive;
}

ScriptedRoute::~ScriptedRoute()
{
    --m_table.nLive;
}

uint32_t
ScriptedRoute::GetMtu() const
{
    return m_device.pathMtu != 0 ? m_device.pathMtu : m_device.mtu;
}

uint32_t
ScriptedRoute::GetDeviceMtu() const
{
    return m_device.mtu;
}

int32_t
ScriptedRoute::GetDevice() const
{
    return m_device.index;
}

bool
ScriptedRoute::IsDeviceUp() const
{
    return m_device.isUp;
}

IpAddress
ScriptedRoute::GetSource() const
{
    return m_device.source;
}

uint8_t
ScriptedRoute::GetHopLimit() const
{
    return m_device.hopLimit;
}

bool
ScriptedRoute::HasNoXfrm() const
{
    return m_device.hasNoXfrm;
}

bool
ScriptedRoute::NotesChanges() const
{
    return m_device.notesChanges;
}

void
ScriptedRoute::NotePathMtu(uint32_t mtu)
{
    m_device.pathMtu = mtu;
    m_isKilled = m_isKilled || !m_isOfException;
}

bool
ScriptedRoute::IsStillRight() const
{
    return m_device.isRouteRight && !m_isKilled;
}

ScriptedRouteTable::ScriptedRouteTable()
    : inside{.index = 2, .source = Ipv4Address("10.1.0.1")},
      outside{.index = 3, .source = Ipv4Address("10.9.0.1")}
{
}

ScriptedDevice&
ScriptedRouteTable::Choose(const IpAddress& destination)
{
    return destination.SharesPrefix(inside.source, 16) ? inside : outside;
}

RouteAnswer
ScriptedRouteTable::Lookup(const RouteRequest& request)
{
    requests.push_back(request);
    if (failsWith != 0 && requests.size() > nSpared)
    {
        return {nullptr, failsWith};
    }
    if (!request.source.IsAny() && request.source != inside.source &&
        request.source != outside.source)
    {
        return {nullptr, error::INVAL};
    }
    return {Create<ScriptedRoute>(*this, Choose(request.destination)), 0};
}

Ptr<Route>
ScriptedRouteTable::MakeRoute(const std::string& address)
{
    const Ipv4Address destination(address.c_str());
    return Create<ScriptedRoute>(*this, Choose(destination));
}

NamespaceFixture::NamespaceFixture(uint32_t nCpus,
                                   const Kernel& kernel,
                                   const std::shared_ptr<LastChains>& lastChains)
    : net({.cache = {.nCpus = nCpus}, .settings = {}, .kernel = kernel, .lastChains = lastChains},
          routes,
          indexes,
          [] { return 1; }),
      lookup(net)
{
}

Flow
NamespaceFixture::MakeFlow()
{
    Flow flow;
    flow.common.proto = PROTO_UDP;
    flow.common.oif = 3;
    flow.common.iif = 1;
    flow.source = Ipv4Address("10.1.0.2");
    flow.destination = Ipv4Address("10.2.0.2");
    flow.upper = UpperLayer::Ports(5000, 6000);
    return flow;
}

Template
NamespaceFixture::MakeTemplate(uint32_t reqid)
{
    Template wanted;
    wanted.source = Ipv4Address("10.9.0.1");
    wanted.destination = Ipv4Address("10.9.0.2");
    wanted.reqid = reqid;
    wanted.mode = Mode::Tunnel;
    return wanted;
}

PolicyConfig
NamespaceFixture::MakePolicy(std::vector<Template> templates)
{
    PolicyConfig config;
    config.selector.family = static_cast<uint16_t>(Family::Ipv4);
    config.selector.source = Ipv4Address("10.1.0.0");
    config.selector.sourcePrefix = 16;
    config.selector.destination = Ipv4Address("10.2.0.0");
    config.selector.destinationPrefix = 16;
    config.templates = std::move(templates);
    return config;
}

StateConfig
NamespaceFixture::MakeState(uint32_t spi, uint32_t reqid)
{
    StateConfig config;
    config.id = {Ipv4Address("10.9.0.2"), spi, PROTO_ESP};
    config.source = Ipv4Address("10.9.0.1");
    config.mode = Mode::Tunnel;
    config.reqid = reqid;
    config.aead = Algorithm{"rfc4106(gcm(aes))", std::vector<uint8_t>(20, 0x42), 128};
    return config;
}

Context
NamespaceFixture::Here()
{
    return {cpu, now, work};
}

Ptr<Policy>
NamespaceFixture::Add(const PolicyConfig& config)
{
    NS_ABORT_MSG_IF(net.AddPolicy(config, false, now) != 0, "the policy is refused");
    return net.GetPolicies().GetAll().front();
}

Ptr<State>
NamespaceFixture::Add(const StateConfig& config)
{
    NS_ABORT_MSG_IF(net.AddState(config, now) != 0, "the state is refused");
    return net.GetStates().GetAll().front();
}

OutputDecision
NamespaceFixture::Decide(const Flow& flow, Lookup::Purpose purpose)
{
    return lookup.Decide(flow, routes.MakeRoute("10.2.0.2"), purpose, Here());
}

std::string
NamespaceFixture::GetCounters() const
{
    std::string text;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        if (const uint64_t value = net.GetStatistics().Get(counter); value != 0)
        {
            text += (text.empty() ? "" : " ") + std::string(Statistics::GetLabel(counter)) + "=" +
                    std::to_string(value);
        }
    }
    return text;
}

} // namespace ns3::xfrm::tests
