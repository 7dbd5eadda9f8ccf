/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PCAP_READER_H
#define XFRM_PCAP_READER_H

#include "xfrm-pcap-link.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// An IPv4 packet of a capture.
struct CapturedPacket
{
    Time time;               //!< when it was captured, since 1970
    uint64_t number{0};      //!< number of its frame in the file, from 1, as other tools count
    std::vector<uint8_t> ip; //!< from its header to the end that its total length says, without
                             //!< what the link added [bytes]
    uint32_t wireBytes{0};   //!< length of its frame on the link, also if less was captured [bytes]
    bool isTruncated{false}; //!< it was captured in part: ip is shorter than its total length
};

/**
 * @ingroup xfrm
 * @brief Reads the IPv4 packets of a capture file, one by one.
 *
 * Files are pcap and pcapng as libpcap reads them, with times to the nanosecond; the link types
 * are those of FindLinkParser().  Frames without an IPv4 packet that can be used are skipped and
 * counted.  All interfaces of a pcapng file must have the same link type, which is libpcap's rule.
 *
 * Holds one packet at a time, however long the file is.
 */
class PcapReader
{
  public:
    /// Told of each frame that is skipped: its number in the file, and why.
    using SkipListener = std::function<void(uint64_t number, PcapSkip why)>;

    /**
     * @brief Open a file.
     * @param path the file
     * @param filter libpcap's expression for the frames that count, such as "udp port 53"; empty:
     *        all of them.  See pcap-filter(7)
     * @throws std::invalid_argument "FILE: ..." if it can't be read, is no capture, has another
     *         link type or the filter is wrong
     */
    explicit PcapReader(const std::string& path, const std::string& filter = "");

    ~PcapReader();
    PcapReader(const PcapReader&) = delete;
    PcapReader& operator=(const PcapReader&) = delete;
    PcapReader(PcapReader&&) noexcept;
    PcapReader& operator=(PcapReader&&) noexcept;

    /// @param listener told of skipped frames from now on; may be empty
    void SetSkipListener(SkipListener listener);

    /**
     * @brief Read on.
     * @return the next packet; none at the end of the file
     * @throws std::invalid_argument "FILE: ..." if the file is damaged, or a time is beyond what
     *         Time holds
     */
    std::optional<CapturedPacket> Next();

    /// @param why a reason @return frames skipped so far for it
    uint64_t GetSkipped(PcapSkip why) const;

    /// @return frames skipped so far
    uint64_t GetSkipped() const;

  private:
    class File;
    std::unique_ptr<File> m_file; //!< the open file
};

} // namespace ns3::xfrm

#endif // XFRM_PCAP_READER_H
