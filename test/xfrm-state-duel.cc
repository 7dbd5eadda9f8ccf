/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-duel.h"

#include <algorithm>
#include <array>

namespace ns3::xfrm::tests
{

StateDuel::StateDuel(uint64_t seed)
    : m_random(seed)
{
    m_database.SetExpiryListener([this](const Ptr<State>&, StateExpiry expiry) {
        m_nWarnings += expiry == StateExpiry::Soft ? 1 : 0;
    });
}

std::string
StateDuel::Run(uint32_t nOperations)
{
    for (uint32_t i = 0; i < nOperations && m_difference.empty(); ++i)
    {
        Operate();
        CompareAll();
        m_difference += m_difference.empty() ? "" : ", operation " + std::to_string(i);
    }
    return m_difference;
}

void
StateDuel::Operate()
{
    const uint32_t choice = Draw(100);
    if (choice < 45)
    {
        Find();
    }
    else if (choice < 50)
    {
        LookUp();
    }
    else if (choice < 70)
    {
        Add();
    }
    else if (choice < 74)
    {
        Update();
    }
    else if (choice < 77)
    {
        InsertLarval();
    }
    else if (choice < 91)
    {
        Use();
    }
    else if (choice < 96)
    {
        Remove();
    }
    else if (choice < 97)
    {
        m_database.RunGrowth();
        m_model.RunGrowth();
    }
    else
    {
        PassTime();
    }
}

/// @return a number below n
uint32_t
StateDuel::Draw(uint32_t n)
{
    return static_cast<uint32_t>(m_random() % n);
}

bool
StateDuel::IsOneIn(uint32_t n)
{
    return Draw(n) == 0;
}

/// @return an outer source, any in one of four cases
IpAddress
StateDuel::DrawEnd()
{
    return IsOneIn(4) ? IpAddress() : Ipv4Address(0xcb007101 + Draw(3));
}

Mark
StateDuel::DrawMark()
{
    return std::array<Mark, 6>{Mark{}, Mark{}, Mark{}, Mark{1, 1}, Mark{1, 3}, Mark{3, 1}}[Draw(6)];
}

LifetimeLimits
StateDuel::DrawLimits()
{
    LifetimeLimits limits;
    limits.softPackets = IsOneIn(2) ? 1 + Draw(2) : UINT64_MAX;
    limits.hardPackets = IsOneIn(3) ? 1 + Draw(4) : UINT64_MAX;
    return limits;
}

StateConfig
StateDuel::DrawConfig()
{
    StateConfig config;
    config.id = {Ipv4Address(0xcb007201 + Draw(2)),
                 1 + Draw(100),
                 IsOneIn(6) ? PROTO_AH : PROTO_ESP};
    config.source = DrawEnd();
    config.mode = IsOneIn(6) ? Mode::Transport : Mode::Tunnel;
    config.reqid = Draw(3);
    config.mark = DrawMark();
    config.flags = IsOneIn(20) ? StateConfig::FLAG_WILDRECV : 0;
    config.flags |= IsOneIn(10) ? StateConfig::FLAG_AF_UNSPEC : 0;
    if (IsOneIn(3))
    {
        config.selector.destination = Ipv4Address(0x0a020001 + Draw(2));
        config.selector.destinationPrefix = 32;
    }
    if (IsOneIn(4))
    {
        config.selector.destinationPort = static_cast<uint16_t>(6000 + Draw(2));
        config.selector.destinationPortMask = 0xffff;
    }
    config.limits = DrawLimits();
    const uint32_t kind = Draw(4);
    config.limits.softAddSeconds = kind == 0 ? 5 + Draw(20) : 0;
    config.limits.hardAddSeconds = kind == 1 ? 20 + Draw(40) : 0;
    config.sequence = IsOneIn(3) ? 1 + Draw(5) : 0;
    return config;
}

StateRequest
StateDuel::DrawRequest()
{
    StateRequest request;
    const StateConfig config = DrawConfig();
    request.destination = config.id.destination;
    request.source = config.source;
    request.reqid = config.reqid;
    request.mode = config.mode;
    request.proto = config.id.proto;
    request.spi = IsOneIn(4) ? config.id.spi : 0;
    request.mark = DrawMark().Get();
    return request;
}

Flow
StateDuel::DrawFlow()
{
    Flow flow;
    flow.source = Ipv4Address(0x0a010001);
    flow.destination = Ipv4Address(0x0a020001 + Draw(2));
    flow.common.proto = PROTO_UDP;
    flow.common.mark = Draw(4);
    flow.common.oif = static_cast<int32_t>(Draw(2));
    flow.upper = UpperLayer::Ports(5000, static_cast<uint16_t>(6000 + Draw(2)));
    return flow;
}

/// @return one of the states that are there, or none
std::optional<uint32_t>
StateDuel::DrawPresent()
{
    const auto& entries = m_model.GetEntries();
    return entries.empty()
               ? std::nullopt
               : std::optional(entries[Draw(static_cast<uint32_t>(entries.size()))].number);
}

/// @return the number of a new state
uint32_t
StateDuel::Enrol(const Ptr<State>& state)
{
    const auto number = static_cast<uint32_t>(m_states.size());
    m_states.push_back(state);
    m_numbers[PeekPointer(state)] = number;
    return number;
}

void
StateDuel::Find()
{
    const StateRequest request = DrawRequest();
    const Flow flow = DrawFlow();
    StateWork work;
    const StateDatabase::Found got = m_database.Find(request, flow, work);
    const StateModel::Found expected = m_model.Find(request, flow);
    ExpectSame(got.state, expected.number, "state found");
    Expect(got.error == expected.error, "error of a search");
    Expect(got.isAcquireWanted == expected.isAcquireWanted, "acquire wanted");
    Expect(work.nFindCompared == expected.nCompared, "work of a search");
}

void
StateDuel::LookUp()
{
    const StateConfig config = DrawConfig();
    const uint32_t mark = DrawMark().Get();
    StateWork work;
    ExpectSame(m_database.LookupBySpi(config.id, mark, Family::Ipv4, work),
               m_model.LookupBySpi(config.id, mark),
               "state by SPI");
}

void
StateDuel::Add()
{
    const Ptr<State> state = Create<State>(DrawConfig(), nullptr);
    const uint32_t number = Enrol(state);
    const int32_t got = m_database.Add(state, m_now);
    Expect(got == m_model.Add(number, state->GetConfig(), m_now), "error of an addition");
}

void
StateDuel::Update()
{
    StateConfig config = DrawConfig();
    if (const auto number = DrawPresent(); number && !IsOneIn(4))
    {
        // Limits of time stay, as the model wants it.
        config = m_states[*number]->GetConfig();
        const LifetimeLimits limits = DrawLimits();
        config.limits.softPackets = limits.softPackets;
        config.limits.hardPackets = limits.hardPackets;
    }
    StateWork work;
    const auto target = m_database.LookupBySpi(config.id, config.mark.Get(), Family::Ipv4, work);
    if (target && target->GetStatus() == StateStatus::Valid)
    {
        config.limits.softAddSeconds = target->GetConfig().limits.softAddSeconds;
        config.limits.hardAddSeconds = target->GetConfig().limits.hardAddSeconds;
    }
    const Ptr<State> state = Create<State>(config, nullptr);
    const uint32_t number = Enrol(state);
    const int32_t got = m_database.Update(state, m_now);
    Expect(got == m_model.Update(number, state->GetConfig(), m_now), "error of an update");
}

void
StateDuel::InsertLarval()
{
    const StateRequest request = DrawRequest();
    const Ptr<State> state = MakeLarvalState(request, DrawFlow(), {.mark = DrawMark()});
    state->SetSequence(1 + Draw(5));
    m_database.InsertLarval(state, request, m_now);
    m_model.InsertLarval(Enrol(state), state->GetConfig(), m_now);
}

void
StateDuel::Use()
{
    const auto number = DrawPresent();
    if (!number || m_states[*number]->GetStatus() != StateStatus::Valid)
    {
        return;
    }
    const Ptr<State>& state = m_states[*number];
    m_nWarnings = 0;
    const StateExpiry got = m_database.CheckExpiry(state, m_now);
    Expect(got == m_model.Use(*number, m_now), "limit reached");
    Expect(m_nWarnings == (got == StateExpiry::Soft ? 1 : 0), "warning");
    if (got != StateExpiry::Hard)
    {
        state->Count(1);
    }
}

void
StateDuel::Remove()
{
    if (const auto number = DrawPresent())
    {
        const int32_t error = m_database.Remove(m_states[*number]);
        m_model.Remove(*number);
        Expect(error == 0, "removal");
        const int32_t again = m_database.Remove(m_states[*number]);
        Expect(again == error::SRCH, "second removal");
    }
}

void
StateDuel::PassTime()
{
    m_now += Draw(8);
    m_database.RunTimers(m_now);
    m_model.RunTimers(m_now);
}

void
StateDuel::CompareAll()
{
    Expect(m_database.IsGrowthDue() == m_model.IsGrowthDue(), "growth");
    Expect(m_database.GetCount() == m_model.GetEntries().size(), "number of states");
    for (const StateModel::Entry& entry : m_model.GetEntries())
    {
        const State& state = *m_states[entry.number];
        Expect(state.GetStatus() == entry.status, "status");
        Expect(state.IsDying() == entry.isDying, "dying");
        Expect(state.GetGenid() == entry.genid, "generation");
        Expect(state.GetUse().addTime == entry.addTime, "time of addition");
    }
}

void
StateDuel::Expect(bool isEqual, const std::string& what)
{
    if (!isEqual && m_difference.empty())
    {
        m_difference = what;
    }
}

void
StateDuel::ExpectSame(const Ptr<State>& state,
                      std::optional<uint32_t> number,
                      const std::string& what)
{
    const bool isSame =
        state ? number && m_numbers.at(PeekPointer(state)) == *number : !number.has_value();
    Expect(isSame, what);
}

} // namespace ns3::xfrm::tests
