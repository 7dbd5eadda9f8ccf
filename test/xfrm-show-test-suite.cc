/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm-apply.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// What `-s` writes of a lifetime without limits that was not used, at the start of a namespace.
const std::string LIFETIME{"\tlifetime config:\n"
                           "\t  limit: soft (INF)(bytes), hard (INF)(bytes)\n"
                           "\t  limit: soft (INF)(packets), hard (INF)(packets)\n"
                           "\t  expire add: soft 0(sec), hard 0(sec)\n"
                           "\t  expire use: soft 0(sec), hard 0(sec)\n"
                           "\tlifetime current:\n"
                           "\t  0(bytes), 0(packets)\n"
                           "\t  add 2015-06-22 00:00:00 use -\n"};

/// @param host a host @param text a command that adds a state to it @return that state
Ptr<State>
AddState(NamespaceFixture& host, const std::string& text)
{
    const auto findDevice = [](const std::string&) { return 7; };
    Apply(IpXfrm::Read("state add " + text, "f").at(0), host.net, findDevice, host.Here());
    return host.net.GetStates().GetAll().at(0);
}

/// @param host a host @param text a command that adds a policy to it @return that policy
Ptr<Policy>
AddPolicy(NamespaceFixture& host, const std::string& text)
{
    const auto findDevice = [](const std::string&) { return 7; };
    Apply(IpXfrm::Read("policy add " + text, "f").at(0), host.net, findDevice, host.Here());
    return host.net.GetPolicies().GetAll().at(0);
}

/// @param text of a state @param options how @return what `ip` writes of a state added by it
std::string
ShowOne(const std::string& text, const ShowOptions& options = {})
{
    NamespaceFixture host;
    std::ostringstream shown;
    ShowState(shown, *AddState(host, text), options);
    return shown.str();
}

/// @param text of a state @param options how @return what `ip` writes of it before it is in service
std::string
ShowUnused(const std::string& text, const ShowOptions& options)
{
    const auto command = IpXfrm::Read("state add " + text, "f").at(0);
    std::ostringstream shown;
    ShowState(shown, *Create<State>(std::get<StateAdd>(command.action).config, nullptr), options);
    return shown.str();
}

