/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-table.h"

#include "xfrm-state-hash.h"

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
StateTable::FindSlots(const StateConfig& config) const
{
    const StateId& id = config.id;
    return {
        GetSlot(HashByDestination(id.destination, config.source, config.reqid, config.family)),
        GetSlot(HashBySource(id.destination, config.source, config.family)),
        GetSlot(HashBySpi(id.destination, id.spi, id.proto, config.family)),
    };
}

bool
StateTable::Insert(const Ptr<State>& state)
{
    const Slots slots = FindSlots(state->GetConfig());
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
StateTable::Remove(const Ptr<State>& state)
{
    const Slots slots = FindSlots(state->GetConfig());
    m_byDestination[slots.byDestination].Unlink(state);
    m_bySource[slots.bySource].Unlink(state);
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
