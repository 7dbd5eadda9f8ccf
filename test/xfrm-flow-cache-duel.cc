/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-duel.h"

#include <algorithm>
#include <array>
#include <span>
#include <sstream>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the events as text
std::string
ToDuelText(const std::vector<DuelEvent>& events)
{
    std::ostringstream text;
    for (const DuelEvent& event : events)
    {
        text << event.what << event.id << ' ';
    }
    return text.str();
}

/// @return the answers as text
std::string
ToDuelText(const std::vector<FlowCacheModel::Answer>& answers)
{
    std::ostringstream text;
    for (const FlowCacheModel::Answer& answer : answers)
    {
        text << "object " << answer.object << " error " << answer.error << " outcome "
             << static_cast<int>(answer.outcome) << "; ";
    }
    return text.str();
}

/// @return the counters as text, in the order of CacheWork's identities
std::string
ToDuelText(const CacheWork& work)
{
    std::ostringstream text;
    for (const uint64_t count :
         {work.nHits,     work.nNegative, work.nRefused,       work.nStale,   work.nMisses,
          work.nUnstored, work.nUncached, work.nNoBuffers,     work.nErrors,  work.nCompared,
          work.nShrinks,  work.nReseeds,  work.nWalkedBuckets, work.nChecks,  work.nEvicted,
          work.nFlushed,  work.nCollects, work.nDestroyed,     work.nDeletes, work.nHashedWords})
    {
        text << count << ' ';
    }
    return text.str();
}

/// @return text for a difference
std::string
Differ(const std::string& what, const std::string& real, const std::string& model)
{
    return what + ": is [" + real + "], should be [" + model + "]";
}

/// @return that text if the numbers differ, else nothing
std::string
DifferIf(const std::string& what, uint64_t real, uint64_t model)
{
    return real == model ? "" : Differ(what, std::to_string(real), std::to_string(model));
}

} // namespace

FlowCacheDuel::Actor::Actor(ObjectId id, std::vector<DuelEvent>& events)
    : id(id),
      m_events(events)
{
}

Consent
FlowCacheDuel::Actor::Get()
{
    ReportMisuse();
    hasPromised = hasPromised || consent == Consent::UntilChange;
    return consent;
}

bool
FlowCacheDuel::Actor::Check()
{
    ReportMisuse();
    if (!isPromisedValid)
    {
        m_events.push_back({'c', id});
    }
    return isValid;
}

void
FlowCacheDuel::Actor::Delete()
{
    ReportMisuse();
    m_isDeleted = true;
    m_events.push_back({'d', id});
}

void
FlowCacheDuel::Actor::ReportMisuse()
{
    if (m_isDeleted)
    {
        m_events.push_back({'!', id});
    }
}

FlowCacheDuel::FlowCacheDuel(const Scenario& scenario, uint64_t seed)
    : m_scenario(scenario),
      m_random(seed),
      m_realSeeds(static_cast<uint32_t>(seed)),
      m_modelSeeds(static_cast<uint32_t>(seed)),
      m_realWork(scenario.config.nCpus + 1),
      m_modelWork(scenario.config.nCpus + 1),
      m_model(scenario.config, MakeModelWorld()),
      m_cache(scenario.config, [this] {
          m_realEvents.push_back({'s', static_cast<uint32_t>(m_realSeeds())});
          return m_realEvents.back().id;
      })
{
    m_actors.emplace_back(0, m_realEvents);
    m_cache.SetEntryFault([this] {
        m_realEvents.push_back({'a'});
        return m_failsEntry;
    });
    m_cache.SetMaskFault([this] {
        m_realEvents.push_back({'m'});
        return m_failsMask;
    });
    MakeFlows();
}

FlowCacheModel::World
FlowCacheDuel::MakeModelWorld()
{
    FlowCacheModel::World world;
    world.drawSeed = [this] {
        m_modelEvents.push_back({'s', static_cast<uint32_t>(m_modelSeeds())});
        return m_modelEvents.back().id;
    };
    world.failsEntry = [this] {
        m_modelEvents.push_back({'a'});
        return m_failsEntry;
    };
    world.failsMask = [this] {
        m_modelEvents.push_back({'m'});
        return m_failsMask;
    };
    world.get = [this](ObjectId id) { return m_actors[id].consent != Consent::Refused; };
    world.check = [this](ObjectId id) {
        if (!m_actors[id].isPromisedValid)
        {
            m_modelEvents.push_back({'c', id});
        }
        return m_actors[id].isValid;
    };
    world.deleteObject = [this](ObjectId id) { m_modelEvents.push_back({'d', id}); };
    return world;
}

