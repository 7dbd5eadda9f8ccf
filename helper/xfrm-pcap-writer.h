/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PCAP_WRITER_H
#define XFRM_PCAP_WRITER_H

#include "ns3/nstime.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Writes IPv4 packets to a capture file: pcap, link type raw IP, times in nanoseconds.
 *
 * The file is written beside its place, as FILE.partPID, and put there when it is complete.
 * Without Finish() nothing stays.
 */
class PcapWriter
{
  public:
    /// @param path the file; one that exists is replaced
    /// @throws std::invalid_argument "FILE: ..." if it can't be written
    explicit PcapWriter(const std::string& path);

    ~PcapWriter();
    PcapWriter(const PcapWriter&) = delete;
    PcapWriter& operator=(const PcapWriter&) = delete;
    PcapWriter(PcapWriter&&) = delete;
    PcapWriter& operator=(PcapWriter&&) = delete;

    /// @brief Add a packet.  @param time since 1970, from 0 @param packet it, from its IP header on
    void Write(Time time, std::span<const uint8_t> packet);

    /// @brief All is written: put the file in its place.
    /// @throws std::invalid_argument "FILE: ..." if it can't be written
    void Finish();

  private:
    class File;
    std::unique_ptr<File> m_file; //!< the file
};

} // namespace ns3::xfrm

#endif // XFRM_PCAP_WRITER_H
