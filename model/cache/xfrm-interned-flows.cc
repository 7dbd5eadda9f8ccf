/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-interned-flows.h"

#include <algorithm>
#include <stdexcept>

namespace ns3::xfrm
{

FlowId
InternedFlows::Add(FlowKeyView key)
{
    const FlowId flow{GetSize()};
    if (flow == FlowId::None || m_words.size() > UINT32_MAX - FlowKey::MAX_WORDS)
    {
        throw std::length_error("interned flows: at most 2^32 - 1 flows and 2^32 key words");
    }
    m_keys.push_back({static_cast<uint32_t>(m_words.size()), key.identity});
    m_words.insert(m_words.end(), key.words, key.words + key.identity.GetWords());
    m_places.emplace_back();
    return flow;
}

void
InternedFlows::ForgetEpochs()
{
    std::for_each(m_places.begin(), m_places.end(), [](Place& place) { place.epoch = 0; });
}

} // namespace ns3::xfrm