// Of each eight flows several are equal but for direction, family, padding or the last word.
void
FlowCacheDuel::MakeFlows()
{
    const KeyLayout layout = m_scenario.layout;
    for (uint32_t i = 0; i < m_scenario.nFlows; ++i)
    {
        const uint32_t group = i / 8;
        const FlowFields common{.mark = group, .tunnelId = group, .userId = group};
        const auto upper = UpperLayer::Ports(i % 8 == 5 ? 1 : 2, 80);
        const Ipv4Address host(group);
        const FlowKey ipv4 =
            FlowKey::Ipv4(static_cast<Direction>(i % 3), common, host, host, upper, layout);
        const FlowKey ipv6 = FlowKey::Ipv6(Direction::Out,
                                           common,
                                           Ipv6Address::GetLoopback(),
                                           Ipv6Address::GetAny(),
                                           group,
                                           upper,
                                           layout,
                                           i % 8 == 6 ? 1 : 0);
        const std::vector<uint8_t> bytes = ipv4.GetBytes();
        const FlowKey decnet(12,
                             Direction::In,
                             std::span(bytes).first(4 * GetKeyWords(12, layout)));
        const FlowKey uncached(1, Direction::Out, {});
        const std::array<const FlowKey*, 8>
            kinds{&ipv4, &ipv4, &ipv4, &decnet, &ipv6, &ipv6, &ipv6, &uncached};
        m_flows.push_back(i % 8 == 7 && group % 8 != 0 ? ipv4 : *kinds[i % 8]);
        m_numbers.push_back({m_cache.Intern(m_flows[i])});
        if (i % 3 == 0)
        {
            m_numbers[i].push_back(m_cache.Intern(m_flows[i]));
        }
    }
}

std::string
FlowCacheDuel::Run()
{
    for (uint32_t i = 0; i < m_scenario.nOperations; ++i)
    {
        m_realEvents.clear();
        m_modelEvents.clear();
        m_realAnswers.clear();
        m_modelAnswers.clear();
        std::fill(m_realWork.begin(), m_realWork.end(), CacheWork());
        std::fill(m_modelWork.begin(), m_modelWork.end(), CacheWork());
        m_failsEntry = Draw(20) == 0;
        m_failsMask = Draw(10) == 0;
        const Operation& operation = DrawOperation();
        (this->*operation.run)();
        std::string difference = CompareStep();
        if (difference.empty() && i % 100 == 99)
        {
            difference = CompareEntries();
        }
        if (!difference.empty())
        {
            return "operation " + std::to_string(i) + " (" + operation.name + "): " + difference;
        }
    }
    return CompareEntries();
}

const FlowCacheDuel::Operation&
FlowCacheDuel::DrawOperation()
{
    static constexpr std::array<Operation, 9> LOOKUPS{
        {{"lookup by key", &FlowCacheDuel::LookUpKey},
         {"lookup by key", &FlowCacheDuel::LookUpKey},
         {"lookup by key", &FlowCacheDuel::LookUpKey},
         {"lookup by number", &FlowCacheDuel::LookUpNumber},
         {"lookup by number", &FlowCacheDuel::LookUpNumber},
         {"lookup by number", &FlowCacheDuel::LookUpNumber},
         {"lookup by number", &FlowCacheDuel::LookUpNumber},
         {"batch of lookups", &FlowCacheDuel::LookUpBatch},
         {"another verdict", &FlowCacheDuel::ChangeVerdict}}};
    static constexpr std::array<Operation, 18> DISRUPTIONS{
        {{"bump", &FlowCacheDuel::Bump},
         {"bump", &FlowCacheDuel::Bump},
         {"note a change", &FlowCacheDuel::NoteChange},
         {"re-seed", &FlowCacheDuel::RequestReseed},
         {"time passes", &FlowCacheDuel::PassTime},
         {"flush", &FlowCacheDuel::Flush},
         {"flush of a CPU", &FlowCacheDuel::FlushCpu},
         {"request of a flush", &FlowCacheDuel::RequestFlush},
         {"deferred flush", &FlowCacheDuel::RunDeferredFlush},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"gc work", &FlowCacheDuel::RunGc},
         {"CPU down", &FlowCacheDuel::TakeDown},
         {"CPU up", &FlowCacheDuel::BringUp}}};
    return Draw(1000) < m_scenario.nDisruptions ? DISRUPTIONS[Draw(DISRUPTIONS.size())]
                                                : LOOKUPS[Draw(LOOKUPS.size())];
}

