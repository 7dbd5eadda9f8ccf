/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-table.h"

#include "xfrm-state-hash.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

StateTable::StateTable(size_t nBuckets)
    : m_byDestination(nBuckets),
      m_bySource(nBuckets),
      m_bySpi(nBuckets)
{
}

const StateChain&
StateTable::GetByDestination(const IpAddress& destination,
                             const IpAddress& source,
                             uint32_t reqid,
                             Family family) const
{
    return m_byDestination[GetSlot(HashByDestination(destination, source, reqid, family))];
}

const StateChain&
StateTable::GetBySource(const IpAddress& destination, const IpAddress& source, Family family) const
{
    return m_bySource[GetSlot(HashBySource(destination, source, family))];
}

const StateChain&
StateTable::GetBySpi(const StateId& id, Family family) const
{
    return m_bySpi[GetSlot(HashBySpi(id.destination, id.spi, id.proto, family))];
}

StateTable::Slots
StateTable::FindSlots(const StateConfig& config,
                      const IpAddress& destination,
                      const IpAddress& source) const
{
    const StateId& id = config.id;
    return {
        GetSlot(HashByDestination(destination, source, config.reqid, config.family)),
        GetSlot(HashBySource(destination, source, config.family)),
        GetSlot(HashBySpi(id.destination, id.spi, id.proto, config.family)),
    };
}

bool
StateTable::Insert(const Ptr<State>& state, const IpAddress& destination, const IpAddress& source)
{
    const Slots slots = FindSlots(state->GetConfig(), destination, source);
    const bool hasOthers = !m_byDestination[slots.byDestination].IsEmpty();
    m_byDestination[slots.byDestination].PushHead(state);
    m_bySource[slots.bySource].PushHead(state);
    if (state->GetConfig().id.spi != 0)
    {
        m_bySpi[slots.bySpi].PushHead(state);
    }
    return hasOthers;
}

void
StateTable::InsertBySpi(const Ptr<State>& state)
{
    m_bySpi[FindSlots(state->GetConfig()).bySpi].PushHead(state);
}

void
StateTable::Remove(const Ptr<State>& state)
{
    const Slots slots = FindSlots(state->GetConfig());
    const auto unlink = [&](std::vector<StateChain>& chains, size_t slot) {
        // One that is filed under other addresses than its own may be anywhere.
        if (!chains[slot].Unlink(state))
        {
            std::any_of(chains.begin(), chains.end(), [&](StateChain& chain) {
                return chain.Unlink(state);
            });
        }
    };
    unlink(m_byDestination, slots.byDestination);
    unlink(m_bySource, slots.bySource);
    if (state->GetConfig().id.spi != 0)
    {
        m_bySpi[slots.bySpi].Unlink(state);
    }
}

void
StateTable::Double()
{
    StateTable larger(2 * m_byDestination.size());
    for (size_t i = m_byDestination.size(); i-- > 0;)
    {
        for (const Ptr<State>& state : m_byDestination[i])
        {
            larger.Insert(state);
        }
    }
    *this = std::move(larger);
}

} // namespace ns3::xfrm
