/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DECAP_HOST_H
#define XFRM_DECAP_HOST_H

#include "xfrm-ip-xfrm.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-namespace.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A host of mechanism alone, that carries out `ip xfrm` commands and only receives.
 *
 * There is no simulation and no node: time is what it is told, so that captures of any date can be
 * held against limits.  It has no routes.
 *
 * Its addresses are what the commands tell.  They are where templates of in and fwd policies end,
 * where those of out policies begin, and, of policies without tunnels, the own side of selectors
 * that hold one address.  If policies tell none, they are the destinations of all states.  They
 * stay when their policy or state goes.
 *
 * A state that is added once more replaces the one before: recordings of real hosts leave the
 * removal between out.
 */
class DecapHost
{
  public:
    /**
     * @param commands what it carries out, each when its time since the start has come
     * @param start wall clock at the start, from 1 s [s since 1970]
     * @throws IpXfrmError, std::invalid_argument for a command at the start that is wrong or
     *         refused, naming line and errno
     */
    DecapHost(std::vector<IpXfrmCommand> commands, uint64_t start);

    ~DecapHost() = default;
    DecapHost(const DecapHost&) = delete;
    DecapHost& operator=(const DecapHost&) = delete;
    DecapHost(DecapHost&&) = delete;
    DecapHost& operator=(DecapHost&&) = delete;

    /**
     * @brief Let time go on: commands are carried out, limits reached.
     * @param time since the start; nothing if that is past
     * @throws IpXfrmError, std::invalid_argument as the constructor
     */
    void WaitUntil(Time time);

    /// @brief Add an address.  With this, only addresses added count.  @param address the address
    void AddAddress(const IpAddress& address);

    /// @param address an address @return whether it is one of the host
    bool HasAddress(const IpAddress& address) const;

    /**
     * @brief How does ESP hide in the UDP packets of a port?
     * @param port a UDP port of this host
     * @return as states for this host with that destination port say; None: it does not
     */
    EncapType FindEncap(uint16_t port) const;

    /// @return the policies and states
    Namespace& GetNamespace()
    {
        return m_net;
    }

    /// @return where code runs now
    Context Here()
    {
        return {0, m_now, m_work};
    }

  private:
    /// Routing of a host that has no routes.
    class NoRoutes final : public RouteTable
    {
      public:
        RouteAnswer Lookup(const RouteRequest& /*request*/) override
        {
            return {nullptr, error::NETUNREACH};
        }
    };

    /// Some addresses, by their words.
    using Addresses = std::set<std::array<uint32_t, 4>>;

    static void Note(Addresses& addresses, const IpAddress& address);
    void RunTimers(Time until);
    void CarryOut(const IpXfrmCommand& command);
    int32_t Apply(const IpXfrmCommand& command);
    void Learn();

    std::vector<IpXfrmCommand> m_commands;      //!< to be carried out, by time
    size_t m_nCarriedOut{0};                    //!< of them, so far
    Time m_now{0};                              //!< time since the start
    Work m_work;                                //!< what is done, priced by nobody
    NoRoutes m_routes;                          //!< its routing
    PolicyIndexGenerator m_indexes;             //!< its policy indexes
    Namespace m_net;                            //!< its policies and states
    Addresses m_given;                          //!< addresses that were added
    Addresses m_ofPolicies;                     //!< addresses that policies tell
    Addresses m_ofStates;                       //!< addresses that states tell
    std::map<uint16_t, EncapType> m_encapPorts; //!< how ESP hides, by UDP port
};

} // namespace ns3::xfrm

#endif // XFRM_DECAP_HOST_H
