/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-duel.h"

#include "ns3/xfrm-ipsec.h"

#include <array>

namespace ns3::xfrm::tests
{

PolicyDuel::PolicyDuel(uint64_t seed)
    : m_random(seed)
{
}

std::string
PolicyDuel::Run(uint32_t nOperations)
{
    for (uint32_t i = 0; i < nOperations && m_difference.empty(); ++i)
    {
        const uint32_t choice = Draw(1000);
        if (choice < 300)
        {
            Insert();
        }
        else if (choice < 600)
        {
            Lookup();
        }
        else if (choice < 750)
        {
            LookUpGlobally();
        }
        else if (choice < 870)
        {
            Remove();
        }
        else if (choice < 980)
        {
            RemoveByIndex();
        }
        else if (choice < 995)
        {
            SetThresholds();
        }
        else
        {
            Flush();
        }
        CompareAll();
        m_difference += m_difference.empty() ? "" : ", operation " + std::to_string(i);
    }
    return m_difference;
}

/// @return a number below n
uint32_t
PolicyDuel::Draw(uint32_t n)
{
    return static_cast<uint32_t>(m_random() % n);
}

IpAddress
PolicyDuel::DrawAddress()
{
    return Ipv4Address(0x0a000000 + Draw(4));
}

uint8_t
PolicyDuel::DrawPrefix()
{
    return std::array<uint8_t, 6>{0, 24, 30, 31, 32, 32}[Draw(6)];
}

Mark
PolicyDuel::DrawMark()
{
    return std::array<Mark, 5>{Mark{}, Mark{}, Mark{1, 1}, Mark{1, 3}, Mark{3, 1}}[Draw(5)];
}

Selector
PolicyDuel::DrawSelector()
{
    if (!m_selectors.empty() && Draw(2) == 0)
    {
        return m_selectors[m_selectors.size() - 1 - Draw(std::min<size_t>(m_selectors.size(), 20))];
    }
    Selector selector;
    selector.family = 2;
    selector.source = DrawAddress();
    selector.sourcePrefix = DrawPrefix();
    selector.destination = DrawAddress();
    selector.destinationPrefix = DrawPrefix();
    selector.sourcePort = static_cast<uint16_t>(Draw(2));
    selector.sourcePortMask = Draw(2) == 0 ? 0 : 0xffff;
    return selector;
}

PolicyConfig
PolicyDuel::DrawConfig()
{
    PolicyConfig config;
    config.selector = DrawSelector();
    config.direction = Draw(4) == 0 ? Direction::In : Direction::Out;
    config.type = Draw(5) == 0 ? PolicyType::Sub : PolicyType::Main;
    config.priority = Draw(20) == 0 ? UINT32_MAX : Draw(4);
    config.index = Draw(4) == 0 ? Draw(200) : 0;
    config.mark = DrawMark();
    return config;
}

Flow
PolicyDuel::DrawFlow()
{
    Flow flow;
    flow.source = DrawAddress();
    flow.destination = DrawAddress();
    flow.common.proto = PROTO_UDP;
    flow.common.mark = Draw(4);
    flow.upper = UpperLayer::Ports(static_cast<uint16_t>(Draw(2)), 6000);
    return flow;
}

void
PolicyDuel::Insert()
{
    const PolicyConfig config = DrawConfig();
    const bool isExclusive = Draw(3) == 0;
    const auto number = static_cast<uint32_t>(m_policies.size());
    const Ptr<Policy> policy = Create<Policy>(config);
    m_policies.push_back(policy);
    m_numbers[PeekPointer(policy)] = number;
    m_selectors.push_back(config.selector);
    const PolicyDatabase::Insertion got =
        m_database.Insert(policy, isExclusive, number + 1, Seconds(0));
    const PolicyModel::Insertion expected = m_model.Insert(number, config, isExclusive);
    Expect(got.error == (expected.isRefused ? error::EXIST : 0), "error of an insertion");
    Expect(policy->GetIndex() == expected.index, "index");
    Expect(got.isGrowthDue == expected.isGrowthDue, "growth");
    Expect(policy->GetUse().addTime == (expected.isRefused ? 0 : number + 1), "add time");
    ExpectSame(got.replaced, expected.replaced, "replaced policy");
    ExpectKilled(got.replaced, "replaced policy");
}

void
PolicyDuel::Lookup()
{
    const Flow flow = DrawFlow();
    const PolicyType type = Draw(5) == 0 ? PolicyType::Sub : PolicyType::Main;
    const Direction direction = Draw(4) == 0 ? Direction::In : Direction::Out;
    PolicyWork got;
    PolicyWork expected;
    const Ptr<Policy> found = m_database.Lookup(flow, type, direction, got);
    ExpectSame(found, m_model.Lookup(flow, type, direction, expected), "lookup");
    Expect(got == expected, "work of a lookup");
}

void
PolicyDuel::LookUpGlobally()
{
    const Flow flow = DrawFlow();
    PolicyWork got;
    PolicyWork expected;
    const Ptr<Policy> found = m_database.Lookup(flow, Direction::Out, got);
    auto number = m_model.Lookup(flow, PolicyType::Sub, Direction::Out, expected);
    if (!number)
    {
        number = m_model.Lookup(flow, PolicyType::Main, Direction::Out, expected);
    }
    ExpectSame(found, number, "global lookup");
    Expect(got == expected, "work of a global lookup");
}

void
PolicyDuel::Remove()
{
    const PolicyConfig config = DrawConfig();
    const Ptr<Policy> removed =
        m_database.Remove(config.type, config.direction, config.selector, config.mark);
    const auto number = m_model.Remove(config.type, config.direction, config.selector, config.mark);
    ExpectSame(removed, number, "removal by selector");
    ExpectKilled(removed, "removal by selector");
}

void
PolicyDuel::RemoveByIndex()
{
    PolicyConfig config = DrawConfig();
    config.index = Draw(200);
    if (!m_policies.empty() && Draw(4) != 0)
    {
        config = m_policies[Draw(m_policies.size())]->GetConfig();
        config.index = m_policies[Draw(m_policies.size())]->GetIndex();
    }
    const Ptr<Policy> removed =
        m_database.RemoveByIndex(config.type, config.direction, config.index, config.mark);
    const auto number =
        m_model.RemoveByIndex(config.type, config.direction, config.index, config.mark);
    ExpectSame(removed, number, "removal by index");
    ExpectKilled(removed, "removal by index");
}

void
PolicyDuel::Flush()
{
    const PolicyType type = Draw(2) == 0 ? PolicyType::Sub : PolicyType::Main;
    const std::vector<Ptr<Policy>> flushed = m_database.Flush(type);
    const std::vector<uint32_t> numbers = m_model.Flush(type);
    Expect(flushed.size() == numbers.size(), "how many are flushed");
    for (size_t i = 0; i < flushed.size() && m_difference.empty(); ++i)
    {
        ExpectSame(flushed[i], numbers[i], "order of a flush");
        ExpectKilled(flushed[i], "flush");
    }
}

void
PolicyDuel::SetThresholds()
{
    const uint8_t localBits = DrawPrefix();
    const uint8_t remoteBits = DrawPrefix();
    m_database.SetThresholds(Family::Ipv4, localBits, remoteBits);
    m_database.RunRebuild();
    m_model.SetThresholds(localBits, remoteBits);
}

/// Compare what both hold; the order within chains shows in lookups and flushes.
void
PolicyDuel::CompareAll()
{
    const std::vector<Ptr<Policy>> all = m_database.GetAll();
    const std::vector<uint32_t> numbers = m_model.GetAll();
    Expect(all.size() == numbers.size(), "how many there are");
    for (size_t i = 0; i < all.size() && m_difference.empty(); ++i)
    {
        ExpectSame(all[i], numbers[i], "list of all");
        Expect(!all[i]->IsDead() && all[i]->GetGenid() == 0, "all of the list live");
    }
    for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
    {
        Expect(m_database.GetCount(direction) == m_model.GetCount(direction), "count");
    }
}

void
PolicyDuel::Expect(bool isEqual, const std::string& what)
{
    if (!isEqual && m_difference.empty())
    {
        m_difference = what;
    }
}

void
PolicyDuel::ExpectSame(const Ptr<Policy>& policy,
                       std::optional<uint32_t> number,
                       const std::string& what)
{
    std::optional<uint32_t> got;
    if (policy)
    {
        got = m_numbers.at(PeekPointer(policy));
    }
    Expect(got == number, what);
}

/// Expect that a policy, unless it is null, has died once.
void
PolicyDuel::ExpectKilled(const Ptr<Policy>& policy, const std::string& what)
{
    Expect(!policy || (policy->IsDead() && policy->GetGenid() == 1), what + " dies");
}

} // namespace ns3::xfrm::tests
