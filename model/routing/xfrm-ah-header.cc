/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ah-header.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmAhHeader);

XfrmAhHeader::XfrmAhHeader(uint32_t icvBytes)
    : m_icv(0, icvBytes)
{
}

XfrmAhHeader::XfrmAhHeader(uint8_t nextHeader,
                           uint32_t spi,
                           uint32_t sequence,
                           const xfrm::Fingerprint& icv)
    : m_nextHeader(nextHeader),
      m_spi(spi),
      m_sequence(sequence),
      m_icv(icv)
{
}

TypeId
XfrmAhHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmAhHeader")
                            .SetParent<Header>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmAhHeader>();
    return tid;
}

TypeId
XfrmAhHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
XfrmAhHeader::GetSerializedSize() const
{
    return FIXED_BYTES + m_icv.GetIcvLength();
}

void
XfrmAhHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteU8(m_nextHeader);
    start.WriteU8(static_cast<uint8_t>(GetSerializedSize() / 4 - 2)); // in words, less two
    start.WriteU16(0);
    start.WriteHtonU32(m_spi);
    start.WriteHtonU32(m_sequence);
    m_icv.Write(start);
}

uint32_t
XfrmAhHeader::Deserialize(Buffer::Iterator start)
{
    m_nextHeader = start.ReadU8();
    start.Next(3);
    m_spi = start.ReadNtohU32();
    m_sequence = start.ReadNtohU32();
    m_icv = xfrm::Fingerprint::Read(start, m_icv.GetIcvLength());
    return GetSerializedSize();
}

void
XfrmAhHeader::Print(std::ostream& os) const
{
    os << "spi=0x" << std::hex << m_spi << std::dec << " seq=" << m_sequence
       << " next=" << uint32_t(m_nextHeader);
}

} // namespace ns3
