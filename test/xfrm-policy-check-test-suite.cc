/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-policy-check.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A host that checks what it received.
class CheckFixture
{
  public:
    CheckFixture()
        : check(host.net)
    {
    }

    /// @param spi its SPI @param mode its mode @return a state that stands on paths, reqid 1
    static Ptr<State> MakeState(uint32_t spi, Mode mode)
    {
        StateConfig config = NamespaceFixture::MakeState(spi);
        config.mode = mode;
        return Create<State>(config, std::make_shared<NoType>());
    }

    /// @param config a policy @return the same for direction In
    static PolicyConfig MakeIn(PolicyConfig config)
    {
        config.direction = Direction::In;
        return config;
    }

    /// @brief Check the flow with a path.  @param path the path @return the counter moved, or "ok"
    std::string Check(const SecPath& path)
    {
        const Flow flow = NamespaceFixture::MakeFlow();
        const CheckResult result = check.Check(Direction::In, &flow, path, host.Here());
        return result.isAccepted ? "ok" : Statistics::GetLabel(*result.counter);
    }

    NamespaceFixture host; //!< the host
    PolicyCheck check;     //!< its check

  private:
    /// Sizes that nobody asks for.
    class NoType : public TransformType
    {
      public:
        uint32_t GetHeaderLength() const override
        {
            return 0;
        }

        uint32_t GetTrailerLength() const override
        {
            return 0;
        }

        std::optional<uint32_t> GetMtu(uint32_t mtu) const override
        {
            return mtu;
        }

        uint32_t GetSealedLength(uint32_t clearBytes, uint32_t /*padToBytes*/) const override
        {
            return clearBytes;
        }

        uint8_t GetAuthNumber() const override
        {
            return 3; // hmac(sha1)
        }

        CryptoClasses GetCrypto() const override
        {
            return {};
        }

        std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& /*config*/) const override
        {
            return nullptr;
        }
    };
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Who is not checked at all (R260).
 *
 * No policy of the direction and no path, or an exempt input device.  A path alone, or a policy of
 * that direction alone, asks for the check; a policy of another direction does not.
 */
class PolicyCheckFastTestCase : public TestCase
{
  public:
    PolicyCheckFastTestCase()
        : TestCase("without policies and path, or on an exempt device, packets pass unchecked")
    {
    }

  private:
    void DoRun() override
    {
        CheckFixture fixture;
        const SecPath path{CheckFixture::MakeState(1, Mode::Tunnel)};
        const auto passes = [&](const SecPath& which, bool hasNoPolicy) {
            return fixture.check.PassesUnchecked(Direction::In, which, hasNoPolicy);
        };
        NS_TEST_EXPECT_MSG_EQ(passes({}, false), true, "nothing");
        NS_TEST_EXPECT_MSG_EQ(passes(path, false), false, "a path");
        NS_TEST_EXPECT_MSG_EQ(passes(path, true), true, "NOPOLICY");
        fixture.host.Add(NamespaceFixture::MakePolicy());
        NS_TEST_EXPECT_MSG_EQ(passes({}, false), true, "an Out policy");
        fixture.host.Add(CheckFixture::MakeIn(NamespaceFixture::MakePolicy()));
        NS_TEST_EXPECT_MSG_EQ(passes({}, false), false, "an In policy");
        NS_TEST_EXPECT_MSG_EQ(fixture.check.PassesUnchecked(Direction::Forward, {}, false),
                              true,
                              "other direction");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Header, selectors of the path, and no policy (R261, R262, C46, R274).
 *
 * Without policy a packet out of a tunnel is refused, one out of transport mode or in clear passes.
 */
class PolicyCheckNoPolicyTestCase : public TestCase
{
  public:
    PolicyCheckNoPolicyTestCase()
        : TestCase("without a policy only packets out of tunnels are refused")
    {
    }

  private:
    void DoRun() override
    {
        CheckFixture fixture;
        const Ptr<State> tunnel = CheckFixture::MakeState(1, Mode::Tunnel);
        const Ptr<State> transport = CheckFixture::MakeState(2, Mode::Transport);
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({tunnel}), "XfrmInNoPols", "tunnel");
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({transport}), "ok", "transport");
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({}), "ok", "clear");
        const CheckResult unread =
            fixture.check.Check(Direction::In, nullptr, {}, fixture.host.Here());
        NS_TEST_EXPECT_MSG_EQ(unread.isAccepted, false, "unreadable");
        NS_TEST_EXPECT_MSG_EQ((unread.counter == Counter::InHdrError), true, "unreadable");
        StateConfig narrow = NamespaceFixture::MakeState(3);
        narrow.selector.source = Ipv4Address("192.0.2.0");
        narrow.selector.sourcePrefix = 24;
        const SecPath path{transport, Create<State>(narrow, nullptr)};
        NS_TEST_EXPECT_MSG_EQ(fixture.Check(path), "XfrmInStateMismatch", "selector");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Actions and use times (R262, R263, R64): the cache serves, SUB takes MAIN's In policy
 * along.
 *
 * MAIN is searched in direction In even for a forwarded packet, so a blocking In policy blocks it.
 */
class PolicyCheckActionTestCase : public TestCase
{
  public:
    PolicyCheckActionTestCase()
        : TestCase("policies block, and a SUB policy takes the MAIN policy of direction In along")
    {
    }

