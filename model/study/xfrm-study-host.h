/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_HOST_H
#define XFRM_STUDY_HOST_H

#include "xfrm-flush-shares.h"
#include "xfrm-lookup-study.h"
#include "xfrm-study-lookup.h"

#include "ns3/xfrm-huge-page-allocator.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-job-planner.h"
#include "ns3/xfrm-output.h"
#include "ns3/xfrm-policy-check.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
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
    /// @param goOn asked meanwhile; empty: nobody
    /// @throws std::invalid_argument naming the value that is out of range
    /// @throws StudyStopped if it was not to go on
    StudyHost(const StudyConfig& config, uint32_t nKnown, const StudyGoOn& goOn);

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
            return m_work == StudyWork::Lookup    ? LookUp(cpu, job.number, now, stretches)
                   : m_work == StudyWork::Forward ? Forward(cpu, job, now, stretches)
                                                  : Receive(cpu, job, now, stretches);
        }
        return DoWork(cpu, job, now, stretches);
    }

    /// @copydoc CoreEngine
    void End(CpuId cpu, const Job& job, int64_t now);

    /// @return whether a job is a packet's
    static bool IsPacket(const Job& job)
    {
        return job.kind == StudyJob::Kind::Packet;
    }

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

    /// @brief Read ahead for a packet that arrives soon: first step.
    /// @param flow number of its flow
    [[gnu::always_inline]] void PrefetchFlow(uint32_t flow) const
    {
        if (flow < m_flows.size())
        {
            __builtin_prefetch(&m_flows[flow]);
            m_cache.PrefetchPlace(static_cast<FlowId>(flow));
        }
    }

    /// @brief The second step, some packets later.  @param flow number of its flow
    [[gnu::always_inline]] void PrefetchKey(uint32_t flow) const
    {
        if (flow < m_flows.size())
        {
            m_cache.PrefetchKey(static_cast<FlowId>(flow));
        }
    }

    /// @brief The third step.  @param flow number of its flow
    [[gnu::always_inline]] void PrefetchChain(uint32_t flow) const
    {
        if (flow < m_flows.size())
        {
            m_cache.PrefetchChain(m_cpus[m_flows[flow].queue], static_cast<FlowId>(flow));
        }
    }

    /// @brief Packets of a queue go to a core.  @param queue the queue @param cpu the core
    void NoteQueue(uint32_t queue, CpuId cpu)
    {
        m_cpus[queue] = cpu;
    }

    /// A job that comes up: a share of a flush that another CPU has to do, or work that is wanted.
    struct Handed
    {
        CpuId cpu{0};         //!< which CPU
        JobContext context{}; //!< how
        StudyJob job;         //!< what
        int64_t at{0};        //!< when it arrives there [ns]
    };

    /// @brief Say where jobs go that come up at the end of others.
    /// @param enqueue gives a job to its core, now
    void SetEnqueue(std::function<void(const Handed& job)> enqueue)
    {
        m_enqueue = std::move(enqueue);
    }

    /// @return work that was asked for since this was last called, in order
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

    /// @return when RunTimers() is to be called [ns]
    int64_t GetNextTimer() const;

    /// @brief The timers of states, policies or hash seeds are due.  @param now when [ns]
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

    /// @brief Insert a policy that no flow of a generated policy meets.  @param now when [ns]
    void InsertPolicy(int64_t now);

    /// @brief Put a state in place of one of the configuration's.  @param index which
    /// @param now when [ns]
    void Rekey(size_t index, int64_t now);

    /// @param cpu a core @return what packets came to that it began with
    VerdictCounts GetVerdicts(CpuId cpu) const
    {
        const Core& core = m_cores[cpu];
        VerdictCounts verdicts = core.verdicts;
        verdicts.nPlain += core.nPlain;
        verdicts.nTransformed += core.nHits - core.nPlain;
        return verdicts;
    }

    /// @param cpu a core @return what was done in its jobs
    Work GetWork(CpuId cpu) const;

    /// @return the longest job with a shrink or re-seed in it since this was last called [ns]
    int64_t TakeLongestShrink()
    {
        return std::exchange(m_longestShrink, 0);
    }

    /// @brief Bring what policies know of their use up to date.
    void NoteUse();

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
        uint32_t hash{0};                 //!< hash of its packets
        uint32_t queue{0};                //!< their receive queue
        DecisionId decision{NO_DECISION}; //!< what its last lookup came to
    };

    /// What a core did.  Hits of lookups alone are counted apart, which is quicker.
    struct Core
    {
        uint64_t nHits{0};           //!< such hits
        uint64_t nPlain{0};          //!< ... that let packets go on as they were
        uint64_t nCompared{0};       //!< entries that they compared
        uint64_t nHashedWords{0};    //!< words that they hashed
        Work work;                   //!< all else
        VerdictCounts verdicts;      //!< of packets
        std::vector<Handed> leaving; //!< shares of the flush that runs here, until it ends

        /// @brief Count such a hit.
        /// @param hit it @param isPlain it lets the packet go on as it was
        void CountHit(const FlowTable::KnownHit& hit, bool isPlain)
        {
            ++nHits;
            nPlain += isPlain ? 1 : 0;
            nCompared += hit.nCompared;
            nHashedWords += hit.nHashedWords;
        }
    };

    /// What the quickest hits need of a known decision.
    struct QuickDecision
    {
        static constexpr uint32_t N_TIMES{12}; //!< times kept

        int64_t lastUsedNs{-1};               //!< when its policies were last used [ns]
        bool isPlain{false};                  //!< packets go on as they were
        std::array<int32_t, N_TIMES> hitNs{}; //!< how long a hit takes, by entries compared, 0 not
                                              //!< known, or it is not to be had so easily [ns]
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
    int64_t LookUpFully(CpuId cpu,
                        uint32_t flow,
                        int64_t now,
                        std::vector<LockedStretch>& stretches);
    int64_t LookUpSlowly(CpuId cpu,
                         uint32_t flow,
                         int64_t now,
                         std::vector<LockedStretch>& stretches);
    int64_t Forward(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches);
    int64_t Receive(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches);
    bool Open(const Job& job, const Context& context, std::vector<uint64_t>& states);
    std::vector<uint64_t> GetPolicyLines(const OutputDecision& decision) const;
    int64_t DoWork(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches);
    int64_t DoShare(CpuId cpu, uint32_t number, std::vector<LockedStretch>& stretches);
    int64_t PlanJob(const Work& work,
                    const JobObjects& objects,
                    std::vector<LockedStretch>& stretches);
    int64_t PlanHit(const Hit& hit, std::vector<LockedStretch>& stretches);
    int64_t PlanMiss(DecisionId id, const CacheWork& cache, std::vector<LockedStretch>& stretches);
    static const Plan* FindPlan(const std::vector<Plan>& plans, uint64_t nCompared);
    int64_t MakePlan(std::vector<Plan>& plans,
                     DecisionId id,
                     const Work& work,
                     std::vector<LockedStretch>& stretches);
    StudyLookup::Answer Decide(uint32_t flow, const Context& context);
    bool IsLetThrough(uint32_t flow, const Context& context);
    void Carry(const OutputDecision& decision, const Job& job, const Context& context);
    static void Count(const OutputDecision& decision, VerdictCounts& verdicts);
    void HandOutShares(CpuId cpu, Work& work);
    void Install(const StudyPolicies& policies, const StudyGoOn& goOn);
    Place FindPlace(const Flow& flow) const;
    Plans& GetPlans(DecisionId id);

    StudyWork m_work;                  //!< what is done for a packet
    CostProfile m_profile;             //!< what work costs
    int64_t m_steeringNs;              //!< time to hand a packet to another core [ns]
    int64_t m_workDelayNs;             //!< between a request for work and its start [ns]
    Rss m_rss;                         //!< receive queues of packets
    FlowSpace m_space;                 //!< what flows are
    StudyRoutes m_routes;              //!< routes
    PolicyIndexGenerator m_indexes;    //!< indexes of policies
    FastRandom m_random;               //!< hash seeds and SPIs
    Namespace m_net;                   //!< the namespace
    FlowCache& m_cache;                //!< its flow cache
    StudyLookup m_lookup;              //!< output decisions
    PolicyCheck m_check;               //!< checks of forwarded packets
    Output m_output;                   //!< transformations
    Input m_input;                     //!< opens packets
    LockTable m_locks;                 //!< locks of jobs
    JobPlanner m_planner;              //!< says how long jobs take
    std::vector<StateConfig> m_states; //!< states of the configuration, as they are now
    std::vector<uint32_t> m_sequences; //!< last packet received of each
    size_t m_nBlocks;                  //!< blocks of flows
    std::vector<FlowRecord, HugePageAllocator<FlowRecord>> m_flows; //!< known flows, by number
    std::vector<CpuId> m_cpus;          //!< core that most packets of a queue are looked up on
    std::vector<Plans> m_plans;         //!< by decision
    std::vector<QuickDecision> m_quick; //!< the same
    std::vector<Core> m_cores;          //!< by number
    std::vector<Handed> m_handed;       //!< see TakeHanded()
    FlushShares m_shares;               //!< shares of flushes
    std::function<void(const Handed& job)> m_enqueue; //!< see SetEnqueue()
    int64_t m_longestShrink{0};                       //!< see TakeLongestShrink() [ns]
};

inline int64_t
StudyHost::LookUp(CpuId cpu, uint32_t flow, int64_t now, std::vector<LockedStretch>& stretches)
{
    if (flow < m_flows.size())
    {
        const auto hit = m_cache.GetTable(cpu).TryHit(static_cast<FlowId>(flow));
        if (hit && hit->nCompared < QuickDecision::N_TIMES)
        {
            QuickDecision& quick = m_quick[m_flows[flow].decision];
            if (const int32_t ns = quick.hitNs[hit->nCompared])
            {
                m_cores[cpu].CountHit(*hit, quick.isPlain);
                quick.lastUsedNs = now;
                return ns;
            }
        }
    }
    return LookUpFully(cpu, flow, now, stretches);
}

} // namespace ns3::xfrm

#endif // XFRM_STUDY_HOST_H
