/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-lookup-study.h"

#include "xfrm-study-host.h"
#include "xfrm-study-sampler.h"
#include "xfrm-traffic-check.h"

#include <algorithm>
#include <array>
#include <limits>
#include <queue>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr size_t BATCH{2048};   //!< packets made at a time
constexpr size_t BLOCK{32};     //!< packets that each step of reading ahead is done for at a time
constexpr uint32_t ASKING{256}; //!< packets, or steps of all else, between questions to go on

/// @return the same @throws std::invalid_argument naming the value that is out of range
const StudyConfig&
Check(const StudyConfig& config)
{
    CheckTraffic(config.nCores >= 1 && config.nCores <= StudyConfig::MAX_CORES,
                 "cores",
                 config.nCores,
                 "1 to " + std::to_string(StudyConfig::MAX_CORES));
    CheckTraffic(config.limits.weight > 0, "poll weight", config.limits.weight, "1 or more");
    CheckTraffic(config.duration.IsStrictlyPositive(),
                 "duration [s]",
                 config.duration.GetSeconds(),
                 "above 0");
    CheckTraffic(config.interval.IsStrictlyPositive(),
                 "interval [s]",
                 config.interval.GetSeconds(),
                 "above 0");
    CheckTraffic(!config.workDelay.IsStrictlyNegative(),
                 "delay of work [s]",
                 config.workDelay.GetSeconds(),
                 "0 or more");
    if (config.work == StudyWork::Receive)
    {
        // Which state a flow's packets come by is known of policies that take turns.
        const StudyPolicies& policies = config.policies;
        const bool isKnown = !policies.states.empty() && !policies.policies.empty() &&
                             policies.blocks.size() == policies.policies.size();
        CheckTraffic(isKnown, "work", "receive", "lookup or forward with policies of one's own");
    }
    ReceiveQueues::Check(config.queues, config.nCores);
    return config;
}

} // namespace

ReceiveQueues::Config
MakeQueuePerCore()
{
    ReceiveQueues::Config config;
    config.rss.nQueues = 0;
    return config;
}

/// A study under way.
class LookupStudy::Host
{
  public:
    Host(const StudyConfig& config, LookupStudy& study, const StudyGoOn& goOn);

    StudyResult Run(const StudyGoOn& goOn);
    bool Advance(int64_t end, uint64_t nMost);
    void Ask();
    void ReadAhead();

    void TakeDown(CpuId cpu);
    void BringUp(CpuId cpu);

    StudyHost& GetHost()
    {
        return m_host;
    }

    int64_t GetNow() const
    {
        return m_now;
    }

  private:
    using Engine = CoreEngine<StudyHost>;

    /// Something that happens at a time.
    struct Appointment
    {
        /// Kinds.
        enum class Kind : uint8_t
        {
            Job,    //!< a job arrives at a core
            Event,  //!< an event of the configuration
            Sample, //!< a row of the time series ends
        };

        int64_t at;            //!< when [ns]
        uint64_t order;        //!< those of one time are in the order in which they were made
        Kind kind;             //!< kind
        size_t event;          //!< Event: which
        StudyHost::Handed job; //!< Job: the job

        bool operator>(const Appointment& other) const
        {
            return std::pair(at, order) > std::pair(other.at, other.order);
        }
    };

    void Add(int64_t at, Appointment::Kind kind, size_t event, const StudyHost::Handed& job);
    bool Arrive(const Arrival& arrival);
    bool RunUntil(int64_t time);
    void Keep();
    void Repeat(const Appointment& event);
    void AddQueues(const StudyConfig& config);
    int64_t GetNextAppointment() const;
    void KeepNext();

    StudyConfig m_config;                    //!< as configured
    LookupStudy& m_study;                    //!< whom events are told of
    TrafficMix m_mix;                        //!< packets
    std::array<Arrival, BATCH> m_arrivals{}; //!< the next of them
    size_t m_nArrivals{0};                   //!< how many those are
    size_t m_nextArrival{0};                 //!< the first that has not arrived yet
    StudyHost m_host;                        //!< what cores do
    Engine m_engine;                         //!< the cores
    std::vector<StudyQueue> m_queues;        //!< receive queues
    StudySampler m_sampler;                  //!< reads figures
    std::vector<StudyClass> m_classes;       //!< classes of packets
    /// what is to happen, earliest first
    std::priority_queue<Appointment, std::vector<Appointment>, std::greater<>> m_agenda;
    uint64_t m_nAppointments{0};        //!< made so far
    bool m_isTimerNew{true};            //!< the timers of the namespace have to be looked at
    int64_t m_nextTimer{Engine::NEVER}; //!< when they are due [ns]
    int64_t m_next{0};                  //!< when the first of agenda and timers is due [ns]
    int64_t m_now{0};                   //!< the time [ns]
    StudyGoOn m_goOn;                   //!< asked whether to go on; empty: nobody
    uint32_t m_nSteps{0};               //!< of RunUntil() since it was asked there
    bool m_isStopped{false};            //!< it said no
};

