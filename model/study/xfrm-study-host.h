/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_HOST_H
#define XFRM_STUDY_HOST_H

#include "xfrm-lookup-study.h"
#include "xfrm-study-lookup.h"

#include "ns3/xfrm-job-planner.h"
#include "ns3/xfrm-output.h"
#include "ns3/xfrm-policy-check.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// Something that a core of a study does.
struct StudyJob
{
    /// Kinds of jobs.
    enum class Kind : uint16_t
    {
        Packet, //!< a packet; number is that of its flow
        Work,   //!< a work item; number is its WorkItem
        Flush   //!< a CPU's share of a flush; number says where it lies
    };

    uint32_t number{0};      //!< see kind
    Kind kind{Kind::Packet}; //!< its kind
    uint16_t length{0};      //!< length of the packet [bytes]
};

/**
 * @ingroup xfrm
 * @brief What the cores of a study do: the host of their CoreEngine.
 */
class StudyHost
{
  public:
    using Job = StudyJob;

    /// @param config the host @param nKnown flows that are known beforehand, from 0
    /// @throws std::invalid_argument naming the value that is out of range
    StudyHost(const StudyConfig& config, uint32_t nKnown);

    ~StudyHost();
    StudyHost(const StudyHost&) = delete;
    StudyHost& operator=(const StudyHost&) = delete;
    StudyHost(StudyHost&&) = delete;
    StudyHost& operator=(StudyHost&&) = delete;

    // For CoreEngine

    /// @copydoc CoreEngine
    int64_t Begin(CpuId cpu, Job& job, int64_t now, std::vector<LockedStretch>& stretches)
    {
        if (job.kind == StudyJob::Kind::Packet)
        {
            return m_work == StudyWork::Lookup ? LookUp(cpu, job.number, now, stretches)
                                               : Forward(cpu, job, now, stretches);
        }
        return DoWork(cpu, job, now, stretches);
    }

    /// @copydoc CoreEngine
    void End(CpuId cpu, const Job& job, int64_t now);

    /// @return whether something is left to do when a job ends
    static bool NeedsEnd(const Job& job)
    {
        return job.kind == StudyJob::Kind::Work;
    }

    /// @return how long a packet takes to be handed to another core [ns]
    int64_t Steer(CpuId /*cpu*/, CpuId /*target*/) const
    {
        return m_steeringNs;
    }

    /// @brief A packet is lost between two cores, which count it.
    static void Lose(CpuId /*cpu*/, const Job& /*job*/)
    {
    }

    // For the study

    /// Where the packets of a flow arrive.
    struct Place
    {
        uint32_t hash;  //!< their hash
        uint32_t queue; //!< their receive queue, from 0
    };

    /// @param flow number of a flow @return where its packets arrive
    Place GetPlace(uint32_t flow) const
    {
        if (flow < m_flows.size())
        {
            return {m_flows[flow].hash, m_flows[flow].queue};
        }
        return FindPlace(m_space.MakeFlow(flow));
    }

    /// @brief Have what a packet of a flow will read fetched.  @param flow number of the flow
    void Prefetch(uint32_t flow)
    {
        if (flow < m_flows.size())
        {
            __builtin_prefetch(&m_flows[flow]);
            m_net.GetCache().Prefetch(static_cast<FlowId>(flow));
        }
    }

    /// A share of a flush that another CPU has to do, or work that is wanted.
    struct Handed
    {
        CpuId cpu;          //!< which CPU
        JobContext context; //!< how
        StudyJob job;       //!< what
        int64_t at;         //!< when it arrives there [ns]
    };

    /// @return jobs that came up since this was last called, in order
    std::vector<Handed> TakeHanded()
    {
        return std::exchange(m_handed, {});
    }

    /// @return whether there are any
    bool HasHanded() const
    {
        return !m_handed.empty();
    }

    /// @brief Something was done outside of jobs: see what work it asks for.  @param now when [ns]
    void NoteWanted(int64_t now);

