/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SPIN_LOCK_H
#define XFRM_SPIN_LOCK_H

#include "ns3/xfrm-flow-entry.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/// How a lock lets cores in.
enum class LockKind : uint8_t
{
    None,         //!< there is none: readers under RCU, or nothing to protect
    Ticket,       //!< in order of arrival; all that wait watch one line (x86 until 4.1)
    Queued,       //!< in order of arrival; each watches a line of its own (qspinlock, from 4.2 on)
    ReaderWriter, //!< fair, in order of arrival; readers share it, but not its line (qrwlock)
    Line          //!< no lock, but a line that all write: one after the other
};

/// What a core wants a lock for.
enum class LockMode : uint8_t
{
    Exclusive, //!< to change what it protects
    Shared     //!< to read it; the same as Exclusive unless the lock is a ReaderWriter
};

/// What it costs cores to get in each other's way [ns].  What a lock costs a core that is alone
/// belongs to the steps that take it.
struct ContentionPrices
{
    double transfer{0}; //!< a line comes from the core that wrote it last
    double handover{0}; //!< a lock passes to a core that waits for it
    double waiter{0};   //!< more for each further core that waits, where all watch one line
    double steer{0};    //!< a packet is handed to another core (RPS)
    double crowding{0}; //!< a core that waits, where all watch one line, slows the one that has the
                        //!< lock by so much [ns per us held]

    bool operator==(const ContentionPrices&) const = default;
};

/**
 * @ingroup xfrm
 * @brief A cache line that several cores write: a reference count, a generation, a lock.
 *
 * The line is with the core that wrote it last.  Another core has to wait until those before it
 * have had it, and then for its transfer.
 */
class SharedLine
{
  public:
    /**
     * @brief Write it.  Calls in order of time.
     * @param cpu who @param now when [ns] @param prices what it costs
     * @return when it is written [ns]
     */
    int64_t Touch(CpuId cpu, int64_t now, const ContentionPrices& prices);

    /// @brief It has got to a core in some other way.  @param cpu who @param now until when [ns]
    void Give(CpuId cpu, int64_t now)
    {
        m_owner = cpu;
        m_freeAt = now;
    }

  private:
    CpuId m_owner{UINT32_MAX}; //!< who wrote it last, UINT32_MAX nobody
    int64_t m_freeAt{0};       //!< when that is done [ns]
};

/// What a lock saw.
struct LockFigures
{
    uint64_t nTaken{0};     //!< times it was taken
    uint64_t nContended{0}; //!< ... after waiting for another core to leave
    int64_t waitNs{0};      //!< time waited, hand-over included [ns]
    int64_t heldNs{0};      //!< time held, by readers summed [ns]
    uint32_t maxWaiting{0}; //!< most cores that ever waited
};

/**
 * @ingroup xfrm
 * @brief A lock in simulated time.
 *
 * Grants are in order of requests, which have to come in order of time, those of one time in order
 * of cores.  Readers that follow one another share a ReaderWriter.  Knows no clock: whoever has one
 * asks, waits, and releases.
 *
 * Source: arch/x86/include/asm/spinlock.h (tickets), kernel/locking/qspinlock.c and qrwlock.c, as
 * far as their order and their traffic between caches go; "Non-scalable locks are dangerous"
 * (Boyd-Wickizer et al., 2012): the time in which a ticket lock changes hands grows with the cores
 * that wait.  Left out: interrupts, which can't come between, since jobs are not interrupted.
 */
class SpinLock
{
  public:
    /// A core that waited, and now has it.
    struct Grant
    {
        CpuId cpu;  //!< who
        int64_t at; //!< when it goes on [ns]
    };

    /// @param kind its kind, not None @param prices what it costs; must outlive it
    SpinLock(LockKind kind, const ContentionPrices& prices);

    /**
     * @brief Take it, or wait.
     * @param cpu who @param mode what for @param now when [ns]
     * @return when the core has it [ns]; nothing: it waits, and is told by Release()
     */
    std::optional<int64_t> Request(CpuId cpu, LockMode mode, int64_t now);

    /**
     * @brief Give it back.
     * @param taken when the core that gives it back took it [ns] @param now when [ns]
     * @param granted those that waited and have it now, in order, are put here
     */
    void Release(int64_t taken, int64_t now, std::vector<Grant>& granted);

    /**
     * @brief How long a core has it, slowed by those that wait: they watch the line that also holds
     * what the lock protects.
     * @param ns how long it would have it alone [ns] @return how long it has it [ns]
     */
    int64_t GetHeldTime(int64_t ns) const;

    /// @brief A core takes it that is the only one ever to do so.  @param ns for how long [ns]
    void TakeOwn(int64_t ns)
    {
        ++m_figures.nTaken;
        m_figures.heldNs += ns;
    }

    /// @return cores that wait
    size_t GetWaiting() const
    {
        return m_waiting.size();
    }

    /// @return what it saw
    const LockFigures& GetFigures() const
    {
        return m_figures;
    }

  private:
    /// A core that waits.
    struct Waiter
    {
        CpuId cpu;     //!< who
        LockMode mode; //!< what for
        int64_t since; //!< since when [ns]
    };

    bool IsOpenFor(LockMode mode) const;
    void Enter(LockMode mode);
    int64_t GetHandover() const;

    LockKind m_kind;                  //!< its kind
    const ContentionPrices* m_prices; //!< what it costs
    SharedLine m_line;                //!< the line it lies in
    uint32_t m_nReaders{0};           //!< cores that share it
    bool m_isHeld{false};             //!< a core has it alone
    std::deque<Waiter> m_waiting;     //!< in order of requests
    LockFigures m_figures;            //!< what it saw
};

} // namespace ns3::xfrm

#endif // XFRM_SPIN_LOCK_H
