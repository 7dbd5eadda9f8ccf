/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-lookup-study.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a study of one core: 1000 packets of 100 bytes at equal distances in 10 ms
StudyConfig
MakeConfig(StudyWork work, bool hasOneState)
{
    StudyConfig config;
    config.profile = CostProfile::Load("linux-4.1-default");
    config.work = work;
    config.policies = MakeStudyPolicies({.nInexact = 2, .hasOneState = hasOneState});
    TrafficClass packets;
    packets.name = "packets";
    packets.arrivals.kind = ArrivalConfig::Kind::Constant;
    packets.arrivals.rate = 1e5;
    packets.flows.kind = FlowConfig::Kind::Scan;
    packets.flows.nFlows = 10;
    config.traffic.classes.push_back(packets);
    config.duration = MilliSeconds(10);
    config.interval = MilliSeconds(10);
    return config;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief 1000 packets in 10 ms, of 10 flows, which take turns in two policies.
 *
 * Each is received, found by its SPI, opened (100 bytes inside), checked against a policy for input
 * and delivered; the ten flows miss in the flow cache once each.
 */
class StudyReceiveTestCase : public TestCase
{
  public:
    StudyReceiveTestCase()
        : TestCase("packets of tunnels are opened, checked and delivered")
    {
    }

  private:
    void Check(bool hasOneState)
    {
        LookupStudy study(MakeConfig(StudyWork::Receive, hasOneState));
        const StudyCore total = study.Run().GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.nOffered, 1000, "arrived");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.GetCarried(), 1000, "delivered");
        NS_TEST_EXPECT_MSG_EQ(total.work.packet.nReceived, 1000, "received");
        NS_TEST_EXPECT_MSG_EQ(total.work.packet.nDelivered, 1000, "delivered");
        NS_TEST_EXPECT_MSG_EQ(total.work.state.nSpiLookups, 1000, "searches");
        NS_TEST_EXPECT_MSG_EQ(total.work.transform.nOpened, 1000, "opened");
        NS_TEST_EXPECT_MSG_EQ(total.work.transform.nOpenedBytes, 100000, "bytes inside");
        NS_TEST_EXPECT_MSG_EQ(total.work.nPolicyChecks, 1000, "checks");
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nMisses, 10, "a miss a flow");
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nHits, 990, "hits");
        NS_TEST_EXPECT_MSG_EQ(total.work.nOutputLookups, 0, "nothing is sent");
    }

    void DoRun() override
    {
        Check(true);
        Check(false);
        StudyConfig config = MakeConfig(StudyWork::Receive, true);
        config.policies.states.clear();
        std::string error;
        try
        {
            LookupStudy study(config);
        }
        catch (const std::invalid_argument& refused)
        {
            error = refused.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error,
                              "work receive: must be lookup or forward with policies of one's own",
                              "no states");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Lines that packets write: of a lookup when its policy was last used, of a packet that is
 * sent also the next identification of its tunnel.
 */
class StudyLinesTestCase : public TestCase
{
  public:
    StudyLinesTestCase()
        : TestCase("lookups write the line of their policy, packets sent that of their tunnel too")
    {
    }

  private:
    static uint64_t CountTouches(StudyWork work, const std::string& locks)
    {
        StudyConfig config = MakeConfig(work, true);
        config.locks = LockPreset::Find(locks);
        return LookupStudy(config).Run().locks[static_cast<size_t>(Stage::SharedUse)].nTaken;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(CountTouches(StudyWork::Lookup, "linux-4.2-lines"), 1000, "lookups");
        NS_TEST_EXPECT_MSG_EQ(CountTouches(StudyWork::Forward, "linux-4.2-lines"), 2000, "packets");
        NS_TEST_EXPECT_MSG_EQ(CountTouches(StudyWork::Forward, "linux-4.2"), 0, "no lines");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what studies do besides lookups.
 */
class StudyReceiveTestSuite : public TestSuite
{
  public:
    StudyReceiveTestSuite()
        : TestSuite("xfrm-study-receive", UNIT)
    {
        AddTestCase(new StudyReceiveTestCase, TestCase::QUICK);
        AddTestCase(new StudyLinesTestCase, TestCase::QUICK);
    }
};

static StudyReceiveTestSuite g_studyReceiveTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
