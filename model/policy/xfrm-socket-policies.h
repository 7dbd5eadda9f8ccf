/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SOCKET_POLICIES_H
#define XFRM_SOCKET_POLICIES_H

#include "xfrm-policy-database.h"

#include "ns3/ptr.h"

#include <array>
#include <cstdint>
#include <map>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What tells a socket of a host from its others: its ends.
 *
 * A socket that is not connected has no remote end, one that is not bound to an address has the
 * any-address.
 */
struct SocketEndpoint
{
    Family family{Family::Ipv4}; //!< the socket's
    uint8_t proto{PROTO_UDP};    //!< protocol
    IpAddress localAddress;      //!< address on this host, or any
    uint16_t localPort{0};       //!< port on this host
    IpAddress remoteAddress;     //!< address it is connected to, or any
    uint16_t remotePort{0};      //!< port it is connected to, 0 none

    /**
     * @param flow a flow @param direction how it goes: In to a socket of this host, else from one
     * @return the ends that its socket has, if it is connected
     */
    static SocketEndpoint OfFlow(const Flow& flow, Direction direction);

    /// @return the same without remote end
    SocketEndpoint Disconnected() const;

    /// @return the same without remote end and local address
    SocketEndpoint Unbound() const;

    bool operator==(const SocketEndpoint&) const = default;

    /// @return an order, of no meaning
    bool operator<(const SocketEndpoint& other) const;
};

/**
 * @ingroup xfrm
 * @brief The policies that programs attach to their sockets: one for input and one for output each.
 *
 * Source: sk_policy of struct sock, xfrm_user_policy(), xfrm_sk_policy_insert(),
 * xfrm_sk_policy_lookup(), __xfrm_sk_clone_policy() and xfrm_sk_free_policy(),
 * net/xfrm/xfrm_policy.c and xfrm_state.c, Linux 4.1 (R119).  Left out: security labels.
 *
 * Has no sockets, which are the caller's: it says which of them there are by their ends.  So the
 * policy of a raw socket is that of all packets of its protocol and address, and a child of a
 * listening socket goes by its listener's policies until Clone() is called.
 *
 * Invariant: the policies here are those that the database counts as sockets'.
 *
 * Operations cost O(log(sockets with policies)).  Not thread-safe.
 */
class SocketPolicies
{
  public:
    /// What Set() did.
    struct Setting
    {
        int32_t error{0};     //!< 0, or error::INVAL
        Ptr<Policy> replaced; //!< the socket's policy before, which is dead now, or null
    };

    /// @param database lists and counts the policies; must outlive this
    explicit SocketPolicies(PolicyDatabase& database);

    /**
     * @brief Attach a policy to a socket, for the policy's direction (xfrm_sk_policy_insert()).
     * @param socket the socket
     * @param policy a policy that never was in a database; of any family: the socket's counts
     * @param now the time [s of wall clock]
     * @return error::INVAL for a direction other than in and out, or a type other than MAIN
     */
    Setting Set(const SocketEndpoint& socket, const Ptr<Policy>& policy, uint64_t now);

    /**
     * @brief A listening socket has got a child, which inherits copies of its policies
     * (__xfrm_sk_clone_policy()).
     * @param listener the listening socket
     * @param child the new one, without policies
     */
    void Clone(const SocketEndpoint& listener, const SocketEndpoint& child);

    /// @brief A socket gets connected, or bound: its policies are found by its new ends only.
    /// @param from its ends so far @param to its ends from now on
    void Rename(const SocketEndpoint& from, const SocketEndpoint& to);

    /// @brief A socket has gone: its policies die (xfrm_sk_free_policy()).
    /// @param socket the socket
    void Close(const SocketEndpoint& socket);

    /**
     * @param socket exactly this socket @param direction in or out
     * @return its policy, whatever it is for; null if there is none
     */
    Ptr<Policy> Get(const SocketEndpoint& socket, Direction direction) const;

    /// @param socket the ends of a flow @param direction in or out
    /// @return whether the socket of these ends has a policy, whatever it is for
    bool Has(const SocketEndpoint& socket, Direction direction) const;

    /**
     * @brief Find the policy of a socket for a flow (xfrm_sk_policy_lookup()).
     *
     * The socket is the one of these ends with policies; without one, that of the local end;
     * without one, that of the local port.
     *
     * @param socket the ends of the flow
     * @param direction in or out
     * @param flow the flow; the policy's selector has to take it by the rules of the socket's
     * family
     * @param mark the socket's (SO_MARK), which the policy's mark has to take; the flow's plays no
     *             part
     * @return the policy; null if there is none for the flow: policies of the host are searched
     * then
     */
    Ptr<Policy> Lookup(const SocketEndpoint& socket,
                       Direction direction,
                       const Flow& flow,
                       uint32_t mark) const;

    /// @return whether no socket has a policy, so that nobody needs to ask
    bool IsEmpty() const
    {
        return m_sockets.empty();
    }

  private:
    /// Policies of one socket for input and output, null for none.
    using Pair = std::array<Ptr<Policy>, 2>;

    const Pair* Find(const SocketEndpoint& socket) const;

    PolicyDatabase& m_database;               //!< lists and counts the policies
    std::map<SocketEndpoint, Pair> m_sockets; //!< sockets with at least one policy
};

} // namespace ns3::xfrm

#endif // XFRM_SOCKET_POLICIES_H
