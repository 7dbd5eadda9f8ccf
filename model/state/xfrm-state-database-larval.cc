/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Larval states and the reservation of SPIs.

#include "xfrm-state-database.h"

#include "ns3/assert.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t MAX_CPI{0xffff}; //!< IPcomp names its states by 16 bits

/// @return whether a request makes sense (verify_spi_info())
bool
IsSensible(const SpiRequest& request)
{
    switch (request.wanted.id.proto)
    {
    case PROTO_AH:
    case PROTO_ESP:
        return request.low <= request.high;
    case PROTO_COMP:
        return request.low <= request.high && request.high <= MAX_CPI;
    default:
        return false;
    }
}

} // namespace

/// @return the first larval state with the number of the acquire answered, or null
Ptr<State>
StateDatabase::FindLarvalBySequence(const StateConfig& config) const
{
    for (const StateChain& chain : m_table.GetAllByDestination())
    {
        for (const Ptr<State>& state : chain)
        {
            const StateConfig& larval = state->GetConfig();
            if (larval.sequence == config.sequence && larval.mark.Takes(config.mark.Get()) &&
                state->GetStatus() == StateStatus::Acquire)
            {
                return state;
            }
        }
    }
    return nullptr;
}

/// @return the first larval state that waits for one like this (__find_acq_core()), or null
Ptr<State>
StateDatabase::FindLarval(const StateConfig& config) const
{
    const StateChain& chain =
        m_table.GetByDestination(config.id.destination, config.source, config.reqid, config.family);
    const auto isAnswered = [&](const Ptr<State>& state) {
        const StateConfig& larval = state->GetConfig();
        return state->GetStatus() == StateStatus::Acquire && larval.reqid == config.reqid &&
               larval.mode == config.mode && larval.family == config.family &&
               larval.id == StateId{config.id.destination, 0, config.id.proto} &&
               larval.source == config.source && larval.mark.Takes(config.mark.Get());
    };
    const auto found = std::find_if(chain.begin(), chain.end(), isAnswered);
    return found != chain.end() ? *found : nullptr;
}

/// @return the larval state that a new one answers (R150), or null
Ptr<State>
StateDatabase::FindAnswered(const StateConfig& config) const
{
    if (config.sequence != 0)
    {
        const Ptr<State> larval = FindLarvalBySequence(config);
        if (larval && larval->GetConfig().id.proto == config.id.proto &&
            larval->GetConfig().id.destination == config.id.destination)
        {
            return larval;
        }
    }
    return FindLarval(config);
}

void
StateDatabase::InsertLarval(const Ptr<State>& state, const Instant& now, StateStatus status)
{
    NS_ASSERT_MSG(status != StateStatus::Void && status != StateStatus::Dead,
                  "a state in a database is neither void nor dead");
    Enlist(state, status, now);
    m_timers.Arm(state->m_timers,
                 TimerKind::Lifetime,
                 now,
                 state->GetConfig().limits.hardAddSeconds);
    NoteInsertion(m_table.Insert(state));
}

void
StateDatabase::InsertLarval(const Ptr<State>& state,
                            const StateRequest& request,
                            const Instant& now)
{
    Enlist(state, StateStatus::Acquire, now);
    m_timers.Arm(state->m_timers,
                 TimerKind::Lifetime,
                 now,
                 state->GetConfig().limits.hardAddSeconds);
    NoteInsertion(m_table.Insert(state, request.destination, request.source));
}

/// @return the larval state that is to get the SPI
Ptr<State>
StateDatabase::FindOrMakeLarval(const SpiRequest& request, const Instant& now)
{
    const StateConfig& wanted = request.wanted;
    if (wanted.sequence != 0)
    {
        Ptr<State> larval = FindLarvalBySequence(wanted);
        if (larval && larval->GetConfig().id.destination == wanted.id.destination)
        {
            return larval;
        }
    }
    Ptr<State> larval = FindLarval(wanted);
    if (!larval)
    {
        larval = MakeLarvalState(wanted, request.expirySeconds);
        InsertLarval(larval, now);
    }
    return larval;
}

/// @return whether a state like this one has the SPI
bool
StateDatabase::IsSpiTaken(const StateConfig& config, uint32_t spi) const
{
    StateWork ignored; // the key manager's search, which nobody prices
    const StateId id{config.id.destination, spi, config.id.proto};
    return LookupBySpi(id, config.mark.Get(), config.family, ignored) != nullptr;
}

/// @return an SPI for a larval state (xfrm_alloc_spi()), 0 if none was found
uint32_t
StateDatabase::ChooseSpi(const StateConfig& config,
                         const SpiRequest& request,
                         const std::function<uint32_t()>& random) const
{
    if (request.low == request.high)
    {
        return IsSpiTaken(config, request.low) ? 0 : request.low;
    }
    // A range of all 2^32 wraps to no tries at all, and the first free SPI ends the search even if
    // it is 0, which is none: as in the kernel.
    const uint32_t nSpis = request.high - request.low + 1;
    for (uint32_t i = 0; i < nSpis; ++i)
    {
        const uint32_t spi = request.low + random() % nSpis;
        if (!IsSpiTaken(config, spi))
        {
            return spi;
        }
    }
    return 0;
}

SpiAllocation
StateDatabase::AllocateSpi(const SpiRequest& request,
                           const std::function<uint32_t()>& random,
                           const Instant& now)
{
    if (!IsSensible(request))
    {
        return {nullptr, error::INVAL};
    }
    const Ptr<State> larval = FindOrMakeLarval(request, now);
    StateConfig& config = larval->m_config;
    if (config.id.spi == 0)
    {
        config.id.spi = ChooseSpi(config, request, random);
        if (config.id.spi == 0)
        {
            return {nullptr, error::NOENT};
        }
        m_table.InsertBySpi(larval);
    }
    return {larval};
}

} // namespace ns3::xfrm
