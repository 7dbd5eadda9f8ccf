/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-lock-table.h"

#include <algorithm>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

using enum LockKind;

// Stages: Receive, PolicySearch, StateSearch, Build, SharedUse, StateUse, Transform, Collect, Send,
// Transmit.
constexpr std::array PRESETS{
    LockPreset{"none", "no locks: cores never meet", {}},
    LockPreset{"linux-4.1",
               "3.16 to 4.1: policies under a read-write lock, ticket locks",
               {None, ReaderWriter, Ticket, None, None, Ticket, None, Ticket, None, Ticket}},
    LockPreset{"linux-4.2",
               "4.2 to 4.8: policies under a read-write lock, queued locks",
               {None, ReaderWriter, Queued, None, None, Queued, None, Queued, None, Queued}},
    LockPreset{"linux-4.9",
               "from 4.9 on: searches under RCU, queued locks (R314)",
               {None, None, None, None, None, Queued, None, Queued, None, Queued}},
    LockPreset{"linux-4.2-lines",
               "as linux-4.2, and what packets of several states write moves between cores",
               {None, ReaderWriter, Queued, None, Line, Queued, None, Queued, None, Queued}},
    LockPreset{"inline-short",
               "inline crypto: a state's lock is held shortly, and all that wait watch its line",
               {None, None, None, None, None, Ticket, None, Queued, None, Queued}},
    LockPreset{"inline-long",
               "the same before commit 10a118619439: it is held over the whole input",
               {None, None, None, None, None, Ticket, None, Queued, None, Queued},
               true},
};

} // namespace

bool
LockPreset::HasLocks() const
{
    return std::ranges::any_of(kinds, [](LockKind kind) { return kind != LockKind::None; });
}

const LockPreset&
LockPreset::Find(std::string_view name)
{
    for (const LockPreset& preset : PRESETS)
    {
        if (preset.name == name)
        {
            return preset;
        }
    }
    std::string allowed;
    for (const LockPreset& preset : PRESETS)
    {
        allowed.append(allowed.empty() ? "" : ", ").append(preset.name);
    }
    throw std::invalid_argument("locks " + std::string(name) + ": must be one of " + allowed);
}

std::vector<std::string>
LockPreset::GetNames()
{
    std::vector<std::string> names;
    names.reserve(PRESETS.size());
    for (const LockPreset& preset : PRESETS)
    {
        names.emplace_back(preset.name);
    }
    return names;
}

LockId
LockTable::Find(Stage stage, uint64_t object)
{
    const auto next = static_cast<LockId>(m_locks.size());
    const auto [place, isNew] = m_numbers[static_cast<size_t>(stage)].try_emplace(object, next);
    if (isNew)
    {
        m_locks.emplace_back(m_preset.GetKind(stage), m_prices);
    }
    return place->second;
}

LockFigures
LockTable::GetFigures(Stage stage) const
{
    LockFigures sum;
    for (const auto& [object, lock] : m_numbers[static_cast<size_t>(stage)])
    {
        const LockFigures& one = m_locks[lock].GetFigures();
        sum.nTaken += one.nTaken;
        sum.nContended += one.nContended;
        sum.waitNs += one.waitNs;
        sum.heldNs += one.heldNs;
        sum.maxWaiting = std::max(sum.maxWaiting, one.maxWaiting);
    }
    return sum;
}

} // namespace ns3::xfrm
