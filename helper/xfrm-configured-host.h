/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CONFIGURED_HOST_H
#define XFRM_CONFIGURED_HOST_H

#include "xfrm-ip-xfrm.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-routing.h"

#include <ostream>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A host by itself that carries out `ip xfrm` commands, for what they leave behind.
 *
 * Time goes on and timers run, but there is nobody to talk to.  Only one at a time: it is the
 * simulation.
 */
class ConfiguredHost
{
  public:
    ConfiguredHost();
    ~ConfiguredHost();
    ConfiguredHost(const ConfiguredHost&) = delete;
    ConfiguredHost& operator=(const ConfiguredHost&) = delete;
    ConfiguredHost(ConfiguredHost&&) = delete;
    ConfiguredHost& operator=(ConfiguredHost&&) = delete;

    /**
     * @brief Wait for the time of a command, and carry it out.
     * @param command it; its network namespace does not matter
     * @param listing where list and get write
     * @throws IpXfrmError, std::invalid_argument for a command that is wrong or refused, naming
     *         line and errno
     */
    void CarryOut(const IpXfrmCommand& command, std::ostream& listing);

    /// @brief Let time go on.  @param time since the start; nothing if that is past
    void WaitUntil(Time time);

    /// @brief Write the text of `ip xfrm state`.
    /// @param os where to @param hasDetails as with -s
    void ShowStates(std::ostream& os, bool hasDetails) const;

    /// @brief Write the text of `ip xfrm policy`.
    /// @param os where to @param hasDetails as with -s
    void ShowPolicies(std::ostream& os, bool hasDetails) const;

    /// @return its policies as MakePolicyJson() has them, newest first
    std::vector<std::string> ListPolicies() const;

    /// @return its states as MakeStateJson() has them, newest first
    std::vector<std::string> ListStates() const;

    /// @return its counters
    const Statistics& GetStatistics() const;

  private:
    Ptr<XfrmRouting> m_routing; //!< its IPsec
};

/**
 * @brief Choose the commands of one host.
 * @param commands commands, maybe of several hosts
 * @param host a network namespace that they name; empty: there must be but one
 * @return the commands of that host, in order
 * @throws std::invalid_argument for a host that they do not name, or several without a choice
 */
std::vector<IpXfrmCommand> ChooseCommands(const std::vector<IpXfrmCommand>& commands,
                                          const std::string& host);

} // namespace ns3::xfrm

#endif // XFRM_CONFIGURED_HOST_H
