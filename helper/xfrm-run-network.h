/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_NETWORK_H
#define XFRM_RUN_NETWORK_H

#include "xfrm-run-config.h"

#include "ns3/ipv4-address.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The line of hosts and gateways of a run, with IPsec on all nodes.
 *
 * Hosts of the left side are H, H2, H3, ..., those of the right K, K2, ...; gateways A, M1, M2,
 * ...,
 * B.  Host number i (from 0) of the left side has 10.1.0.(4i + 2) and A 10.1.0.(4i + 1) towards it,
 * in networks of 4 addresses, so that all of them lie in 10.1.0.0/24; the right side is the same in
 * 10.2.0.0/24.  The links between gateways are 10.9.0.0/24, 10.9.1.0/24, ..., the gateway nearer
 * to A
 * with the address 1, the other with 2.
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
     * @param stream first random stream to use
     * @throws RunConfigError for `ip xfrm` files that name no node or cannot be carried out
     * @throws IpXfrmError, std::system_error for files that cannot be read
     */
    RunNetwork(const RunConfig& config, int64_t stream);

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
    void AddMembers(const RunConfig& config);
    void Connect(const Ptr<Node>& nearer,
                 const Ptr<Node>& further,
                 uint32_t network,
                 bool isEdge,
                 const RunConfig& config);
    void AddRoutes();
    void AddRoute(const Member& member, uint32_t network, uint32_t mask, uint32_t gateway);
    void Configure(const RunConfig& config);
    void CarryOut(const std::string& nodeName, const std::string& file);
    const Member& FindMember(const std::string& name, const std::string& place) const;

    const Member& GetGateway(uint32_t i) const
    {
        return m_members[m_nHosts + i];
    }

    uint32_t m_nHosts;             //!< hosts on each side
    uint32_t m_nGateways;          //!< nodes between them
    std::vector<Member> m_members; //!< from left to right
    NetDeviceContainer m_devices;  //!< all devices
};

} // namespace ns3::xfrm

#endif // XFRM_RUN_NETWORK_H
