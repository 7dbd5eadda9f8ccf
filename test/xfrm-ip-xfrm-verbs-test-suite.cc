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

/// @param text one command @return what it does
template <typename Action>
Action
ReadVerb(const std::string& text)
{
    return std::get<Action>(IpXfrm::Read(text, "f").at(0).action);
}

/// A host that takes commands and keeps what they list.
class Terminal
{
  public:
    /// @param text one command @return "ok", the name of the kernel's error, or the message
    std::string CarryOut(const std::string& text)
    {
        const IpXfrmOutput output{m_listed,
                                  [](int32_t index) { return index == 3 ? "outside" : "other"; }};
        return CarryOut(text, &output);
    }

    /// @param text one command @param output where it lists @return the same
    std::string CarryOut(const std::string& text, const IpXfrmOutput* output)
    {
        const auto findDevice = [](const std::string& name) { return name == "outside" ? 3 : 0; };
        m_listed.str("");
        try
        {
            const auto command = IpXfrm::Read(text, "f").at(0);
            const int32_t error = Apply(command, host.net, findDevice, host.Here(), output);
            return error == 0 ? "ok" : DescribeRefusal(command, error);
        }
        catch (const IpXfrmError& error)
        {
            return error.what();
        }
    }

    /// @param text a command that lists @return the SPIs or priorities that are listed, "3 2 1"
    std::string List(const std::string& text)
    {
        const std::string word{text.find("policy") == std::string::npos ? "spi 0x" : "priority "};
        const std::string answer = CarryOut(text);
        const std::string listed = m_listed.str();
        std::string found;
        for (size_t at = listed.find(word); at != std::string::npos; at = listed.find(word, at + 1))
        {
            const auto number = std::stoul(listed.substr(at + word.size(), 8), nullptr, 16);
            found += (found.empty() ? "" : " ") + std::to_string(number);
        }
        return answer == "ok" ? found : answer;
    }

    /// @return what the last command listed
    std::string GetListed() const
    {
        return m_listed.str();
    }

    NamespaceFixture host; //!< the host

  private:
    std::ostringstream m_listed; //!< what the last command listed
};

/// A terminal on a host with states 1 to 4.
class StatesTerminal : public Terminal
{
  public:
    StatesTerminal()
    {
        const std::string end{" enc cipher_null ''"};
        CarryOut("state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 1 mode tunnel reqid 7" + end);
        CarryOut("state add src 10.9.0.1 dst 10.9.0.3 proto esp spi 2 flag noecn" + end);
        CarryOut("state add src 10.8.0.1 dst 10.9.0.3 proto esp spi 3 mark 5 mask 7" + end);
        CarryOut("state add src fd00::1 dst fd00::2 proto ah spi 4 flag icmp auth sha1 0x01");
    }
};

/// A terminal on a host with policies of priority 1 to 4.
class PoliciesTerminal : public Terminal
{
  public:
    PoliciesTerminal()
    {
        CarryOut("policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out priority 1 index 9");
        CarryOut("policy add dst 10.2.0.5 proto udp dport 53 dir in priority 2 flag icmp");
        CarryOut("policy add dst 10.2.0.5 dev outside dir fwd priority 3 action block mark 5");
        CarryOut("policy add src fd00::/16 dir out priority 4 index 17");
    }
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief `state allocspi` asks for SPIs 0x100 to 0x0fffffff unless told, IPcomp up to 0xffff.
 *
 * That is what ip-xfrm(8) does before the kernel sees the command (R154).
 */
class AllocSpiTestCase : public TestCase
{
  public:
    AllocSpiTestCase()
        : TestCase("state allocspi sets the fields and the range that it names (R154)")
    {
    }

