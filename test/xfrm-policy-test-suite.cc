/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A policy keeps what is configured and starts its life empty (R105).
 *
 * Types and actions have the kernel's numbers.  No lookup, insertion or deletion has happened:
 * index, generation and times are 0.
 */
class PolicyMakeupTestCase : public TestCase
{
  public:
    PolicyMakeupTestCase()
        : TestCase("a policy keeps its configuration and is born unused and alive")
    {
    }

  private:
    void DoRun() override
    {
        PolicyConfig config = MakePolicy("10.1.0.0/16", "10.2.0.0/16", 7);
        config.type = PolicyType::Sub;
        config.action = PolicyAction::Block;
        config.templates.resize(6);
        const Policy policy(config);
        NS_TEST_EXPECT_MSG_EQ(policy.GetConfig().priority, 7, "priority");
        NS_TEST_EXPECT_MSG_EQ(policy.GetConfig().templates.size(), 6, "six templates are allowed");
        NS_TEST_EXPECT_MSG_EQ(policy.GetConfig().selector.family, 2, "an unset family is set");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(policy.GetConfig().type), 1, "SUB is 1");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(policy.GetConfig().action), 1, "BLOCK is 1");
        NS_TEST_EXPECT_MSG_EQ(policy.GetIndex(), 0, "no index yet");
        NS_TEST_EXPECT_MSG_EQ(policy.GetGenid(), 0, "first generation");
        NS_TEST_EXPECT_MSG_EQ(policy.IsDead(), false, "alive");
        NS_TEST_EXPECT_MSG_EQ(policy.GetUse().useTime, 0, "never used");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What no policy can be is refused with what is wrong (R105: at most six templates).
 */
class PolicyRefusedTestCase : public TestCase
{
  public:
    PolicyRefusedTestCase()
        : TestCase("an impossible policy is refused with the value and what is allowed")
    {
    }

  private:
    /// Make a policy that is wrong in one thing.
    void Expect(const std::string& part, const std::function<void(PolicyConfig&)>& change)
    {
        PolicyConfig config = MakePolicy("10.1.0.0/16", "10.2.0.0/16");
        change(config);
        std::string message;
        try
        {
            const Policy policy(config);
        }
        catch (const std::invalid_argument& error)
        {
            message = error.what();
        }
        NS_TEST_EXPECT_MSG_NE(message.find(part), std::string::npos, part << ": " << message);
    }

    void DoRun() override
    {
        Expect("7 templates", [](PolicyConfig& c) { c.templates.resize(7); });
        Expect("policy family 12", [](PolicyConfig& c) { c.family = Family::Decnet; });
        Expect("selector family 10", [](PolicyConfig& c) { c.selector.family = 10; });
        Expect("source prefix length 33", [](PolicyConfig& c) { c.selector.sourcePrefix = 33; });
        Expect("destination prefix length 129", [](PolicyConfig& c) {
            c.family = Family::Ipv6;
            c.selector.destinationPrefix = 129;
        });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief allalgs holds only if all three masks are all ones; modes have the kernel's numbers
 * (R106).
 */
class TemplateTestCase : public TestCase
{
  public:
    TemplateTestCase()
        : TestCase("a template allows all algorithms only if no mask lacks a bit")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Template().AllowsAllAlgorithms(), true, "the default");
        Template lacking;
        lacking.authAlgorithms = 0x7fffffff;
        NS_TEST_EXPECT_MSG_EQ(lacking.AllowsAllAlgorithms(), false, "authentication");
        lacking = {};
        lacking.encryptionAlgorithms = UINT32_MAX - 1;
        NS_TEST_EXPECT_MSG_EQ(lacking.AllowsAllAlgorithms(), false, "ciphers");
        lacking = {};
        lacking.compressionAlgorithms = 0;
        NS_TEST_EXPECT_MSG_EQ(lacking.AllowsAllAlgorithms(), false, "compression");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(Mode::Transport), 0, "transport");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(Mode::Tunnel), 1, "tunnel");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(Mode::Beet), 4, "BEET");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Family, mark, type and selector must all fit (R117).
 *
 * The policy takes marks whose low byte is 5: 0x105 is one, 6 is not.  A mark value with bits
 * outside its mask is never taken.
 */
class PolicyMatchTestCase : public TestCase
{
  public:
    PolicyMatchTestCase()
        : TestCase("a policy takes a flow only if family, mark, type and selector fit")
    {
    }

  private:
    void DoRun() override
    {
        PolicyConfig config = MakePolicy("10.1.0.0/16", "10.2.0.0/16");
        config.mark = {5, 0xff};
        const Policy policy(config);
        Flow flow = MakeFlow("10.1.0.1", "10.2.0.1");
        flow.common.mark = 0x105;
        const PolicyType main = PolicyType::Main;
        NS_TEST_EXPECT_MSG_EQ(policy.Matches(flow, main, Family::Ipv4), true, "all fit");
        NS_TEST_EXPECT_MSG_EQ(policy.Matches(flow, main, Family::Ipv6), false, "family");
        NS_TEST_EXPECT_MSG_EQ(policy.Matches(flow, PolicyType::Sub, Family::Ipv4), false, "type");
        Flow elsewhere = flow;
        elsewhere.destination = Ipv4Address("10.3.0.1");
        NS_TEST_EXPECT_MSG_EQ(policy.Matches(elsewhere, main, Family::Ipv4), false, "selector");
        flow.common.mark = 6;
        NS_TEST_EXPECT_MSG_EQ(policy.Matches(flow, main, Family::Ipv4), false, "mark");
        config.mark = {0x105, 0xff};
        flow.common.mark = 0x105;
        NS_TEST_EXPECT_MSG_EQ(Policy(config).Matches(flow, main, Family::Ipv4),
                              false,
                              "0x105/0xff");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Policy and Template.
 */
class PolicyTestSuite : public TestSuite
{
  public:
    PolicyTestSuite()
        : TestSuite("xfrm-policy", UNIT)
    {
        AddTestCase(new PolicyMakeupTestCase, TestCase::QUICK);
        AddTestCase(new PolicyRefusedTestCase, TestCase::QUICK);
        AddTestCase(new TemplateTestCase, TestCase::QUICK);
        AddTestCase(new PolicyMatchTestCase, TestCase::QUICK);
    }
};

static PolicyTestSuite g_policyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
