/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-pcap-reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <pcap/pcap.h>
#include <span>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr size_t MIN_HEADER_BYTES{20}; //!< least IP header (RFC 791)

/// Deletes what libpcap allocated.
struct PcapDeleter
{
    void operator()(pcap_t* handle) const
    {
        pcap_close(handle);
    }
};

/// @return a link type as libpcap calls it
std::string
DescribeLinkType(int linkType)
{
    const char* const description = pcap_datalink_val_to_description(linkType);
    return description ? description : "number " + std::to_string(linkType);
}

/// @return when a frame was captured, if Time can hold that @param stamp its time, with ns for us
std::optional<Time>
ToTime(const timeval& stamp)
{
    constexpr int64_t nsPerSecond = 1'000'000'000;
    constexpr int64_t mostSeconds = INT64_MAX / nsPerSecond - 1;
    if (stamp.tv_sec < 0 || stamp.tv_sec > mostSeconds || stamp.tv_usec < 0 ||
        stamp.tv_usec >= nsPerSecond)
    {
        return std::nullopt;
    }
    return NanoSeconds(stamp.tv_sec * nsPerSecond + stamp.tv_usec);
}

/**
 * @brief Check an IP header and find its packet's length.
 * @param packet what was captured from the header on
 * @param wireBytes how much there was from the header on
 * @param totalBytes gets the total length
 * @return what is wrong with it
 */
std::optional<PcapSkip>
CheckHeader(std::span<const uint8_t> packet, size_t wireBytes, size_t& totalBytes)
{
    if (packet.size() < MIN_HEADER_BYTES)
    {
        return PcapSkip::CutShort;
    }
    const size_t headerBytes = (packet[0] & 0x0fU) * 4;
    if (packet[0] >> 4 != 4 || headerBytes < MIN_HEADER_BYTES)
    {
        return PcapSkip::BadHeader;
    }
    totalBytes = static_cast<size_t>(packet[2] << 8 | packet[3]);
    if (totalBytes < headerBytes || totalBytes > wireBytes)
    {
        return PcapSkip::BadLength;
    }
    if (packet.size() < headerBytes)
    {
        return PcapSkip::CutShort;
    }
    return std::nullopt;
}

} // namespace

/// An open capture file.
class PcapReader::File
{
  public:
    File(const std::string& path, const std::string& filter)
        : m_path(path)
    {
        Open();
        const int linkType = pcap_datalink(m_handle.get());
        m_parser = FindLinkParser(linkType);
        if (!m_parser)
        {
            Fail("link type " + DescribeLinkType(linkType), "one of " + ListLinkTypes());
        }
        if (!filter.empty())
        {
            Compile(filter);
        }
    }

    ~File()
    {
        pcap_freecode(&m_filter);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&&) = delete;
    File& operator=(File&&) = delete;

    std::optional<CapturedPacket> Next()
    {
        pcap_pkthdr* header = nullptr;
        const uint8_t* data = nullptr;
        for (;;)
        {
            const int status = pcap_next_ex(m_handle.get(), &header, &data);
            if (status == PCAP_ERROR_BREAK) // the end of a file
            {
                return std::nullopt;
            }
            if (status != 1)
            {
                Fail(std::string("behind frame ") + std::to_string(m_number) + ": " +
                         pcap_geterr(m_handle.get()),
                     "whole frames to the end");
            }
            ++m_number;
            if (m_hasFilter && pcap_offline_filter(&m_filter, header, data) == 0)
            {
                continue;
            }
            if (auto packet = Take(*header, {data, header->caplen}))
            {
                return packet;
            }
        }
    }

    SkipListener onSkip;                           //!< told of skipped frames
    std::array<uint64_t, N_PCAP_SKIPS> nSkipped{}; //!< skipped frames by reason

  private:
    [[noreturn]] void Fail(const std::string& what, const std::string& allowed) const
    {
        throw std::invalid_argument(m_path + ": " + what + ": must be " + allowed);
    }

    /// Opens by its name, since libpcap takes "-" for the standard input.
    void Open()
    {
        std::FILE* const stream = std::fopen(m_path.c_str(), "rb");
        if (!stream)
        {
            Fail(std::strerror(errno), "a file that can be read");
        }
        std::array<char, PCAP_ERRBUF_SIZE> error{};
        m_handle.reset(pcap_fopen_offline_with_tstamp_precision(stream,
                                                                PCAP_TSTAMP_PRECISION_NANO,
                                                                error.data()));
        if (!m_handle)
        {
            std::fclose(stream);
            Fail(error.data(), "a pcap or pcapng file");
        }
    }

    void Compile(const std::string& filter)
    {
        if (pcap_compile(m_handle.get(), &m_filter, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
        {
            Fail("filter \"" + filter + "\": " + pcap_geterr(m_handle.get()),
                 "an expression of pcap-filter(7)");
        }
        m_hasFilter = true;
    }

    std::optional<CapturedPacket> Take(const pcap_pkthdr& header, std::span<const uint8_t> frame)
    {
        const auto [skip, found] = m_parser(frame);
        if (skip)
        {
            return Skip(*skip);
        }
        const size_t wireBytes = std::max<size_t>(header.len, frame.size());
        size_t totalBytes = 0;
        if (const auto wrong =
                CheckHeader(found, found.size() + (wireBytes - frame.size()), totalBytes))
        {
            return Skip(*wrong);
        }
        const std::optional<Time> time = ToTime(header.ts);
        if (!time)
        {
            Fail("frame " + std::to_string(m_number) + ": its time", "between 1970 and 2262");
        }
        const auto packet = found.first(std::min(found.size(), totalBytes));
        return CapturedPacket{*time,
                              m_number,
                              {packet.begin(), packet.end()},
                              static_cast<uint32_t>(wireBytes),
                              packet.size() < totalBytes};
    }

    std::nullopt_t Skip(PcapSkip why)
    {
        ++nSkipped.at(static_cast<size_t>(why));
        if (onSkip)
        {
            onSkip(m_number, why);
        }
        return std::nullopt;
    }

    std::string m_path;                            //!< the file
    std::unique_ptr<pcap_t, PcapDeleter> m_handle; //!< libpcap's handle of it
    LinkParser m_parser{nullptr};                  //!< finds what its frames carry
    bpf_program m_filter{};                        //!< the compiled filter, if there is one
    bool m_hasFilter{false};                       //!< whether there is one
    uint64_t m_number{0};                          //!< number of the last frame
};

PcapReader::PcapReader(const std::string& path, const std::string& filter)
    : m_file(std::make_unique<File>(path, filter))
{
}

PcapReader::~PcapReader() = default;
PcapReader::PcapReader(PcapReader&&) noexcept = default;
PcapReader& PcapReader::operator=(PcapReader&&) noexcept = default;

void
PcapReader::SetSkipListener(SkipListener listener)
{
    m_file->onSkip = std::move(listener);
}

std::optional<CapturedPacket>
PcapReader::Next()
{
    return m_file->Next();
}

uint64_t
PcapReader::GetSkipped(PcapSkip why) const
{
    return m_file->nSkipped.at(static_cast<size_t>(why));
}

uint64_t
PcapReader::GetSkipped() const
{
    return std::accumulate(m_file->nSkipped.begin(), m_file->nSkipped.end(), uint64_t{0});
}

} // namespace ns3::xfrm
