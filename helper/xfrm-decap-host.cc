/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-decap-host.h"

#include "xfrm-helper.h"
#include "xfrm-ip-xfrm-apply.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

namespace ns3::xfrm
{

namespace
{

/// @return what draws SPIs and hash seeds, the same in each run
std::function<uint32_t()>
MakeCounter()
{
    return [last = uint32_t{0}]() mutable { return ++last; };
}

/// @return a namespace's makeup @param start wall clock at the start [s since 1970]
Namespace::Config
MakeConfig(uint64_t start)
{
    Namespace::Config config;
    config.settings.epoch = start;
    return config;
}

/// @return the own end of a template, any if it does not say
IpAddress
GetOwnEnd(const Template& wanted, Direction direction)
{
    return direction == Direction::Out ? wanted.source : wanted.destination;
}

/// @return the own side of a selector, any unless it is one IPv4 address
IpAddress
GetOwnSide(const Selector& selector, Direction direction)
{
    const bool isOut = direction == Direction::Out;
    const uint8_t nBits = isOut ? selector.sourcePrefix : selector.destinationPrefix;
    return nBits == 32 ? (isOut ? selector.source : selector.destination) : IpAddress();
}

} // namespace

DecapHost::DecapHost(std::vector<IpXfrmCommand> commands, uint64_t start)
    : m_commands(std::move(commands)),
      m_net(MakeConfig(start), m_routes, m_indexes, MakeCounter())
{
    std::ranges::stable_sort(m_commands, {}, &IpXfrmCommand::time);
    WaitUntil(m_now);
}

void
DecapHost::WaitUntil(Time time)
{
    const Time end = std::max(time, m_now);
    const size_t nBefore = m_nCarriedOut;
    while (m_nCarriedOut < m_commands.size() && m_commands[m_nCarriedOut].time <= end)
    {
        const IpXfrmCommand& command = m_commands[m_nCarriedOut++];
        RunTimers(std::max(command.time, m_now));
        CarryOut(command);
    }
    RunTimers(end);
    if (m_nCarriedOut != nBefore)
    {
        Learn();
    }
}

/// Lets time go on without commands.
void
DecapHost::RunTimers(Time until)
{
    for (auto next = m_net.GetNextTimer(); next && *next <= until; next = m_net.GetNextTimer())
    {
        m_now = std::max(m_now, *next);
        m_net.RunTimers(m_now);
    }
    m_now = until;
    for (const Namespace::WantedWork& wanted : m_net.TakeWantedWork())
    {
        m_net.RunWork(wanted.item, Here());
    }
}

int32_t
DecapHost::Apply(const IpXfrmCommand& command)
{
    std::ostringstream listing; // of which nobody asked
    const IpXfrmOutput output{listing, XfrmHelper::GetDeviceName};
    return xfrm::Apply(command, m_net, XfrmHelper::GetDeviceIndex, Here(), &output);
}

void
DecapHost::CarryOut(const IpXfrmCommand& command)
{
    int32_t error = Apply(command);
    const auto* const add = std::get_if<StateAdd>(&command.action);
    if (error == error::EXIST && add)
    {
        m_net.DeleteState(add->config.id, add->config.mark.Get(), add->config.family);
        error = Apply(command);
    }
    if (error != 0)
    {
        throw std::invalid_argument(command.position.file + ':' +
                                    std::to_string(command.position.line) + ": " + command.verb +
                                    " is refused: " + DescribeRefusal(command, error));
    }
}

/// Learns from policies and states what addresses the host has, and on which ports ESP hides.  What
/// it learnt before stays, also if a policy or state is gone.
void
DecapHost::Learn()
{
    for (const auto& policy : m_net.GetPolicies().GetAll())
    {
        const PolicyConfig& config = policy->GetConfig();
        for (const Template& wanted : config.templates)
        {
            Note(m_ofPolicies, GetOwnEnd(wanted, config.direction));
        }
        const bool hasTunnel = std::ranges::any_of(config.templates, [](const Template& wanted) {
            return wanted.mode == Mode::Tunnel;
        });
        if (!hasTunnel && config.direction != Direction::Forward)
        {
            Note(m_ofPolicies, GetOwnSide(config.selector, config.direction));
        }
    }
    for (const auto& state : m_net.GetStates().GetAll())
    {
        const StateConfig& config = state->GetConfig();
        Note(m_ofStates, config.id.destination);
        if (config.encapType != EncapType::None && HasAddress(config.id.destination))
        {
            m_encapPorts.emplace(config.encapDestinationPort, config.encapType);
        }
    }
}

/// Notes an address, unless it is any.
void
DecapHost::Note(Addresses& addresses, const IpAddress& address)
{
    if (!address.IsAny())
    {
        addresses.insert(address.GetWords());
    }
}

void
DecapHost::AddAddress(const IpAddress& address)
{
    m_given.insert(address.GetWords());
    Learn();
}

bool
DecapHost::HasAddress(const IpAddress& address) const
{
    const Addresses& all = !m_given.empty()        ? m_given
                           : !m_ofPolicies.empty() ? m_ofPolicies
                                                   : m_ofStates;
    return all.contains(address.GetWords());
}

EncapType
DecapHost::FindEncap(uint16_t port) const
{
    const auto found = m_encapPorts.find(port);
    return found == m_encapPorts.end() ? EncapType::None : found->second;
}

} // namespace ns3::xfrm
