/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-job-planner.h"

#include <array>
#include <cmath>

namespace ns3::xfrm
{

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
    const std::array<double, N_STAGES> stages = m_profile.GetStages(work, before);
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
JobPlanner::AddLocked(Stage stage,
                      double ns,
                      const JobObjects& objects,
                      std::vector<LockedStretch>& stretches) const
{
    const LockMode mode = stage == Stage::PolicySearch ? LockMode::Shared : LockMode::Exclusive;
    const auto add = [&](uint64_t object, double held) {
        stretches.push_back({m_locks.Find(stage, object), mode, std::llround(held), 0});
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
