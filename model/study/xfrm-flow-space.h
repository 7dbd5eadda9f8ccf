/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_SPACE_H
#define XFRM_FLOW_SPACE_H

#include "ns3/xfrm-flow.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-rss.h"

#include <cstddef>
#include <cstdint>
#include <optional>
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
    bool isUniform{false};          //!< no policy or state tells its flows apart
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
     * @param listed flows 0, 1, ... if they are to be others; their device is oif, too
     * @throws std::invalid_argument without blocks, or for a prefix that is too long
     */
    FlowSpace(std::vector<FlowBlock> blocks, int32_t oif, std::vector<Flow> listed = {});

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

    /// @return blocks of flows
    size_t GetBlocks() const
    {
        return m_blocks.size();
    }

    /// @param number of a flow @return number of its block, if no policy or state tells the flows
    ///         of that apart
    std::optional<size_t> FindUniformBlock(uint32_t number) const
    {
        const size_t block = number % m_blocks.size();
        const bool isUniform = number >= m_listed.size() && m_blocks[block].isUniform;
        return isUniform ? std::optional(block) : std::nullopt;
    }

    /// @param flow a flow @return a packet of it, as a network card sees it
    static RssPacket DescribeForRss(const Flow& flow);

  private:
    Flow MakeFlowOf(const FlowBlock& block, uint64_t number) const;

    std::vector<FlowBlock> m_blocks; //!< blocks of flows
    int32_t m_oif;                   //!< device that they leave by
    std::vector<Flow> m_listed;      //!< the first flows, if they are no block's
    std::vector<Rss> m_rss;          //!< what queues are chosen by, none or one
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_SPACE_H
