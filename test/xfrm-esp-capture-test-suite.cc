/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/pcap-file.h"
#include "ns3/test.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

constexpr std::string_view GCM_KEY{"101112131415161718191a1b1c1d1e1fa0a1a2a3"};  //!< salt, too
constexpr std::string_view CBC_KEY{"30313233343536373839303132333435"};          //!< of AES-CBC
constexpr std::string_view SHA1_KEY{"4041424344454647484950515253545556575859"}; //!< of HMAC
constexpr std::string_view SHA256_KEY{
    "4041424344454647484950515253545556575859606162636465666768697071"}; //!< of HMAC

/// @return the algorithms of a recording, as its NAME.txt has them @param name its name
StateConfig
MakeCapturedState(const std::string& name)
{
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    StateConfig config = MakeStateConfig(0x1001);
    if (has("cbc128-sha1"))
    {
        config = MakePair({"cbc(aes)", FromHex(CBC_KEY), 0},
                          Algorithm{"hmac(sha1)", FromHex(SHA1_KEY), 96});
    }
    else if (has("null-sha256"))
    {
        config =
            MakePair({"cipher_null", {}, 0}, Algorithm{"hmac(sha256)", FromHex(SHA256_KEY), 128});
    }
    else
    {
        config.aead->key = FromHex(GCM_KEY);
    }
    config.id.spi = 0x1001;
    if (has("/esn-"))
    {
        config.flags |= StateConfig::FLAG_ESN;
    }
    return config;
}

/// A recorded packet of ESP.
struct RecordedPacket
{
    uint32_t spi{0};      //!< SPI
    uint32_t sequence{0}; //!< sequence number
    Bytes bytes;          //!< from the SPI on
};

/// @return the number of 4 bytes @param bytes some bytes @param offset where it stands
uint32_t
ReadUint32(const Bytes& bytes, size_t offset)
{
    return static_cast<uint32_t>(bytes[offset]) << 24 | bytes[offset + 1] << 16 |
           bytes[offset + 2] << 8 | bytes[offset + 3];
}

/// @return the ESP packet in an Ethernet frame, behind UDP or not; none if there is none, or a
///         fragment of it
std::optional<RecordedPacket>
FindEsp(const Bytes& frame)
{
    constexpr size_t IP_OFFSET{14};
    const size_t headerBytes = (frame[IP_OFFSET] & 0xfU) * 4;
    const size_t totalBytes = frame[IP_OFFSET + 2] * 256 + frame[IP_OFFSET + 3];
    const uint8_t proto = frame[IP_OFFSET + 9];
    const size_t udpBytes = proto == PROTO_UDP ? 8 : 0;
    const bool isFragment = (frame[IP_OFFSET + 6] & 0x3fU) != 0 || frame[IP_OFFSET + 7] != 0;
    if (frame[12] != 8 || frame[13] != 0 || isFragment ||
        (proto != PROTO_ESP && proto != PROTO_UDP))
    {
        return {};
    }
    RecordedPacket packet;
    packet.bytes.assign(frame.begin() + IP_OFFSET + headerBytes + udpBytes,
                        frame.begin() + IP_OFFSET + totalBytes);
    if (packet.bytes.size() < 8) // a NAT keepalive
    {
        return {};
    }
    packet.spi = ReadUint32(packet.bytes, 0);
    packet.sequence = ReadUint32(packet.bytes, 4);
    return packet.spi == 0x1001 || packet.spi == 0x2001 ? std::optional(packet) : std::nullopt;
}

/// @return the ESP packets of a recording, in its order @param file the recording
std::vector<RecordedPacket>
ReadPackets(const std::string& file)
{
    PcapFile pcap;
    pcap.Open(file, std::ios::in);
    std::vector<RecordedPacket> packets;
    Bytes frame(PcapFile::SNAPLEN_DEFAULT);
    while (!pcap.Fail())
    {
        uint32_t seconds = 0;
        uint32_t microseconds = 0;
        uint32_t storedBytes = 0;
        uint32_t sentBytes = 0;
        uint32_t readBytes = 0;
        pcap.Read(frame.data(),
                  frame.size(),
                  seconds,
                  microseconds,
                  storedBytes,
                  sentBytes,
                  readBytes);
        if (pcap.Fail())
        {
            break;
        }
        if (auto packet = FindEsp({frame.begin(), frame.begin() + readBytes}))
        {
            packets.push_back(*packet);
        }
    }
    return packets;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What Linux 4.1.6 and 6.1 sent opens, and is sealed again to the same bytes (R216, R232,
 * R237, R252).
 *
 * Sealed with the recorded sequence number and initialisation vector, what was opened must be what
 * the kernel sent: header, padding and check value included.  With ESN the numbers start at 1, so
 * that their upper half is 0, and is in the check value all the same.
 */
class EspCaptureTestCase : public TestCase
{
  public:
    /// @param name the recording, such as "linux-6.1/outer-plain-tunnel"
    explicit EspCaptureTestCase(const std::string& name)
        : TestCase("what was recorded opens and is sealed again alike: " + MakeTitle(name)),
          m_name(name)
    {
    }

  private:
    /// @return a recording's name without a slash, which names of tests must not have
    static std::string MakeTitle(std::string name)
    {
        name[name.find('/')] = ' ';
        return name;
    }

    void DoRun() override
    {
        StateConfig config = MakeCapturedState(m_name);
        uint32_t nPackets = 0;
        for (const RecordedPacket& packet :
             ReadPackets(XFRM_GOLDEN_DIR "/captures/" + m_name + ".pcap"))
        {
            config.id.spi = packet.spi;
            Check(packet, config);
            ++nPackets;
        }
        NS_TEST_EXPECT_MSG_GT(nPackets, 0, "packets of ESP in the recording");
    }

    /// Open and seal a packet.
    void Check(const RecordedPacket& packet, const StateConfig& config)
    {
        const auto codec = MakeCodec(config);
        OpenInput input;
        input.sequence = packet.sequence;
        const OpenedBytes opened = codec->Open(packet.bytes, input);
        NS_TEST_ASSERT_MSG_EQ(opened.error, 0, "packet " << packet.sequence);
        SealInput again;
        again.sequence = packet.sequence;
        again.nextHeader = opened.nextHeader;
        again.iv = std::span(packet.bytes).subspan(8, codec->GetIvLength());
        NS_TEST_EXPECT_MSG_EQ(ToHex(codec->Seal(opened.clear, again).bytes),
                              ToHex(packet.bytes),
                              "packet " << packet.sequence);
    }

    std::string m_name; //!< the recording
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of EspLayer against recorded kernels.
 */
class EspCaptureTestSuite : public TestSuite
{
  public:
    EspCaptureTestSuite()
        : TestSuite("xfrm-esp-capture", UNIT)
    {
        for (const std::string kernel : {"linux-4.1.6/", "linux-6.1/"})
        {
            for (const std::string part : {"esn-start-gcm128",
                                           "esn-start-null-sha256",
                                           "natt-gcm128-transport",
                                           "natt-gcm128-tunnel",
                                           "noesn-overflow-gcm128",
                                           "outer-plain-tunnel",
                                           "sizes-cbc128-sha1-transport",
                                           "sizes-cbc128-sha1-tunnel",
                                           "sizes-gcm128-transport",
                                           "sizes-gcm128-tunnel"})
            {
                AddTestCase(new EspCaptureTestCase(kernel + part), TestCase::QUICK);
            }
        }
    }
};

static EspCaptureTestSuite g_espCaptureTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
