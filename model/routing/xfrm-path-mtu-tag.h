/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PATH_MTU_TAG_H
#define XFRM_PATH_MTU_TAG_H

#include "ns3/packet.h"
#include "ns3/tag.h"
#include "ns3/xfrm-path-mtu.h"

#include <cstdint>
#include <ostream>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief What is done about the path MTU of a packet: its socket's IP_MTU_DISCOVER (R204).
 *
 * Set on what is handed to a socket, before anything else: without it UDP sockets of ns-3 say by
 * their attribute MtuDiscover whether it is Do, and all others follow XfrmRouting's attribute
 * PathMtuDiscovery.  Means nothing once the packet was sent.
 */
class XfrmPathMtuTag : public Tag
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmPathMtuTag() = default;

    /// @param discovery what is done
    explicit XfrmPathMtuTag(xfrm::PathMtuDiscovery discovery);

    /**
     * @param packet a packet of this host
     * @param otherwise what is done about packets without any tag
     * @return what is done about it: by this tag, else by ns-3's own (SocketSetDontFragmentTag)
     */
    static xfrm::PathMtuDiscovery Get(const Packet& packet, xfrm::PathMtuDiscovery otherwise);

    // Tag

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

  private:
    xfrm::PathMtuDiscovery m_discovery{xfrm::PathMtuDiscovery::Dont}; //!< what is done
};

} // namespace ns3

#endif // XFRM_PATH_MTU_TAG_H
