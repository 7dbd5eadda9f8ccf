/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-job-planner.h"

#include <array>
#include <cmath>
#include <utility>

namespace ns3::xfrm
{

void
AddPolicyLines(const Bundle& bundle, std::vector<uint64_t>& lines)
{
    for (const Ptr<Policy>& policy : bundle.GetMatch().policies)
    {
        lines.push_back(policy->GetIndex());
    }
}

void
AddLines(const Bundle& bundle, std::vector<uint64_t>& lines)
{
    constexpr uint64_t TUNNEL{uint64_t{1} << 63}; // indexes of policies are below
    AddPolicyLines(bundle, lines);
    for (const BundleElement& element : bundle.GetElements())
    {
        const StateConfig& config = element.state->GetConfig();
        if (config.mode == Mode::Tunnel && config.family == Family::Ipv4)
        {
            const uint64_t near = config.source.GetFirstWord() & INT32_MAX;
            lines.push_back(TUNNEL | near << 32 | config.id.destination.GetFirstWord());
        }
    }
}

int64_t
JobPlanner::Plan(const Work& work,
                 const Work& before,
                 const JobObjects& objects,
                 std::vector<LockedStretch>& stretches) const
{
    if (!m_hasLocks)
    {
        return m_profile.GetDuration(work, before).GetNanoSeconds();
    }
    std::array<double, N_STAGES> stages = m_profile.GetStages(work, before);
    if (m_locks.GetPreset().holdsStateToOpen && work.transform.nOpened > before.transform.nOpened)
    {
        double& opening = stages[static_cast<size_t>(Stage::Transform)];
        stages[static_cast<size_t>(Stage::StateUse)] += std::exchange(opening, 0.0);
    }
    const size_t nBefore = stretches.size();
    double open = 0; // since the last lock [ns]
    int64_t lead = 0;
    const auto close = [&] {
        (stretches.size() == nBefore ? lead : stretches.back().afterNs) = std::llround(open);
        open = 0;
    };
    for (size_t i = 0; i < N_STAGES; ++i)
    {
        const auto stage = static_cast<Stage>(i);
        if (stage == Stage::SharedUse && !objects.lines.empty() &&
            m_locks.GetPreset().GetKind(stage) != LockKind::None)
        {
            close();
            AddLines(objects, stretches);
            continue;
        }
        if (stages[i] == 0 || m_locks.GetPreset().GetKind(stage) == LockKind::None)
        {
            open += stages[i];
            continue;
        }
        close();
        AddLocked(stage, stages[i], objects, stretches);
    }
    close();
    return lead;
}

void
JobPlanner::AddLines(const JobObjects& objects, std::vector<LockedStretch>& stretches) const
{
    for (const uint64_t line : objects.lines)
    {
        stretches.push_back({m_locks.Find(Stage::SharedUse, line), LockMode::Exclusive, 0, 0});
    }
}

void
JobPlanner::AddLocked(Stage stage,
                      double ns,
                      const JobObjects& objects,
                      std::vector<LockedStretch>& stretches) const
{
    const LockMode mode = stage == Stage::PolicySearch ? LockMode::Shared : LockMode::Exclusive;
    const bool isOwn = stage == Stage::Transmit; // each core has a queue of its own (XPS)
    const auto add = [&](uint64_t object, double held) {
        stretches.push_back({m_locks.Find(stage, object), mode, std::llround(held), 0, isOwn});
    };
    if (stage != Stage::StateUse || objects.states.empty())
    {
        add(stage == Stage::Transmit ? objects.transmitQueue : 0, ns);
        return;
    }
    for (const uint64_t state : objects.states)
    {
        add(state, ns / static_cast<double>(objects.states.size()));
    }
}

} // namespace ns3::xfrm
