/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_TUNNEL_H
#define XFRM_TEST_TUNNEL_H

#include "xfrm-test-line.h"

#include "ns3/ipv4-header.h"
#include "ns3/socket.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief The line H - A - B - K of the recordings with IPsec between A and B, and what A sends to
 * B.
 *
 * Tunnel mode: policies 10.1.0.0/24 to 10.2.0.0/24.  Transport mode: UDP of A and B themselves.
 */
class TunnelLine
{
  public:
    /// A packet that A sent to B.
    struct OnWire
    {
        Ipv4Header header;    //!< its outer header
        uint32_t length{0};   //!< its length, header included [bytes]
        uint32_t spi{0};      //!< SPI, if it is ESP
        uint32_t sequence{0}; //!< sequence number, if it is ESP
    };

    /// What IPsec dropped or refused.
    struct Told
    {
        std::vector<std::string> drops;    //!< reasons, in order
        std::vector<std::string> verdicts; //!< verdicts of sends, in order
    };

    /// What of A's doings is noted.
    enum class Watch
    {
        All,    //!< what it sends, drops and tells senders
        Nothing //!< nothing, to be quick
    };

    /// @param mode mode of the states @param algorithm "gcm128" or "cbc128-sha1", as recorded
    /// @param config makeup of the line @param watch what is noted
    explicit TunnelLine(Mode mode = Mode::Tunnel,
                        const std::string& algorithm = "gcm128",
                        const Line::Config& config = {.installed = Installed::Empty},
                        Watch watch = Watch::All);

    /// @param node 0 to 3 @return its routing
    Ptr<XfrmRouting> GetRouting(uint32_t node) const;

    /**
     * @brief Send UDP datagrams 5000 to 6000, one a millisecond from 1 s on, and run.
     * @param from node that sends @param to node that receives @param sizes payloads [bytes]
     * @param setUp called with the socket before it sends
     */
    void SendUdp(uint32_t from,
                 uint32_t to,
                 const std::vector<uint32_t>& sizes,
                 const std::function<void(Ptr<Socket>)>& setUp = {});

    /// @param node 0 to 3 @return its counters that are not 0: "XfrmInNoPols=1"
    std::string GetCounters(uint32_t node) const;

    /// @param state one of A's or B's states @return it, from A to B
    Ptr<State> GetState(uint32_t node) const;

    Line line;                      //!< the nodes
    std::vector<OnWire> onWire;     //!< what A sent to B
    std::vector<uint32_t> received; //!< payloads that arrived [bytes]
    std::vector<Ipv4Address> froms; //!< who they said to be from
    Told told;                      //!< what A told of

  private:
    void Configure(uint32_t node, Mode mode, const std::string& algorithm);
    void WatchAll();
    void NoteSent(Ptr<const Packet> packet, Ptr<Ipv4> ipv4, uint32_t interface);
    void NoteReceived(Ptr<Socket> socket);
};

/// @param routing a node's @return its counters that are not 0: "XfrmInNoPols=1"
std::string DescribeCounters(const XfrmRouting& routing);

/// @param from source @param to destination @param spi SPI @param mode mode
/// @param algorithm "gcm128" or "cbc128-sha1" @return a state as recorded, request id 1, window 32
StateConfig MakeRecordedState(const std::string& from,
                              const std::string& to,
                              uint32_t spi,
                              Mode mode,
                              const std::string& algorithm);

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_TUNNEL_H
