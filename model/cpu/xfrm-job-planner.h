/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_JOB_PLANNER_H
#define XFRM_JOB_PLANNER_H

#include "xfrm-cost-profile.h"
#include "xfrm-lock-table.h"

#include "ns3/xfrm-bundle.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// What a job used that others use, too.
struct JobObjects
{
    std::span<const uint64_t> states{}; //!< numbers of the states, in the order of their use
    uint64_t transmitQueue{0};          //!< number of the queue that it sent by: one a core (XPS)
    std::span<const uint64_t> lines{};  //!< numbers of lines that it wrote and that have no lock
};

/**
 * @brief Find what a packet that is sent through a chain writes and packets of other states write,
 * too: when its policies were used last (R22a), and the next identification of its tunnels' ends
 * (ip_idents of __ip_select_ident(); R223).
 * @param bundle the chain @param lines numbers of these lines are added here
 */
void AddLines(const Bundle& bundle, std::vector<uint64_t>& lines);

/// @brief The same of a decision alone, which writes when its policies were used last.
/// @param bundle what was decided @param lines numbers of these lines are added here
void AddPolicyLines(const Bundle& bundle, std::vector<uint64_t>& lines);

/**
 * @ingroup xfrm
 * @brief Turns what a job did into how long it takes, and which locks it needs meanwhile.
 *
 * Stages follow in the order of Stage.  Each takes the time that the profile has for its work; a
 * stage with work in it whose lock the preset names holds that lock all along.  SharedUse takes no
 * time but that of its lines' transfers.
 */
class JobPlanner
{
  public:
    /// @param profile what work costs @param locks the host's; both must outlive this
    JobPlanner(const CostProfile& profile, LockTable& locks)
        : m_profile(profile),
          m_locks(locks),
          m_hasLocks(locks.GetPreset().HasLocks())
    {
    }

    /**
     * @brief Plan a job.
     * @param work what was done @param before what of it was done before the job
     * @param objects what it used
     * @param stretches stretches with locks are added here, in order
     * @return how long it computes before the first of them [ns]
     */
    int64_t Plan(const Work& work,
                 const Work& before,
                 const JobObjects& objects,
                 std::vector<LockedStretch>& stretches) const;

    /// @return whether JobObjects::lines matter
    bool HasLines() const
    {
        return m_locks.GetPreset().GetKind(Stage::SharedUse) != LockKind::None;
    }

  private:
    void AddLines(const JobObjects& objects, std::vector<LockedStretch>& stretches) const;
    void AddLocked(Stage stage,
                   double ns,
                   const JobObjects& objects,
                   std::vector<LockedStretch>& stretches) const;

    const CostProfile& m_profile; //!< what work costs
    LockTable& m_locks;           //!< locks of the host
    bool m_hasLocks;              //!< any stage takes one
};

} // namespace ns3::xfrm

#endif // XFRM_JOB_PLANNER_H
