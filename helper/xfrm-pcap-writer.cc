/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-pcap-writer.h"

#include <cstdio>
#include <filesystem>
#include <pcap/pcap.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace ns3::xfrm
{

namespace
{

constexpr int MOST_BYTES{65535};        //!< longest packet
constexpr int64_t NS_PER_S{1000000000}; //!< [ns]

/// Deletes what libpcap allocated.
struct PcapFileDeleter
{
    void operator()(pcap_t* handle) const
    {
        pcap_close(handle);
    }

    void operator()(pcap_dumper_t* dumper) const
    {
        pcap_dump_close(dumper);
    }
};

} // namespace

/// An open file.
class PcapWriter::File
{
  public:
    explicit File(const std::string& path)
        : m_path(path),
          m_work(path + ".part" + std::to_string(getpid())),
          m_handle(
              pcap_open_dead_with_tstamp_precision(DLT_RAW, MOST_BYTES, PCAP_TSTAMP_PRECISION_NANO))
    {
        if (!m_handle)
        {
            Fail("no memory");
        }
        m_dumper.reset(pcap_dump_open(m_handle.get(), m_work.c_str()));
        if (!m_dumper)
        {
            Fail(pcap_geterr(m_handle.get()));
        }
    }

    ~File()
    {
        m_dumper.reset();
        std::error_code ignored;
        std::filesystem::remove(m_work, ignored);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&&) = delete;
    File& operator=(File&&) = delete;

    void Write(Time time, std::span<const uint8_t> packet)
    {
        pcap_pkthdr header{};
        header.ts.tv_sec = time.GetNanoSeconds() / NS_PER_S;
        header.ts.tv_usec = time.GetNanoSeconds() % NS_PER_S; // of this precision
        header.caplen = static_cast<uint32_t>(packet.size());
        header.len = header.caplen;
        pcap_dump(reinterpret_cast<u_char*>(m_dumper.get()), &header, packet.data());
    }

    void Finish()
    {
        if (pcap_dump_flush(m_dumper.get()) != 0 || std::ferror(pcap_dump_file(m_dumper.get())))
        {
            Fail("not all of it was written");
        }
        m_dumper.reset();
        std::error_code error;
        std::filesystem::rename(m_work, m_path, error);
        if (error)
        {
            Fail(error.message());
        }
    }

  private:
    [[noreturn]] void Fail(const std::string& what) const
    {
        throw std::invalid_argument(m_path + ": " + what + ": must be a file that can be written");
    }

    std::string m_path;                                       //!< its place
    std::string m_work;                                       //!< where it is written
    std::unique_ptr<pcap_t, PcapFileDeleter> m_handle;        //!< libpcap's
    std::unique_ptr<pcap_dumper_t, PcapFileDeleter> m_dumper; //!< the open file
};

PcapWriter::PcapWriter(const std::string& path)
    : m_file(std::make_unique<File>(path))
{
}

PcapWriter::~PcapWriter() = default;

void
PcapWriter::Write(Time time, std::span<const uint8_t> packet)
{
    m_file->Write(time, packet);
}

void
PcapWriter::Finish()
{
    m_file->Finish();
}

} // namespace ns3::xfrm
