/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-teller.h"

namespace ns3::xfrm
{

NodeTeller::NodeTeller(const IpsecTraces& traces, NodeCpus& cpus, NodeTimers& timers)
    : m_traces(traces),
      m_cpus(cpus),
      m_timers(timers)
{
}

void
NodeTeller::Drop(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 const std::string& reason)
{
    m_cpus.Note(ReceiveOutcome::Dropped);
    m_traces.m_dropTrace(packet, header, reason);
}

void
NodeTeller::Drop(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 std::optional<Counter> counter,
                 int32_t error)
{
    Drop(packet, header, counter ? Statistics::GetLabel(*counter) : error::GetName(error));
}

void
NodeTeller::TellLookup(const Ptr<const Packet>& packet,
                       const Ipv4Header& header,
                       const OutputDecision& decision,
                       const Context& context,
                       const Mark& before)
{
    m_traces.m_lookupTrace(packet, header, decision, context.cpu);
    // A chain that could not be rebuilt comes back as it was (R44): only what was built counts.
    if (context.work.bundle.nBundles != before.nBundles &&
        decision.verdict == OutputVerdict::Transform)
    {
        m_traces.m_bundleTrace(decision.bundle, context.cpu);
    }
}

void
NodeTeller::TellCacheWork(const Context& context, const Mark& before)
{
    const CacheWork& now = context.work.cache;
    if (now.nReseeds != before.nReseeds)
    {
        m_traces.m_reseedTrace(context.cpu, now.nEvicted - before.nEvicted);
    }
    else if (now.nShrinks != before.nShrinks)
    {
        m_traces.m_shrinkTrace(context.cpu, now.nEvicted - before.nEvicted);
    }
    m_timers.ScheduleWork();
}

} // namespace ns3::xfrm
