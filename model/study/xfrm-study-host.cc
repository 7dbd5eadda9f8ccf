/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-host.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr uint64_t HOST_STREAM{UINT64_MAX}; //!< random stream of hash seeds and SPIs
constexpr uint32_t IP_HEADER_BYTES{20};     //!< IPv4 header without options [bytes]

Namespace::Config
MakeNetConfig(const StudyConfig& config)
{
    Namespace::Config net = config.net;
    net.cache.nCpus = config.nCores;
    return net;
}

} // namespace

StudyHost::StudyHost(const StudyConfig& config, uint32_t nKnown, const StudyGoOn& goOn)
    : m_work(config.work),
      m_profile(config.profile),
      m_steeringNs(std::llround(m_profile.GetContention().steer)),
      m_workDelayNs(config.workDelay.GetNanoSeconds()),
      m_rss(ReceiveQueues::MakeRss(config.queues, config.nCores)),
      m_space(config.policies.blocks, config.oif, config.policies.flows),
      m_routes(config.mtu),
      m_random(config.traffic.seed, HOST_STREAM),
      m_net(
          MakeNetConfig(config),
          m_routes,
          m_indexes,
          config.drawSeed ? config.drawSeed
                          : [this] { return static_cast<uint32_t>(m_random() >> 32); }),
      m_cache(m_net.GetCache()),
      m_lookup(m_net, m_routes, m_space, config.layout),
      m_check(m_net),
      m_output(m_net),
      m_input(m_net),
      m_locks(config.locks, m_profile.GetContention()),
      m_planner(m_profile, m_locks),
      m_states(config.policies.states),
      m_sequences(m_states.size()),
      m_nBlocks(config.policies.blocks.size()),
      m_cpus(m_rss.GetQueues()),
      m_cores(config.nCores),
      m_shares(config.nCores)
{
    if (config.hasOwnQueues)
    {
        m_space.AlignTo(m_rss);
    }
    Install(config.policies, goOn);
    m_flows.reserve(nKnown);
    for (uint32_t number = 0; number < nKnown; ++number)
    {
        AskWhileMaking(number, goOn);
        const Flow flow = m_space.MakeFlow(number);
        m_cache.Intern(flow.MakeKey(Direction::Out, config.layout).View());
        const Place place = FindPlace(flow);
        m_flows.push_back({.hash = place.hash, .queue = place.queue});
    }
}

StudyHost::~StudyHost() = default;

void
StudyHost::Install(const StudyPolicies& policies, const StudyGoOn& goOn)
{
    const auto check = [](int32_t error, const std::string& what, size_t number) {
        if (error != 0)
        {
            throw std::invalid_argument(what + " " + std::to_string(number) +
                                        " of the study: refused with " + error::GetName(error));
        }
    };
    if (policies.wantsThresholds)
    {
        m_net.SetPolicyThresholds(Family::Ipv4, STUDY_THRESHOLD, STUDY_THRESHOLD);
        m_net.RunTableWork();
    }
    for (size_t i = 0; i < policies.states.size(); ++i)
    {
        AskWhileMaking(i, goOn);
        check(m_net.AddState(policies.states[i], Time(0)), "state", i);
        m_net.RunTableWork();
    }
    for (size_t i = 0; i < policies.policies.size(); ++i)
    {
        AskWhileMaking(i, goOn);
        PolicyConfig policy = policies.policies[i];
        if (m_work == StudyWork::Receive)
        {
            policy.direction = Direction::In;
        }
        check(m_net.AddPolicy(policy, false, Time(0)), "policy", i);
        m_net.RunTableWork();
    }
}

StudyHost::Place
StudyHost::FindPlace(const Flow& flow) const
{
    const uint32_t hash = m_rss.Hash(FlowSpace::DescribeForRss(flow));
    return {hash, m_rss.GetQueue(hash)};
}

Work
StudyHost::GetWork(CpuId cpu) const
{
    const Core& core = m_cores[cpu];
    Work work = core.work;
    work.nOutputLookups += core.nHits;
    work.nCacheLookups += core.nHits;
    work.cache.nHits += core.nHits;
    work.cache.nCompared += core.nCompared;
    work.cache.nHashedWords += core.nHashedWords;
    m_shares.AddTo(cpu, work.cache);
    return work;
}

