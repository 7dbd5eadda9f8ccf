/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_MARK_TAG_H
#define XFRM_MARK_TAG_H

#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/tag.h"

#include <cstdint>
#include <ostream>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief The mark of a packet on one node: what Linux keeps in skb->mark (R103, R104).
 *
 * A sender's mark (SO_MARK) is set on what it hands to its socket; that of a received packet, as
 * netfilter would set it, by who listens to Ipv4L3Protocol's trace source Rx.  It goes with the
 * packet through IPsec, and means nothing on other nodes.
 */
class XfrmMarkTag : public Tag
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmMarkTag() = default;

    /**
     * @brief Mark a packet, whatever its mark was.
     * @param packet the packet @param node where the mark counts @param mark the mark
     */
    static void Set(const Packet& packet, const Node& node, uint32_t mark);

    /// @param packet a packet @param part anything that is aggregated to the node where it is
    /// @return its mark there, 0 if it has none
    static uint32_t Get(const Packet& packet, const Object& part);

    // Tag

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

  private:
    uint32_t m_node{0}; //!< number of the node
    uint32_t m_mark{0}; //!< the mark
};

} // namespace ns3

#endif // XFRM_MARK_TAG_H
