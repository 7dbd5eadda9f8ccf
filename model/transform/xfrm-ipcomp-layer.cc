/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ipcomp-layer.h"

#include "xfrm-algorithms.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <zlib.h>

namespace ns3::xfrm
{

namespace
{

constexpr size_t HEADER_BYTES{4};      //!< next header, flags, compression parameter index
constexpr size_t SCRATCH_BYTES{65400}; //!< room for a result (IPCOMP_SCRATCH_SIZE) [bytes]
constexpr int WINDOW_BITS{-11};        //!< log2 of the window, without zlib's own header
constexpr int MEMORY_LEVEL{8};         //!< of the compression (DEFLATE_DEF_MEMLEVEL)

/// @brief Throw what zlib says, unless a call succeeded.
/// @param result its result @param what what was tried
void
RequireOk(int result, const char* what)
{
    if (result != Z_OK)
    {
        throw std::runtime_error(std::string("zlib: ") + what + ": " + zError(result));
    }
}

/// @brief Point a stream at bytes.  @param stream the stream @param in what it reads
/// @param out where it writes
void
Point(z_stream& stream, std::span<const uint8_t> in, std::span<uint8_t> out)
{
    stream.next_in = const_cast<uint8_t*>(in.data()); // zlib does not write to it
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
}

/// @brief Decompress as crypto/deflate.c does, which gives zlib one more byte if it wants it.
/// @param stream a stream that points at its bytes @return whether there was an end
bool
InflateAll(z_stream& stream)
{
    int result = inflate(&stream, Z_SYNC_FLUSH);
    if (result == Z_OK && stream.avail_in == 0 && stream.avail_out != 0)
    {
        uint8_t zero = 0;
        stream.next_in = &zero;
        stream.avail_in = 1;
        result = inflate(&stream, Z_SYNC_FLUSH);
        stream.next_in = nullptr;
    }
    return result == Z_STREAM_END;
}

} // namespace

void
IpcompLayer::DeflateDeleter::operator()(z_stream_s* stream) const
{
    deflateEnd(stream);
    delete stream;
}

void
IpcompLayer::InflateDeleter::operator()(z_stream_s* stream) const
{
    inflateEnd(stream);
    delete stream;
}

IpcompLayer::IpcompLayer(const StateConfig& config)
    : m_cpi(static_cast<uint16_t>(config.id.spi)),
      m_thresholdBytes(
          FindAlgorithm(AlgorithmKind::Compression, *config.compression).thresholdBytes),
      m_scratch(SCRATCH_BYTES)
{
}

IpcompLayer::Result
IpcompLayer::Compress(std::span<const uint8_t> clear)
{
    if (!m_deflate)
    {
        m_deflate.reset(new z_stream{});
        RequireOk(deflateInit2(m_deflate.get(),
                               Z_DEFAULT_COMPRESSION,
                               Z_DEFLATED,
                               WINDOW_BITS,
                               MEMORY_LEVEL,
                               Z_DEFAULT_STRATEGY),
                  "compression");
    }
    RequireOk(deflateReset(m_deflate.get()), "compression");
    Point(*m_deflate, clear, m_scratch);
    if (deflate(m_deflate.get(), Z_FINISH) != Z_STREAM_END)
    {
        return {};
    }
    return std::span(m_scratch).first(m_deflate->total_out);
}

IpcompLayer::Result
IpcompLayer::Decompress(std::span<const uint8_t> packed)
{
    if (!m_inflate)
    {
        m_inflate.reset(new z_stream{});
        RequireOk(inflateInit2(m_inflate.get(), WINDOW_BITS), "decompression");
    }
    RequireOk(inflateReset(m_inflate.get()), "decompression");
    Point(*m_inflate, packed, m_scratch);
    if (!InflateAll(*m_inflate))
    {
        return {};
    }
    return std::span(m_scratch).first(m_inflate->total_out);
}

SealedBytes
IpcompLayer::Seal(std::span<const uint8_t> clear, const SealInput& input)
{
    const Result packed = clear.size() < m_thresholdBytes ? std::nullopt : Compress(clear);
    if (!packed || packed->size() + HEADER_BYTES >= clear.size())
    {
        return {false, {}, 0};
    }
    SealedBytes sealed;
    sealed.bytes.resize(HEADER_BYTES + packed->size());
    sealed.bytes[0] = input.nextHeader;
    sealed.bytes[2] = static_cast<uint8_t>(m_cpi >> 8);
    sealed.bytes[3] = static_cast<uint8_t>(m_cpi);
    std::ranges::copy(*packed, sealed.bytes.begin() + HEADER_BYTES);
    return sealed;
}

OpenedBytes
IpcompLayer::Open(std::span<const uint8_t> sealed, const OpenInput& /* input */)
{
    const bool hasHeader = sealed.size() >= HEADER_BYTES;
    const Result clear = hasHeader ? Decompress(sealed.subspan(HEADER_BYTES)) : std::nullopt;
    // As long as the packet is accepted, though never sent.  xfrm_input() takes a next header of 0
    // for an error.
    if (!clear || clear->size() < sealed.size() || sealed[0] == 0)
    {
        return {error::INVAL, 0, {}};
    }
    return {0, sealed[0], {clear->begin(), clear->end()}};
}

} // namespace ns3::xfrm