std::string
FlowCacheDuel::CompareStep() const
{
    if (m_realAnswers.size() != m_modelAnswers.size() ||
        ToDuelText(m_realAnswers) != ToDuelText(m_modelAnswers))
    {
        return Differ("answers", ToDuelText(m_realAnswers), ToDuelText(m_modelAnswers));
    }
    if (m_realEvents != m_modelEvents)
    {
        return Differ("calls", ToDuelText(m_realEvents), ToDuelText(m_modelEvents));
    }
    uint64_t nRemoved = 0;
    for (size_t i = 0; i < m_realWork.size(); ++i)
    {
        if (m_realWork[i] != m_modelWork[i])
        {
            return Differ("work", ToDuelText(m_realWork[i]), ToDuelText(m_modelWork[i]));
        }
        nRemoved += m_realWork[i].nEvicted + m_realWork[i].nFlushed;
    }
    const std::string difference = CompareState();
    return difference.empty() && nRemoved > 0 ? CompareEntries() : difference;
}

std::string
FlowCacheDuel::CompareState() const
{
    const auto orNone = [](std::optional<CpuId> cpu) { return cpu.value_or(UINT32_MAX); };
    const FlowCache& real = m_cache;
    const FlowCacheModel& model = m_model;
    std::string differences =
        DifferIf("generation", real.GetGenid(), model.GetGenid()) +
        DifferIf("gc length", real.GetGarbageLength(), model.GetGarbageLength()) +
        DifferIf("gc CPU", orNone(real.GetGcCpu()), orNone(model.GetGcCpu())) +
        DifferIf("flush CPU", orNone(real.GetFlushCpu()), orNone(model.GetFlushCpu())) +
        DifferIf("CPUs on line", real.GetOnline(), model.GetOnline());
    for (CpuId cpu = 0; cpu < real.GetCpus(); ++cpu)
    {
        differences += DifferIf("size", real.GetTable(cpu).GetSize(), model.GetSize(cpu));
    }
    return differences;
}

std::string
FlowCacheDuel::CompareEntries() const
{
    std::string differences;
    for (CpuId cpu = 0; cpu < m_cache.GetCpus(); ++cpu)
    {
        differences += CompareEntries(cpu);
    }
    return differences;
}

// Of a long key the first words are compared; its object tells it apart.
std::string
FlowCacheDuel::CompareEntries(CpuId cpu) const
{
    std::vector<const FlowEntry*> real;
    m_cache.GetTable(cpu).ForEach([&real](const FlowEntry& entry) { real.push_back(&entry); });
    size_t i = 0;
    for (const std::list<FlowCacheModel::Entry>& chain : m_model.GetChains(cpu))
    {
        for (const FlowCacheModel::Entry& model : chain)
        {
            const FlowKeyView key = model.key.View();
            const CacheObject* object = model.object == 0 ? nullptr : &m_actors[model.object];
            const bool isSame =
                i < real.size() && real[i]->identity == key.identity &&
                std::equal(real[i]->words.begin(), real[i]->words.end(), key.words) &&
                real[i]->genid == model.genid && real[i]->object == object;
            if (!isSame)
            {
                return "entry " + std::to_string(i) + " of CPU " + std::to_string(cpu);
            }
            ++i;
        }
    }
    return DifferIf("entries of CPU " + std::to_string(cpu), real.size(), i);
}

} // namespace ns3::xfrm::tests
