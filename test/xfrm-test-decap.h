/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_DECAP_H
#define XFRM_TEST_DECAP_H

#include "xfrm-test-codecs.h"

#include "ns3/xfrm-decap.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// Words of `ip xfrm state` for GCM.
inline const std::string DECAP_GCM{
    "aead 'rfc4106(gcm(aes))' 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128"};

/// Words of `ip xfrm state` for HMAC-SHA-1.
inline const std::string DECAP_SHA1{"auth 'hmac(sha1)' 0x4041424344454647484950515253545556575859"};

/// @param protection words of `ip xfrm state` for algorithms and the like
/// @param proto "esp", "ah" or "comp" @param mode "tunnel" or "transport" @param spi its SPI
/// @return the command that adds a state 10.9.0.1 -> 10.9.0.2, reqid 1, and window 32 where there
///         are sequence numbers
std::string MakeStateText(const std::string& protection,
                          const std::string& proto = "esp",
                          const std::string& mode = "tunnel",
                          uint32_t spi = 0x1001);

/// @param templates its templates, such as "tmpl proto esp"
/// @param words selector and direction @return the command that adds a policy
std::string MakePolicyText(const std::string& templates,
                           const std::string& words = "src 10.1.0.0/24 dst 10.2.0.0/24 dir fwd");

/// @param proto "esp", "ah" or "comp" @return the template of a tunnel 10.9.0.1 -> 10.9.0.2, reqid
/// 1
std::string MakeTunnelText(const std::string& proto = "esp");

/// A way to protect packets: words of `ip xfrm state`.
struct Protection
{
    std::string name;            //!< for messages
    std::string words;           //!< words, such as "aead 'rfc4106(gcm(aes))' 0x.. 128"
    std::string proto{"esp"};    //!< protocol
    uint8_t protocol{PROTO_ESP}; //!< protocol, as a number
    bool isInUdp{false};         //!< ESP hides in UDP, on ports 4500
};

/// @return ESP with GCM, ESP with CBC and HMAC, AH, ESP with GCM in UDP
std::vector<Protection> ListProtections();

/// How the bytes of a layer are made.
struct LayerWords
{
    uint32_t spi{0x1001};           //!< its state
    uint8_t protocol{PROTO_ESP};    //!< the state's protocol
    uint64_t sequence{1};           //!< sequence number
    uint8_t nextHeader{PROTO_IPIP}; //!< protocol of what is inside
    uint32_t padToBytes{0};         //!< TFC [bytes]
    uint8_t tos{0};                 //!< type of service of the IP header
};

/**
 * @ingroup xfrm-tests
 * @brief The host 10.9.0.2 in front of 10.2.0.0/24, which receives; and the means to seal for it.
 */
class DecapFixture
{
  public:
    /// @param commands `ip xfrm` commands @param config what the host is like
    explicit DecapFixture(const std::string& commands, const Decap::Config& config = {});

    /// @param protection of the one tunnel that it has, with a policy for 10.1.0.0/24
    explicit DecapFixture(const Protection& protection);

    /// @return a layer from 10.9.0.1 behind its IP header, sealed by a state of the host
    /// @param clear what is inside @param words how
    Octets Seal(std::span<const uint8_t> clear, const LayerWords& words = {});

    /// @return a packet 10.9.0.1 -> 10.9.0.2 @param protocol of what follows
    /// @param payload what follows @param tos its type of service
    static Octets MakeOuter(uint8_t protocol, std::span<const uint8_t> payload, uint8_t tos = 0);

    /// @return a packet of the tunnel, with the datagram of MakeInner() inside
    /// @param protection how @param sequence its number
    Octets MakeSealed(const Protection& protection, uint32_t sequence = 1);

    /// @return a UDP packet without checksum @param payload what it carries
    /// @param destinationPort where it goes
    static Octets MakeUdp(std::span<const uint8_t> payload, uint16_t destinationPort = 4500);

    /// @return a datagram 10.1.0.2 -> 10.2.0.2 with 20 bytes @param tos its type of service
    static Octets MakeInner(uint8_t tos = 0);

    /**
     * @brief Receive a packet.
     * @param packet it
     * @return the verdict, and the counters that it moved: "dropped XfrmInNoStates+1"
     */
    std::string Receive(std::span<const uint8_t> packet);

    /// @return how the layers of the last packet look, sealed again: "equal", or "differs at 7"
    std::string ResealLast() const;

    DecapHost host;   //!< the host
    Decap decap;      //!< receives
    DecapResult last; //!< what became of the last packet
    Time now{0};      //!< the time
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_DECAP_H