/// @param text of a policy @param options how @return what `ip` writes of a policy added by it
std::string
ShowOnePolicy(const std::string& text, const ShowOptions& options = {})
{
    NamespaceFixture host;
    std::ostringstream shown;
    ShowPolicy(shown, *AddPolicy(host, text), options);
    return shown.str();
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A state of which much is set.
 *
 * As iproute2 6.1 has it: a sequence number is decimal behind 0x; extra flags are glued to the
 * flags and are shown with -s only; without -s there are no lengths of keys and no hexadecimal
 * request id.  Flags of -s are binary: noecn is bit 0, esn bit 7 (R134).
 */
class ShowStateTestCase : public TestCase
{
  public:
    ShowStateTestCase()
        : TestCase("a state is written with what was set of it, and more of it with -s (R134)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{
            "src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 26 mode tunnel seq 26 mark 5 "
            "mask 0xff flag noecn extra-flag dont-encap-dscp encap espinudp-nonike 4500 4501 "
            "0.0.0.0 tfcpad 400 enc aes 0x30313233343536373839303132333435 auth sha1 0x0102 sel "
            "src 1.2.4.0/23 dst 1.2.3.0/24 proto udp sport 6 dport 5 dev eth0"};
        const std::string start{"src 10.9.0.1 dst 10.9.0.2\n\tproto esp "};
        const std::string encap{"\tencap type espinudp-nonike sport 4500 dport 4501 addr 0.0.0.0\n"
                                "\tanti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000\n"
                                "\ttfcpad 400\n"
                                "\tsel src 1.2.4.0/23 dst 1.2.3.0/24 proto udp sport 6 dport 5 "};
        const std::string expected = start +
                                     "spi 0x00001001 reqid 26 mode tunnel\n"
                                     "\treplay-window 0 flag noecn\n"
                                     "\tmark 0x5/0xff \n"
                                     "\tauth-trunc hmac(sha1) 0x0102 96\n"
                                     "\tenc cbc(aes) 0x30313233343536373839303132333435\n" +
                                     encap + "dev if7 \n";
        NS_TEST_EXPECT_MSG_EQ(ShowOne(text), expected, "plain");
        const std::string detailed =
            start +
            "spi 0x00001001(4097) reqid 26(0x0000001a) mode tunnel\n"
            "\treplay-window 0 seq 0x00000026 flag noecnextra_flag dont-encap-dscp (0x00000001)\n"
            "\tmark 0x5/0xff \n"
            "\tauth-trunc hmac(sha1) 0x0102 (16 bits) 96\n"
            "\tenc cbc(aes) 0x30313233343536373839303132333435 (128 bits)\n" +
            encap + "dev eth0 uid 0\n" + LIFETIME +
            "\tstats:\n\t  replay-window 0 replay 0 failed 0\n";
        const ShowOptions options{.hasDetails = true, .nameDevice = [](int32_t) { return "eth0"; }};
        NS_TEST_EXPECT_MSG_EQ(ShowOne(text, options), detailed, "with -s");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Kinds of states, a line each; keys that are empty, and hidden ones.
 */
class ShowKindsTestCase : public TestCase
{
  public:
    ShowKindsTestCase()
        : TestCase("states of each protocol and family are written, in a line if asked for")
    {
    }

  private:
    void DoRun() override
    {
        const std::string replay{"\\\tanti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000\\"};
        const std::string any{"\tsel src 0.0.0.0/0 dst 0.0.0.0/0 \\\n"};
        const std::string id{"src 10.9.0.1 dst 10.9.0.2 proto "};
        const std::string start{"src 10.9.0.1 dst 10.9.0.2\\\tproto "};
        const ShowOptions options{.isOneLine = true};
        const std::vector<std::pair<std::string, std::string>> rows{
            {id + "comp spi 0x77 comp deflate",
             start +
                 "comp spi 0x00000077 reqid 0 mode transport\\\treplay-window 0 \\\tcomp "
                 "deflate " +
                 replay + any},
            {id + "esp spi 1 enc cipher_null '' replay-window 32 flag af-unspec",
             start +
                 "esp spi 0x00000001 reqid 0 mode transport\\\treplay-window 32 flag "
                 "af-unspec\\\tenc ecb(cipher_null) " +
                 replay + "\n"},
            {"src fd00::1 dst fd00::2 proto ah spi 2 auth-trunc sha1 0x01 80",
             "src fd00::1 dst fd00::2\\\tproto ah spi 0x00000002 reqid 0 mode "
             "transport\\\treplay-window 0 \\\tauth-trunc hmac(sha1) 0x01 80" +
                 replay + "\tsel src ::/0 dst ::/0 \\\n"},
        };
        for (const auto& [text, expected] : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(ShowUnused(text, options), expected, text);
        }
        const std::string hidden =
            ShowUnused(id + "esp spi 1 enc aes 0x30313233343536373839303132333435",
                       {.hidesKeys = true});
        NS_TEST_EXPECT_MSG_EQ(
            (hidden.find("\tenc cbc(aes) <<Keys hidden>>\n") != std::string::npos),
            true,
            hidden);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Windows of a ring are written apart, the last word first, 8 a line (R170, R174).
 *
 * 288 packets are 9 words.  A number lies as far behind the bit of the highest one before as it is
 * larger, where the bit of number n is (n - 1) modulo 288.  Before the first number that is
 * (2^32 - 1) mod 288 = 255, so number 1 is bit 256, bit 0 of the last word; number 33 is bit
 * 0 + 32, bit 0 of the second word.
 * The legacy word has the highest number in bit 0.
 */
class ShowReplayTestCase : public TestCase
{
  public:
    ShowReplayTestCase()
        : TestCase("replay windows are written as the kernel's variants have them (R170, R174)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{"src 10.9.0.1 dst 10.9.0.2 proto esp spi 1 enc cipher_null '' "};
        NamespaceFixture host;
        const auto ring = AddState(
            host,
            text + "replay-window 288 flag esn replay-oseq 10 replay-oseq-hi 3 replay-seq-hi 0");
        ring->GetReplay().Advance(1);
        ring->GetReplay().Advance(33);
        std::ostringstream shown;
        ShowState(shown, *ring);
        const std::string zeros{"00000000 "};
        const std::string expected =
            "\treplay-window 0 flag esn\n\tenc ecb(cipher_null) \n\tanti-replay esn context:\n"
            "\t seq-hi 0x0, seq 0x21, oseq-hi 0x3, oseq 0xa\n"
            "\t replay_window 288, bitmap-length 9\n"
            "\t 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000001 \n"
            "\t 00000000 \n";
        NS_TEST_EXPECT_MSG_EQ((shown.str().find(expected) != std::string::npos), true, shown.str());
        NamespaceFixture other;
        const auto word = AddState(other, text + "replay-window 32");
        word->GetReplay().Advance(1);
        word->GetReplay().Advance(4);
        std::ostringstream plain;
        ShowState(plain, *word);
        NS_TEST_EXPECT_MSG_EQ(
            (plain.str().find(
                 "\treplay-window 32 \n\tenc ecb(cipher_null) \n\tanti-replay context: "
                 "seq 0x4, oseq 0x0, bitmap 0x00000009\n") != std::string::npos),
            true,
            plain.str());
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A policy of which much is set, with two templates.
 *
 * Without -s neither index nor an action that allows are written, nor a template's SPI of 0 or
 * level required.  The index is the one asked for (R113); its low bits are the direction, out.
 */
class ShowPolicyTestCase : public TestCase
{
  public:
    ShowPolicyTestCase()
        : TestCase("a policy is written with what was set of it, and more of it with -s (R113)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{
            "src 10.1.0.0/24 dst 10.2.0.0/16 dev lo proto udp sport 7 dport 8 dir out index 17 "
            "mark 5 mask 0xff priority 3 flag 0x83 limit byte-soft 5 limit time-hard 700 limit "
            "time-use-soft 6 limit packet-hard 9 tmpl src 1.2.3.4 dst 5.6.7.8 proto esp spi 5 "
            "reqid 10 mode tunnel tmpl proto comp level use"};
        const std::string selector{
            "src 10.1.0.0/24 dst 10.2.0.0/16 proto udp sport 7 dport 8 dev if7 "};
        const std::string expected = selector +
                                     "\n\tdir out priority 3 ptype main flag localok icmp 80\n"
                                     "\tmark 0x5/0xff \n"
                                     "\ttmpl src 1.2.3.4 dst 5.6.7.8\n"
                                     "\t\tproto esp spi 0x00000005 reqid 10 mode tunnel\n"
                                     "\ttmpl src 0.0.0.0 dst 0.0.0.0\n"
                                     "\t\tproto comp reqid 0 mode transport\n"
                                     "\t\tlevel use \n";
        NS_TEST_EXPECT_MSG_EQ(ShowOnePolicy(text), expected, "plain");
        const std::string detailed =
            selector + "uid 0\n\tdir out action allow index 17 priority 3 ptype main share any "
                       "flag localok icmp 80 (0x10000011)\n"
                       "\tlifetime config:\n"
                       "\t  limit: soft 5(bytes), hard (INF)(bytes)\n"
                       "\t  limit: soft (INF)(packets), hard 9(packets)\n"
                       "\t  expire add: soft 0(sec), hard 700(sec)\n"
                       "\t  expire use: soft 6(sec), hard 0(sec)\n"
                       "\tlifetime current:\n"
                       "\t  0(bytes), 0(packets)\n"
                       "\t  add 2015-06-22 00:00:00 use -\n"
                       "\tmark 0x5/0xff \n"
                       "\ttmpl src 1.2.3.4 dst 5.6.7.8\n"
                       "\t\tproto esp spi 0x00000005(5) reqid 10(0x0000000a) mode tunnel\n"
                       "\t\tlevel required share any \n"
                       "\t\tenc-mask ffffffff auth-mask ffffffff comp-mask ffffffff\n"
                       "\ttmpl src 0.0.0.0 dst 0.0.0.0\n"
                       "\t\tproto comp spi 0x00000000(0) reqid 0(0x00000000) mode transport\n"
                       "\t\tlevel use share any \n"
                       "\t\tenc-mask ffffffff auth-mask ffffffff comp-mask ffffffff\n";
        NS_TEST_EXPECT_MSG_EQ(ShowOnePolicy(text, {.hasDetails = true}), detailed, "with -s");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Selectors of each protocol that has words of its own (R102), and protocols without name.
 *
 * The key 1.2.3.4 is 0x01020304 = 16909060.
 */
class ShowSelectorTestCase : public TestCase
{
  public:
    ShowSelectorTestCase()
        : TestCase("selectors are written in the words of their protocol (R100, R102)")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, std::string>> rows{
            {"", ""},
            {"proto icmp type 8 code 0", "proto icmp type 8 code 0 "},
            {"proto ipv6-icmp type 3", "proto ipv6-icmp type 3 "},
            {"proto 135 type 3", "proto mobility-header type 3 "},
            {"proto gre", "proto gre "},
            {"proto gre key 1.2.3.4", "proto gre key 16909060 "},
            {"proto 99", "proto 99 "},
            {"proto 108", "proto ipcomp "},
            {"sport 5", "sport 5 "},
            {"proto sctp dport 7", "proto sctp dport 7 "},
        };
        for (const auto& [words, expected] : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(ShowOnePolicy(words + " dir fwd action block ptype sub"),
                                  "src 0.0.0.0/0 dst 0.0.0.0/0 " + expected +
                                      "\n\tdir fwd action block priority 0 ptype sub \n",
                                  words);
        }
        NS_TEST_EXPECT_MSG_EQ(ShowOnePolicy("src fd00::1/64 dst fd01::5 dir in"),
                              "src fd00::1/64 dst fd01::5/128 \n\tdir in priority 0 ptype main \n",
                              "IPv6");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ShowState() and ShowPolicy().
 */
class ShowTestSuite : public TestSuite
{
  public:
    ShowTestSuite()
        : TestSuite("xfrm-show", UNIT)
    {
        AddTestCase(new ShowStateTestCase, TestCase::QUICK);
        AddTestCase(new ShowKindsTestCase, TestCase::QUICK);
        AddTestCase(new ShowReplayTestCase, TestCase::QUICK);
        AddTestCase(new ShowPolicyTestCase, TestCase::QUICK);
        AddTestCase(new ShowSelectorTestCase, TestCase::QUICK);
    }
};

static ShowTestSuite g_showTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
