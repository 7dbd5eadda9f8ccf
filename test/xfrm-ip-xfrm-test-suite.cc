/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @param text one command @return what it does
template <typename Action>
Action
ReadOne(const std::string& text)
{
    return std::get<Action>(IpXfrm::Read(text, "test").at(0).action);
}

/// An `ip xfrm state add` without mode and whatever else is to be tested.
const std::string ADD_STATE{
    "state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 enc cipher_null '' "};

/// An `ip xfrm policy add` without whatever else is to be tested.
const std::string ADD_POLICY{"policy add dir out "};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A state as gateways have it: every field that is named, and the defaults of R131.
 */
class IpXfrmStateTestCase : public TestCase
{
  public:
    IpXfrmStateTestCase()
        : TestCase("state add sets the fields that it names and the kernel's defaults (R131)")
    {
    }

  private:
    void DoRun() override
    {
        const auto config =
            ReadOne<StateAdd>("ip -n nA xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi "
                              "0x1001 reqid 1 mode tunnel replay-window 32 aead "
                              "'rfc4106(gcm(aes))' 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128")
                .config;
        NS_TEST_EXPECT_MSG_EQ((config.source == Ipv4Address("10.9.0.1")), true, "source");
        NS_TEST_EXPECT_MSG_EQ((config.id.destination == Ipv4Address("10.9.0.2")),
                              true,
                              "destination");
        NS_TEST_EXPECT_MSG_EQ(config.id.spi, 0x1001, "SPI");
        NS_TEST_EXPECT_MSG_EQ(+config.id.proto, 50, "ESP");
        NS_TEST_EXPECT_MSG_EQ((config.family == Family::Ipv4), true, "family");
        NS_TEST_EXPECT_MSG_EQ((config.mode == Mode::Tunnel), true, "mode");
        NS_TEST_EXPECT_MSG_EQ(config.reqid, 1, "request id");
        NS_TEST_EXPECT_MSG_EQ(config.replay.windowPackets, 32, "window");
        NS_TEST_EXPECT_MSG_EQ(config.replay.isExtended, false, "no extended numbers");
        NS_TEST_EXPECT_MSG_EQ(config.aead.value().name, "rfc4106(gcm(aes))", "algorithm");
        NS_TEST_EXPECT_MSG_EQ(config.aead->key.size(), 20, "key of 16 bytes and salt of 4");
        NS_TEST_EXPECT_MSG_EQ(+config.aead->key.front(), 0x10, "first byte of the key");
        NS_TEST_EXPECT_MSG_EQ(+config.aead->key.back(), 0xa3, "last byte of the salt");
        NS_TEST_EXPECT_MSG_EQ(config.aead->icvBits, 128, "integrity check value");
        NS_TEST_EXPECT_MSG_EQ((config.selector == Selector()), true, "any flow, family unset");
        NS_TEST_EXPECT_MSG_EQ((config.limits == LifetimeLimits()), true, "no limits");
        NS_TEST_EXPECT_MSG_EQ((config.mark == Mark()), true, "any mark");
        NS_TEST_EXPECT_MSG_EQ(+config.flags, 0, "no flags");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Words of a state that stand for one field each.
 *
 * Flags have the numbers of R134.  replay-window decides between the variants of R170.
 */
class IpXfrmStateWordsTestCase : public TestCase
{
  public:
    IpXfrmStateWordsTestCase()
        : TestCase("each word of state add sets its field (R130, R134, R170)")
    {
    }

  private:
    void DoRun() override
    {
        const auto read = [](const std::string& words) {
            return ReadOne<StateAdd>(ADD_STATE + words).config;
        };
        NS_TEST_EXPECT_MSG_EQ((read("").mode == Mode::Transport), true, "mode unless told");
        NS_TEST_EXPECT_MSG_EQ((read("mode tun").mode == Mode::Tunnel), true, "abbreviated mode");
        NS_TEST_EXPECT_MSG_EQ(+read("flag noecn decap-dscp flag icmp").flags, 19, "1 + 2 + 16");
        NS_TEST_EXPECT_MSG_EQ(+read("flag 0x44").flags, 0x44, "flags as a number");
        NS_TEST_EXPECT_MSG_EQ(read("extra-flag dont-encap-dscp").extraFlags, 1, "extra flag");
        const auto esn = read("replay-window 64 flag esn replay-oseq 0xfffffffa replay-seq 7 "
                              "replay-oseq-hi 1 replay-seq-hi 2")
                             .replay;
        NS_TEST_EXPECT_MSG_EQ(esn.isExtended, true, "esn");
        NS_TEST_EXPECT_MSG_EQ(esn.windowPackets, 64, "its window");
        NS_TEST_EXPECT_MSG_EQ(esn.outSequence, 0xfffffffa, "last number sent");
        NS_TEST_EXPECT_MSG_EQ(esn.inSequence, 7, "highest number received");
        NS_TEST_EXPECT_MSG_EQ(esn.outSequenceHigh, 1, "high half of the one");
        NS_TEST_EXPECT_MSG_EQ(esn.inSequenceHigh, 2, "high half of the other");
        const auto encap = read("encap espinudp 4500 4501 0.0.0.0");
        NS_TEST_EXPECT_MSG_EQ((encap.encapType == EncapType::EspInUdp), true, "encapsulation");
        NS_TEST_EXPECT_MSG_EQ(encap.encapSourcePort, 4500, "its source port");
        NS_TEST_EXPECT_MSG_EQ(encap.encapDestinationPort, 4501, "its destination port");
        NS_TEST_EXPECT_MSG_EQ((read("mark 5").mark == Mark{5, UINT32_MAX}), true, "whole mark");
        NS_TEST_EXPECT_MSG_EQ((read("mark 5 mask 0xff").mark == Mark{5, 0xff}), true, "mark");
        NS_TEST_EXPECT_MSG_EQ(read("mode tunnel tfcpad 400").tfcPad, 400, "padding");
        NS_TEST_EXPECT_MSG_EQ(read("seq 9 reqid 010").sequence, 9, "acquire");
        NS_TEST_EXPECT_MSG_EQ(read("seq 9 reqid 010").reqid, 8, "an octal number");
        const auto auth = read("auth-trunc sha1 'secret' 80").auth.value();
        NS_TEST_EXPECT_MSG_EQ(auth.name, "hmac(sha1)", "the name behind a short one");
        NS_TEST_EXPECT_MSG_EQ(auth.key.size(), 6, "a key of characters");
        NS_TEST_EXPECT_MSG_EQ(+auth.key[0], 's', "its first one");
        NS_TEST_EXPECT_MSG_EQ(auth.icvBits, 80, "truncation");
        NS_TEST_EXPECT_MSG_EQ(read("auth sha1 0x123").auth->icvBits, 0, "the algorithm's own");
        NS_TEST_EXPECT_MSG_EQ(+read("auth sha1 0x123").auth->key.at(0), 0x1, "odd digits: first");
        NS_TEST_EXPECT_MSG_EQ(+read("auth sha1 0x123").auth->key.at(1), 0x23, "odd digits: last");
        const auto device = ReadOne<StateAdd>(ADD_STATE + "sel dev eth0 proto udp").device;
        NS_TEST_EXPECT_MSG_EQ(device.value().name, "eth0", "device of the selector");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Limits of a lifetime, of states and policies alike.
 */
class IpXfrmLimitsTestCase : public TestCase
{
  public:
    IpXfrmLimitsTestCase()
        : TestCase("each limit sets its field (R122, R160, R162)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string words{"limit time-soft 1 limit time-hard 2 limit time-use-soft 3 limit "
                                "time-use-hard 4 limit byte-soft 5 limit byte-hard 6 limit "
                                "packet-soft 7 limit packet-hard 0x8"};
        LifetimeLimits expected;
        expected.softAddSeconds = 1;
        expected.hardAddSeconds = 2;
        expected.softUseSeconds = 3;
        expected.hardUseSeconds = 4;
        expected.softBytes = 5;
        expected.hardBytes = 6;
        expected.softPackets = 7;
        expected.hardPackets = 8;
        const auto ofState = ReadOne<StateAdd>(ADD_STATE + words).config.limits;
        const auto ofPolicy = ReadOne<PolicyAdd>(ADD_POLICY + words).config.limits;
        NS_TEST_EXPECT_MSG_EQ((ofState == expected), true, "state");
        NS_TEST_EXPECT_MSG_EQ((ofPolicy == expected), true, "policy");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Selectors: what iproute2 makes of the words, by R100 and R102.
 *
 * Port 0 means any port, yet type 0 (echo reply) is a type.  The key 0x00010002 of GRE is split.
 */
class IpXfrmSelectorTestCase : public TestCase
{
  public:
    IpXfrmSelectorTestCase()
        : TestCase("the words of a selector set its fields (R100, R102)")
    {
    }

  private:
    void DoRun() override
    {
        const auto read = [](const std::string& words) {
            return ReadOne<PolicyAdd>(ADD_POLICY + words).config.selector;
        };
        const Selector any = read("");
        NS_TEST_EXPECT_MSG_EQ(any.family, 2, "IPv4 unless told");
        NS_TEST_EXPECT_MSG_EQ(+any.sourcePrefix + any.destinationPrefix, 0, "any address");
        const Selector net = read("src 10.1.0.7/24 dst 10.2.0.1");
        NS_TEST_EXPECT_MSG_EQ((net.source == Ipv4Address("10.1.0.7")), true, "bits are kept");
        NS_TEST_EXPECT_MSG_EQ(+net.sourcePrefix, 24, "prefix length");
        NS_TEST_EXPECT_MSG_EQ(+net.destinationPrefix, 32, "a host");
        NS_TEST_EXPECT_MSG_EQ((read("src 10.2/16").source == Ipv4Address("10.2.0.0")),
                              true,
                              "10.2");
        NS_TEST_EXPECT_MSG_EQ(+read("src 10.2.0.0/255.255.128.0").sourcePrefix, 17, "netmask");
        const Selector ipv6 = read("dst fd00::1/64");
        NS_TEST_EXPECT_MSG_EQ(ipv6.family, 10, "IPv6");
        NS_TEST_EXPECT_MSG_EQ((ipv6.destination == Ipv6Address("fd00::1")), true, "its address");
        NS_TEST_EXPECT_MSG_EQ(+ipv6.destinationPrefix, 64, "its prefix length");
        const Selector ports = read("proto udp sport 0 dport 6000");
        NS_TEST_EXPECT_MSG_EQ(+ports.proto, 17, "UDP");
        NS_TEST_EXPECT_MSG_EQ(ports.sourcePortMask, 0, "port 0 is any");
        NS_TEST_EXPECT_MSG_EQ(ports.destinationPort, 6000, "port");
        NS_TEST_EXPECT_MSG_EQ(ports.destinationPortMask, 0xffff, "its mask");
        const Selector icmp = read("proto icmp type 0");
        NS_TEST_EXPECT_MSG_EQ(icmp.sourcePort, 0, "echo reply");
        NS_TEST_EXPECT_MSG_EQ(icmp.sourcePortMask, 0xffff, "type 0 is a type");
        NS_TEST_EXPECT_MSG_EQ(icmp.destinationPortMask, 0, "any code");
        const Selector gre = read("proto 47 key 0x00010002");
        NS_TEST_EXPECT_MSG_EQ(gre.sourcePort, 1, "high half of the key");
        NS_TEST_EXPECT_MSG_EQ(gre.destinationPort, 2, "low half of the key");
        const Selector dotted = read("proto gre key 1.2.3.4");
        NS_TEST_EXPECT_MSG_EQ(dotted.sourcePort, 0x0102, "high half of a dotted key");
        NS_TEST_EXPECT_MSG_EQ(+read("proto TCP").proto, 6, "capitals");
        NS_TEST_EXPECT_MSG_EQ(+read("proto any").proto, 0, "any protocol");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policies: own fields and templates (R105, R106).
 *
 * A template without addresses has the family of the policy; every algorithm is allowed.
 */
class IpXfrmPolicyTestCase : public TestCase
{
  public:
    IpXfrmPolicyTestCase()
        : TestCase(
              "policy add sets the fields that it names and the kernel's defaults (R105, R106)")
    {
    }

  private:
    void DoRun() override
    {
        const auto plain = ReadOne<PolicyAdd>(ADD_POLICY).config;
        NS_TEST_EXPECT_MSG_EQ((plain.direction == Direction::Out), true, "direction");
        NS_TEST_EXPECT_MSG_EQ((plain.action == PolicyAction::Allow), true, "allow unless told");
        NS_TEST_EXPECT_MSG_EQ((plain.type == PolicyType::Main), true, "MAIN unless told");
        NS_TEST_EXPECT_MSG_EQ(plain.priority + plain.index + plain.flags, 0, "nothing else");
        const auto full = ReadOne<PolicyAdd>("policy add src 10.1.0.0/24 dst 10.2.0.0/24 dev eth1 "
                                             "dir fwd priority 0x10 index 18 flag localok icmp "
                                             "ptype sub action block mark 1 mask 3");
        NS_TEST_EXPECT_MSG_EQ((full.config.direction == Direction::Forward), true, "fwd");
        NS_TEST_EXPECT_MSG_EQ((full.config.action == PolicyAction::Block), true, "block");
        NS_TEST_EXPECT_MSG_EQ((full.config.type == PolicyType::Sub), true, "SUB");
        NS_TEST_EXPECT_MSG_EQ(full.config.priority, 16, "priority");
        NS_TEST_EXPECT_MSG_EQ(full.config.index, 18, "index: 16 + forward");
        NS_TEST_EXPECT_MSG_EQ(+full.config.flags, 3, "flags");
        NS_TEST_EXPECT_MSG_EQ((full.config.mark == Mark{1, 3}), true, "mark");
        NS_TEST_EXPECT_MSG_EQ(full.device.value().name, "eth1", "device");
        const auto templates =
            ReadOne<PolicyAdd>(ADD_POLICY + "tmpl proto comp reqid 2 level use mode transport "
                                            "tmpl src 10.9.0.1 dst 10.9.0.2 proto esp spi 5 "
                                            "reqid 7 mode tunnel")
                .config.templates;
        NS_TEST_ASSERT_MSG_EQ(templates.size(), 2, "templates");
        Template inner;
        inner.proto = PROTO_COMP;
        inner.reqid = 2;
        inner.isOptional = true;
        NS_TEST_EXPECT_MSG_EQ((templates[0] == inner), true, "first template");
        Template outer;
        outer.source = Ipv4Address("10.9.0.1");
        outer.destination = Ipv4Address("10.9.0.2");
        outer.spi = 5;
        outer.reqid = 7;
        outer.mode = Mode::Tunnel;
        NS_TEST_EXPECT_MSG_EQ((templates[1] == outer), true, "second template");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The other verbs.
 */
class IpXfrmVerbsTestCase : public TestCase
{
  public:
    IpXfrmVerbsTestCase()
        : TestCase("verbs other than add, and abbreviated ones, are read")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(+ReadOne<StateFlush>("state flush").proto, 0, "all states");
        NS_TEST_EXPECT_MSG_EQ(+ReadOne<StateFlush>("x s f proto ah").proto, 51, "those of AH");
        NS_TEST_EXPECT_MSG_EQ((ReadOne<PolicyFlush>("p f").type == PolicyType::Main), true, "MAIN");
        NS_TEST_EXPECT_MSG_EQ(
            (ReadOne<PolicyFlush>("policy flush ptype sub").type == PolicyType::Sub),
            true,
            "SUB");
        const auto state = ReadOne<StateDelete>("state delete dst 10.9.0.2 proto ah spi 3 mark 4");
        NS_TEST_EXPECT_MSG_EQ((state.id == StateId{Ipv4Address("10.9.0.2"), 3, PROTO_AH}),
                              true,
                              "state to delete");
        NS_TEST_EXPECT_MSG_EQ(state.mark.Get(), 4, "its mark");
        const auto policy = ReadOne<PolicyDelete>("policy d src 10.1.0.0/24 dir in ptype sub");
        NS_TEST_EXPECT_MSG_EQ(+policy.selector.sourcePrefix, 24, "policy to delete");
        NS_TEST_EXPECT_MSG_EQ((policy.direction == Direction::In), true, "its direction");
        NS_TEST_EXPECT_MSG_EQ((policy.type == PolicyType::Sub), true, "its type");
        NS_TEST_EXPECT_MSG_EQ(ReadOne<PolicyDelete>("policy delete index 9 dir out").index, 9, "");
        ReadOne<StateUpdate>("state update src 10.9.0.1 proto esp spi 1 enc cipher_null ''");
        ReadOne<PolicyUpdate>("policy update dir in");
        const auto defaults = ReadOne<PolicySetDefault>("policy setdefault out block in accept");
        NS_TEST_EXPECT_MSG_EQ((defaults.actions[0] == PolicyAction::Allow), true, "in");
        NS_TEST_EXPECT_MSG_EQ((defaults.actions[1] == PolicyAction::Block), true, "out");
        NS_TEST_EXPECT_MSG_EQ(defaults.actions[2].has_value(), false, "forward: as it was");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what IpXfrm makes of commands.
 */
class IpXfrmTestSuite : public TestSuite
{
  public:
    IpXfrmTestSuite()
        : TestSuite("xfrm-ip-xfrm", UNIT)
    {
        AddTestCase(new IpXfrmStateTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmStateWordsTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmLimitsTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmSelectorTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmPolicyTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmVerbsTestCase, TestCase::QUICK);
    }
};

static IpXfrmTestSuite g_ipXfrmTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
