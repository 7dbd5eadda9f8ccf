/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fuzz-targets.h"

#include "ns3/xfrm-ip-bytes.h"
#include "ns3/xfrm-pcap-reader.h"

#include <stdexcept>

namespace ns3::xfrm::fuzz
{

void
FuzzPcap(Input input)
{
    static const ScratchFolder folder;
    try
    {
        PcapReader reader(folder.Write("capture.pcap", ToText(input)));
        uint64_t number = 0;
        while (const auto packet = reader.Next())
        {
            Require(packet->number > number, "frames are numbered");
            number = packet->number;
            Require(packet->ip.size() >= IpBytes(packet->ip).GetHeader().size(),
                    "the IP header is there");
            const size_t totalBytes = ReadUint16(packet->ip, 2);
            Require(packet->isTruncated ? packet->ip.size() < totalBytes
                                        : packet->ip.size() == totalBytes,
                    "a packet has the length that it says, unless it was captured in part");
            Require(packet->time >= Time(0), "times are since 1970");
        }
    }
    catch (const std::invalid_argument&)
    {
    }
}

} // namespace ns3::xfrm::fuzz
