/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-duel.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
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
        Perform(Draw(1000));
        CompareAll();
        m_difference += m_difference.empty() ? "" : ", operation " + std::to_string(i);
    }
    return m_difference;
}

/// Do one of the operations.
void
PolicyDuel::Perform(uint32_t choice)
{
    struct Operation
    {
        uint32_t end;               //!< chosen below this
        void (PolicyDuel::*call)(); //!< what is done
    };

    constexpr std::array<Operation, 13> operations{Operation{270, &PolicyDuel::Insert},
                                                   Operation{520, &PolicyDuel::Lookup},
                                                   Operation{640, &PolicyDuel::LookUpGlobally},
                                                   Operation{720, &PolicyDuel::Remove},
                                                   Operation{800, &PolicyDuel::RemoveByIndex},
                                                   Operation{870, &PolicyDuel::RunTimers},
                                                   Operation{910, &PolicyDuel::RunWork},
                                                   Operation{925, &PolicyDuel::SetThresholds},
                                                   Operation{950, &PolicyDuel::SetOfSocket},
                                                   Operation{985, &PolicyDuel::LookUpOfSocket},
                                                   Operation{990, &PolicyDuel::CloneOfSocket},
                                                   Operation{996, &PolicyDuel::CloseSocket},
                                                   Operation{1000, &PolicyDuel::Flush}};
    const auto chosen =
        std::find_if(operations.begin(), operations.end(), [choice](const Operation& operation) {
            return choice < operation.end;
        });
    (this->*chosen->call)();
}

/// @return a number below n
uint32_t
PolicyDuel::Draw(uint32_t n)
{
    return static_cast<uint32_t>(m_random() % n);
}

Direction
PolicyDuel::DrawDirection()
{
    return std::array<Direction, 4>{Direction::In,
                                    Direction::Out,
                                    Direction::Out,
                                    Direction::Forward}[Draw(4)];
}

LifetimeLimits
PolicyDuel::DrawLimits()
{
    LifetimeLimits limits;
    limits.softAddSeconds = Draw(4) == 0 ? 1 + Draw(40) : 0;
    limits.hardAddSeconds = Draw(4) == 0 ? 1 + Draw(80) : 0;
    limits.softUseSeconds = Draw(4) == 0 ? 1 + Draw(10) : 0;
    limits.hardUseSeconds = Draw(4) == 0 ? 1 + Draw(40) : 0;
    limits.hardBytes = Draw(4);
    return limits;
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
    config.direction = DrawDirection();
    config.type = Draw(5) == 0 ? PolicyType::Sub : PolicyType::Main;
    config.priority = Draw(20) == 0 ? UINT32_MAX : Draw(4);
    config.index = Draw(4) == 0 ? Draw(200) : 0;
    config.mark = DrawMark();
    config.limits = DrawLimits();
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
    const auto policy = Create<Policy>(config);
    const uint32_t number = GiveNumber(policy);
    m_selectors.push_back(config.selector);
    const uint64_t now = m_model.GetWallClock();
    const PolicyDatabase::Insertion got =
        m_database.Insert(policy, isExclusive, now, MilliSeconds(m_millis));
    const PolicyModel::Insertion expected = m_model.Insert(number, config, isExclusive);
    Expect(got.error == (expected.isRefused ? error::EXIST : 0), "error of an insertion");
    Expect(policy->GetIndex() == expected.index, "index");
    Expect(got.isGrowthDue == expected.isGrowthDue, "growth");
    Expect(policy->GetUse().addTime == (expected.isRefused ? 0 : now), "add time");
    ExpectSame(got.replaced, expected.replaced, "replaced policy");
    ExpectKilled(got.replaced, "replaced policy");
}

void
PolicyDuel::Lookup()
{
    const Flow flow = DrawFlow();
    const PolicyType type = Draw(5) == 0 ? PolicyType::Sub : PolicyType::Main;
    const Direction direction = DrawDirection();
    PolicyWork got;
    PolicyWork expected;
    const Ptr<Policy> found = m_database.Lookup(flow, type, direction, got);
    const auto number = m_model.Lookup(flow, type, direction, expected);
    ExpectSame(found, number, "lookup");
    Expect(got == expected, "work of a lookup");
    if (found && number && Draw(2) == 0)
    {
        found->SetUsed(m_model.GetWallClock());
        m_model.SetUsed(*number);
    }
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
    CompareTables();
    const std::optional<uint64_t> next = m_model.GetNextMillis();
    Expect(m_database.GetNextDeadline() == (next ? MilliSeconds(*next) : Time::Max()), "deadline");
}

/// Compare the figures of the tables.
void
PolicyDuel::CompareTables()
{
    for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
    {
        Expect(m_database.GetCount(direction) == m_model.GetCount(direction), "count");
        Expect(m_database.GetTable(direction).GetBuckets() == m_model.GetBuckets(direction),
               "buckets");
    }
    for (const auto direction : {Direction::In, Direction::Out})
    {
        Expect(m_database.GetSocketCount(direction) == m_model.GetCount(direction, true),
               "count of sockets");
    }
    Expect(m_database.GetIndexBuckets() == m_model.GetIndexBuckets(), "buckets by index");
}

/// Note a policy, and give it a number.
uint32_t
PolicyDuel::GiveNumber(const Ptr<Policy>& policy)
{
    const auto number = static_cast<uint32_t>(m_policies.size());
    m_policies.push_back(policy);
    m_numbers[PeekPointer(policy)] = number;
    return number;
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
