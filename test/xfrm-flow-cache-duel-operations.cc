/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-duel.h"

#include <algorithm>
#include <array>
#include <span>

namespace ns3::xfrm::tests
{

namespace
{

/// @param report what a flush did @return it as an answer, to be compared
FlowCacheModel::Answer
ToAnswer(const FlowCache::FlushReport& report)
{
    return {report.nRemoved, static_cast<int32_t>(report.nTasklets)};
}

} // namespace

/// @return a number from 0 to n - 1
uint32_t
FlowCacheDuel::Draw(uint32_t n)
{
    return static_cast<uint32_t>((m_random() >> 32) * n >> 32);
}

// A lookup may come from a CPU without a table, but never from one that went off line.
CpuId
FlowCacheDuel::DrawCpu(bool needsOnline)
{
    while (true)
    {
        const CpuId cpu = Draw(m_scenario.config.nCpus);
        if (m_model.IsOnline(cpu) || (!needsOnline && !m_model.HasTable(cpu) && Draw(20) == 0))
        {
            return cpu;
        }
    }
}

uint32_t
FlowCacheDuel::DrawFlow()
{
    return Draw(Draw(4) == 0 ? m_scenario.nFlows : m_scenario.nHotFlows);
}

FlowCacheDuel::Script
FlowCacheDuel::DrawScript()
{
    Script script;
    script.keepsOld = Draw(3) == 0;
    script.isError = Draw(10) == 0;
    script.isBumping = Draw(20'000) < m_scenario.nDisruptions;
    if (Draw(8) != 0)
    {
        script.object = static_cast<ObjectId>(m_actors.size());
        SetVerdict(m_actors.emplace_back(script.object, m_realEvents));
        script.isPromised = Draw(2) == 0;
    }
    return script;
}

void
FlowCacheDuel::SetVerdict(Actor& actor)
{
    constexpr std::array<Consent, 8> CONSENTS{Consent::Refused,
                                              Consent::Once,
                                              Consent::Once,
                                              Consent::UntilChange,
                                              Consent::UntilChange,
                                              Consent::UntilChange,
                                              Consent::UntilChange,
                                              Consent::UntilChange};
    actor.consent = CONSENTS[Draw(CONSENTS.size())];
    actor.isValid = Draw(5) != 0;
}

Resolution
FlowCacheDuel::ResolveReal(const Script& script, CacheObject* old)
{
    m_realEvents.push_back({'r', old ? static_cast<Actor*>(old)->id : 0});
    if (script.isBumping)
    {
        m_cache.BumpGenid();
    }
    if (script.isError)
    {
        return {nullptr, -11};
    }
    if (old && script.keepsOld)
    {
        return {old};
    }
    if (script.object == 0)
    {
        return {};
    }
    Actor& actor = m_actors[script.object];
    actor.isPromisedValid = script.isPromised && actor.isValid;
    return {&actor, 0, actor.isPromisedValid};
}

FlowCacheModel::Answer
FlowCacheDuel::ResolveModel(const Script& script, ObjectId old)
{
    m_modelEvents.push_back({'r', old});
    if (script.isBumping)
    {
        m_model.BumpGenid(1);
    }
    if (script.isError)
    {
        return {0, -11};
    }
    return {old != 0 && script.keepsOld ? old : script.object};
}

/// Write down an answer of FlowCache.
void
FlowCacheDuel::Note(const CacheAnswer& answer)
{
    const ObjectId object = answer.object ? static_cast<Actor*>(answer.object)->id : 0;
    m_realAnswers.push_back({object, answer.error, answer.outcome});
}

void
FlowCacheDuel::LookUpModel(CpuId cpu, uint32_t flow, const Script& script)
{
    const auto resolve = [&](ObjectId old) { return ResolveModel(script, old); };
    m_modelAnswers.push_back(m_model.Lookup(cpu, m_flows[flow], resolve, m_modelWork[cpu]));
}

void
FlowCacheDuel::LookUpKey()
{
    const CpuId cpu = DrawCpu(false);
    const uint32_t flow = DrawFlow();
    const Script script = DrawScript();
    const auto resolve = [&](CacheObject* old) { return ResolveReal(script, old); };
    Note(m_cache.Lookup(cpu, m_flows[flow], resolve, m_realWork[cpu]));
    LookUpModel(cpu, flow, script);
}

void
FlowCacheDuel::LookUpNumber()
{
    const CpuId cpu = DrawCpu(false);
    const uint32_t flow = DrawFlow();
    const FlowId number = m_numbers[flow][Draw(m_numbers[flow].size())];
    const Script script = DrawScript();
    const auto resolve = [&](CacheObject* old) { return ResolveReal(script, old); };
    Note(m_cache.Lookup(cpu, number, resolve, m_realWork[cpu]));
    LookUpModel(cpu, flow, script);
}

void
FlowCacheDuel::LookUpBatch()
{
    const CpuId cpu = DrawCpu(false);
    std::vector<uint32_t> flows(Draw(9));
    std::vector<FlowId> numbers;
    std::vector<Script> scripts;
    for (uint32_t& flow : flows)
    {
        flow = DrawFlow();
        numbers.push_back(m_numbers[flow][Draw(m_numbers[flow].size())]);
        scripts.push_back(DrawScript());
    }
    std::vector<CacheAnswer> answers(flows.size());
    const auto resolve = [&](size_t i, CacheObject* old) { return ResolveReal(scripts[i], old); };
    m_cache.LookupBatch(cpu, numbers, answers, resolve, m_realWork[cpu]);
    for (size_t i = 0; i < flows.size(); ++i)
    {
        Note(answers[i]);
        LookUpModel(cpu, flows[i], scripts[i]);
    }
}

// What an object promised until a change may end only with a change.
void
FlowCacheDuel::ChangeVerdict()
{
    const uint32_t nActors = static_cast<uint32_t>(m_actors.size());
    Actor& actor = m_actors[nActors - 1 - Draw(std::min(nActors, 2 * m_scenario.nFlows))];
    SetVerdict(actor);
    if ((actor.hasPromised && actor.consent == Consent::Refused) ||
        (actor.isPromisedValid && !actor.isValid))
    {
        m_cache.NoteChange();
    }
}

// One bump of eight goes back, so that older generations return.
void
FlowCacheDuel::Bump()
{
    const uint32_t n = Draw(8) == 0 ? UINT32_MAX : 1 + Draw(2);
    m_cache.BumpGenid(n);
    m_model.BumpGenid(n);
}

void
FlowCacheDuel::NoteChange()
{
    m_cache.NoteChange();
}

void
FlowCacheDuel::RequestReseed()
{
    m_cache.RequestReseed();
    m_model.RequestReseed();
}

void
FlowCacheDuel::PassTime()
{
    m_now += Seconds(Draw(300));
    m_cache.RunDue(m_now);
    m_model.RunDue(m_now);
}

void
FlowCacheDuel::Flush()
{
    const CpuId cpu = DrawCpu(true);
    m_realAnswers.push_back(ToAnswer(m_cache.Flush(cpu, m_realWork)));
    m_modelAnswers.push_back(ToAnswer(m_model.Flush(cpu, m_modelWork)));
}

void
FlowCacheDuel::FlushCpu()
{
    const CpuId cpu = DrawCpu(true);
    m_realAnswers.push_back({m_cache.FlushCpu(cpu, m_realWork[cpu])});
    m_modelAnswers.push_back({m_model.FlushCpu(cpu, m_modelWork[cpu])});
}

void
FlowCacheDuel::RequestFlush()
{
    const CpuId cpu = DrawCpu(true);
    m_cache.RequestFlush(cpu);
    m_model.RequestFlush(cpu);
}

void
FlowCacheDuel::RunDeferredFlush()
{
    const CpuId cpu = DrawCpu(true);
    if (const auto report = m_cache.RunDeferredFlush(cpu, m_realWork))
    {
        m_realAnswers.push_back(ToAnswer(*report));
    }
    if (const auto report = m_model.RunDeferredFlush(cpu, m_modelWork))
    {
        m_modelAnswers.push_back(ToAnswer(*report));
    }
}

void
FlowCacheDuel::RunGc()
{
    const uint64_t nMost = Draw(2) == 0 ? Draw(m_scenario.config.table.highWatermark) : UINT64_MAX;
    m_cache.RunGc(m_realWork.back(), nMost);
    m_model.RunGc(m_modelWork.back(), nMost);
}

void
FlowCacheDuel::TakeDown()
{
    const CpuId cpu = Draw(m_scenario.config.nCpus);
    if (!m_model.IsOnline(cpu) || m_model.GetOnline() > 1)
    {
        m_cache.TakeDown(cpu, m_realWork[cpu]);
        m_model.TakeDown(cpu, m_modelWork[cpu]);
    }
}

void
FlowCacheDuel::BringUp()
{
    const CpuId cpu = Draw(m_scenario.config.nCpus);
    m_cache.BringUp(cpu);
    m_model.BringUp(cpu);
}

} // namespace ns3::xfrm::tests
