/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_H
#define XFRM_POLICY_H

#include "ns3/simple-ref-count.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-selector.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// Type of a policy, with the kernel's numbers: SUB policies are searched before MAIN ones.
enum class PolicyType : uint8_t
{
    Main = 0, //!< the ordinary type
    Sub = 1   //!< searched first; one that allows is joined by a MAIN policy (R28)
};

/// What a policy says of its flows, with the kernel's numbers.
enum class PolicyAction : uint8_t
{
    Allow = 0, //!< let through, transformed by the templates if there are any
    Block = 1  //!< refuse
};

/**
 * @ingroup xfrm
 * @brief What a policy asks of the state that serves it (RFC 4301: processing info).
 *
 * Source: struct xfrm_tmpl, Linux 4.1 (R106).  Left out: share, stored there and never used.
 */
struct Template
{
    IpAddress destination;       //!< remote tunnel end; matters in tunnel mode
    IpAddress source;            //!< local tunnel end, any: let routing choose
    uint32_t spi{0};             //!< SPI wanted, host order, 0 any
    uint8_t proto{PROTO_ESP};    //!< ESP, AH or IPcomp
    Family family{Family::Ipv4}; //!< family of the outer header (encap_family)
    uint32_t reqid{0};           //!< request id; on output 0 wants states of request id 0 (C22)
    Mode mode{Mode::Transport};  //!< mode
    bool isOptional{false};      //!< level use: go on without, if there is no state
    uint32_t authAlgorithms{UINT32_MAX};        //!< authentication algorithms allowed (aalgos)
    uint32_t encryptionAlgorithms{UINT32_MAX};  //!< ciphers allowed (ealgos)
    uint32_t compressionAlgorithms{UINT32_MAX}; //!< compressions allowed (calgos)

    /// @return whether any algorithm is allowed (allalgs)
    bool AllowsAllAlgorithms() const
    {
        return (authAlgorithms & encryptionAlgorithms & compressionAlgorithms) == UINT32_MAX;
    }

    bool operator==(const Template&) const = default;
};

/// What is configured of a policy.
struct PolicyConfig
{
    static constexpr uint8_t FLAG_LOCALOK{1}; //!< stored, never looked at
    static constexpr uint8_t FLAG_ICMP{2};    //!< serves ICMP errors about its flows too

    Selector selector;                        //!< the flows; its family may be unset
    Family family{Family::Ipv4};              //!< address family, IPv4 or IPv6
    Direction direction{Direction::Out};      //!< direction
    PolicyType type{PolicyType::Main};        //!< type
    PolicyAction action{PolicyAction::Allow}; //!< action
    uint8_t flags{0};                         //!< FLAG_ bits
    uint32_t priority{0};                     //!< smaller wins
    uint32_t index{0};                        //!< index wanted, 0 any (R113)
    Mark mark;                                //!< packet marks taken
    LifetimeLimits limits;                    //!< bytes and packets are stored, never enforced
    std::vector<Template> templates;          //!< innermost first, at most MAX_DEPTH
};

/**
 * @ingroup xfrm
 * @brief A policy (RFC 4301: SPD entry).
 *
 * Source: struct xfrm_policy and xfrm_policy_match(), net/xfrm/xfrm_policy.c, Linux 4.1 (R105,
 * R117).  Left out: security labels.
 *
 * Counted: it lives on after its deletion while chains or caches hold it, and tells them by
 * IsDead() and GetGenid().  The configuration never changes: an update replaces the policy.
 */
class Policy : public SimpleRefCount<Policy>
{
  public:
    /// What the direction of a socket's policy has more in its index (XFRM_POLICY_MAX).
    static constexpr uint32_t SOCKET_DIRECTION{3};

    /**
     * @param config what is configured; a selector without family gets the policy's
     * @throws std::invalid_argument for a family other than IPv4 and IPv6, a selector of another
     *         family than the policy, a prefix longer than an address, or more than MAX_DEPTH
     *         templates
     */
    explicit Policy(PolicyConfig config);

    /// @return what was configured
    const PolicyConfig& GetConfig() const
    {
        return m_config;
    }

    /// @return its index, 0 before it is inserted; the low 3 bits are the direction (R113), and 3
    /// more if a socket has it
    uint32_t GetIndex() const
    {
        return m_index;
    }

    /// @return whether it was attached to a socket (R119)
    bool IsOfSocket() const
    {
        return (m_index & 7) >= SOCKET_DIRECTION;
    }

    /// @return its generation: chains built under another one are stale (R70)
    uint32_t GetGenid() const
    {
        return m_genid;
    }

    /// @return whether it was deleted, replaced or expired
    bool IsDead() const
    {
        return m_isDead;
    }

    /// @return when it was added and last used; bytes and packets stay 0
    const LifetimeUse& GetUse() const
    {
        return m_use;
    }

    /// @brief A lookup chose it (R22a).  @param now the time [s of wall clock]
    void SetUsed(uint64_t now)
    {
        m_use.useTime = now;
    }

    /**
     * @param flow a flow
     * @param type the type searched for
     * @param family the family searched for
     * @return whether this policy is one for the flow (xfrm_policy_match(), R117)
     */
    bool Matches(const Flow& flow, PolicyType type, Family family) const;

  private:
    friend class PolicyDatabase;
    friend class PolicyTimers;

    PolicyConfig m_config; //!< what was configured, the selector's family set
    uint64_t m_number{0};  //!< how manieth insertion of its database it was
    uint64_t m_arming{0};  //!< how manieth arming of its database's timers, 0 not armed
    int64_t m_deadline{0}; //!< when its timer is due, if it is armed [time steps]
    uint32_t m_index{0};   //!< index
    uint32_t m_genid{0};   //!< generation
    bool m_isDead{false};  //!< no longer in the database
    LifetimeUse m_use;     //!< times
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_H