/// Plan a packet's job, and note how long it is if its core walked its flow cache.
int64_t
StudyHost::PlanJob(const Work& work,
                   const JobObjects& objects,
                   std::vector<LockedStretch>& stretches)
{
    const int64_t ns = m_planner.Plan(work, NO_WORK, objects, stretches);
    if (work.cache.nWalkedBuckets > 0)
    {
        m_longestShrink = std::max(m_longestShrink, ns);
    }
    return ns;
}

/// @return lines that a decision writes, if the locks have any
std::vector<uint64_t>
StudyHost::GetPolicyLines(const OutputDecision& decision) const
{
    std::vector<uint64_t> lines;
    if (decision.bundle && m_planner.HasLines())
    {
        AddPolicyLines(*decision.bundle, lines);
    }
    return lines;
}

int64_t
StudyHost::MakePlan(std::vector<Plan>& plans,
                    DecisionId id,
                    const Work& work,
                    std::vector<LockedStretch>& stretches)
{
    Plan plan;
    const std::vector<uint64_t> lines = GetPolicyLines(m_lookup.Get(id).decision);
    plan.leadNs = m_planner.Plan(work, NO_WORK, {.lines = lines}, plan.stretches);
    stretches = plan.stretches;
    const int64_t leadNs = plan.leadNs;
    if (const uint64_t nCompared = work.cache.nCompared; nCompared < MAX_PLANS)
    {
        plans.resize(std::max<size_t>(plans.size(), nCompared + 1));
        plans[nCompared] = std::move(plan);
    }
    return leadNs;
}

std::optional<StudyHost::Hit>
StudyHost::TryHit(CpuId cpu, uint32_t flow, int64_t now)
{
    if (flow >= m_flows.size())
    {
        return std::nullopt;
    }
    const auto lookup = m_cache.GetTable(cpu).TryHit(static_cast<FlowId>(flow));
    if (!lookup)
    {
        return std::nullopt;
    }
    const DecisionId id = m_flows[flow].decision;
    const KnownDecision& known = m_lookup.Get(id);
    if (!known.IsQuiet())
    {
        return std::nullopt;
    }
    m_quick[id].lastUsedNs = now;
    return Hit{id, *lookup};
}

int64_t
StudyHost::PlanHit(const Hit& hit, std::vector<LockedStretch>& stretches)
{
    if (const Plan* plan = FindPlan(GetPlans(hit.id).hits, hit.lookup.nCompared))
    {
        stretches = plan->stretches;
        return plan->leadNs;
    }
    Work work;
    AddHit(hit, work);
    return MakePlan(GetPlans(hit.id).hits, hit.id, work, stretches);
}

const StudyHost::Plan*
StudyHost::FindPlan(const std::vector<Plan>& plans, uint64_t nCompared)
{
    return nCompared < plans.size() && plans[nCompared].leadNs >= 0 ? &plans[nCompared] : nullptr;
}

StudyHost::Plans&
StudyHost::GetPlans(DecisionId id)
{
    if (m_plans.size() <= id)
    {
        m_plans.resize(m_lookup.GetSize());
    }
    return m_plans[id];
}

/// Look up a flow whose quickest way is not known.
int64_t
StudyHost::LookUpFully(CpuId cpu, uint32_t flow, int64_t now, std::vector<LockedStretch>& stretches)
{
    const auto hit = TryHit(cpu, flow, now);
    if (!hit)
    {
        return LookUpSlowly(cpu, flow, now, stretches);
    }
    QuickDecision& quick = m_quick[hit->id];
    m_cores[cpu].CountHit(hit->lookup, quick.isPlain);
    const int64_t ns = PlanHit(*hit, stretches);
    if (stretches.empty() && ns <= INT32_MAX && hit->lookup.nCompared < QuickDecision::N_TIMES)
    {
        quick.hitNs[hit->lookup.nCompared] = static_cast<int32_t>(ns);
    }
    return ns;
}

/// Plan a lookup that added an entry for a decision that was remembered, and did nothing else.
int64_t
StudyHost::PlanMiss(DecisionId id, const CacheWork& cache, std::vector<LockedStretch>& stretches)
{
    if (const Plan* plan = FindPlan(GetPlans(id).misses, cache.nCompared))
    {
        stretches = plan->stretches;
        return plan->leadNs;
    }
    Work work = m_lookup.Get(id).work;
    work.nOutputLookups = 1;
    work.nCacheLookups = 1;
    work.cache = cache;
    return MakePlan(GetPlans(id).misses, id, work, stretches);
}

