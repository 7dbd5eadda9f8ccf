/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/fd-net-device.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Line H - A - B - K, attribute Crypto Auto: what A sends to B is encrypted if A, or one of
 * its neighbours H and B, has a device of the host that simulates.  Else the payload stands in it.
 */
class RealDeviceTestCase : public TestCase
{
  public:
    /// @param where the node with the device; 4: none @param isReal A's bytes are real then
    RealDeviceTestCase(uint32_t where, bool isReal)
        : TestCase("bytes are real near a real device: case " + std::to_string(where)),
          m_where(where),
          m_isReal(isReal)
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = "proto esp aead 'rfc4106(gcm(aes))' "
                                 "0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128",
                       .templates = "proto esp reqid 1 mode tunnel"},
                      XfrmRouting::CRYPTO_AUTO);
        if (m_where < wire.line.nodes.GetN())
        {
            wire.line.nodes.Get(m_where)->AddDevice(CreateObject<FdNetDevice>());
        }
        wire.SendUdp({100});
        NS_TEST_ASSERT_MSG_EQ(wire.sent.size(), 1, "one packet");
        const auto& bytes = wire.sent.front().bytes;
        const auto payload = MakePayload(0, 100);
        const bool isClear =
            std::search(bytes.begin(), bytes.end(), payload.begin(), payload.end()) != bytes.end();
        NS_TEST_EXPECT_MSG_EQ(isClear, !m_isReal, "the payload is to be read");
        NS_TEST_EXPECT_MSG_EQ(wire.received.size(), 1, "it arrives");
    }

    uint32_t m_where; //!< the node with the device
    bool m_isReal;    //!< A's bytes are real
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what real devices do to bytes.
 */
class RealDevicesTestSuite : public TestSuite
{
  public:
    RealDevicesTestSuite()
        : TestSuite("xfrm-real-devices", SYSTEM)
    {
        AddTestCase(new RealDeviceTestCase(0, true), QUICK);
        AddTestCase(new RealDeviceTestCase(1, true), QUICK);
        AddTestCase(new RealDeviceTestCase(2, true), QUICK);
        AddTestCase(new RealDeviceTestCase(3, false), QUICK);
        AddTestCase(new RealDeviceTestCase(4, false), QUICK);
    }
};

const RealDevicesTestSuite g_realDevicesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
