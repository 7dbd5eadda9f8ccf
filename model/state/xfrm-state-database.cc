/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-database.h"

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

/// A search for output: which states fit the request, and the best of them.
class Search
{
  public:
    Search(const StateRequest& request, const Flow& flow)
        : m_request(request),
          m_flow(flow)
    {
    }

    /**
     * @brief Look at the states of a chain.
     * @param chain the chain
     * @param isAnySource whether their source does not matter (R143)
     * @param work what is done is added here
     */
    void Scan(const StateChain& chain, bool isAnySource, StateWork& work)
    {
        for (const Ptr<State>& state : chain)
        {
            ++work.nFindCompared;
            if (Fits(state->GetConfig(), isAnySource))
            {
                LookAt(state);
            }
        }
    }

    /// @return whether there is no need to look any further (R143)
    bool IsDone() const
    {
        return m_best || m_isAcquireInProgress;
    }

    /// @return the best state; null and 0 if nothing at all fits
    StateDatabase::Found GetResult() const
    {
        if (m_best)
        {
            return {m_best};
        }
        return {nullptr, m_isAcquireInProgress ? error::AGAIN : m_error};
    }

  private:
    bool Fits(const StateConfig& config, bool isAnySource) const;
    void LookAt(const Ptr<State>& state);

    const StateRequest& m_request;     //!< what is asked for
    const Flow& m_flow;                //!< the flow
    Ptr<State> m_best;                 //!< best so far, or null
    bool m_isAcquireInProgress{false}; //!< a larval one fits
    int32_t m_error{0};                //!< error::SRCH if one that fits has ended
};

// R141
bool
Search::Fits(const StateConfig& config, bool isAnySource) const
{
    return config.family == m_request.family && config.reqid == m_request.reqid &&
           config.mark.Takes(m_request.mark) && (config.flags & StateConfig::FLAG_WILDRECV) == 0 &&
           config.id.destination == m_request.destination &&
           (isAnySource || config.source == m_request.source || config.source.IsAny() ||
            m_request.source.IsAny()) &&
           config.mode == m_request.mode && config.id.proto == m_request.proto &&
           (m_request.spi == 0 || m_request.spi == config.id.spi);
}

// R142
void
Search::LookAt(const Ptr<State>& state)
{
    const Selector& selector = state->GetConfig().selector;
    const bool isFlowTaken = selector.Matches(m_flow, static_cast<Family>(selector.family));
    switch (state->GetStatus())
    {
    case StateStatus::Valid:
        if (selector.family != 0 && !isFlowTaken)
        {
            return;
        }
        if (!m_best || (m_best->IsDying() && !state->IsDying()) ||
            (m_best->IsDying() == state->IsDying() &&
             m_best->GetUse().addTime < state->GetUse().addTime))
        {
            m_best = state;
        }
        return;
    case StateStatus::Acquire:
        m_isAcquireInProgress = true;
        return;
    case StateStatus::Error:
    case StateStatus::Expired:
        m_error = isFlowTaken ? error::SRCH : m_error;
        return;
    case StateStatus::Void:
    case StateStatus::Dead:
        return;
    }
}

} // namespace

StateDatabase::Found
StateDatabase::Find(const StateRequest& request, const Flow& flow, StateWork& work) const
{
    ++work.nFinds;
    Search search(request, flow);
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

void
StateDatabase::Insert(const Ptr<State>& state, StateStatus status, uint64_t now)
{
    NS_ASSERT_MSG(state->m_status == StateStatus::Void, "a state comes into a database once");
    state->m_status = status;
    state->m_use.addTime = now;
    state->m_insertion = ++m_nInsertions;
    m_all.emplace(state->m_insertion, state);
    const bool isCollision = m_table.Insert(state);
    if (isCollision && m_all.size() > m_table.GetBuckets() - 1 &&
        m_table.GetBuckets() < StateTable::MAX_BUCKETS)
    {
        m_isGrowthDue = true;
    }
}

int32_t
StateDatabase::Add(const Ptr<State>& state, uint64_t now)
{
    const StateConfig& config = state->GetConfig();
    if (FindEqual(config))
    {
        return error::EXIST;
    }
    const Ptr<State> answered = IsIpsec(config.id.proto) ? FindAnswered(config) : nullptr;
    BumpGenids(config);
    Insert(state, StateStatus::Valid, now);
    if (answered)
    {
        Remove(answered);
    }
    return 0;
}

int32_t
StateDatabase::Update(const Ptr<State>& state, uint64_t now)
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
        Insert(state, StateStatus::Valid, now);
        return Remove(old);
    }
    if (old->GetStatus() != StateStatus::Valid)
    {
        return error::INVAL;
    }
    StateConfig& target = old->m_config;
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
    old->m_isDying = false;
    state->m_status = StateStatus::Dead;
    if (old->GetUse().useTime != 0 && old->CheckExpiry(now) != 0)
    {
        Remove(old);
    }
    return 0;
}

void
StateDatabase::InsertLarval(const Ptr<State>& state, uint64_t now, StateStatus status)
{
    NS_ASSERT_MSG(status != StateStatus::Void && status != StateStatus::Dead,
                  "a state in a database is neither void nor dead");
    Insert(state, status, now);
}

int32_t
StateDatabase::Remove(const Ptr<State>& state)
{
    const auto found = m_all.find(state->m_insertion);
    if (found == m_all.end() || found->second != state)
    {
        return error::SRCH;
    }
    const Ptr<State> leaving = found->second; // the one given may be an element of a chain
    m_table.Remove(leaving);
    m_all.erase(found);
    leaving->m_status = StateStatus::Dead;
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
