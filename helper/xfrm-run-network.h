/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_NETWORK_H
#define XFRM_RUN_NETWORK_H

#include "xfrm-ip-xfrm.h"
#include "xfrm-run-config.h"
#include "xfrm-run-ip-xfrm.h"

#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The line of hosts and gateways of a run, with IPsec on all nodes.
 *
 * Hosts of the left side are H, H2, H3, ..., those of the right K, K2, ...; gateways A, M1, M2,
 * ..., B.  Host number i (from 0) of the left side has 10.1.0.(4i + 2) and A 10.1.0.(4i + 1)
 * towards it, in networks of 4 addresses, so that all of them lie in 10.1.0.0/24; the right side is
 * the same in 10.2.0.0/24.  Between the gateways A has 10.9.0.1 and B 10.9.0.2, however many are in
 * the line, and Mi has 10.9.i.1 towards A and 10.9.i.2 towards B; if there are any, their addresses
 * there are networks of their own.
 *
 * Devices are eth0, eth1, ..., host links before links between gateways, from left to right.  A
 * device's queue is a FIFO of packets: there is no traffic control, and no flow control, which
 * would lose packets without a trace.
 */
class RunNetwork
{
  public:
    /// A node of the line.
    struct Member
    {
        std::string name;         //!< its name
        Ptr<Node> node;           //!< the node
        Ptr<XfrmRouting> routing; //!< its IPsec
    };

    /**
     * @param config the run
     * @param ipXfrm commands to carry out, in order: now, or at the time that they name
     * @param stream first random stream to use
     * @throws ConfigError for commands that name no node of the line or are refused
     * @throws IpXfrmError for the first word that is wrong
     */
    RunNetwork(const RunConfig& config, const std::vector<IpXfrmText>& ipXfrm, int64_t stream);

    /// @brief Have the packets of each link written, as its left end sees them.
    /// @param folder gets a file a link, LEFT-RIGHT.pcap by their names
    void WritePackets(const std::filesystem::path& folder) const;

    /// @brief After a run, throw what a command threw that was carried out in it and stopped it.
    void CheckCommands() const;

    /// @return all nodes, from left to right
    const std::vector<Member>& GetMembers() const
    {
        return m_members;
    }

    /// @param i number of a host, from 0 @return host of the left side
    const Member& GetLeft(uint32_t i) const
    {
        return m_members[i];
    }

    /// @param i number of a host, from 0 @return host of the right side
    const Member& GetRight(uint32_t i) const
    {
        return m_members[m_nHosts + m_nGateways + i];
    }

    /// @param i number of a host, from 0 @return address of the left host
    static Ipv4Address GetLeftAddress(uint32_t i);

    /// @param i number of a host, from 0 @return address of the right host
    static Ipv4Address GetRightAddress(uint32_t i);

  private:
    /// A device's place in the line.
    struct End
    {
        uint32_t member{0};  //!< its node
        uint32_t address{0}; //!< its address
    };

    /// A link, its left end first.
    struct Link
    {
        std::string name;    //!< LEFT-RIGHT
        Ptr<NetDevice> left; //!< device of its left end
    };

    int64_t AddMembers(const RunConfig& config, int64_t stream);
    void AddLinks(const RunConfig& config);
    void Connect(const End& left, const End& right, bool isEdge, const RunConfig& config);
    void AddHostRoutes();
    void AddGatewayRoutes();
    void AddRoute(uint32_t member, uint32_t network, uint32_t mask, const End& next);
    void CarryOut(const IpXfrmText& text);
    static void CarryOut(const Member& member, const IpXfrmCommand& command);
    void Try(const Member& member, const IpXfrmCommand& command);
    const Member& FindMember(const std::string& name, const std::string& place) const;
    uint32_t GetCoreAddress(uint32_t gateway, bool isTowardsRight) const;

    uint32_t m_nHosts;             //!< hosts on each side
    uint32_t m_nGateways;          //!< nodes between them
    std::vector<Member> m_members; //!< from left to right
    std::vector<Link> m_links;     //!< from left to right
    Time m_duration;               //!< when the run ends
    std::exception_ptr m_failure;  //!< of a command during the run, or null
};

} // namespace ns3::xfrm

#endif // XFRM_RUN_NETWORK_H
