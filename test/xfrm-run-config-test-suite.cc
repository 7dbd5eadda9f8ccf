/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/test.h"
#include "ns3/xfrm-run-ini.h"
#include "ns3/xfrm-run-options.h"
#include "ns3/xfrm-run-values.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the option of a name, which there must be
const RunOption&
GetOption(const std::string& name)
{
    const auto& options = GetRunOptions();
    return *std::find_if(options.begin(), options.end(), [&](const RunOption& option) {
        return option.name == name;
    });
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The table: names are unique, sections stand together, defaults are the config's.
 *
 * What get() writes of the defaults must be text that parse() takes, and change nothing.
 */
class RunOptionTableTestCase : public TestCase
{
  public:
    RunOptionTableTestCase()
        : TestCase("each option has its own name, and reads its default as it writes it")
    {
    }

  private:
    void DoRun() override
    {
        std::set<std::string> names;
        std::set<std::string> closed;
        std::string section;
        const std::string defaults = WriteRunConfig({});
        for (const RunOption& option : GetRunOptions())
        {
            NS_TEST_EXPECT_MSG_EQ(names.insert(option.name).second, true, option.name);
            if (option.GetSection() != section)
            {
                closed.insert(section);
                section = option.GetSection();
            }
            NS_TEST_EXPECT_MSG_EQ(closed.count(section), 0, section << " is in two places");
            RunConfig config;
            if (const std::string text = option.get(config); !text.empty())
            {
                NS_TEST_EXPECT_MSG_EQ(option.parse(config, text), true, option.name);
                NS_TEST_EXPECT_MSG_EQ(WriteRunConfig(config), defaults, option.name);
            }
            const bool isText = option.name == "out";
            NS_TEST_EXPECT_MSG_EQ(option.parse(config, "\x01"), isText, option.name);
        }
        NS_TEST_EXPECT_MSG_EQ(GetOption("udp.source-port").GetKey(), "source-port", "key");
        NS_TEST_EXPECT_MSG_EQ(GetOption("seed").GetSection(), "", "section");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Values and texts: the largest unit without fraction, 1 h = 3600 s, rounding to 1 ns.
 */
class RunValuesTestCase : public TestCase
{
  public:
    RunValuesTestCase()
        : TestCase("times, rates and numbers are written as they are read")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, std::string>> times{{"1h", "3600s"},
                                                                     {"2min", "120s"},
                                                                     {"1.5ms", "1500us"},
                                                                     {"0.0000000019s", "2ns"},
                                                                     {"1000ns", "1us"},
                                                                     {"0", "0s"}};
        for (const auto& [text, written] : times)
        {
            const auto time = ParseTime(text);
            NS_TEST_EXPECT_MSG_EQ((time ? ToText(*time) : "none"), written, text);
        }
        for (const char* text : {"",
                                 "1",
                                 "s",
                                 "-1s",
                                 "+1s",
                                 "1 s",
                                 "1s ",
                                 "1.5.0s",
                                 "1e1s",
                                 "1ks",
                                 "1000000001s",
                                 "infs"})
        {
            NS_TEST_EXPECT_MSG_EQ(ParseTime(text).has_value(), false, text);
        }
        const std::vector<std::pair<std::string, std::string>> rates{{"1000kbps", "1Mbps"},
                                                                     {"1.5Gbps", "1500Mbps"},
                                                                     {"0.001kbps", "1bps"}};
        for (const auto& [text, written] : rates)
        {
            const auto rate = ParseRate(text);
            NS_TEST_EXPECT_MSG_EQ((rate ? ToText(*rate) : "none"), written, text);
        }
        for (const char* text : {"", "0bps", "0.1bps", "-1bps", "1", "1mbps", "2000000Gbps"})
        {
            NS_TEST_EXPECT_MSG_EQ(ParseRate(text).has_value(), false, text);
        }
        NS_TEST_EXPECT_MSG_EQ(ToText(1234567.5), "1234567.5", "no digit is lost");
        NS_TEST_EXPECT_MSG_EQ(ParseWhole("18446744073709551615").value_or(0), UINT64_MAX, "most");
        NS_TEST_EXPECT_MSG_EQ(ParseWhole("18446744073709551616").has_value(), false, "too much");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each setting reads what it writes, and an INI file carries all of them.
 *
 * Files of commands are looked for beside the INI file, unless their path is whole.
 */
class RunConfigRoundTripTestCase : public TestCase
{
  public:
    RunConfigRoundTripTestCase()
        : TestCase("a written INI file gives the same settings again")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config;
        const std::vector<std::pair<std::string, std::string>> values{
            {"duration", "2500ms"},
            {"seed", "7"},
            {"kernel", "linux-4.14"},
            {"line.hosts", "3"},
            {"edge.rate", "64kbps"},
            {"core.delay", "1ns"},
            {"core.queue", "5"},
            {"udp.rate", "1234567.5"},
            {"udp.size", "0"},
            {"udp.arrivals", "poisson"},
            {"udp.stop", "7s"},
            {"ping.interval", "0s"},
            {"locks", "linux-4.9"},
            {"napi.interrupt-delay", "50us"},
            {"rps.steering-cores", "0,1"},
            {"ipsec.larval-drop", "false"}};
        for (const auto& [name, value] : values)
        {
            GetOption(name).Set(config, value);
            NS_TEST_EXPECT_MSG_EQ(GetOption(name).get(config), value, name);
        }
        config.ipXfrm = {"A=/tmp/a b=c.conf", "/tmp/b.conf"};
        config.out = "folder";
        config.isJson = true;
        const std::string text = WriteRunConfig(config);
        const ScratchPath file(text);
        RunConfig again;
        ReadRunConfig(file.Get(), again);
        NS_TEST_EXPECT_MSG_EQ(WriteRunConfig(again), text, "the same");
        NS_TEST_EXPECT_MSG_EQ((again.ipXfrm == config.ipXfrm), true, "files");
        NS_TEST_EXPECT_MSG_EQ(again.out, "", "where results go is no part of a run");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief INI files as people write them.
 */
class RunIniTestCase : public TestCase
{
  public:
    RunIniTestCase()
        : TestCase("INI files may have comments, output settings and files beside them")
    {
    }

  private:
    void DoRun() override
    {
        const ScratchPath file("; a comment\n"
                               "udp.size = 10\n"
                               "ip-xfrm = gw1=a.conf \"B=b c.conf\"\n"
                               "json = true\n"
                               "\n"
                               "[udp]\n"
                               " rate = 20\n");
        RunConfig config;
        ReadRunConfig(file.Get(), config);
        const std::string folder = std::filesystem::path(file.Get()).parent_path().string() + "/";
        const std::vector<std::string> files{"gw1=" + folder + "a.conf",
                                             "B=" + folder + "b c.conf"};
        NS_TEST_EXPECT_MSG_EQ((config.ipXfrm == files), true, "files");
        NS_TEST_EXPECT_MSG_EQ(config.udpSize, 10, "dotted name");
        NS_TEST_EXPECT_MSG_EQ(config.udpRate, 20, "name in a section");
        NS_TEST_EXPECT_MSG_EQ(config.isJson, true, "output setting");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Settings that can't be, each with its message.
 */
class ConfigErrorTestCase : public TestCase
{
  public:
    ConfigErrorTestCase()
        : TestCase("a setting that is wrong is named, with what is allowed")
    {
    }

  private:
    void Expect(const std::string& name, const std::string& value, const std::string& allowed)
    {
        RunConfig config;
        const std::string error = GetError([&] { GetOption(name).Set(config, value); });
        const std::string shown = value.empty() ? "\"\"" : value;
        NS_TEST_EXPECT_MSG_EQ(error, name + " " + shown + ": must be " + allowed, name);
        NS_TEST_EXPECT_MSG_EQ(WriteRunConfig(config), WriteRunConfig({}), "nothing is set");
    }

    void ExpectInFile(const std::string& text, const std::string& message)
    {
        const ScratchPath file(text);
        RunConfig config;
        const std::string error = GetError([&] { ReadRunConfig(file.Get(), config); });
        NS_TEST_EXPECT_MSG_EQ(error, file.Get() + message, text);
        NS_TEST_EXPECT_MSG_EQ(WriteRunConfig(config), WriteRunConfig({}), "nothing is set");
    }

    void DoRun() override
    {
        const std::string rate = "packets per second, from 0.001 to 1e9";
        const std::string time = "a time such as 10s, 1.5ms or 20us";
        Expect("udp.rate", "-5", rate);
        Expect("udp.rate", "nan", rate);
        Expect("udp.rate", "many", rate);
        Expect("line.hosts", "0", "a whole number from 1 to 64");
        Expect("line.hosts", "-1", "a whole number from 1 to 64");
        Expect("line.gateways", "1", "a whole number from 2 to 64");
        Expect("seed", "0", "a whole number from 1 to 18446744073709551615");
        Expect("duration", "0s", time);
        Expect("duration", "10", time);
        Expect("duration", "", time);
        Expect("udp.start", "1x", "0 or " + time);
        Expect("edge.rate", "0bps", "a data rate such as 10Gbps, 100Mbps or 64kbps");
        Expect("udp.arrivals", "often", "constant or poisson");
        Expect("kernel", "linux-2.4", "one of linux-4.1, linux-4.14, linux-4.19");
        Expect("locks",
               "ticket",
               "one of none, linux-4.1, linux-4.2, linux-4.9, linux-4.2-lines, inline-short, "
               "inline-long");
        Expect("napi.interrupt-delay", "5", "0 or " + time);
        Expect("napi.interrupt-frames", "-1", "a whole number from 0 to 1000000");
        Expect("napi.poll-weight", "0", "a whole number from 1 to 1000000");
        Expect("rps.max-backlog", "all", "a whole number from 0 to 1000000");
        Expect("ipsec.larval-drop", "1", "true or false");
        ExpectInFile("seed = 3\n[udp]\nsize = 10\nrate = fast\n",
                     ":4: udp.rate fast: must be " + rate);
        ExpectInFile("[udp]\n; rtae\nrtae = 1\n",
                     ":3: udp.rtae: no such setting: xfrm-sim run --help lists them");
        ExpectInFile("seed\n",
                     ":1: '=' character not found in line: must be an INI file that can be read");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Settings that do not go together.
 *
 * Ports end at 65535: 65534 is the last first port of two flows.  4000 flows fit, 4001 do not.
 * Seven figures a row (UDP, TCP and ping; H, A, B, K) allow 10^7 / 7 = 1428571 rows.
 */
class RunConfigCheckTestCase : public TestCase
{
  public:
    RunConfigCheckTestCase()
        : TestCase("settings that do not go together are refused")
    {
    }

  private:
    void Expect(const std::vector<std::pair<std::string, std::string>>& values,
                const std::string& message)
    {
        RunConfig config;
        for (const auto& [name, value] : values)
        {
            GetOption(name).Set(config, value);
        }
        NS_TEST_EXPECT_MSG_EQ(GetError([&] { CheckRunConfig(config); }), message, message);
    }

    void DoRun() override
    {
        Expect({}, "no error");
        Expect({{"udp.flows", "2"}, {"udp.port", "65534"}}, "no error");
        Expect({{"udp.flows", "2"}, {"udp.port", "65535"}},
               "udp.port 65535: must be at most 65534, since udp.flows is 2");
        Expect({{"tcp.flows", "3"}, {"tcp.port", "65535"}},
               "tcp.port 65535: must be at most 65533, since tcp.flows is 3");
        Expect({{"udp.stop", "100ms"}}, "udp.stop 100ms: must be 0 or above udp.start, 100ms");
        Expect({{"ping.start", "2s"}, {"ping.stop", "2.001s"}}, "no error");
        Expect({{"udp.flows", "3998"}}, "no error");
        Expect({{"udp.flows", "3999"}},
               "udp.flows 3999: with tcp.flows 1 and line.hosts 1 must give at most 4000 flows");
        Expect({{"interval", "7us"}}, "no error");
        Expect({{"interval", "6us"}},
               "interval 6us: must give at most 1428571 rows in the duration, 10s");
        Expect({{"pcap", "true"}}, "pcap true: must come with out, the folder for the packets");
        RunConfig config;
        config.ipXfrm = {"A=file", NO_IP_XFRM};
        NS_TEST_EXPECT_MSG_EQ(GetError([&] { CheckRunConfig(config); }),
                              "ip-xfrm none: must be the only one",
                              "none and a file");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the settings of packet-mode runs.
 */
class RunConfigTestSuite : public TestSuite
{
  public:
    RunConfigTestSuite()
        : TestSuite("xfrm-run-config", UNIT)
    {
        AddTestCase(new RunOptionTableTestCase, TestCase::QUICK);
        AddTestCase(new RunValuesTestCase, TestCase::QUICK);
        AddTestCase(new RunConfigRoundTripTestCase, TestCase::QUICK);
        AddTestCase(new RunIniTestCase, TestCase::QUICK);
        AddTestCase(new ConfigErrorTestCase, TestCase::QUICK);
        AddTestCase(new RunConfigCheckTestCase, TestCase::QUICK);
    }
};

static RunConfigTestSuite g_runConfigTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
