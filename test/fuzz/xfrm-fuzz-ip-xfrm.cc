/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fuzz-targets.h"

#include "ns3/xfrm-decap-host.h"
#include "ns3/xfrm-ip-xfrm.h"
#include "ns3/xfrm-show.h"

#include <sstream>
#include <stdexcept>

namespace ns3::xfrm::fuzz
{

void
FuzzIpXfrm(Input input)
{
    try
    {
        const auto commands = IpXfrm::Read(ToText(input), "commands");
        DecapHost host(commands, 1434931200);
        host.WaitUntil(commands.empty() ? Time(0) : commands.back().time);
        std::ostringstream text;
        for (const auto& state : host.GetNamespace().GetStates().GetAll())
        {
            ShowState(text, *state, {.hasDetails = true});
        }
        for (const auto& policy : host.GetNamespace().GetPolicies().GetAll())
        {
            ShowPolicy(text, *policy, {.hasDetails = true});
        }
    }
    catch (const IpXfrmError&)
    {
    }
    catch (const std::invalid_argument&)
    {
    }
}

} // namespace ns3::xfrm::fuzz