  private:
    void DoRun() override
    {
        CheckFixture fixture;
        PolicyConfig block = CheckFixture::MakeIn(NamespaceFixture::MakePolicy());
        block.action = PolicyAction::Block;
        const Ptr<Policy> blocking = fixture.host.Add(block);
        fixture.host.now = Seconds(1);
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({}), "XfrmInPolBlock", "blocked");
        NS_TEST_EXPECT_MSG_EQ(blocking->GetUse().useTime, 1434931201, "used all the same");
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({}), "XfrmInPolBlock", "blocked again");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.cache.nHits, 1, "from the cache");

        PolicyConfig sub = NamespaceFixture::MakePolicy();
        sub.type = PolicyType::Sub;
        sub.direction = Direction::Forward;
        fixture.host.Add(sub);
        const Flow flow = NamespaceFixture::MakeFlow();
        const CheckResult forwarded =
            fixture.check.Check(Direction::Forward, &flow, {}, fixture.host.Here());
        NS_TEST_EXPECT_MSG_EQ((forwarded.counter == Counter::InPolBlock), true, "MAIN of In");

        fixture.host.net.DeletePolicy(PolicyType::Main,
                                      Direction::In,
                                      block.selector,
                                      Mark(),
                                      fixture.host.Here());
        NS_TEST_EXPECT_MSG_EQ(fixture.Check({}), "ok", "a dead policy is not served (R64)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Templates against the path (R263, R264, R265, R266, R267, C45).
 *
 * Path T (tunnel, SPI 0x1) is outermost, then X (transport, SPI 0x2).  Templates are innermost
 * first, so the walk starts with the last.
 */
class PolicyCheckTemplateTestCase : public TestCase
{
  public:
    PolicyCheckTemplateTestCase()
        : TestCase("a packet must have shed the layers that the policy's templates name")
    {
    }

  private:
    void Expect(const std::string& name,
                const std::vector<Template>& templates,
                const SecPath& path,
                const std::string& expected)
    {
        CheckFixture fixture;
        fixture.host.Add(CheckFixture::MakeIn(NamespaceFixture::MakePolicy(templates)));
        NS_TEST_EXPECT_MSG_EQ(fixture.Check(path), expected, name);
    }

    void DoRun() override
    {
        const Ptr<State> t = CheckFixture::MakeState(1, Mode::Tunnel);
        const Ptr<State> x = CheckFixture::MakeState(2, Mode::Transport);
        const Template tunnel = NamespaceFixture::MakeTemplate();
        Template transport = tunnel;
        transport.mode = Mode::Transport;
        const auto change = [](Template wanted, void (*how)(Template&)) {
            how(wanted);
            return wanted;
        };
        const auto optional = [&](const Template& wanted) {
            return change(wanted, [](Template& w) { w.isOptional = true; });
        };
        const std::string bad = "XfrmInTmplMismatch";
        Expect("one tunnel", {tunnel}, {t}, "ok");
        Expect("clear against required", {tunnel}, {}, bad);
        Expect("clear against optional", {optional(tunnel)}, {}, "ok");
        Expect("optional transport", {optional(transport)}, {}, "ok");
        Expect("more tunnel than asked", {}, {t}, bad);
        Expect("more transport than asked", {}, {x}, "ok");
        Expect("transport skipped", {tunnel}, {x, t}, "ok");
        Expect("tunnel not skipped", {transport}, {t, x}, bad);
        Expect("both, innermost first", {transport, tunnel}, {t, x}, "ok");
        Expect("both, wrong order", {tunnel, transport}, {t, x}, bad);
        Expect("optional tunnel left over", {optional(tunnel)}, {t}, "ok");
        Expect("SPI", {change(tunnel, [](Template& w) { w.spi = 1; })}, {t}, "ok");
        Expect("other SPI", {change(tunnel, [](Template& w) { w.spi = 9; })}, {t}, bad);
        Expect("any reqid", {change(tunnel, [](Template& w) { w.reqid = 0; })}, {t}, "ok");
        Expect("other reqid", {change(tunnel, [](Template& w) { w.reqid = 2; })}, {t}, bad);
        Expect("protocol", {change(tunnel, [](Template& w) { w.proto = PROTO_AH; })}, {t}, bad);
        Expect("any source", {change(tunnel, [](Template& w) { w.source = {}; })}, {t}, "ok");
        Expect("source",
               {change(tunnel, [](Template& w) { w.source = Ipv4Address("10.9.0.9"); })},
               {t},
               bad);
        Expect("destination is not compared",
               {change(tunnel, [](Template& w) { w.destination = Ipv4Address("10.9.0.9"); })},
               {t},
               "ok");
        Expect("algorithm allowed",
               {change(tunnel, [](Template& w) { w.authAlgorithms = 1 << 3; })},
               {t},
               "ok");
        Expect("algorithm not allowed",
               {change(tunnel, [](Template& w) { w.authAlgorithms = 1 << 2; })},
               {t},
               bad);
        Expect("five templates", std::vector<Template>(5, optional(tunnel)), {}, "ok");
        Expect("six templates",
               std::vector<Template>(6, optional(tunnel)),
               {},
               "XfrmInBufferError");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Templates of two policies keep their order, SUB before MAIN (R268): the walk begins with
 * the last of MAIN, so that MAIN's layer, SPI 0x1, is outside.
 */
class PolicyCheckOrderTestCase : public TestCase
{
  public:
    PolicyCheckOrderTestCase()
        : TestCase("templates of a SUB policy are inside those of its MAIN policy")
    {
    }

  private:
    static std::string Check(const SecPath& path)
    {
        CheckFixture fixture;
        Template wanted = NamespaceFixture::MakeTemplate();
        wanted.mode = Mode::Transport;
        wanted.spi = 1;
        fixture.host.Add(CheckFixture::MakeIn(NamespaceFixture::MakePolicy({wanted})));
        wanted.spi = 2;
        PolicyConfig sub = CheckFixture::MakeIn(NamespaceFixture::MakePolicy({wanted}));
        sub.type = PolicyType::Sub;
        fixture.host.Add(sub);
        return fixture.Check(path);
    }

    void DoRun() override
    {
        const Ptr<State> ofMain = CheckFixture::MakeState(1, Mode::Transport);
        const Ptr<State> ofSub = CheckFixture::MakeState(2, Mode::Transport);
        NS_TEST_EXPECT_MSG_EQ(Check({ofMain, ofSub}), "ok", "outermost first");
        NS_TEST_EXPECT_MSG_EQ(Check({ofSub, ofMain}), "XfrmInTmplMismatch", "the wrong way round");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A state that the kernel made for IPcomp meets only optional templates of its source
 * (R264), whatever their protocol.
 */
class PolicyCheckKernelOwnedTestCase : public TestCase
{
  public:
    PolicyCheckKernelOwnedTestCase()
        : TestCase("a state of the kernel meets only optional templates")
    {
    }

  private:
    static std::string Check(bool isOptional, const std::string& source)
    {
        CheckFixture fixture;
        Template wanted = NamespaceFixture::MakeTemplate();
        wanted.proto = PROTO_COMP;
        wanted.isOptional = isOptional;
        wanted.source = Ipv4Address(source.c_str());
        fixture.host.Add(CheckFixture::MakeIn(NamespaceFixture::MakePolicy({wanted})));
        StateConfig config = NamespaceFixture::MakeState(1);
        config.mode = Mode::Tunnel;
        config.isKernelOwned = true;
        return fixture.Check({Create<State>(config, nullptr)});
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Check(true, "10.9.0.1"), "ok", "optional");
        NS_TEST_EXPECT_MSG_EQ(Check(true, "10.9.0.7"), "XfrmInTmplMismatch", "another source");
        NS_TEST_EXPECT_MSG_EQ(Check(false, "10.9.0.1"), "XfrmInTmplMismatch", "required");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PolicyCheck.
 */
class PolicyCheckTestSuite : public TestSuite
{
  public:
    PolicyCheckTestSuite()
        : TestSuite("xfrm-policy-check", UNIT)
    {
        AddTestCase(new PolicyCheckFastTestCase, TestCase::QUICK);
        AddTestCase(new PolicyCheckNoPolicyTestCase, TestCase::QUICK);
        AddTestCase(new PolicyCheckActionTestCase, TestCase::QUICK);
        AddTestCase(new PolicyCheckTemplateTestCase, TestCase::QUICK);
        AddTestCase(new PolicyCheckOrderTestCase, TestCase::QUICK);
        AddTestCase(new PolicyCheckKernelOwnedTestCase, TestCase::QUICK);
    }
};

static PolicyCheckTestSuite g_policyCheckTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
