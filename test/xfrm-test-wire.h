/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_WIRE_H
#define XFRM_TEST_WIRE_H

#include "xfrm-test-line.h"

#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// Words of a state that protects by GCM.
inline const std::string WIRE_GCM{"proto esp aead 'rfc4106(gcm(aes))' "
                                  "0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128"};

/// Words of a template for ESP's tunnels.
inline const std::string WIRE_TUNNEL{"proto esp reqid 1 mode tunnel"};

/// States of A and B, either way, and the policies that use them.
struct WireConfig
{
    std::string states;    //!< words of states, one a line, from "proto" on; the SPI counts up from
                           //!< 0x1001, and the mode is as isTunnel says unless it is given
    std::string templates; //!< templates behind each policy: "proto esp reqid 1", a line
                           //!< each; src and dst are added in tunnel mode
    bool isTunnel{true};   //!< tunnels of 10.1.0.0/24 and 10.2.0.0/24, else UDP of A and B
};

/**
 * @ingroup xfrm-tests
 * @brief The line H - A - B - K with IPsec between A and B as `ip xfrm` configures it, and the
 * bytes that A sends to B.
 */
class WireLine
{
  public:
    /// What A sent to B.
    struct Sent
    {
        Time time;                  //!< when
        std::vector<uint8_t> bytes; //!< the IP packet

        /// @return the 16-bit number at an offset, in network order there
        uint16_t Get16(size_t offset) const
        {
            return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
        }

        /// @return its protocol
        uint8_t GetProtocol() const
        {
            return bytes[9];
        }
    };

    /// What of A's doings is noted.
    enum class Watch
    {
        All,    //!< what it sends, and tells senders
        Nothing //!< nothing
    };

    /// @param config states and policies @param crypto what A and B make of bytes
    /// @param watch what is noted
    explicit WireLine(const WireConfig& config,
                      XfrmRouting::Crypto crypto = XfrmRouting::CRYPTO_REAL,
                      Watch watch = Watch::All);

    /// @param node 0 to 3 @return its routing; H and K have one with nothing configured
    Ptr<XfrmRouting> GetRouting(uint32_t node) const;

    /**
     * @brief Send UDP datagrams 5000 to 6000 and run: H to K through tunnels, else A to B.
     *
     * They hold bytes that count up from their own number, and go one in 2 ms from 1 s on.
     *
     * @param sizes payloads [bytes]
     * @param setUp called with the socket before it sends
     */
    void SendUdp(const std::vector<uint32_t>& sizes,
                 const std::function<void(Ptr<Socket>)>& setUp = {});

    /// @param node 0 to 3 @return its counters that are not 0: "XfrmInNoPols=1"
    std::string GetCounters(uint32_t node) const;

    Line line;                         //!< the nodes
    std::vector<Sent> sent;            //!< what A sent to B
    std::vector<uint32_t> received;    //!< payloads that arrived unchanged [bytes]
    std::vector<std::string> verdicts; //!< verdicts of sends of A, in order

  private:
    void NoteSent(const Packet& packet, uint32_t interface);
    void NoteReceived(Ptr<Socket> socket);

    bool m_isTunnel; //!< there are tunnels
};

/// @param number number of a datagram @param size its length [bytes] @return what it holds
std::vector<uint8_t> MakePayload(uint32_t number, uint32_t size);

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_WIRE_H