LookupStudy::Host::Host(const StudyConfig& config, LookupStudy& study, const StudyGoOn& goOn)
    : m_config(Check(config)),
      m_study(study),
      m_mix(config.traffic),
      m_host(config, m_mix.GetKnownFlows(), goOn),
      m_engine(m_host, config.nCores, m_host.GetLocks(), config.limits, config.kept),
      m_sampler(m_host, m_engine, m_queues)
{
    AddQueues(config);
    for (const TrafficMix::ClassInfo& info : m_mix.GetClasses())
    {
        m_classes.push_back({.name = info.name});
    }
    m_host.SetEnqueue([this](const StudyHost::Handed& job) {
        m_engine.Enqueue(job.cpu, job.context, job.job, job.at);
    });
    m_host.GetNamespace().SetTimerListener([this] { m_isTimerNew = true; });
    for (size_t i = 0; i < config.events.size(); ++i)
    {
        Add(config.events[i].at.GetNanoSeconds(), Appointment::Kind::Event, i, {});
    }
    Add(config.interval.GetNanoSeconds(), Appointment::Kind::Sample, 0, {});
    KeepNext();
}

void
LookupStudy::Host::AddQueues(const StudyConfig& config)
{
    for (const ReceiveQueueConfig& queue : ReceiveQueues::MakeQueues(config.queues, config.nCores))
    {
        m_host.NoteQueue(static_cast<uint32_t>(m_queues.size()), queue.cpu);
        m_queues.push_back({m_engine.AddQueue(queue), queue.cpu});
    }
}

void
LookupStudy::Host::Add(int64_t at,
                       Appointment::Kind kind,
                       size_t event,
                       const StudyHost::Handed& job)
{
    m_agenda.push({at, m_nAppointments++, kind, event, job});
}

int64_t
LookupStudy::Host::GetNextAppointment() const
{
    return m_agenda.empty() ? Engine::NEVER : m_agenda.top().at;
}

/// Look when something other than packets and cores is due.
void
LookupStudy::Host::KeepNext()
{
    if (m_host.HasHanded())
    {
        for (const StudyHost::Handed& job : m_host.TakeHanded())
        {
            Add(job.at, Appointment::Kind::Job, 0, job);
        }
    }
    if (m_isTimerNew)
    {
        m_isTimerNew = false;
        m_nextTimer = m_host.GetNextTimer();
    }
    m_next = std::min(GetNextAppointment(), m_nextTimer);
}

/// @brief Have an event happen again, if it does.  @param event it, which goes before what is
/// made later for its time
void
LookupStudy::Host::Repeat(const Appointment& event)
{
    const int64_t period = m_config.events[event.event].period.GetNanoSeconds();
    if (period > 0)
    {
        Appointment next = event;
        next.at += period;
        m_agenda.push(next);
    }
}

/// Do the first of what is due besides packets and cores.
void
LookupStudy::Host::Keep()
{
    m_now = std::max(m_now, m_next);
    if (m_nextTimer <= GetNextAppointment())
    {
        m_host.RunTimers(m_now);
        m_isTimerNew = true;
        return;
    }
    const Appointment due = m_agenda.top();
    m_agenda.pop();
    switch (due.kind)
    {
    case Appointment::Kind::Job:
        m_engine.Enqueue(due.job.cpu, due.job.context, due.job.job, m_now);
        break;
    case Appointment::Kind::Event:
        m_host.NoteUse();
        m_config.events[due.event].action(m_study);
        m_host.NoteWanted(m_now);
        m_isTimerNew = true;
        Repeat(due);
        break;
    case Appointment::Kind::Sample:
        m_sampler.Sample(m_now);
        Add(m_now + m_config.interval.GetNanoSeconds(), Appointment::Kind::Sample, 0, {});
        break;
    }
}

/**
 * @brief Do all that is due up to a time, in order.
 * @param time the time [ns] @return false if it was stopped before
 */
bool
LookupStudy::Host::RunUntil(int64_t time)
{
    while (true)
    {
        const int64_t core = m_engine.GetNextDeadline();
        if (std::min(core, m_next) > time)
        {
            return true;
        }
        if (++m_nSteps >= ASKING)
        {
            Ask();
        }
        if (m_isStopped)
        {
            return false;
        }
        if (core <= m_next)
        {
            m_now = core;
            m_engine.RunDue(core);
        }
        else
        {
            Keep();
        }
        KeepNext();
    }
}

/// Ask whether to go on.
void
LookupStudy::Host::Ask()
{
    m_nSteps = 0;
    const double end = m_config.duration.GetSeconds() * 1e9;
    m_isStopped = m_isStopped || (m_goOn && !m_goOn(static_cast<double>(m_now) / end));
}

/**
 * @brief Let a packet arrive, after all that is due before.
 * @param arrival the packet @return false if it was stopped before
 */
