/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-configured-host.h"

#include "xfrm-helper.h"
#include "xfrm-show-json.h"
#include "xfrm-show.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <set>
#include <stdexcept>

namespace ns3::xfrm
{

ConfiguredHost::ConfiguredHost()
{
    const auto node = CreateObject<Node>();
    InternetStackHelper().Install(node);
    m_routing = XfrmHelper().Install(node);
    Simulator::Stop(Time(0)); // from its first run on, the simulator keeps no list of all times
    Simulator::Run();
}

ConfiguredHost::~ConfiguredHost()
{
    Simulator::Destroy();
}

void
ConfiguredHost::WaitUntil(Time time)
{
    if (time > Simulator::Now())
    {
        Simulator::Stop(time - Simulator::Now());
        Simulator::Run();
    }
}

void
ConfiguredHost::CarryOut(const IpXfrmCommand& command, std::ostream& listing)
{
    WaitUntil(command.time);
    XfrmHelper::CarryOut(m_routing, command, &listing);
}

void
ConfiguredHost::ShowStates(std::ostream& os, bool hasDetails) const
{
    for (const auto& state : m_routing->GetNamespace().GetStates().GetAll())
    {
        ShowState(os, *state, {.hasDetails = hasDetails, .nameDevice = XfrmHelper::GetDeviceName});
    }
}

void
ConfiguredHost::ShowPolicies(std::ostream& os, bool hasDetails) const
{
    for (const auto& policy : m_routing->GetNamespace().GetPolicies().GetAll())
    {
        ShowPolicy(os,
                   *policy,
                   {.hasDetails = hasDetails, .nameDevice = XfrmHelper::GetDeviceName});
    }
}

std::vector<std::string>
ConfiguredHost::ListPolicies() const
{
    return xfrm::ListPolicies(m_routing->GetNamespace().GetPolicies());
}

std::vector<std::string>
ConfiguredHost::ListStates() const
{
    return xfrm::ListStates(m_routing->GetNamespace().GetStates());
}

const Statistics&
ConfiguredHost::GetStatistics() const
{
    return m_routing->GetNamespace().GetStatistics();
}

std::vector<IpXfrmCommand>
ChooseCommands(const std::vector<IpXfrmCommand>& commands, const std::string& host)
{
    std::set<std::string> hosts;
    std::vector<IpXfrmCommand> chosen;
    for (const IpXfrmCommand& command : commands)
    {
        hosts.insert(command.nameSpace);
        if (host.empty() || command.nameSpace == host)
        {
            chosen.push_back(command);
        }
    }
    const bool isAmbiguous = host.empty() && hosts.size() > 1;
    if (!isAmbiguous && (host.empty() || !chosen.empty()))
    {
        return chosen;
    }
    std::string names;
    for (const std::string& name : hosts)
    {
        names += (names.empty() ? "" : ", ") + (name.empty() ? "none" : name);
    }
    throw std::invalid_argument(isAmbiguous
                                    ? "commands of several hosts: host must be one of " + names
                                    : "host " + host + ": must be one of " + names);
}

} // namespace ns3::xfrm
