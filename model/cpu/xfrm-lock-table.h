/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOCK_TABLE_H
#define XFRM_LOCK_TABLE_H

#include "xfrm-spin-lock.h"
#include "xfrm-stage.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ns3::xfrm
{

/// Number of a lock in a LockTable.
using LockId = uint32_t;

/// A stretch of a job that needs a lock, and what follows it.
struct LockedStretch
{
    LockId lock{0};     //!< which
    LockMode mode{};    //!< what for
    int64_t heldNs{0};  //!< how long the core computes with it [ns]
    int64_t afterNs{0}; //!< how long without it, afterwards [ns]
    bool isOwn{false};  //!< no other core ever wants it
};

/**
 * @ingroup xfrm
 * @brief Which stages of a packet's work take which kind of lock: part of a kernel's preset.
 */
struct LockPreset
{
    std::string_view name;                  //!< its name
    std::string_view help;                  //!< which kernels are so
    std::array<LockKind, N_STAGES> kinds{}; //!< by stage
    bool holdsStateToOpen{false};           //!< a packet is opened with the lock of its state held

    /// @param stage a stage @return the kind of its lock, None if it takes none
    LockKind GetKind(Stage stage) const
    {
        return kinds[static_cast<size_t>(stage)];
    }

    /// @return whether any stage takes a lock
    bool HasLocks() const;

    /// @param name one of GetNames() @return the preset
    /// @throws std::invalid_argument naming what is allowed
    static const LockPreset& Find(std::string_view name);

    /// @return names of all presets
    static std::vector<std::string> GetNames();
};

/**
 * @ingroup xfrm
 * @brief The locks of a host: one for each thing that a stage protects, made when first asked for.
 */
class LockTable
{
  public:
    /// @param preset what takes which kind @param prices what it costs
    LockTable(const LockPreset& preset, const ContentionPrices& prices)
        : m_preset(preset),
          m_prices(prices)
    {
    }

    LockTable(const LockTable&) = delete;
    LockTable& operator=(const LockTable&) = delete;
    LockTable(LockTable&&) = delete;
    LockTable& operator=(LockTable&&) = delete;
    ~LockTable() = default;

    /**
     * @brief Find a lock.
     * @param stage a stage that takes one @param object which of the things it protects: the
     *              number of a state, of a queue or of a line, else 0
     * @return its number
     */
    LockId Find(Stage stage, uint64_t object);

    /// @param lock a number from Find() @return the lock
    SpinLock& Get(LockId lock)
    {
        return m_locks[lock];
    }

    /// @return what takes which kind
    const LockPreset& GetPreset() const
    {
        return m_preset;
    }

    /// @param stage a stage @return what its locks saw, all together
    LockFigures GetFigures(Stage stage) const;

  private:
    LockPreset m_preset;                                                  //!< what takes which kind
    ContentionPrices m_prices;                                            //!< what it costs
    std::deque<SpinLock> m_locks;                                         //!< by number
    std::array<std::unordered_map<uint64_t, LockId>, N_STAGES> m_numbers; //!< by stage and object
};

} // namespace ns3::xfrm

#endif // XFRM_LOCK_TABLE_H