inline bool
LookupStudy::Host::Arrive(const Arrival& arrival)
{
    if (arrival.ns >= m_next || arrival.ns >= m_engine.GetNextDeadline())
    {
        if (!RunUntil(arrival.ns)) [[unlikely]]
        {
            return false;
        }
    }
    m_now = arrival.ns;
    const StudyHost::Place place = m_host.GetPlace(arrival.flow);
    StudyClass& kind = m_classes[arrival.nClass];
    ++kind.nOffered;
    const StudyJob job{arrival.flow, StudyJob::Kind::Packet, arrival.length};
    if (!m_engine.Receive(m_queues[place.queue].number, job, place.hash, arrival.ns))
    {
        ++kind.nRingDropped;
    }
    if (m_host.HasHanded() || m_isTimerNew)
    {
        KeepNext();
    }
    return true;
}

/// Have fetched what the lookups of a block of packets read, and begin with those behind it.
void
LookupStudy::Host::ReadAhead()
{
    const auto forBlock = [&](size_t nAhead, auto&& fetch) {
        const size_t begin = m_nextArrival + nAhead * BLOCK;
        const size_t end = std::min(begin + BLOCK, m_nArrivals);
        for (size_t i = begin; i < end; ++i)
        {
            fetch(m_arrivals[i].flow);
        }
    };
    forBlock(2, [&](uint32_t flow) { m_host.PrefetchFlow(flow); });
    forBlock(1, [&](uint32_t flow) { m_host.PrefetchKey(flow); });
    forBlock(0, [&](uint32_t flow) { m_host.PrefetchChain(flow); });
}

/**
 * @brief Go on to a time.
 * @param end the time [ns] @param nMost packets to let arrive at most
 * @return whether it got there
 */
bool
LookupStudy::Host::Advance(int64_t end, uint64_t nMost)
{
    for (uint64_t n = 0; n < nMost; ++n, ++m_nextArrival)
    {
        if (m_nextArrival == m_nArrivals)
        {
            m_nArrivals = m_mix.Fill(m_arrivals);
            m_nextArrival = 0;
        }
        if (m_nextArrival == m_nArrivals || m_arrivals[m_nextArrival].ns >= end)
        {
            const bool isDone = RunUntil(end);
            m_now = isDone ? end : m_now;
            return isDone;
        }
        if (m_nextArrival % BLOCK == 0)
        {
            ReadAhead();
        }
        if (!Arrive(m_arrivals[m_nextArrival]))
        {
            return false;
        }
    }
    return false;
}

StudyResult
LookupStudy::Host::Run(const StudyGoOn& goOn)
{
    m_goOn = goOn;
    while (!m_isStopped && !Advance(m_config.duration.GetNanoSeconds(), ASKING))
    {
        Ask();
    }
    m_goOn = {};
    const bool isPartial = std::exchange(m_isStopped, false);
    if (m_sampler.GetEnd() < m_now)
    {
        m_sampler.Sample(m_now);
    }
    m_host.NoteUse();
    StudyResult result;
    result.duration = NanoSeconds(m_now);
    result.isPartial = isPartial;
    result.classes = m_classes;
    m_sampler.Report(result);
    return result;
}

void
LookupStudy::Host::TakeDown(CpuId cpu)
{
    Work unpriced;
    FlowCache& cache = m_host.GetNamespace().GetCache();
    cache.TakeDown(cpu, unpriced.cache);
    CpuId other = 0;
    while (!cache.IsOnline(other))
    {
        ++other;
    }
    for (const StudyQueue& queue : m_queues)
    {
        if (!cache.IsOnline(m_engine.GetQueueCpu(queue.number)))
        {
            m_engine.MoveQueue(queue.number, other, m_now);
        }
    }
}

void
LookupStudy::Host::BringUp(CpuId cpu)
{
    m_host.GetNamespace().GetCache().BringUp(cpu);
    for (const StudyQueue& queue : m_queues)
    {
        if (queue.cpu == cpu && m_engine.GetQueueCpu(queue.number) != cpu)
        {
            m_engine.MoveQueue(queue.number, cpu, m_now);
        }
    }
}

LookupStudy::LookupStudy(const StudyConfig& config, const StudyGoOn& goOn)
    : m_host(std::make_unique<Host>(config, *this, goOn))
{
}

LookupStudy::~LookupStudy() = default;

StudyResult
LookupStudy::Run(const StudyGoOn& goOn)
{
    return m_host->Run(goOn);
}

void
LookupStudy::RunFor(Time time)
{
    m_host->Advance(m_host->GetNow() + time.GetNanoSeconds(), UINT64_MAX);
}

Namespace&
LookupStudy::GetNamespace()
{
    return m_host->GetHost().GetNamespace();
}

Time
LookupStudy::GetNow() const
{
    return NanoSeconds(m_host->GetNow());
}

void
LookupStudy::TakeDown(CpuId cpu)
{
    m_host->TakeDown(cpu);
}

void
LookupStudy::BringUp(CpuId cpu)
{
    m_host->BringUp(cpu);
}

void
LookupStudy::InsertPolicy()
{
    m_host->GetHost().InsertPolicy(m_host->GetNow());
}

void
LookupStudy::Rekey(size_t index)
{
    m_host->GetHost().Rekey(index, m_host->GetNow());
}

} // namespace ns3::xfrm
