/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_SPACE_H
#define XFRM_FLOW_SPACE_H

#include "ns3/xfrm-flow.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-rss.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// Flows between two IPv4 prefixes by a protocol with ports.
struct FlowBlock
{
    IpAddress source;               //!< first source address
    uint8_t sourcePrefix{32};       //!< bits of it that all flows share, 0 to 32 [bits]
    IpAddress destination;          //!< first destination address
    uint8_t destinationPrefix{32};  //!< bits of it that all flows share, 0 to 32 [bits]
    uint8_t proto{PROTO_UDP};       //!< protocol
    uint16_t sourcePort{1024};      //!< source port of the first flow
    uint16_t destinationPort{4096}; //!< destination port of the first flow
};

/**
 * @ingroup xfrm
 * @brief What flows are, by their numbers.
 *
 * Flow i is in block i % blocks.  Within a block hosts of the destination differ first, then those
 * of the source, then source ports, then destination ports: no two numbers have the same flow while
 * the block has flows left, which are 2^32 at least.
 */
class FlowSpace
{
  public:
    /**
     * @param blocks blocks of flows, at least one
     * @param oif index of the device that they leave by
     * @throws std::invalid_argument without blocks, or for a prefix that is too long
     */
    FlowSpace(std::vector<FlowBlock> blocks, int32_t oif);

    /**
     * @brief Choose only such flows of block b whose queue is b modulo the number of blocks.
     *
     * So that what blocks have for themselves, such as a state, is used by few cores.
     *
     * @param rss gives packets their queues; its queues must be a multiple of the blocks
     * @throws std::invalid_argument otherwise
     */
    void AlignTo(const Rss& rss);

    /// @param number of a flow @return the flow, as a forwarded packet has it
    Flow MakeFlow(uint32_t number) const;

    /// @param flow a flow @return a packet of it, as a network card sees it
    static RssPacket DescribeForRss(const Flow& flow);

  private:
    Flow MakeFlowOf(const FlowBlock& block, uint64_t number) const;

    std::vector<FlowBlock> m_blocks; //!< blocks of flows
    int32_t m_oif;                   //!< device that they leave by
    std::vector<Rss> m_rss;          //!< what queues are chosen by, none or one
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_SPACE_H
