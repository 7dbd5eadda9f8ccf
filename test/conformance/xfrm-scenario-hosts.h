/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SCENARIO_HOSTS_H
#define XFRM_SCENARIO_HOSTS_H

#include "xfrm-scenario-file.h"

#include "ns3/node-container.h"
#include "ns3/socket.h"
#include "ns3/xfrm-key-manager.h"
#include "ns3/xfrm-routing.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/**
 * @ingroup xfrm-tests
 * @brief The three hosts of the recorded scenarios, and what is seen on them.
 *
 * psC 10.9.2.2 -- c0 10.9.2.1 psA b0 10.9.0.1, .11 -- psB 10.9.0.2, .3, .4, .130.  Policies and
 * states are in psA, which forwards (test/golden/policy-scenarios/README.md).  Only one at a time:
 * it is the simulation.
 */
class ScenarioHosts final : private KeyManager
{
  public:
    /// @param scenario settings of psA
    explicit ScenarioHosts(const Scenario& scenario);

    ~ScenarioHosts() override;
    ScenarioHosts(const ScenarioHosts&) = delete;
    ScenarioHosts& operator=(const ScenarioHosts&) = delete;
    ScenarioHosts(ScenarioHosts&&) = delete;
    ScenarioHosts& operator=(ScenarioHosts&&) = delete;

    /**
     * @brief Give psA a command.
     * @param command arguments of `ip xfrm`
     * @return "rc" as ip returns it, and with a refusal "err", what it writes
     */
    nlohmann::json CarryOut(const std::string& command);

    /// @brief Send a packet and watch what comes of it.  @param packet it
    /// @return the fields of a recorded packet, without the packet
    nlohmann::json Play(const ScenarioPacket& packet);

    /// @return names of the policies as listed, newest first
    nlohmann::json List() const;

  private:
    // KeyManager: `ip xfrm monitor`

    bool IsListening() const override;
    int32_t Acquire(const Ptr<State>& larval,
                    const Template& wanted,
                    const Ptr<Policy>& policy) override;
    void NotifyPolicyExpiry(const Ptr<Policy>& policy, bool isHard) override;
    void NotifyExpiry(const Ptr<State>& state, StateExpiry expiry) override;

    void Connect();
    void Watch();
    void NamePolicies();
    nlohmann::json ListUsed() const;
    Ptr<Socket> Receive(const ScenarioPacket& packet);
    std::string SendBy(const Ptr<Socket>& socket, const ScenarioPacket& packet);
    Ptr<Socket> MakeSocket(const ScenarioPacket& packet) const;
    Ptr<Packet> MakePacket(const ScenarioPacket& packet) const;
    Ptr<Node> GetSender(const ScenarioPacket& packet) const;
    static SocketEndpoint FindEnds(const ScenarioPacket& packet);
    static void Close(const Ptr<Socket>& socket, const SocketEndpoint& ends);
    nlohmann::json GetName(const Policy& policy) const;
    void Report(const ScenarioPacket& packet,
                const Statistics& before,
                const nlohmann::json& usedBefore,
                nlohmann::json& seen) const;
    void SeeLeave(const Ptr<const Packet>& packet, uint32_t interface);
    void SeeArrive(const Ptr<const Packet>& packet, uint32_t interface);
    void SeeReturn(const Ptr<const Packet>& packet, uint32_t interface);

    bool m_isHeard;                          //!< somebody listens for acquires
    NodeContainer m_nodes;                   //!< psA, psB, psC
    Ptr<XfrmRouting> m_routing;              //!< IPsec of psA
    std::map<uint32_t, std::string> m_names; //!< of policies, by index
    uint32_t m_nNamed{0};                    //!< policies that ever got a name
    std::optional<std::string> m_verdict;    //!< what sendto() of the last packet returned
    nlohmann::json m_left;                   //!< what left psA towards psB
    nlohmann::json m_arrived;                //!< what arrived at psA from psB
    nlohmann::json m_returned;               //!< ICMP that came back to psC
    nlohmann::json m_acquires;               //!< acquires
    bool m_isDelivered{false};               //!< the receiver got the packet
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_SCENARIO_HOSTS_H
