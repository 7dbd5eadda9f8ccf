/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-lookup-host.h"

#include "xfrm-helper.h"
#include "xfrm-ip-xfrm-apply.h"
#include "xfrm-ip-xfrm.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3::xfrm
{

Namespace::Config
LookupHost::MakeConfig(const Config& config)
{
    const auto names = Kernel::GetNames();
    if (std::find(names.begin(), names.end(), config.kernel) == names.end())
    {
        std::string list;
        for (const std::string& name : names)
        {
            list.append(list.empty() ? "" : ", ").append(name);
        }
        throw std::invalid_argument("kernel " + config.kernel + ": must be one of " + list);
    }
    Namespace::Config made;
    made.kernel = Kernel::Find(config.kernel);
    made.cache.nCpus = config.nCpus;
    return made;
}

LookupHost::LookupHost(const Config& config)
    : m_random(config.seed),
      m_routes(config.mtu),
      m_net(MakeConfig(config),
            m_routes,
            m_indexes,
            [this] { return static_cast<uint32_t>(m_random() >> 32); }),
      m_lookup(m_net)
{
}

void
LookupHost::RunWantedWork()
{
    for (const Namespace::WantedWork& wanted : m_net.TakeWantedWork())
    {
        m_net.RunWork(wanted.item, {wanted.cpu, m_now, m_work});
    }
}

void
LookupHost::WaitUntil(Time time)
{
    const Time end = std::max(time, m_now);
    for (auto next = m_net.GetNextTimer(); next && *next <= end; next = m_net.GetNextTimer())
    {
        m_now = std::max(m_now, *next);
        m_net.RunTimers(m_now);
    }
    m_now = end;
    m_net.RunDue(m_now);
    RunWantedWork();
}

void
LookupHost::CarryOut(const std::string& text, const std::string& name)
{
    std::ostringstream listing; // of which nobody asked
    const IpXfrmOutput output{listing, XfrmHelper::GetDeviceName};
    for (const IpXfrmCommand& command : IpXfrm::Read(text, name))
    {
        WaitUntil(command.time);
        const Context context{0, m_now, m_work};
        const int32_t error = Apply(command, m_net, XfrmHelper::GetDeviceIndex, context, &output);
        if (error != 0)
        {
            throw std::invalid_argument(name + ':' + std::to_string(command.position.line) + ": " +
                                        command.verb +
                                        " is refused: " + DescribeRefusal(command, error));
        }
        RunWantedWork();
    }
}

OutputDecision
LookupHost::Decide(const Flow& flow, CpuId cpu)
{
    return m_lookup.Decide(flow,
                           m_routes.GetRoute(),
                           Lookup::Purpose::Packet,
                           {cpu, m_now, m_work});
}

} // namespace ns3::xfrm
