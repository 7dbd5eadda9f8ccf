/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-headers.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmEspHeader);
NS_OBJECT_ENSURE_REGISTERED(XfrmEspTrailer);

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
    : m_icv(0, icvBytes)
{
}

XfrmEspTrailer::XfrmEspTrailer(uint32_t tfcBytes,
                               uint8_t padBytes,
                               uint8_t nextHeader,
                               const xfrm::Fingerprint& icv)
    : m_tfcBytes(tfcBytes),
      m_padBytes(padBytes),
      m_nextHeader(nextHeader),
      m_icv(icv)
{
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
    return m_tfcBytes + m_padBytes + FIXED_BYTES + m_icv.GetIcvLength();
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
    m_icv.Write(end);
}

uint32_t
XfrmEspTrailer::Deserialize(Buffer::Iterator end)
{
    // Padding of either kind is not known before its length is read, and left to the caller.
    m_tfcBytes = 0;
    const uint32_t nBytes = FIXED_BYTES + m_icv.GetIcvLength();
    end.Prev(nBytes);
    m_padBytes = end.ReadU8();
    m_nextHeader = end.ReadU8();
    m_icv = xfrm::Fingerprint::Read(end, m_icv.GetIcvLength());
    return nBytes;
}

void
XfrmEspTrailer::Print(std::ostream& os) const
{
    os << "pad=" << uint32_t(m_padBytes) << " next=" << uint32_t(m_nextHeader);
}

} // namespace ns3
