/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_KEYED_LINE_H
#define XFRM_TEST_KEYED_LINE_H

#include "xfrm-test-tunnel.h"

#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/xfrm-key-manager-model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief The line H - A - B - K with policies between A and B, no states, and IKE daemons on both.
 *
 * A negotiation takes 20.5 ms unless another delay is set.
 */
class KeyedLine
{
  public:
    /// @param mode mode of the policies' templates
    explicit KeyedLine(Mode mode = Mode::Tunnel);

    /// UDP datagrams that a node sends, the first with 100 bytes of payload, each one byte longer.
    struct Stream
    {
        uint32_t from{0};               //!< node that sends
        uint32_t to{3};                 //!< node that receives
        uint32_t nPackets{1};           //!< how many
        double start{1};                //!< when the first is sent [s]
        Time interval{MilliSeconds(1)}; //!< from one to the next
        uint16_t port{5000};            //!< source port
    };

    /// @brief Send datagrams.  @param stream which
    void Send(const Stream& stream);

    /// @brief Run until a time.  @param seconds the time [s]
    static void RunUntil(double seconds);

    /// @param node 0 to 3 @return its namespace
    Namespace& GetNet(uint32_t node) const;

    /// @param node 0 to 3 @param status a status @return how many of its states have it
    size_t CountStates(uint32_t node, StateStatus status) const;

    /// @return how many ESP packets in a row went from A to B by which SPI, with letters for SPIs:
    ///         "3 x a, 4 x b"
    std::string DescribeWire() const;

    TunnelLine tunnel;              //!< the nodes
    Ptr<XfrmKeyManager> manager;    //!< the daemons
    std::vector<uint32_t> received; //!< payloads that arrived, in order [bytes]

  private:
    void Listen(uint32_t node);
    void NoteReceived(Ptr<Socket> socket);
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_KEYED_LINE_H
