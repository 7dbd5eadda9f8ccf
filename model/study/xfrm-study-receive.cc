/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief What a study's host does for packets of tunnels that end at it.
 */

#include "xfrm-sized-packet.h"
#include "xfrm-study-host.h"

#include <algorithm>

namespace ns3::xfrm
{

int64_t
StudyHost::Receive(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches)
{
    Core& core = m_cores[cpu];
    Work work;
    const Context context{cpu, NanoSeconds(now), work};
    ++work.packet.nReceived;
    std::vector<uint64_t> states;
    if (Open(job, context, states))
    {
        ++work.packet.nDelivered;
        ++core.verdicts.nTransformed;
    }
    else
    {
        ++core.verdicts.nRefused[0];
    }
    if (work.cache.nHits == 0)
    {
        NoteWanted(now);
    }
    core.work += work;
    const JobObjects objects{.states = states, .transmitQueue = cpu};
    return PlanJob(work, objects, stretches);
}

/**
 * @brief Open a packet, and check it (xfrm_input(), __xfrm_policy_check()).
 * @param job the packet @param context where it runs @param states numbers of its states, set
 * @return whether it goes on
 */
bool
StudyHost::Open(const Job& job, const Context& context, std::vector<uint64_t>& states)
{
    // Policies take turns in flow numbers, and states in policies (FlowSpace, MakeStudyPolicies()).
    const size_t index = job.number % m_nBlocks % m_states.size();
    const StateId& id = m_states[index].id;
    SizedPacket packet({id.spi, ++m_sequences[index]}, job.length);
    SecPath path;
    const InputPacket outer{.destination = id.destination, .source = m_states[index].source};
    const InputResult result = m_input.Receive(outer, packet, path, context);
    for (const Ptr<State>& state : path)
    {
        states.push_back(state->GetNumber());
    }
    if (result.verdict != InputVerdict::Decapsulated)
    {
        return false;
    }
    const Flow flow = m_space.MakeFlow(job.number);
    return m_check.Check(Direction::In, &flow, path, context).isAccepted;
}

} // namespace ns3::xfrm
