/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-iv-source.h"

namespace ns3::xfrm
{

std::vector<uint8_t>
IvSource::Make(uint64_t sequence, uint32_t nBytes)
{
    std::vector<uint8_t> iv(nBytes);
    for (auto byte = iv.rbegin(); byte != iv.rend(); ++byte)
    {
        if (m_random)
        {
            *byte = static_cast<uint8_t>(m_random->GetInteger(0, UINT8_MAX));
        }
        else
        {
            *byte = static_cast<uint8_t>(sequence);
            sequence >>= 8;
        }
    }
    return iv;
}

} // namespace ns3::xfrm
