/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-mark-tag.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmMarkTag);

TypeId
XfrmMarkTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmMarkTag")
                            .SetParent<Tag>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmMarkTag>();
    return tid;
}

void
XfrmMarkTag::Set(const Packet& packet, const Node& node, uint32_t mark)
{
    XfrmMarkTag tag;
    const_cast<Packet&>(packet).RemovePacketTag(tag); // tags may be added to a const packet
    tag.m_node = node.GetId();
    tag.m_mark = mark;
    packet.AddPacketTag(tag);
}

uint32_t
XfrmMarkTag::Get(const Packet& packet, const Object& part)
{
    XfrmMarkTag tag;
    if (!packet.PeekPacketTag(tag))
    {
        return 0; // without a search for the node: this is so for most packets
    }
    return tag.m_node == part.GetObject<Node>()->GetId() ? tag.m_mark : 0;
}

TypeId
XfrmMarkTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
XfrmMarkTag::GetSerializedSize() const
{
    return 2 * sizeof(uint32_t);
}

void
XfrmMarkTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU32(m_node);
    buffer.WriteU32(m_mark);
}

void
XfrmMarkTag::Deserialize(TagBuffer buffer)
{
    m_node = buffer.ReadU32();
    m_mark = buffer.ReadU32();
}

void
XfrmMarkTag::Print(std::ostream& os) const
{
    os << "mark=" << m_mark << " node=" << m_node;
}

} // namespace ns3