  private:
    void DoRun() override
    {
        const auto plain = ReadVerb<StateAllocSpi>("state alloc dst 10.9.0.2 proto esp");
        NS_TEST_EXPECT_MSG_EQ(plain.minSpi, 0x100, "smallest");
        NS_TEST_EXPECT_MSG_EQ(plain.maxSpi, 0x0fffffff, "largest");
        const auto comp = ReadVerb<StateAllocSpi>("state allocspi dst 10.9.0.2 proto comp");
        NS_TEST_EXPECT_MSG_EQ(comp.minSpi, 0x100, "smallest of IPcomp");
        NS_TEST_EXPECT_MSG_EQ(comp.maxSpi, 0xffff, "largest of IPcomp");
        const auto full = ReadVerb<StateAllocSpi>(
            "state allocspi src fd00::1 dst fd00::2 proto ah mode tunnel mark 5 mask 7 reqid 8 seq "
            "9 min 0x300 max 0x301");
        NS_TEST_EXPECT_MSG_EQ(full.minSpi, 0x300, "min");
        NS_TEST_EXPECT_MSG_EQ(full.maxSpi, 0x301, "max");
        NS_TEST_EXPECT_MSG_EQ((full.config.family == Family::Ipv6), true, "family");
        NS_TEST_EXPECT_MSG_EQ((full.config.source == Ipv6Address("fd00::1")), true, "source");
        NS_TEST_EXPECT_MSG_EQ((full.config.id == StateId{Ipv6Address("fd00::2"), 0, PROTO_AH}),
                              true,
                              "destination and protocol");
        NS_TEST_EXPECT_MSG_EQ((full.config.mode == Mode::Tunnel), true, "mode");
        NS_TEST_EXPECT_MSG_EQ((full.config.mark == Mark{5, 7}), true, "mark");
        NS_TEST_EXPECT_MSG_EQ(full.config.reqid, 8, "request id");
        NS_TEST_EXPECT_MSG_EQ(full.config.sequence, 9, "sequence number");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief `policy set` names both lengths of a family; what is not named stays (R108, R110).
 */
class PolicySetTestCase : public TestCase
{
  public:
    PolicySetTestCase()
        : TestCase("policy set sets the thresholds that it names (R108, R110)")
    {
    }

  private:
    void DoRun() override
    {
        const auto one = ReadVerb<PolicySet>("policy set hthresh4 24 30");
        NS_TEST_EXPECT_MSG_EQ(+one.ipv4.value().localBits, 24, "local");
        NS_TEST_EXPECT_MSG_EQ(+one.ipv4.value().remoteBits, 30, "remote");
        NS_TEST_EXPECT_MSG_EQ(one.ipv6.has_value(), false, "IPv6 stays");
        const auto both = ReadVerb<PolicySet>("policy set hthresh6 64 128 hthresh4 0 32");
        NS_TEST_EXPECT_MSG_EQ(+both.ipv6.value().localBits, 64, "local of IPv6");
        NS_TEST_EXPECT_MSG_EQ(+both.ipv6.value().remoteBits, 128, "remote of IPv6");
        NS_TEST_EXPECT_MSG_EQ(+both.ipv4.value().localBits, 0, "local of IPv4");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief States 4 to 1, newest first; each word of the command leaves out those that differ.
 *
 * A prefix takes all addresses in it; of several flags one is enough.
 */
class StateListTestCase : public TestCase
{
  public:
    StateListTestCase()
        : TestCase("state list shows those that have what it names, newest first")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, std::string>> rows{
            {"ip xfrm state", "4 3 2 1"},
            {"state show", "4 3 2 1"},
            {"state list nokeys", "4 3 2 1"},
            {"ip -6 xfrm state list", "4"},
            {"ip -4 xfrm state list", "3 2 1"},
            {"state list src 10.9.0.1", "2 1"},
            {"state list src 10.0.0.0/8 dst 10.9.0.3", "3 2"},
            {"state list proto ah", "4"},
            {"state list spi 3", "3"},
            {"state list mode tunnel", "1"},
            {"state list reqid 0 mode transport", "4 3 2"},
            {"state list reqid 7", "1"},
            {"state list flag noecn icmp", "4 2"},
            {"state list flag esn", ""},
            {"state get dst 10.9.0.3 proto esp spi 3 mark 13", "3"},
            {"state get dst 10.9.0.3 proto esp spi 2", "2"},
            {"state get dst 10.9.0.3 proto esp spi 3",
             "ESRCH: no state has this destination, protocol, SPI and mark"},
        };
        StatesTerminal terminal;
        for (const auto& [command, expected] : rows)
        {
            const std::string listed = terminal.List(command);
            NS_TEST_EXPECT_MSG_EQ(listed, expected, command);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policies 4 to 1, newest first; each word of the command leaves out those that differ.
 *
 * `get` is exact as deletion is (R121): the selector is equal, device included, and the mark fits.
 */
class PolicyListTestCase : public TestCase
{
  public:
    PolicyListTestCase()
        : TestCase("policy list and get show those that have what they name (R121)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string none{
            "ENOENT: no policy has this selector or index, direction, type and mark"};
        const std::vector<std::pair<std::string, std::string>> rows{
            {"ip xfrm policy", "4 3 2 1"},
            {"policy list nosock", "4 3 2 1"},
            {"ip -6 xfrm policy list", "4"},
            {"ip -4 xfrm policy list", "3 2 1"},
            {"policy list dst 10.2.0.0/16", "3 2 1"},
            {"policy list src 10.1.0.0/16 dst 10.0.0.0/8", "1"},
            {"policy list proto udp", "2"},
            {"policy list proto udp dport 54", ""},
            {"policy list dev outside", "3"},
            {"policy list dir out", "4 1"},
            {"policy list index 9", "1"},
            {"policy list ptype sub", ""},
            {"policy list action block", "3"},
            {"policy list priority 4 dir out", "4"},
            {"policy list flag localok icmp", "2"},
            {"policy get index 9 dir out", "1"},
            {"policy get index 9 dir in", none},
            {"policy get src fd00::/16 dir out", "4"},
            {"policy get dst 10.2.0.5 dev outside dir fwd mark 5", "3"},
            {"policy get dst 10.2.0.5 dev outside dir fwd", none},
            {"policy get dst 10.2.0.5 dir fwd mark 5", none},
            {"policy get dst 10.2.0.5 proto udp dport 53 dir in ptype sub", none},
            {"policy list dev eth7", "f:1:17: eth7: must be a device of the host"},
        };
        PoliciesTerminal terminal;
        for (const auto& [command, expected] : rows)
        {
            const std::string listed = terminal.List(command);
            NS_TEST_EXPECT_MSG_EQ(listed, expected, command);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief `deleteall` deletes each that `list` would show, by its mark (R121, R153, R155).
 *
 * ip names a policy by index and mark alone, so one of ptype sub is not found and the kernel says
 * ENOENT; the others go nevertheless.
 */
class DeleteAllTestCase : public TestCase
{
  public:
    DeleteAllTestCase()
        : TestCase("deleteall deletes what list shows, as ip does it (R121, R153, R155)")
    {
    }

  private:
    void DoRun() override
    {
        StatesTerminal states;
        const std::string first = states.CarryOut("state deleteall dst 10.9.0.3");
        NS_TEST_EXPECT_MSG_EQ(first, "ok", "the marked one, too");
        NS_TEST_EXPECT_MSG_EQ(states.List("state list"), "4 1", "the others stay");
        const std::string rest = states.CarryOut("state delall");
        NS_TEST_EXPECT_MSG_EQ(rest, "ok", "all");
        NS_TEST_EXPECT_MSG_EQ(states.List("state list"), "", "none is left");
        PoliciesTerminal policies;
        const std::string blocks = policies.CarryOut("policy deleteall action block");
        NS_TEST_EXPECT_MSG_EQ(blocks, "ok", "the marked one");
        NS_TEST_EXPECT_MSG_EQ(policies.List("policy list"), "4 2 1", "the others stay");
        policies.CarryOut("policy add dir in ptype sub priority 5");
        const std::string all = policies.CarryOut("policy deleteall");
        NS_TEST_EXPECT_MSG_EQ(all,
                              "ENOENT: ip deletes by index as of ptype main: flush the others",
                              "a sub policy");
        NS_TEST_EXPECT_MSG_EQ(policies.List("policy list"), "5", "it stays alone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is read but not carried says so where it stands; what Linux refuses has its errno.
 *
 * A duplicate is EEXIST (R111, R150), an update or deletion of nothing ESRCH (R151, R153).
 */
class RefusalTestCase : public TestCase
{
  public:
    RefusalTestCase()
        : TestCase("a refusal is one line with the kernel's errno (R111, R150, R151, R153)")
    {
    }

  private:
    void DoRun() override
    {
        const std::string state{"src 10.9.0.1 dst 10.9.0.2 proto esp spi 1 enc cipher_null ''"};
        const std::string noState{"ESRCH: no state has this destination, protocol, SPI and mark"};
        const std::vector<std::pair<std::string, std::string>> rows{
            {"state add " + state,
             "EEXIST: a state with this destination, protocol and SPI is there"},
            {"state update src 10.9.0.1 dst 10.9.0.2 proto esp spi 9 enc cipher_null ''", noState},
            {"state delete dst 10.9.0.2 proto esp spi 9", noState},
            {"policy add dir in",
             "EEXIST: a policy with this selector, direction, type and mark is there"},
            {"policy delete dir out src 10.1.0.0/16",
             "ENOENT: no policy has this selector or index, direction, type and mark"},
            {"policy setdefault out block", "EINVAL: Linux 4.1 does not have it"},
            {"state allocspi src 10.9.0.1 dst 10.9.0.2 proto esp min 1 max 1",
             "ENOENT: no SPI from min to max is free"},
        };
        Terminal terminal;
        terminal.CarryOut("state add " + state);
        terminal.CarryOut("policy add dir in");
        for (const auto& [command, expected] : rows)
        {
            const std::string answer = terminal.CarryOut(command);
            NS_TEST_EXPECT_MSG_EQ(answer, expected, command);
        }
        const std::vector<std::pair<std::string, std::string>> listings{
            {"ip xfrm policy", "f:1:9: list"},
            {"policy get dir in src 0.0.0.0/0", "f:1:8: get"},
            {"state get dst 10.9.0.2 proto esp spi 1", "f:1:7: get"}};
        for (const auto& [command, place] : listings)
        {
            NS_TEST_EXPECT_MSG_EQ(terminal.CarryOut(command, nullptr),
                                  place + ": must not stand here: nothing takes what it lists",
                                  "no place to write");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tables grow between commands, as a worker thread sees to it (R115, R133).
 *
 * The first command that finds more objects than buckets, of which there are 8, has the kernel
 * double them; before the command comes back here, that is done.  A threshold is in effect at once,
 * too (R110).
 */
class TableWorkTestCase : public TestCase
{
  public:
    TableWorkTestCase()
        : TestCase("tables grow, and thresholds count, before the next command")
    {
    }

  private:
    void DoRun() override
    {
        Terminal terminal;
        const PolicyTable& table = terminal.host.net.GetPolicies().GetTable(Direction::Out);
        for (uint32_t i = 0; i < 100; ++i)
        {
            const std::string pair =
                "src 10.9.0." + std::to_string(i) + " dst 10.9.1." + std::to_string(i);
            NS_TEST_ASSERT_MSG_EQ(terminal.CarryOut("policy add dir out " + pair), "ok", pair);
            const std::string state =
                terminal.CarryOut("state add " + pair + " proto esp spi 1 enc cipher_null ''");
            NS_TEST_ASSERT_MSG_EQ(state, "ok", pair);
        }
        NS_TEST_EXPECT_MSG_EQ(table.GetBuckets(), 128, "for 100 policies");
        NS_TEST_EXPECT_MSG_EQ(terminal.host.net.GetStates().GetTable().GetBuckets(),
                              128,
                              "for 100 states");
        NS_TEST_EXPECT_MSG_EQ(terminal.host.net.GetPolicies().IsGrowthDue(), false, "done");
        terminal.CarryOut("policy set hthresh4 24 24");
        NS_TEST_EXPECT_MSG_EQ(terminal.host.net.GetPolicies().IsRebuildDue(), false, "filed anew");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Options of ip say how much is written of each and whether in a line.
 */
class ListOptionsTestCase : public TestCase
{
  public:
    ListOptionsTestCase()
        : TestCase("-s, -o and nokeys say how a list is written")
    {
    }

  private:
    void DoRun() override
    {
        PoliciesTerminal terminal;
        terminal.CarryOut("ip -o xfrm policy get dst 10.2.0.5 dev outside dir fwd mark 5");
        NS_TEST_EXPECT_MSG_EQ(
            terminal.GetListed(),
            "src 0.0.0.0/0 dst 10.2.0.5/32 dev outside \\\tdir fwd action block priority 3 ptype "
            "main \\\tmark 0x5/0xffffffff \\\n",
            "a line");
        terminal.CarryOut("ip -s xfrm policy get index 9 dir out");
        NS_TEST_EXPECT_MSG_EQ((terminal.GetListed().find("lifetime current:") != std::string::npos),
                              true,
                              "details");
        StatesTerminal states;
        states.CarryOut("state list spi 4 nokeys");
        NS_TEST_EXPECT_MSG_EQ(
            (states.GetListed().find("\tauth-trunc hmac(sha1) <<Keys hidden>> 96\n") !=
             std::string::npos),
            true,
            "no key");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Comments that give times, and others.
 *
 * Commands before the first time are for the start; a time is that of all commands up to the next.
 */
class CommandTimesTestCase : public TestCase
{
  public:
    CommandTimesTestCase()
        : TestCase("commands have the time of the comment before them")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{"ip -n gw1 xfrm state flush\n"
                               "# at the gateway\n"
                               "#   at 2.5s  \r\n"
                               "ip -n gw2 xfrm state flush # a comment\n"
                               "ip -n gw1 xfrm policy \\\n  flush\n"
                               "# at 2500ms\n"
                               "# attention\n"
                               "state flush\n"
                               "\t#at 1min\n"
                               "state flush"};
        const auto commands = IpXfrm::Read(text, "f");
        const std::vector<int64_t> expectedMs{0, 2500, 2500, 2500, 60000};
        const std::vector<std::string> nodes{"gw1", "gw2", "gw1", "", ""};
        NS_TEST_ASSERT_MSG_EQ(commands.size(), expectedMs.size(), "commands");
        for (size_t i = 0; i < commands.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(commands[i].time, MilliSeconds(expectedMs[i]), "command " << i);
            NS_TEST_EXPECT_MSG_EQ(commands[i].nameSpace, nodes[i], "node of command " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the verbs that look, delete by a filter, or are for a time.
 */
class IpXfrmVerbsTestSuite : public TestSuite
{
  public:
    IpXfrmVerbsTestSuite()
        : TestSuite("xfrm-ip-xfrm-verbs", UNIT)
    {
        AddTestCase(new AllocSpiTestCase, TestCase::QUICK);
        AddTestCase(new PolicySetTestCase, TestCase::QUICK);
        AddTestCase(new TableWorkTestCase, TestCase::QUICK);
        AddTestCase(new StateListTestCase, TestCase::QUICK);
        AddTestCase(new PolicyListTestCase, TestCase::QUICK);
        AddTestCase(new DeleteAllTestCase, TestCase::QUICK);
        AddTestCase(new RefusalTestCase, TestCase::QUICK);
        AddTestCase(new ListOptionsTestCase, TestCase::QUICK);
        AddTestCase(new CommandTimesTestCase, TestCase::QUICK);
    }
};

static IpXfrmVerbsTestSuite g_ipXfrmVerbsTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
