/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/test.h"
#include "ns3/xfrm-lookup-host.h"
#include "ns3/xfrm-show-json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// A policy with a tunnel, its state, and a policy that blocks.
constexpr const char* TUNNEL{
    "policy add dir out src 10.1.0.0/16 dst 10.2.0.0/16 priority 7 mark 5 mask 0xff flag icmp "
    "tmpl src 10.9.0.1 dst 10.9.0.2 proto esp reqid 1 mode tunnel level use\n"
    "policy add dir out dst 10.3.0.0/16 proto udp dport 53 action block\n"
    "state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel replay-window 32 "
    "aead rfc4106(gcm(aes)) 0x0000000000000000000000000000000000000000 128\n"};

/// @return a UDP flow from 10.1.0.1
Flow
MakeHostFlow(const char* destination, uint16_t port, uint32_t mark)
{
    return {.family = Family::Ipv4,
            .common = {.mark = mark, .proto = PROTO_UDP},
            .source = Ipv4Address("10.1.0.1"),
            .destination = Ipv4Address(destination),
            .upper = UpperLayer::Ports(1000, port)};
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A flow for the tunnel with its mark; without the mark it is let through; one that is
 * blocked is -EPERM (R22b).
 *
 * The chain takes (1500 - 20 IP - 8 ESP - 8 IV - 16 ICV) rounded down to 4, less 2: 1446 bytes
 * (R237).
 */
class LookupHostDecideTestCase : public TestCase
{
  public:
    LookupHostDecideTestCase()
        : TestCase("flows are decided on by what commands left behind")
    {
    }

  private:
    void DoRun() override
    {
        LookupHost host({});
        host.CarryOut(TUNNEL, "text");
        const OutputDecision sealed = host.Decide(MakeHostFlow("10.2.0.1", 80, 5), 0);
        NS_TEST_EXPECT_MSG_EQ((sealed.verdict == OutputVerdict::Transform), true, "tunnel");
        NS_TEST_ASSERT_MSG_EQ((sealed.bundle != nullptr), true, "chain");
        NS_TEST_EXPECT_MSG_EQ(sealed.bundle->GetMtu(), 1446, "room");
        const OutputDecision plain = host.Decide(MakeHostFlow("10.2.0.1", 80, 6), 0);
        NS_TEST_EXPECT_MSG_EQ((plain.verdict == OutputVerdict::Plain), true, "another mark");
        const OutputDecision blocked = host.Decide(MakeHostFlow("10.3.0.1", 53, 0), 0);
        NS_TEST_EXPECT_MSG_EQ(blocked.error, error::PERM, "blocked");
        const OutputDecision other = host.Decide(MakeHostFlow("10.3.0.1", 54, 0), 0);
        NS_TEST_EXPECT_MSG_EQ((other.verdict == OutputVerdict::Plain), true, "another port");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Time goes on by comments in the text and by WaitUntil(); a limit of 5 s from 2 s on ends
 * a policy at 7 s, which its timer sees within a second (R122).
 */
class LookupHostTimeTestCase : public TestCase
{
  public:
    LookupHostTimeTestCase()
        : TestCase("commands wait for their time, limits end policies, and time never goes back")
    {
    }

  private:
    void DoRun() override
    {
        LookupHost host({});
        host.CarryOut("# at 2s\npolicy add dir out dst 10.2.0.0/16 limit time-hard 5", "text");
        NS_TEST_EXPECT_MSG_EQ(host.GetNow(), Seconds(2), "time of the command");
        const auto& policies = host.GetNamespace().GetPolicies();
        host.WaitUntil(Seconds(6));
        NS_TEST_EXPECT_MSG_EQ(policies.GetCount(Direction::Out), 1, "before its end");
        host.WaitUntil(Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(host.GetNow(), Seconds(6), "not back");
        host.WaitUntil(Seconds(9));
        NS_TEST_EXPECT_MSG_EQ(policies.GetCount(Direction::Out), 0, "behind its end");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Commands that are wrong are refused before any is carried out, those that Linux refuses
 * when their turn comes.
 */
class LookupHostErrorTestCase : public TestCase
{
  public:
    LookupHostErrorTestCase()
        : TestCase("errors name text, line and errno, and a kernel must be known")
    {
    }

  private:
    void DoRun() override
    {
        LookupHost host({});
        const std::string add = "policy add dir out dst 10.2.0.0/16\n";
        NS_TEST_EXPECT_MSG_EQ(
            GetError([&] { host.CarryOut(add + "policy dance", "text"); }).substr(0, 16),
            "text:2:8: dance:",
            "wrong");
        NS_TEST_EXPECT_MSG_EQ(host.GetNamespace().GetPolicies().GetCount(Direction::Out),
                              0,
                              "nothing was done");
        std::string refused;
        try
        {
            host.CarryOut(add + add, "text");
        }
        catch (const std::invalid_argument& error)
        {
            refused = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(refused.substr(0, 32), "text:2: add is refused: EEXIST: ", refused);
        NS_TEST_EXPECT_MSG_EQ(host.GetNamespace().GetPolicies().GetCount(Direction::Out),
                              1,
                              "the first stays");
        std::string kernel;
        try
        {
            const LookupHost other({.kernel = "minix"});
        }
        catch (const std::invalid_argument& error)
        {
            kernel = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(kernel,
                              "kernel minix: must be one of linux-4.1, linux-4.14, linux-4.19",
                              "kernel");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What was configured, in the words of `ip xfrm`.
 */
class ShowJsonTestCase : public TestCase
{
  public:
    ShowJsonTestCase()
        : TestCase("policies and states are written as JSON, without keys")
    {
    }

  private:
    void DoRun() override
    {
        LookupHost host({});
        host.CarryOut(TUNNEL, "text");
        const auto policies = ListPolicies(host.GetNamespace().GetPolicies());
        NS_TEST_ASSERT_MSG_EQ(policies.size(), 2, "policies");
        const auto block = nlohmann::json::parse(policies[0]);
        NS_TEST_EXPECT_MSG_EQ(block["action"], "block", "the newest is first");
        NS_TEST_EXPECT_MSG_EQ(block["dport"], 53, "port");
        NS_TEST_EXPECT_MSG_EQ(block["dport_mask"], 0xffff, "all of it");
        const auto tunnel = nlohmann::json::parse(policies[1]);
        NS_TEST_EXPECT_MSG_EQ(tunnel["src"], "10.1.0.0/16", "source");
        NS_TEST_EXPECT_MSG_EQ(tunnel["priority"], 7, "priority");
        NS_TEST_EXPECT_MSG_EQ(tunnel["mark"], 5, "mark");
        NS_TEST_EXPECT_MSG_EQ(tunnel["flag"], "icmp", "flag");
        NS_TEST_EXPECT_MSG_EQ(tunnel["tmpl"][0]["level"], "use", "optional");
        NS_TEST_EXPECT_MSG_EQ(tunnel["tmpl"][0]["proto"], "esp", "protocol of the template");
        const auto states = ListStates(host.GetNamespace().GetStates());
        NS_TEST_ASSERT_MSG_EQ(states.size(), 1, "states");
        const auto state = nlohmann::json::parse(states[0]);
        NS_TEST_EXPECT_MSG_EQ(state["spi"], 0x1001, "SPI");
        NS_TEST_EXPECT_MSG_EQ(state["aead"], "rfc4106(gcm(aes))", "algorithm");
        NS_TEST_EXPECT_MSG_EQ(state["auth"].is_null(), true, "no other");
        NS_TEST_EXPECT_MSG_EQ(state["status"], "valid", "status");
        NS_TEST_EXPECT_MSG_EQ(state["replay_window"], 32, "window");
        // 20 outer IP, 8 ESP, 8 IV (R230)
        NS_TEST_EXPECT_MSG_EQ(state["header_bytes"], 36, "header");
        NS_TEST_EXPECT_MSG_EQ((states[0].find("0000000000") == std::string::npos), true, "key");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of LookupHost, and of policies and states as JSON.
 */
class LookupHostTestSuite : public TestSuite
{
  public:
    LookupHostTestSuite()
        : TestSuite("xfrm-lookup-host", UNIT)
    {
        AddTestCase(new LookupHostDecideTestCase, QUICK);
        AddTestCase(new LookupHostTimeTestCase, QUICK);
        AddTestCase(new LookupHostErrorTestCase, QUICK);
        AddTestCase(new ShowJsonTestCase, QUICK);
    }
};

const LookupHostTestSuite g_lookupHostTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
