/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-headers.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmEspHeader);
NS_OBJECT_ENSURE_REGISTERED(XfrmEspTrailer);

namespace
{

constexpr uint32_t FINGERPRINT_BYTES{8}; //!< length of a fingerprint [bytes]

/// @return the part of a fingerprint that a check value of some bytes holds
uint64_t
Truncate(uint64_t fingerprint, uint32_t icvBytes)
{
    return icvBytes >= FINGERPRINT_BYTES ? fingerprint
                                         : fingerprint & ((uint64_t{1} << (8 * icvBytes)) - 1);
}

} // namespace

XfrmEspHeader::XfrmEspHeader(uint32_t ivBytes)
    : m_ivBytes(ivBytes)
{
}

XfrmEspHeader::XfrmEspHeader(uint32_t spi, uint32_t sequence, uint32_t ivBytes)
    : m_spi(spi),
      m_sequence(sequence),
      m_ivBytes(ivBytes)
{
}

TypeId
XfrmEspHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmEspHeader")
                            .SetParent<Header>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmEspHeader>();
    return tid;
}

TypeId
XfrmEspHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
XfrmEspHeader::GetSerializedSize() const
{
    return FIXED_BYTES + m_ivBytes;
}

void
XfrmEspHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteHtonU32(m_spi);
    start.WriteHtonU32(m_sequence);
    start.WriteU8(0, m_ivBytes);
}

uint32_t
XfrmEspHeader::Deserialize(Buffer::Iterator start)
{
    m_spi = start.ReadNtohU32();
    m_sequence = start.ReadNtohU32();
    return GetSerializedSize();
}

void
XfrmEspHeader::Print(std::ostream& os) const
{
    os << "spi=0x" << std::hex << m_spi << std::dec << " seq=" << m_sequence;
}

XfrmEspTrailer::XfrmEspTrailer(uint32_t icvBytes)
    : m_icvBytes(icvBytes)
{
}

XfrmEspTrailer::XfrmEspTrailer(uint32_t tfcBytes,
                               uint8_t padBytes,
                               uint8_t nextHeader,
                               uint32_t icvBytes,
                               uint64_t fingerprint)
    : m_tfcBytes(tfcBytes),
      m_padBytes(padBytes),
      m_nextHeader(nextHeader),
      m_icvBytes(icvBytes),
      m_fingerprint(Truncate(fingerprint, icvBytes))
{
}

bool
XfrmEspTrailer::HasFingerprint(uint64_t fingerprint) const
{
    return m_fingerprint == Truncate(fingerprint, m_icvBytes);
}

TypeId
XfrmEspTrailer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmEspTrailer")
                            .SetParent<Trailer>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmEspTrailer>();
    return tid;
}

TypeId
XfrmEspTrailer::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
XfrmEspTrailer::GetSerializedSize() const
{
    return m_tfcBytes + m_padBytes + FIXED_BYTES + m_icvBytes;
}

void
XfrmEspTrailer::Serialize(Buffer::Iterator end) const
{
    end.Prev(GetSerializedSize());
    end.WriteU8(0, m_tfcBytes);
    for (uint32_t i = 1; i <= m_padBytes; ++i)
    {
        end.WriteU8(static_cast<uint8_t>(i));
    }
    end.WriteU8(m_padBytes);
    end.WriteU8(m_nextHeader);
    const uint32_t nBytes = std::min(m_icvBytes, FINGERPRINT_BYTES);
    for (uint32_t i = 0; i < nBytes; ++i)
    {
        end.WriteU8(static_cast<uint8_t>(m_fingerprint >> (8 * i)));
    }
    end.WriteU8(0, m_icvBytes - nBytes);
}

uint32_t
XfrmEspTrailer::Deserialize(Buffer::Iterator end)
{
    // Padding of either kind is not known before its length is read, and left to the caller.
    m_tfcBytes = 0;
    end.Prev(FIXED_BYTES + m_icvBytes);
    m_padBytes = end.ReadU8();
    m_nextHeader = end.ReadU8();
    m_fingerprint = 0;
    for (uint32_t i = 0; i < std::min(m_icvBytes, FINGERPRINT_BYTES); ++i)
    {
        m_fingerprint |= static_cast<uint64_t>(end.ReadU8()) << (8 * i);
    }
    return FIXED_BYTES + m_icvBytes;
}

void
XfrmEspTrailer::Print(std::ostream& os) const
{
    os << "pad=" << uint32_t(m_padBytes) << " next=" << uint32_t(m_nextHeader);
}

} // namespace ns3
