/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATISTICS_H
#define XFRM_STATISTICS_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>

namespace ns3::xfrm
{

/// The counters of /proc/net/xfrm_stat, in its order (R280).
enum class Counter : uint8_t
{
    InError,             //!< no memory for a received packet (R240)
    InBufferError,       //!< too many layers or templates (R243, R263)
    InHdrError,          //!< header malformed or cut short (R242, R257, R261)
    InNoStates,          //!< no state for the SPI (R244)
    InStateProtoError,   //!< authentication, decryption or padding failed (R252)
    InStateModeError,    //!< mode does not fit (R251, R256)
    InStateSeqError,     //!< sequence number refused (R249, R253)
    InStateExpired,      //!< state expired (R250)
    InStateMismatch,     //!< encapsulation or selector does not fit (R247, R261)
    InStateInvalid,      //!< state not valid (R246)
    InTmplMismatch,      //!< policy's templates not met (R265, R266)
    InNoPols,            //!< no policy for a decapsulated packet (R262)
    InPolBlock,          //!< policy blocks (R263)
    InPolError,          //!< policy lookup failed (R262, R263)
    OutError,            //!< no headroom or no next hop (R201, R210, R217)
    OutBundleGenError,   //!< chain could not be built (R31)
    OutBundleCheckError, //!< no memory for a chain's flow (R32)
    OutNoStates,         //!< a needed state is missing (R19)
    OutStateProtoError,  //!< transformation failed (R216)
    OutStateModeError,   //!< packet too big, or mode output failed (R211, R222)
    OutStateSeqError,    //!< sequence numbers used up (R214)
    OutStateExpired,     //!< state expired (R213)
    OutPolBlock,         //!< policy blocks (R22b)
    OutPolDead,          //!< never in this version
    OutPolError,         //!< policy or template lookup failed (R30, R41)
    FwdHdrError,         //!< forwarded packet's header malformed (R270)
    OutStateInvalid,     //!< state not valid (R212)
    AcquireError         //!< packet for a larval state (R245)
};

/**
 * @ingroup xfrm
 * @brief The counters of a namespace.
 *
 * Source: struct linux_xfrm_mib and net/xfrm/xfrm_proc.c, Linux 4.1 (R280).  Increments are
 * Namespace::Count()'s, so that each shows where the verdict is taken.
 */
class Statistics
{
  public:
    static constexpr size_t N_COUNTERS{28}; //!< counters there are

    /// @param counter a counter @return its label, such as "XfrmInError"
    static const char* GetLabel(Counter counter);

    /// @brief Add one.  @param counter the counter
    void Increment(Counter counter)
    {
        ++m_values[static_cast<size_t>(counter)];
    }

    /// @param counter a counter @return its value
    uint64_t Get(Counter counter) const
    {
        return m_values[static_cast<size_t>(counter)];
    }

    /// @param other counters to add @return this
    Statistics& operator+=(const Statistics& other)
    {
        for (size_t i = 0; i < N_COUNTERS; ++i)
        {
            m_values[i] += other.m_values[i];
        }
        return *this;
    }

    /// @brief Write the text of /proc/net/xfrm_stat: 28 lines.  @param os where to
    void Print(std::ostream& os) const;

    bool operator==(const Statistics&) const = default;

  private:
    std::array<uint64_t, N_COUNTERS> m_values{}; //!< by counter
};

} // namespace ns3::xfrm

#endif // XFRM_STATISTICS_H
