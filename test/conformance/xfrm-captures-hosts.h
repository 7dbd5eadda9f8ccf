/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_HOSTS_H
#define XFRM_CAPTURES_HOSTS_H

#include "xfrm-captures-file.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/node-container.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/xfrm-ip-xfrm.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/// Bytes of a packet, from its IP header on.
using PacketBytes = std::vector<uint8_t>;

/// The hosts of recorded captures, by their number.
enum class CaptureHost : uint8_t
{
    H, //!< behind A
    A, //!< a gateway
    B, //!< the other one
    K  //!< behind B
};

/// A UDP datagram to be sent.
struct CaptureDatagram
{
    CaptureHost from{CaptureHost::H};    //!< who sends it
    const char* source{"10.1.0.2"};      //!< source address
    const char* destination{"10.2.0.2"}; //!< destination address
    uint16_t sourcePort{5000};           //!< source port
    uint16_t destinationPort{6000};      //!< destination port
    PacketBytes payload;                 //!< what it carries [bytes]
    bool isDf{false};                    //!< don't fragment
    uint8_t tos{0};                      //!< type of service
    uint8_t ttl{64};                     //!< time to live
};

/// A UDP datagram as a socket got it.
struct ReceivedDatagram
{
    CaptureHost host{CaptureHost::K}; //!< whose socket
    uint16_t port{0};                 //!< its port
    uint32_t length{0};               //!< what it carried [bytes]
    uint8_t ttl{0};                   //!< time to live that was left
    uint8_t tos{0};                   //!< type of service
};

/// What was seen of one or more packets.
struct CaptureSights
{
    std::optional<std::string> verdict;     //!< what a sender was told
    std::vector<PacketBytes> wire;          //!< what A sent to B
    std::vector<PacketBytes> inside;        //!< what was on the link H-A
    std::vector<ReceivedDatagram> received; //!< what sockets got
};

/**
 * @ingroup xfrm-tests
 * @brief The four hosts of recorded captures, and what is seen on them.
 *
 * H 10.1.0.2 - A 10.1.0.1, 10.9.0.1 - B 10.9.0.2, 10.2.0.1 - K 10.2.0.2, with static routes
 * (test/golden/captures/README.md).  Only one at a time: it is the simulation.
 */
class CaptureHosts
{
  public:
    /// MTUs of the links.
    struct Mtus
    {
        uint16_t clear{1500};  //!< H-A and B-K [bytes]
        uint16_t middle{1500}; //!< A-B [bytes]
    };

    /// @param mtus MTUs of the links
    explicit CaptureHosts(const Mtus& mtus);

    ~CaptureHosts();
    CaptureHosts(const CaptureHosts&) = delete;
    CaptureHosts& operator=(const CaptureHosts&) = delete;
    CaptureHosts(CaptureHosts&&) = delete;
    CaptureHosts& operator=(CaptureHosts&&) = delete;

    /**
     * @brief Carry out commands for A and B.  A state that is there already goes first: recordings
     * say when one is added anew, not that the old one was deleted.
     * @param commands the commands
     * @throws InputError for one that is refused or names another host
     */
    void Configure(const std::vector<IpXfrmCommand>& commands);

    /**
     * @brief Open a key manager's socket on A and on B, which takes ESP out of UDP.
     * @param port its port @param type how ESP hides
     * @param bypasses whether it has policies of its own that let everything through
     */
    void OpenEncapSockets(uint16_t port, EncapType type, bool bypasses);

    /// @brief Send a datagram and watch what comes of it.  @param datagram it @return what was seen
    CaptureSights Send(const CaptureDatagram& datagram);

    /// @brief Let B receive a packet from A.  @param packet its bytes @return what was seen
    CaptureSights Inject(const PacketBytes& packet);

    /// @brief Alter the TOS of what B receives from A, from now on.  @param tos the TOS
    void AlterTos(uint8_t tos);

    /// @return MTU of the chain of A's last packet, as its socket knows it (IP_MTU); 0: it had none
    /// [bytes]
    uint32_t GetChainMtu() const
    {
        return m_chainMtu;
    }

    /// @param gateway 0 for A, 1 for B @return its counters
    Statistics GetStatistics(size_t gateway) const;

    /// @param gateway 0 for A, 1 for B @param object "state" or "policy"
    /// @return text of `ip -s xfrm state` or `ip -s xfrm policy`
    std::string Show(size_t gateway, const std::string& object) const;

  private:
    void Connect(CaptureHost near, CaptureHost far, uint32_t network, uint16_t mtu);
    void Listen(CaptureHost host, uint16_t port);
    void Watch();
    void Receive(const Ptr<Socket>& socket, CaptureHost host, uint16_t port);
    CaptureSights Run();
    Ptr<Node> Get(CaptureHost host) const;
    Ptr<Ipv4L3Protocol> GetIpv4(CaptureHost host) const;
    Ptr<XfrmRouting> GetGateway(size_t gateway) const;
    static PacketBytes GetBytes(const Packet& packet);

    NodeContainer m_nodes;  //!< the hosts, by number
    CaptureSights m_seen;   //!< what was seen since the last packet
    uint32_t m_chainMtu{0}; //!< MTU of the chain of A's last packet, 0 none [bytes]
    uint16_t m_nextId{1};   //!< identification of the next datagram
};

/// @param before counters @param now the same ones later @return how much each moved, by label
CounterMoves GetMoved(const Statistics& before, const Statistics& now);

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_HOSTS_H
