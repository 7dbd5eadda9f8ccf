/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-space.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @throws std::invalid_argument for a prefix longer than an address
void
CheckPrefix(const std::string& name, uint8_t prefix)
{
    if (prefix > 32)
    {
        throw std::invalid_argument(name + " prefix " + std::to_string(prefix) +
                                    ": must be 0 to 32 bits");
    }
}

/**
 * @brief Number a host of a prefix.
 * @param first its first address @param prefix its length [bits]
 * @param number where the host's number is taken from, its low bits
 * @return the address
 */
IpAddress
TakeHost(const IpAddress& first, uint8_t prefix, uint64_t& number)
{
    const uint32_t nBits = 32 - prefix;
    const auto mask = static_cast<uint32_t>((uint64_t{1} << nBits) - 1);
    const uint32_t host = (first.GetFirstWord() + static_cast<uint32_t>(number)) & mask;
    number >>= nBits;
    return {Ipv4Address((first.GetFirstWord() & ~mask) | host)};
}

} // namespace

FlowSpace::FlowSpace(std::vector<FlowBlock> blocks, int32_t oif, std::vector<Flow> listed)
    : m_blocks(std::move(blocks)),
      m_oif(oif),
      m_listed(std::move(listed))
{
    for (Flow& flow : m_listed)
    {
        flow.common.oif = oif;
    }
    if (m_blocks.empty())
    {
        throw std::invalid_argument("no blocks of flows: must be one or more");
    }
    for (const FlowBlock& block : m_blocks)
    {
        CheckPrefix("source", block.sourcePrefix);
        CheckPrefix("destination", block.destinationPrefix);
    }
}

void
FlowSpace::AlignTo(const Rss& rss)
{
    if (rss.GetQueues() % m_blocks.size() != 0)
    {
        throw std::invalid_argument(std::to_string(m_blocks.size()) +
                                    " blocks of flows for queues of their own: must divide " +
                                    std::to_string(rss.GetQueues()) + " queues");
    }
    m_rss.assign(1, rss);
}

Flow
FlowSpace::MakeFlowOf(const FlowBlock& block, uint64_t number) const
{
    Flow flow;
    flow.common.oif = m_oif;
    flow.common.proto = block.proto;
    flow.destination = TakeHost(block.destination, block.destinationPrefix, number);
    flow.source = TakeHost(block.source, block.sourcePrefix, number);
    flow.upper = UpperLayer::Ports(static_cast<uint16_t>(block.sourcePort + number),
                                   static_cast<uint16_t>(block.destinationPort + (number >> 16)));
    return flow;
}

Flow
FlowSpace::MakeFlow(uint32_t number) const
{
    if (number < m_listed.size())
    {
        return m_listed[number];
    }
    const size_t nBlocks = m_blocks.size();
    const size_t wanted = number % nBlocks;
    const FlowBlock& block = m_blocks[wanted];
    const uint64_t place = number / nBlocks;
    if (m_rss.empty() || nBlocks == 1)
    {
        return MakeFlowOf(block, place);
    }
    // Each number has so many flows to choose from that one as good as always fits.
    const uint64_t nTries = 32 * nBlocks;
    Flow flow;
    for (uint64_t i = 0; i < nTries; ++i)
    {
        flow = MakeFlowOf(block, place * nTries + i);
        if (m_rss.front().GetQueue(DescribeForRss(flow)) % nBlocks == wanted)
        {
            break;
        }
    }
    return flow;
}

RssPacket
FlowSpace::DescribeForRss(const Flow& flow)
{
    return {.family = flow.family,
            .source = flow.source,
            .destination = flow.destination,
            .proto = flow.common.proto,
            .sourcePort = flow.GetSourcePort(),
            .destinationPort = flow.GetDestinationPort()};
}

} // namespace ns3::xfrm