    /// @brief The timers of states and policies are due.  @param now when [ns]
    void RunTimers(int64_t now);

    /// @return its namespace
    Namespace& GetNamespace()
    {
        return m_net;
    }

    /// @return the locks of its jobs
    LockTable& GetLocks()
    {
        return m_locks;
    }

    /// @brief Put a state in place of one of the configuration's.  @param index which
    /// @param now when [ns]
    void Rekey(size_t index, int64_t now);

    /// @param cpu a core @return what packets came to that it began with
    const VerdictCounts& GetVerdicts(CpuId cpu) const
    {
        return m_cores[cpu].verdicts;
    }

    /// @param cpu a core @return what was done in its jobs
    Work GetWork(CpuId cpu) const;

    /// @return the longest job with a shrink or re-seed in it since this was last called [ns]
    int64_t TakeLongestShrink()
    {
        return std::exchange(m_longestShrink, 0);
    }

    /// @brief Bring what policies know of their use up to date.
    void NoteUse()
    {
        m_lookup.NoteUse();
    }

    /// @return receive-side scaling of its device
    const Rss& GetRss() const
    {
        return m_rss;
    }

  private:
    static constexpr uint32_t MAX_PLANS{64}; //!< most plans kept, by entries compared

    /// How long a job is, and what it locks.
    struct Plan
    {
        int64_t leadNs{-1};                   //!< before the first lock, -1: not known yet [ns]
        std::vector<LockedStretch> stretches; //!< locked parts
    };

    /// Plans of lookups that end in a known decision, by entries of the chain compared.
    struct Plans
    {
        std::vector<Plan> hits;   //!< of hits
        std::vector<Plan> misses; //!< of misses that add an entry and do nothing else
    };

    /// What is known of a flow.
    struct FlowRecord
    {
        uint32_t hash;                    //!< hash of its packets
        uint32_t queue;                   //!< their receive queue
        DecisionId decision{NO_DECISION}; //!< what its last lookup came to
    };

    /// What a core did.  Hits of lookups alone are counted apart, which is quicker.
    struct Core
    {
        uint64_t nHits{0};        //!< such hits
        uint64_t nCompared{0};    //!< entries that they compared
        uint64_t nHashedWords{0}; //!< words that they hashed
        Work work;                //!< all else
        VerdictCounts verdicts;   //!< of packets
    };

    /// A quick hit: the decision, and its work.
    struct Hit
    {
        DecisionId id;              //!< the decision
        FlowTable::KnownHit lookup; //!< what the lookup did
    };

    static void AddHit(const Hit& hit, Work& work);
    std::optional<Hit> TryHit(CpuId cpu, uint32_t flow, int64_t now);
    int64_t LookUp(CpuId cpu, uint32_t flow, int64_t now, std::vector<LockedStretch>& stretches);
    int64_t LookUpSlowly(CpuId cpu,
                         uint32_t flow,
                         int64_t now,
                         std::vector<LockedStretch>& stretches);
    int64_t Forward(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches);
    int64_t DoWork(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches);
    int64_t PlanHit(const Hit& hit, std::vector<LockedStretch>& stretches);
    int64_t PlanMiss(DecisionId id, const CacheWork& cache, std::vector<LockedStretch>& stretches);
    static const Plan* FindPlan(const std::vector<Plan>& plans, uint64_t nCompared);
    int64_t MakePlan(std::vector<Plan>& plans,
                     const Work& work,
                     std::vector<LockedStretch>& stretches) const;
    StudyLookup::Answer Decide(CpuId cpu, uint32_t flow, const Context& context);
    bool IsLetThrough(uint32_t flow, const Context& context);
    void Carry(const OutputDecision& decision, const Job& job, const Context& context);
    static void Count(const OutputDecision& decision, VerdictCounts& verdicts);
    void HandOutShares(CpuId cpu, Work& work);
    void Install(const StudyPolicies& policies);
    Place FindPlace(const Flow& flow) const;
    Plans& GetPlans(DecisionId id);

