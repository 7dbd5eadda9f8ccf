/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_CPUS_H
#define XFRM_NODE_CPUS_H

#include "xfrm-node-cores.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-context.h"
#include "ns3/xfrm-work.h"

#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Where the code of a node runs: in jobs of its cores, or all at once, in no time, as on CPU
 * 0.
 */
class NodeCpus
{
  public:
    /// @param cores the node's cores, which must outlive this; null: it has none
    explicit NodeCpus(NodeCores* cores)
        : m_cores(cores)
    {
    }

    /// @return the cores; null if there are none
    NodeCores* GetCores() const
    {
        return m_cores;
    }

    /// @return whether this is the beginning of a job, whose work is counted and whose outputs wait
    bool IsInJob() const
    {
        return m_cores && m_cores->IsBeginning();
    }

    /// @return the CPU that runs
    CpuId GetCpu() const
    {
        return IsInJob() ? m_cores->GetCpu() : 0;
    }

    /// @return where and when code runs, and who counts its work
    Context Here()
    {
        return {GetCpu(), Simulator::Now(), IsInJob() ? m_cores->GetJobWork() : m_work};
    }

    /// @return all that was done so far
    Work GetWork() const
    {
        Work sum = m_work;
        for (CpuId cpu = 0; m_cores && cpu < m_cores->GetCores(); ++cpu)
        {
            sum += m_cores->GetWork(cpu);
        }
        return sum;
    }

    /// @brief Say what became of a received packet.  @param outcome what
    void Note(ReceiveOutcome outcome)
    {
        if (IsInJob())
        {
            m_cores->Note(outcome);
        }
    }

    /// @brief A packet uses a state.  @param number number of the state
    void NoteState(uint64_t number)
    {
        if (IsInJob())
        {
            m_cores->NoteState(number);
        }
    }

    /// @brief A packet goes through a chain.  @param chain the chain
    void NoteChain(const Bundle& chain)
    {
        if (IsInJob())
        {
            m_cores->NoteChain(chain);
        }
    }

    /// @brief Do something on a CPU: at once, or when its core has time for it.
    /// @param cpu which @param context how @param action what
    template <class Action>
    void DoOn(CpuId cpu, JobContext context, Action&& action)
    {
        if (m_cores)
        {
            m_cores->Do(cpu, context, std::forward<Action>(action));
        }
        else
        {
            action();
        }
    }

    /// @brief Do what sends a packet: at once, or when the job ends whose beginning this is.
    /// @param send does it @param arguments what it is called with, copied if it has to wait
    template <class Send, class... Arguments>
    void Emit(const Send& send, const Arguments&... arguments)
    {
        if (IsInJob())
        {
            m_cores->Emit([send, ... kept = arguments] { send(kept...); });
        }
        else
        {
            send(arguments...);
        }
    }

  private:
    NodeCores* m_cores; //!< the node's cores; null: it has none
    Work m_work;        //!< all that was done outside of cores' jobs
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_CPUS_H
