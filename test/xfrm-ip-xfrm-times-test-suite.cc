/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-run.h"

#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A node is given a policy now and a flush in a second.
 */
class ConfigureTimesTestCase : public TestCase
{
  public:
    ConfigureTimesTestCase()
        : TestCase("commands of a node are carried out at their time")
    {
    }

  private:
    void DoRun() override
    {
        const auto node = CreateObject<Node>();
        InternetStackHelper().Install(node);
        XfrmHelper().Install(node);
        XfrmHelper::Configure(node, "policy add dir in\n# at 1s\npolicy flush");
        const auto& policies = XfrmHelper::GetRouting(node)->GetNamespace().GetPolicies();
        NS_TEST_EXPECT_MSG_EQ(policies.GetAll().size(), 1, "now");
        size_t nBefore = 0;
        Simulator::Schedule(MilliSeconds(999), [&] { nBefore = policies.GetAll().size(); });
        Simulator::Stop(MilliSeconds(1001));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(nBefore, 1, "just before");
        NS_TEST_EXPECT_MSG_EQ(policies.GetAll().size(), 0, "just after");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 100 packets a second from 100 ms to 1100 ms; gateway A blocks them up to 600 ms.
 *
 * So 50 are counted as blocked and 50 arrive, but for one at the edge.
 */
class RunTimesTestCase : public TestCase
{
  public:
    RunTimesTestCase()
        : TestCase("commands of a run are carried out at their time")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        const ScratchPath file("ip -n A xfrm policy add dir out action block\n"
                               "# at 600ms\n"
                               "ip -n A xfrm policy flush\n");
        config.ipXfrm = {file.Get()};
        config.udpArrivals = Arrivals::Constant;
        config.tcpFlows = 0;
        config.pingInterval = Time(0);
        const RunResult result = RunPackets(config);
        const uint64_t nBlocked = result.last.nodes[1].statistics.Get(Counter::OutPolBlock);
        NS_TEST_EXPECT_MSG_EQ_TOL(nBlocked, 50, 1, "before");
        NS_TEST_EXPECT_MSG_EQ_TOL(result.flows[0].counts.nReceived, 50, 1, "after");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What can't be carried out at its time, with the kernel's errno.
 */
class RunTimeErrorTestCase : public TestCase
{
  public:
    RunTimeErrorTestCase()
        : TestCase("a command that is refused at its time ends the run with its line and errno")
    {
    }

  private:
    void Expect(const std::string& text, const std::string& message)
    {
        const ScratchPath file(text);
        RunConfig config = MakeSilentRun();
        config.ipXfrm = {file.Get()};
        const std::string error = GetError([&] { RunPackets(config); });
        NS_TEST_EXPECT_MSG_NE(error.find(message), std::string::npos, error);
    }

    void DoRun() override
    {
        Expect("# at 200ms\nip -n A xfrm policy delete dir out index 9\n",
               ":2: delete on node A is refused: ENOENT: no policy has this selector or index");
        Expect("# at 200ms\nip -n A xfrm policy add dev wlan0 dir out\n",
               ": wlan0: must be a device of the host");
        Expect("# at 600ms\nip -n A xfrm policy flush\n",
               ":2: flush at 600ms: must be before the end of the run, 600ms");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of commands that carry a time.
 */
class IpXfrmTimesTestSuite : public TestSuite
{
  public:
    IpXfrmTimesTestSuite()
        : TestSuite("xfrm-ip-xfrm-times", SYSTEM)
    {
        AddTestCase(new ConfigureTimesTestCase, TestCase::QUICK);
        AddTestCase(new RunTimesTestCase, TestCase::QUICK);
        AddTestCase(new RunTimeErrorTestCase, TestCase::QUICK);
    }
};

static IpXfrmTimesTestSuite g_ipXfrmTimesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