    StudyWork m_work;                   //!< what is done for a packet
    CostProfile m_profile;              //!< what work costs
    int64_t m_steeringNs;               //!< time to hand a packet to another core [ns]
    int64_t m_workDelayNs;              //!< between a request for work and its start [ns]
    Rss m_rss;                          //!< receive queues of packets
    FlowSpace m_space;                  //!< what flows are
    StudyRoutes m_routes;               //!< routes
    PolicyIndexGenerator m_indexes;     //!< indexes of policies
    FastRandom m_random;                //!< hash seeds and SPIs
    Namespace m_net;                    //!< the namespace
    StudyLookup m_lookup;               //!< output decisions
    PolicyCheck m_check;                //!< checks of forwarded packets
    Output m_output;                    //!< transformations
    LockTable m_locks;                  //!< locks of jobs
    JobPlanner m_planner;               //!< says how long jobs take
    std::vector<StateConfig> m_states;  //!< states of the configuration, as they are now
    std::vector<FlowRecord> m_flows;    //!< known flows, by number
    std::vector<Plans> m_plans;         //!< by decision
    std::vector<Core> m_cores;          //!< by number
    std::vector<Handed> m_handed;       //!< see TakeHanded()
    std::vector<CacheWork> m_shares;    //!< shares of flushes that are to be done, by number
    std::vector<uint32_t> m_freeShares; //!< numbers that are not in use
    std::vector<Handed> m_leaving;      //!< shares of the work items that run, until those end
    int64_t m_longestShrink{0};         //!< see TakeLongestShrink() [ns]
};

inline std::optional<StudyHost::Hit>
StudyHost::TryHit(CpuId cpu, uint32_t flow, int64_t now)
{
    if (flow >= m_flows.size())
    {
        return std::nullopt;
    }
    const auto lookup = m_net.GetCache().GetTable(cpu).TryHit(static_cast<FlowId>(flow));
    if (!lookup)
    {
        return std::nullopt;
    }
    const DecisionId id = m_flows[flow].decision;
    KnownDecision& known = m_lookup.Get(id);
    if (!known.IsQuiet())
    {
        return std::nullopt;
    }
    known.lastUsedNs = now;
    return Hit{id, *lookup};
}

inline int64_t
StudyHost::PlanHit(const Hit& hit, std::vector<LockedStretch>& stretches)
{
    if (const Plan* plan = FindPlan(GetPlans(hit.id).hits, hit.lookup.nCompared))
    {
        stretches = plan->stretches;
        return plan->leadNs;
    }
    Work work;
    AddHit(hit, work);
    return MakePlan(GetPlans(hit.id).hits, work, stretches);
}

inline int64_t
StudyHost::LookUp(CpuId cpu, uint32_t flow, int64_t now, std::vector<LockedStretch>& stretches)
{
    if (const auto hit = TryHit(cpu, flow, now))
    {
        Core& core = m_cores[cpu];
        ++core.nHits;
        core.nCompared += hit->lookup.nCompared;
        core.nHashedWords += hit->lookup.nHashedWords;
        const bool isPlain = m_lookup.Get(hit->id).decision.verdict == OutputVerdict::Plain;
        ++(isPlain ? core.verdicts.nPlain : core.verdicts.nTransformed);
        return PlanHit(*hit, stretches);
    }
    return LookUpSlowly(cpu, flow, now, stretches);
}

inline const StudyHost::Plan*
StudyHost::FindPlan(const std::vector<Plan>& plans, uint64_t nCompared)
{
    return nCompared < plans.size() && plans[nCompared].leadNs >= 0 ? &plans[nCompared] : nullptr;
}

inline StudyHost::Plans&
StudyHost::GetPlans(DecisionId id)
{
    if (m_plans.size() <= id)
    {
        m_plans.resize(m_lookup.GetSize());
    }
    return m_plans[id];
}

} // namespace ns3::xfrm

#endif // XFRM_STUDY_HOST_H