StudyLookup::Answer
StudyHost::Decide(uint32_t flow, const Context& context)
{
    if (flow >= m_flows.size())
    {
        return m_lookup.Decide(flow, context);
    }
    DecisionId& last = m_flows[flow].decision;
    StudyLookup::Answer answer = m_lookup.Decide(static_cast<FlowId>(flow), last, context);
    last = answer.known;
    while (m_quick.size() < m_lookup.GetSize())
    {
        const KnownDecision& known = m_lookup.Get(static_cast<DecisionId>(m_quick.size()));
        m_quick.emplace_back().isPlain = known.decision.verdict == OutputVerdict::Plain;
    }
    return answer;
}

int64_t
StudyHost::LookUpSlowly(CpuId cpu,
                        uint32_t flow,
                        int64_t now,
                        std::vector<LockedStretch>& stretches)
{
    Core& core = m_cores[cpu];
    Work work;
    const Context context{cpu, NanoSeconds(now), work};
    const StudyLookup::Answer answer = Decide(flow, context);
    Count(answer.decision, core.verdicts);
    core.work += work;
    NoteWanted(now);
    const CacheWork& cache = work.cache;
    if (answer.isRepeated && cache.nMisses == 1 && cache.nWalkedBuckets == 0)
    {
        return PlanMiss(answer.known, cache, stretches);
    }
    const std::vector<uint64_t> lines = GetPolicyLines(answer.decision);
    return PlanJob(work, {.lines = lines}, stretches);
}

void
StudyHost::Count(const OutputDecision& decision, VerdictCounts& verdicts)
{
    switch (decision.verdict)
    {
    case OutputVerdict::Plain:
        ++verdicts.nPlain;
        break;
    case OutputVerdict::Transform:
        ++verdicts.nTransformed;
        break;
    case OutputVerdict::Hold:
        ++verdicts.nHeld;
        break;
    case OutputVerdict::Blackhole:
    case OutputVerdict::Error:
        ++verdicts.nRefused[decision.error];
        break;
    }
}

bool
StudyHost::IsLetThrough(uint32_t flow, const Context& context)
{
    const SecPath path;
    if (m_check.PassesUnchecked(Direction::Forward, path, false))
    {
        return true;
    }
    const Flow checked = m_space.MakeFlow(flow);
    return m_check.Check(Direction::Forward, &checked, path, context).isAccepted;
}

int64_t
StudyHost::Forward(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches)
{
    Core& core = m_cores[cpu];
    Work work;
    const Context context{cpu, NanoSeconds(now), work};
    ++work.packet.nReceived;
    const OutputDecision refusal{.verdict = OutputVerdict::Error, .bundle = {}};
    const OutputDecision* decision = &refusal;
    StudyLookup::Answer answer;
    if (IsLetThrough(job.number, context))
    {
        if (const auto hit = TryHit(cpu, job.number, now))
        {
            decision = &m_lookup.Get(hit->id).decision;
            AddHit(*hit, work);
        }
        else
        {
            answer = Decide(job.number, context);
            decision = &answer.decision;
        }
    }
    Carry(*decision, job, context);
    if (work.cache.nHits == 0)
    {
        NoteWanted(now);
    }
    core.work += work;
    std::vector<uint64_t> states;
    std::vector<uint64_t> lines;
    if (decision->verdict == OutputVerdict::Transform)
    {
        if (m_planner.HasLines())
        {
            AddLines(*decision->bundle, lines);
        }
        for (const BundleElement& element : decision->bundle->GetElements())
        {
            states.push_back(element.state->GetNumber());
        }
    }
    const JobObjects objects{.states = states, .transmitQueue = cpu, .lines = lines};
    return PlanJob(work, objects, stretches);
}

/// Do with a packet what was decided, and count it.
void
StudyHost::Carry(const OutputDecision& decision, const Job& job, const Context& context)
{
    VerdictCounts& verdicts = m_cores[context.cpu].verdicts;
    if (decision.verdict == OutputVerdict::Transform)
    {
        OutputPacket packet;
        packet.header.lengthBytes = IP_HEADER_BYTES;
        packet.header.protocol = PROTO_UDP;
        packet.length = job.length;
        const OutputResult result = m_output.Send(*decision.bundle, packet, context);
        if (result.error != 0)
        {
            ++verdicts.nRefused[result.error];
            return;
        }
    }
    Count(decision, verdicts);
    if (decision.verdict == OutputVerdict::Transform || decision.verdict == OutputVerdict::Plain)
    {
        ++context.work.packet.nForwarded;
        ++context.work.packet.nTransmitted;
    }
}

