/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/abort.h"
#include "ns3/xfrm-ipsec.h"

namespace ns3::xfrm::tests
{

namespace
{

/// Split "address/length".
void
ReadPrefix(const std::string& text, IpAddress& address, uint8_t& length)
{
    const size_t slash = text.find('/');
    address = Ipv4Address(text.substr(0, slash).c_str());
    length = static_cast<uint8_t>(std::stoul(text.substr(slash + 1)));
}

} // namespace

Selector
MakeSelector(const std::string& source, const std::string& destination)
{
    Selector selector;
    ReadPrefix(source, selector.source, selector.sourcePrefix);
    ReadPrefix(destination, selector.destination, selector.destinationPrefix);
    return selector;
}

PolicyConfig
MakePolicy(const std::string& source, const std::string& destination, uint32_t priority)
{
    PolicyConfig config;
    config.selector = MakeSelector(source, destination);
    config.priority = priority;
    return config;
}

Flow
MakeFlow(const std::string& source, const std::string& destination)
{
    Flow flow;
    flow.common.proto = PROTO_UDP;
    flow.source = Ipv4Address(source.c_str());
    flow.destination = Ipv4Address(destination.c_str());
    flow.upper = UpperLayer::Ports(5000, 6000);
    return flow;
}

PolicyFixture::PolicyFixture()
    : database(indexes)
{
}

PolicyDatabase::Insertion
PolicyFixture::Insert(const std::string& name, const PolicyConfig& config, bool isExclusive)
{
    m_policies.push_back(Create<Policy>(config));
    m_names[PeekPointer(m_policies.back())] = name;
    return database.Insert(m_policies.back(), isExclusive, now, time);
}

Ptr<Policy>
PolicyFixture::Add(const std::string& name, const PolicyConfig& config)
{
    const PolicyDatabase::Insertion insertion = Insert(name, config, true);
    NS_ABORT_MSG_IF(insertion.error != 0, "policy " << name << " is a duplicate");
    return m_policies.back();
}

std::string
PolicyFixture::LookUp(const Flow& flow, PolicyType type, Direction direction)
{
    work = {};
    return GetName(database.Lookup(flow, type, direction, work));
}

std::string
PolicyFixture::GetName(const Ptr<Policy>& policy) const
{
    return policy ? m_names.at(PeekPointer(policy)) : "";
}

std::string
PolicyFixture::GetNames(const std::vector<Ptr<Policy>>& policies) const
{
    std::string names;
    for (const Ptr<Policy>& policy : policies)
    {
        names += (names.empty() ? "" : " ") + GetName(policy);
    }
    return names;
}

std::string
PolicyFixture::GetInexact(Direction direction) const
{
    return GetNames(database.GetTable(direction).GetInexact());
}

} // namespace ns3::xfrm::tests
