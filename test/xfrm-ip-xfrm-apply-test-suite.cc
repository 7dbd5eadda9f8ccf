/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm-apply.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @param host where @param text one command @return what carrying it out gives, by name
std::string
CarryOut(NamespaceFixture& host, const std::string& text)
{
    const DeviceIndexByName findDevice = [](const std::string& name) {
        return name == "outside" ? 3 : 0;
    };
    try
    {
        const auto commands = IpXfrm::Read(text, "f");
        return error::GetName(Apply(commands.at(0), host.net, findDevice, host.Here()));
    }
    catch (const IpXfrmError& error)
    {
        return error.what();
    }
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Commands in order, on one namespace, with the kernel's answers.
 *
 * Adding is exclusive, updating not (R111).  Deleting needs an equal selector, so `dev outside`
 * counts, or index and direction (R121); the index that was asked for is free and is given (R113).
 * A state is there once (R150), updated only where there is one (R151), and found by its SPI,
 * protocol and destination to be deleted (R153, R155).
 */
class IpXfrmApplyTestCase : public TestCase
{
  public:
    IpXfrmApplyTestCase()
        : TestCase("commands change a namespace as Linux does, or give its error")
    {
    }

  private:
    void DoRun() override
    {
        const std::string policy{"src 10.1.0.0/16 dst 10.2.0.0/16 dev outside dir out"};
        const std::string state{"src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001"};
        const std::vector<std::pair<std::string, std::string>> rows{
            {"policy add " + policy + " index 17", "ok"},
            {"policy add " + policy, "EEXIST"},
            {"policy update " + policy + " priority 3", "ok"},
            {"policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out", "ENOENT"},
            {"policy delete " + policy, "ok"},
            {"policy add " + policy + " index 17", "ok"},
            {"policy delete index 17 dir out", "ok"},
            {"policy delete index 17 dir out", "ENOENT"},
            {"policy add dir in", "ok"},
            {"policy flush", "ok"},
            {"policy setdefault out block", "EINVAL"},
            {"state update " + state + " enc cipher_null ''", "ESRCH"},
            {"state add " + state + " enc cipher_null ''", "ok"},
            {"state add " + state + " enc cipher_null ''", "EEXIST"},
            {"state update " + state + " enc cipher_null ''", "ok"},
            {"state delete " + state, "ok"},
            {"state delete " + state, "ESRCH"},
            {"state add " + state + " enc cipher_null ''", "ok"},
            {"state flush proto ah", "ok"},
            {"state add " + state + " enc cipher_null ''", "EEXIST"},
            {"state flush", "ok"},
            {"state delete " + state, "ESRCH"},
        };
        NamespaceFixture host;
        for (const auto& [command, expected] : rows)
        {
            const std::string answer = CarryOut(host, command);
            NS_TEST_EXPECT_MSG_EQ(answer, expected, command);
        }
        NS_TEST_EXPECT_MSG_EQ(host.net.GetPolicies().GetAll().size(), 0, "no policy is left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Devices: of a selector, by name; one that the host does not have is an error of its word.
 */
class IpXfrmApplyDeviceTestCase : public TestCase
{
  public:
    IpXfrmApplyDeviceTestCase()
        : TestCase("a selector gets the index of the device that it names (R100)")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const std::string answer = CarryOut(host, "policy add dev outside dir out");
        NS_TEST_ASSERT_MSG_EQ(answer, "ok", "a device of the host");
        const auto policies = host.net.GetPolicies().GetAll();
        NS_TEST_EXPECT_MSG_EQ(policies.at(0)->GetConfig().selector.ifindex, 3, "its index");
        const std::string refusal = CarryOut(host, "policy add dev eth7 dir out");
        NS_TEST_EXPECT_MSG_EQ(refusal, "f:1:16: eth7: must be a device of the host", "another");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetPolicies().GetAll().size(), 1, "nothing was added");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Apply().
 */
class IpXfrmApplyTestSuite : public TestSuite
{
  public:
    IpXfrmApplyTestSuite()
        : TestSuite("xfrm-ip-xfrm-apply", UNIT)
    {
        AddTestCase(new IpXfrmApplyTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmApplyDeviceTestCase, TestCase::QUICK);
    }
};

static IpXfrmApplyTestSuite g_ipXfrmApplyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
