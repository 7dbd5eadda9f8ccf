/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fuzz-targets.h"

#include "ns3/xfrm-cost-profile.h"

namespace ns3::xfrm::fuzz
{

void
FuzzProfile(Input input)
{
    try
    {
        CostProfile::Read(ToText(input), "profile");
    }
    catch (const CostProfileError&)
    {
    }
}

} // namespace ns3::xfrm::fuzz