int64_t
StudyHost::DoWork(CpuId cpu, const Job& job, int64_t now, std::vector<LockedStretch>& stretches)
{
    if (job.kind == StudyJob::Kind::Flush)
    {
        return DoShare(cpu, job.number, stretches);
    }
    Work work;
    const Context context{cpu, NanoSeconds(now), work};
    m_net.RunWork(static_cast<WorkItem>(job.number), context);
    HandOutShares(cpu, work);
    m_cores[cpu].work += work;
    return m_planner.Plan(work, NO_WORK, JobObjects(), stretches);
}

/// Do a core's share of a flush.
int64_t
StudyHost::DoShare(CpuId cpu, uint32_t number, std::vector<LockedStretch>& stretches)
{
    FlushShares::Share& share = m_shares.Begin(cpu, number);
    if (share.ns >= 0)
    {
        return share.ns;
    }
    Work work;
    work.cache = share.work;
    const int64_t ns = m_planner.Plan(work, NO_WORK, JobObjects(), stretches);
    if (stretches.empty())
    {
        share.ns = ns;
    }
    return ns;
}

/// Give each CPU its share of a flush that runs on one: its own at once, the others as tasklets.
void
StudyHost::HandOutShares(CpuId cpu, Work& work)
{
    m_net.TakeCpuWork([&](CpuId other, const CacheWork& share) {
        if (other == cpu)
        {
            work.cache += share;
            return;
        }
        const uint32_t number = m_shares.Add(other, share);
        m_cores[cpu].leaving.push_back(
            {other, JobContext::Softirq, {number, StudyJob::Kind::Flush, 0}, 0});
    });
}

void
StudyHost::AddHit(const Hit& hit, Work& work)
{
    ++work.nOutputLookups;
    ++work.nCacheLookups;
    ++work.cache.nHits;
    work.cache.nCompared += hit.lookup.nCompared;
    work.cache.nHashedWords += hit.lookup.nHashedWords;
}

void
StudyHost::End(CpuId cpu, const Job& /*job*/, int64_t now)
{
    for (Handed& share : std::exchange(m_cores[cpu].leaving, {}))
    {
        share.at = now;
        m_enqueue(share);
    }
}

void
StudyHost::NoteWanted(int64_t now)
{
    for (const Namespace::WantedWork& wanted : m_net.TakeWantedWork())
    {
        m_handed.push_back({wanted.cpu,
                            JobContext::Process,
                            {static_cast<uint32_t>(wanted.item), StudyJob::Kind::Work, 0},
                            now + m_workDelayNs});
    }
}

void
StudyHost::NoteUse()
{
    for (DecisionId id = 0; id < m_quick.size(); ++id)
    {
        m_lookup.Get(id).lastUsedNs = m_quick[id].lastUsedNs;
    }
    m_lookup.NoteUse();
}

int64_t
StudyHost::GetNextTimer() const
{
    // Known hits ask nobody, so that seeds are due by a timer here.
    const Time seeds = m_cache.GetNextDeadline();
    return std::min(seeds, m_net.GetNextTimer().value_or(seeds)).GetNanoSeconds();
}

void
StudyHost::RunTimers(int64_t now)
{
    const Time time = NanoSeconds(now);
    m_net.RunDue(time);
    if (m_net.GetNextTimer().value_or(Time::Max()) <= time)
    {
        NoteUse();
        m_net.RunTimers(time);
    }
}

void
StudyHost::InsertPolicy(int64_t now)
{
    PolicyConfig policy;
    policy.selector.destination = Ipv4Address("203.0.113.0");
    policy.selector.destinationPrefix = 24;
    policy.selector.source = Ipv4Address("203.0.113.0");
    policy.selector.sourcePrefix = 24;
    m_net.AddPolicy(policy, true, NanoSeconds(now));
}

void
StudyHost::Rekey(size_t index, int64_t now)
{
    StateConfig& state = m_states.at(index);
    const StateConfig next = MakeRekeyed(state, 1);
    m_net.AddState(next, NanoSeconds(now));
    m_net.DeleteState(state.id, 0, state.family);
    state = next;
    NoteWanted(now);
}

} // namespace ns3::xfrm
