/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup xfrm-tests
 * @brief Operations of the duel beside insertion, lookup and deletion.
 */

#include "xfrm-policy-duel.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-ipsec.h"

namespace ns3::xfrm::tests
{

namespace
{

/// @return a socket by its number
SocketEndpoint
MakeSocket(uint32_t number)
{
    SocketEndpoint socket;
    socket.localPort = static_cast<uint16_t>(number);
    return socket;
}

} // namespace

void
PolicyDuel::SetThresholds()
{
    const uint8_t localBits = DrawPrefix();
    const uint8_t remoteBits = DrawPrefix();
    m_database.SetThresholds(Family::Ipv4, localBits, remoteBits);
    m_model.SetThresholds(localBits, remoteBits);
}

/// Run the work items, of which it says itself whether they are due.
void
PolicyDuel::RunWork()
{
    if (Draw(2) == 0)
    {
        m_database.RunGrowth();
        m_model.RunGrowth();
        Expect(!m_database.IsGrowthDue(), "growth done");
    }
    else
    {
        m_database.RunRebuild();
        m_model.RunRebuild();
        Expect(!m_database.IsRebuildDue(), "rebuild done");
    }
}

/// Let time pass, up to the next deadline or by a random step.
void
PolicyDuel::RunTimers()
{
    const std::optional<uint64_t> next = m_model.GetNextMillis();
    const bool isToDeadline = next && *next > m_millis && Draw(2) == 0;
    m_millis = isToDeadline ? *next : m_millis + Draw(5000);
    m_model.SetTime(m_millis);
    const auto got = m_database.RunTimers(MilliSeconds(m_millis), m_model.GetWallClock());
    const auto expected = m_model.RunTimers();
    Expect(got.size() == expected.size(), "how many timers speak");
    for (size_t i = 0; i < got.size() && m_difference.empty(); ++i)
    {
        ExpectSame(got[i].policy, expected[i].number, "whose timer");
        Expect(got[i].isHard == expected[i].isHard, "soft or hard");
    }
}

void
PolicyDuel::SetOfSocket()
{
    PolicyConfig config = DrawConfig();
    const uint32_t socket = Draw(4);
    const auto policy = Create<Policy>(config);
    const auto setting = m_sockets.Set(MakeSocket(socket), policy, m_model.GetWallClock());
    const bool isRefused = config.type == PolicyType::Sub || config.direction == Direction::Forward;
    Expect(setting.error == (isRefused ? error::INVAL : 0), "error of a socket's policy");
    if (!isRefused)
    {
        ExpectKilled(setting.replaced, "a socket's policy");
        const uint32_t number = GiveNumber(policy);
        const uint32_t index = m_model.SetOfSocket({socket, config.direction}, number, config);
        Expect(policy->GetIndex() == index, "index of a socket's policy");
    }
}

/// A socket without policies becomes the child of another one.
void
PolicyDuel::CloneOfSocket()
{
    const uint32_t listener = Draw(4);
    const uint32_t child = Draw(4);
    const SocketEndpoint end = MakeSocket(child);
    if (m_sockets.Get(end, Direction::In) || m_sockets.Get(end, Direction::Out))
    {
        return;
    }
    m_sockets.Clone(MakeSocket(listener), end);
    for (const auto direction : {Direction::In, Direction::Out})
    {
        if (const Ptr<Policy> policy = m_sockets.Get(end, direction))
        {
            const Ptr<Policy> original = m_sockets.Get(MakeSocket(listener), direction);
            m_model.CloneOfSocket({child, direction},
                                  GiveNumber(policy),
                                  m_numbers.at(PeekPointer(original)));
        }
    }
}

void
PolicyDuel::CloseSocket()
{
    const uint32_t socket = Draw(4);
    m_sockets.Close(MakeSocket(socket));
    m_model.CloseSocket({socket, Direction::In});
    m_model.CloseSocket({socket, Direction::Out});
}

void
PolicyDuel::LookUpOfSocket()
{
    const Flow flow = DrawFlow();
    const uint32_t socket = Draw(4);
    const uint32_t mark = Draw(4);
    const Direction direction = Draw(2) == 0 ? Direction::In : Direction::Out;
    const auto found = m_sockets.Lookup(MakeSocket(socket), direction, flow, mark);
    ExpectSame(found, m_model.LookUpOfSocket({socket, direction}, flow, mark), "a socket's lookup");
}

} // namespace ns3::xfrm::tests
