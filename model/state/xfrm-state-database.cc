/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-database.h"

#include "xfrm-ipip.h"
#include "xfrm-state-search.h"

#include "ns3/assert.h"

#include <algorithm>
#include <iterator>

namespace ns3::xfrm
{

namespace
{

/// @return whether a protocol is one of IPsec, whose states have SPIs
bool
IsIpsec(uint8_t proto)
{
    return proto == PROTO_ESP || proto == PROTO_AH || proto == PROTO_COMP;
}

/// @return whether a state's packets may arrive without its header: IPcomp's in tunnel mode (R235)
bool
IsCompressedTunnel(const StateConfig& config)
{
    return config.id.proto == PROTO_COMP && config.mode == Mode::Tunnel &&
           config.family == Family::Ipv4;
}

/// @return the state that takes such packets (ipcomp_tunnel_create())
StateConfig
MakeTunnelConfig(const StateConfig& config)
{
    StateConfig tunnel;
    tunnel.id = {config.id.destination, config.source.GetIpv4().Get(), PROTO_IPIP};
    tunnel.source = config.source;
    tunnel.mode = config.mode;
    tunnel.selector = config.selector;
    tunnel.flags = config.flags;
    tunnel.mark = config.mark;
    tunnel.isKernelOwned = true;
    return tunnel;
}

} // namespace

StateDatabase::Found
StateDatabase::Find(const StateRequest& request, const Flow& flow, StateWork& work) const
{
    ++work.nFinds;
    StateSearch search(request, flow);
    const auto getChain = [&](const IpAddress& source) -> const StateChain& {
        return m_table.GetByDestination(request.destination, source, request.reqid, request.family);
    };
    search.Scan(getChain(request.source), false, work);
    if (!search.IsDone())
    {
        search.Scan(getChain(IpAddress()), true, work);
    }
    Found found = search.GetResult();
    if (found.state || found.error != 0)
    {
        return found;
    }
    const StateId id{request.destination, request.spi, request.proto};
    if (request.spi != 0 && LookupBySpi(id, request.mark, request.family, work))
    {
        return {nullptr, error::EXIST};
    }
    return {nullptr, error::SRCH, true};
}

Ptr<State>
StateDatabase::LookupBySpi(const StateId& id, uint32_t mark, Family family, StateWork& work) const
{
    ++work.nSpiLookups;
    for (const Ptr<State>& state : m_table.GetBySpi(id, family))
    {
        ++work.nSpiCompared;
        const StateConfig& config = state->GetConfig();
        if (config.family == family && config.id == id && config.mark.Takes(mark))
        {
            return state;
        }
    }
    return nullptr;
}

/// @return the state with which this one would collide (__xfrm_state_locate()), or null
Ptr<State>
StateDatabase::FindEqual(const StateConfig& config) const
{
    if (IsIpsec(config.id.proto))
    {
        StateWork ignored; // the administrator's search, which nobody prices
        return LookupBySpi(config.id, config.mark.Get(), config.family, ignored);
    }
    const StateChain& chain =
        m_table.GetBySource(config.id.destination, config.source, config.family);
    const auto isEqual = [&](const Ptr<State>& state) {
        const StateConfig& other = state->GetConfig();
        return other.family == config.family && other.id.proto == config.id.proto &&
               other.id.destination == config.id.destination && other.source == config.source &&
               other.mark.Takes(config.mark.Get());
    };
    const auto found = std::find_if(chain.begin(), chain.end(), isEqual);
    return found != chain.end() ? *found : nullptr;
}

/// Make chains that use states of the same request id and addresses stale (R152).
void
StateDatabase::BumpGenids(const StateConfig& config)
{
    for (const Ptr<State>& state : m_table.GetByDestination(config.id.destination,
                                                            config.source,
                                                            config.reqid,
                                                            config.family))
    {
        const StateConfig& other = state->GetConfig();
        if (other.family == config.family && other.reqid == config.reqid &&
            other.id.destination == config.id.destination && other.source == config.source &&
            other.mark.Takes(config.mark.Get()))
        {
            ++state->m_genid;
        }
    }
}

/// Put a state into the list of all.
void
StateDatabase::Enlist(const Ptr<State>& state, StateStatus status, const Instant& now)
{
    NS_ASSERT_MSG(state->m_status == StateStatus::Void, "a state comes into a database once");
    state->m_status = status;
    state->m_use.addTime = now.wallClock;
    state->m_timers.number = ++m_nInsertions;
    m_all.emplace(state->m_timers.number, state);
}

/// A state was linked into the tables: ask for larger ones if need be (xfrm_hash_grow_check()).
void
StateDatabase::NoteInsertion(bool isCollision)
{
    if (isCollision && m_all.size() > m_table.GetBuckets() - 1 &&
        m_table.GetBuckets() < StateTable::MAX_BUCKETS)
    {
        m_isGrowthDue = true;
    }
}

/// Have a state for what IPcomp leaves as it is, one for all states of two ends
/// (ipcomp_tunnel_attach()).
void
StateDatabase::AttachTunnel(const StateConfig& config, const Instant& now)
{
    const StateConfig tunnel = MakeTunnelConfig(config);
    StateWork ignored; // the administrator's search, which nobody prices
    if (!LookupBySpi(tunnel.id, tunnel.mark.Get(), tunnel.family, ignored))
    {
        BumpGenids(tunnel);
        EnterService(Create<State>(tunnel, std::make_shared<Ipip>()), now);
    }
}

/// The last state of two ends has gone: its tunnel goes as well (xfrm_state_delete_tunnel()).  In
/// Linux that waits until nobody holds the state any more.
void
StateDatabase::DetachTunnel(const StateConfig& config)
{
    for (const Ptr<State>& state :
         m_table.GetBySource(config.id.destination, config.source, config.family))
    {
        const StateConfig& other = state->GetConfig();
        if (IsCompressedTunnel(other) && other.id.destination == config.id.destination &&
            other.source == config.source)
        {
            return;
        }
    }
    const StateConfig tunnel = MakeTunnelConfig(config);
    StateWork ignored; // the administrator's search, which nobody prices
    if (const Ptr<State> state = LookupBySpi(tunnel.id, tunnel.mark.Get(), tunnel.family, ignored))
    {
        Remove(state);
    }
}

/// Put a state into service (__xfrm_state_insert()).
void
StateDatabase::EnterService(const Ptr<State>& state, const Instant& now)
{
    if (IsCompressedTunnel(state->GetConfig()))
    {
        AttachTunnel(state->GetConfig(), now);
    }
    Enlist(state, StateStatus::Valid, now);
    const bool isCollision = m_table.Insert(state);
    m_timers.Arm(state->m_timers, TimerKind::Lifetime, now, 1);
    const Time maxAge = state->m_notifier.GetMaxAge();
    if (maxAge.IsStrictlyPositive())
    {
        m_timers.Arm(state->m_timers, TimerKind::Notices, now.time + maxAge);
    }
    NoteInsertion(isCollision);
}

int32_t
StateDatabase::Add(const Ptr<State>& state, const Instant& now)
{
    const StateConfig& config = state->GetConfig();
    if (FindEqual(config))
    {
        return error::EXIST;
    }
    const Ptr<State> answered = IsIpsec(config.id.proto) ? FindAnswered(config) : nullptr;
    BumpGenids(config);
    EnterService(state, now);
    if (answered)
    {
        Remove(answered);
    }
    return 0;
}

/// Take over what an update may change of a state in service.
void
StateDatabase::UpdateInPlace(State& old, const StateConfig& config)
{
    StateConfig& target = old.m_config;
    if (config.encapType != EncapType::None && target.encapType != EncapType::None)
    {
        target.encapType = config.encapType;
        target.encapSourcePort = config.encapSourcePort;
        target.encapDestinationPort = config.encapDestinationPort;
    }
    if (!IsIpsec(config.id.proto))
    {
        target.selector = config.selector;
    }
    target.limits = config.limits;
    old.m_isDying = false;
}

int32_t
StateDatabase::Update(const Ptr<State>& state, const Instant& now)
{
    const StateConfig& config = state->GetConfig();
    const Ptr<State> old = FindEqual(config);
    if (!old)
    {
        return error::SRCH;
    }
    if (old->GetConfig().isKernelOwned)
    {
        return error::EXIST;
    }
    if (old->GetStatus() == StateStatus::Acquire)
    {
        EnterService(state, now);
        return Remove(old);
    }
    if (old->GetStatus() != StateStatus::Valid)
    {
        return error::INVAL;
    }
    UpdateInPlace(*old, config);
    state->m_status = StateStatus::Dead;
    m_timers.Arm(old->m_timers, TimerKind::Lifetime, now, 1);
    if (old->GetUse().useTime != 0 && CheckExpiry(old, now) == StateExpiry::Hard)
    {
        m_timers.Disarm(old->m_timers, TimerKind::Lifetime);
        RunLifetimeTimer(old, now); // due at once, before anything else can happen
    }
    return 0;
}

int32_t
StateDatabase::Remove(const Ptr<State>& state)
{
    const auto found = m_all.find(state->m_timers.number);
    if (found == m_all.end() || found->second != state)
    {
        return error::SRCH;
    }
    const Ptr<State> leaving = found->second; // the one given may be an element of a chain
    m_timers.Disarm(leaving->m_timers, TimerKind::Lifetime);
    m_timers.Disarm(leaving->m_timers, TimerKind::Notices);
    m_table.Remove(leaving);
    m_all.erase(found);
    leaving->m_status = StateStatus::Dead;
    if (IsCompressedTunnel(leaving->GetConfig()) && leaving->GetType())
    {
        DetachTunnel(leaving->GetConfig());
    }
    return 0;
}

std::vector<Ptr<State>>
StateDatabase::Flush(uint8_t proto)
{
    std::vector<Ptr<State>> flushed;
    for (const StateChain& chain : m_table.GetAllByDestination())
    {
        std::copy_if(chain.begin(),
                     chain.end(),
                     std::back_inserter(flushed),
                     [proto](const Ptr<State>& state) {
                         const StateConfig& config = state->GetConfig();
                         return !config.isKernelOwned &&
                                (proto == PROTO_ANY || proto == config.id.proto);
                     });
    }
    for (const Ptr<State>& state : flushed)
    {
        Remove(state);
    }
    return flushed;
}

void
StateDatabase::RunGrowth()
{
    if (m_isGrowthDue)
    {
        m_isGrowthDue = false;
        m_table.Double();
    }
}

std::vector<Ptr<State>>
StateDatabase::GetAll() const
{
    std::vector<Ptr<State>> states;
    states.reserve(m_all.size());
    for (const auto& [number, state] : m_all)
    {
        states.push_back(state);
    }
    return states;
}

} // namespace ns3::xfrm
