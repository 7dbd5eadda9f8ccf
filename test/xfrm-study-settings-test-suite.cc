/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"
#include "xfrm-test-run.h"
#include "xfrm-test-study.h"

#include "ns3/test.h"
#include "ns3/xfrm-study-report.h"
#include "ns3/xfrm-study-settings.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what a study of changed settings is refused with
std::string
GetStudyError(const std::function<void(StudySettings&)>& change)
{
    return GetError([&] {
        StudySettings settings;
        change(settings);
        MakeStudyConfig(settings);
    });
}

/// @return the names of all settings of a type, in the order of the table
std::string
ListOfType(OptionType type)
{
    std::string list;
    for (const Option<StudySettings>& option : GetStudyOptions())
    {
        if (option.type == type)
        {
            list.append(list.empty() ? "" : " ").append(option.name);
        }
    }
    return list;
}

/// @return a recording of the kernel's tests without its ending
std::string
GetCapture()
{
    return std::string(XFRM_GOLDEN_DIR) + "/captures/linux-4.1.6/sizes-gcm128-tunnel";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The table: names are unique, sections stand together, nonsense is refused in one line.
 */
class StudyOptionTableTestCase : public TestCase
{
  public:
    StudyOptionTableTestCase()
        : TestCase("each option has its own name, and refuses what is no value of it")
    {
    }

  private:
    void DoRun() override
    {
        std::set<std::string> names;
        std::set<std::string> texts;
        std::set<std::string> closed;
        std::string section;
        for (const Option<StudySettings>& option : GetStudyOptions())
        {
            NS_TEST_EXPECT_MSG_EQ(names.insert(option.name).second, true, option.name);
            if (option.GetSection() != section)
            {
                closed.insert(section);
                section = option.GetSection();
            }
            NS_TEST_EXPECT_MSG_EQ(closed.count(section), 0, section << " is in two places");
            StudySettings settings;
            NS_TEST_EXPECT_MSG_EQ(option.parse(settings, "\x01"),
                                  (option.name == "out"),
                                  option.name);
            if (option.parse(settings, "nonsense"))
            {
                texts.insert(option.name);
                continue;
            }
            const std::string error = GetError([&] { option.Set(settings, "nonsense"); });
            const std::string start = option.name + " nonsense: must be ";
            NS_TEST_EXPECT_MSG_EQ(error.substr(0, start.size()), start, error);
            NS_TEST_EXPECT_MSG_EQ((error.find('\n') == std::string::npos), true, "one line");
        }
        const std::set<std::string> expected{"out",
                                             "profile",
                                             "rps.steering-cores",
                                             "rss.affinity",
                                             "rss.key",
                                             "rss.table",
                                             "spd.destination",
                                             "spd.host",
                                             "spd.source",
                                             "traffic.list",
                                             "traffic.pcap"};
        const bool isSame = texts == expected; // what these say is looked at later
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "texts");
        NS_TEST_EXPECT_MSG_EQ(ListOfType(OptionType::Real), "zipf rate traffic.attack", "numbers");
        NS_TEST_EXPECT_MSG_EQ(ListOfType(OptionType::Bool),
                              "json spd.own-queues rss.udp-ports ipsec.larval-drop",
                              "true or false");
        NS_TEST_EXPECT_MSG_EQ(ListOfType(OptionType::Rate), "", "a study has no data rates");
        NS_TEST_EXPECT_MSG_EQ(xfrm::GetName(OptionType::Time), "time", "name of a type");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each setting with another value than its default, written to an INI file and read again.
 */
class StudyIniTestCase : public TestCase
{
  public:
    StudyIniTestCase()
        : TestCase("settings are read from an INI file as they were written")
    {
    }

  private:
    /// Set an option to the first of some values that it takes and does not have.
    static bool Change(const Option<StudySettings>& option, StudySettings& settings)
    {
        const std::string before = option.get(settings);
        for (const char* const value : {"/somewhere/else",
                                        "7",
                                        "700",
                                        "0.25",
                                        "30ms",
                                        "true",
                                        "false",
                                        "constant",
                                        "uniform",
                                        "one",
                                        "forward",
                                        "linux-4.2",
                                        "linux-4.19"})
        {
            if (option.parse(settings, value) && option.get(settings) != before)
            {
                return true;
            }
        }
        return false;
    }

    void DoRun() override
    {
        StudySettings settings;
        for (const Option<StudySettings>& option : GetStudyOptions())
        {
            if (option.kind == Option<StudySettings>::Kind::OfRun)
            {
                NS_TEST_EXPECT_MSG_EQ(Change(option, settings), true, option.name);
            }
        }
        settings.ipXfrm = {"/a b.conf", "/c.conf"};
        settings.classes = {"name=voice share=0.2", "share=0.8"};
        settings.events = {"1s insert", "2s cpu-down 1"};
        const std::string text = WriteStudySettings(settings);
        const ScratchPath file(text);
        StudySettings again;
        ReadStudySettings(file.Get(), again);
        NS_TEST_EXPECT_MSG_EQ(WriteStudySettings(again), text, "written again");
        NS_TEST_EXPECT_MSG_EQ(again.ipXfrm.size(), 2, "files");
        NS_TEST_EXPECT_MSG_EQ(again.events.back(), "2s cpu-down 1", "events");
        const ScratchPath beside("ip-xfrm = c.conf\n[traffic]\npcap = a.pcap\n");
        ReadStudySettings(beside.Get(), again);
        const auto folder = std::filesystem::path(beside.Get()).parent_path();
        NS_TEST_EXPECT_MSG_EQ(again.pcap, (folder / "a.pcap").string(), "beside the INI file");
        NS_TEST_EXPECT_MSG_EQ(again.ipXfrm[0], (folder / "c.conf").string(), "beside it");
        for (const auto& [wrong, words] :
             {std::pair<std::string, std::string>{"cores = 2\n[traffic]\nsize = 27\n",
                                                  ":3: traffic.size 27: must be"},
              {"[rss]\nrign = 5\n", ":2: rss.rign: no such setting"}})
        {
            const ScratchPath bad(wrong, "bad");
            const std::string error = GetError([&] { ReadStudySettings(bad.Get(), again); });
            NS_TEST_EXPECT_MSG_NE(error.find(words), std::string::npos, error);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Values that are refused only together with others, or by what they name.
 */
class StudySettingsErrorTestCase : public TestCase
{
  public:
    StudySettingsErrorTestCase()
        : TestCase("settings that make no study are refused by name")
    {
    }

  private:
    void Expect(const std::string& words, const std::function<void(StudySettings&)>& change)
    {
        const std::string error = GetStudyError(change);
        NS_TEST_EXPECT_MSG_EQ(error.substr(0, words.size()), words, error);
        NS_TEST_EXPECT_MSG_EQ((error.find('\n') == std::string::npos), true, "one line");
    }

    void ExpectEvent(const std::string& event)
    {
        Expect("at " + event + ": must be a time, then flush",
               [&](StudySettings& s) { s.events = {event}; });
    }

    void DoRun() override
    {
        using S = StudySettings;
        Expect("no error", [](S&) {});
        Expect("profile nix: must be free", [](S& s) { s.profile = "nix"; });
        Expect("spd.source 10.1: must be an IPv4 network", [](S& s) { s.source = "10.1"; });
        Expect("spd.source 10.1.0.0/33: must", [](S& s) { s.source = "10.1.0.0/33"; });
        Expect("spd.destination 1.2.3.256/8", [](S& s) { s.destination = "1.2.3.256/8"; });
        Expect("RSS key 6d: must be 40 bytes", [](S& s) { s.rssKey = "6d"; });
        Expect("rss.table 0-1: must be numbers", [](S& s) { s.rssTable = "0-1"; });
        Expect("rss.affinity x: must be numbers", [](S& s) { s.rssAffinity = "x"; });
        Expect("rps.steering-cores 1 2: must be", [](S& s) { s.steeringCores = "1 2"; });
        Expect("policies 0: must be 1 or more", [](S& s) { s.policies = 0; });
        Expect("interval 1ns: must give at most 1000000 rows",
               [](S& s) { s.interval = NanoSeconds(1); });
        Expect("events.rekey 1us: must give at most 1000000 rekeys",
               [](S& s) { s.rekey = MicroSeconds(1); });
        Expect("traffic.list nowhere: must be a file", [](S& s) { s.list = "nowhere"; });
        Expect("nowhere.pcap: No such file", [](S& s) { s.pcap = "nowhere.pcap"; });
        Expect("traffic.pcap a: must not be given with traffic.list",
               [](S& s) { s.pcap = s.list = "a"; });
        Expect("nowhere.conf: No such file", [](S& s) { s.ipXfrm = {"nowhere.conf"}; });
        const std::vector<std::string> both{GetCapture() + ".txt"};
        Expect("commands of several hosts: host must be one of nA, nB",
               [&](S& s) { s.ipXfrm = both; });
        Expect("host nC: must be one of nA, nB", [&](S& s) {
            s.ipXfrm = both;
            s.host = "nC";
        });
        for (const char* const event : {"",
                                        "1s",
                                        "flush",
                                        "1 flush",
                                        "1s flush 3",
                                        "1s cpu-down",
                                        "1s rekey",
                                        "1s rekey 10",
                                        "1s explode",
                                        "1s cpu-up x",
                                        "-1s insert"})
        {
            ExpectEvent(event);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Classes of packets by their words.
 */
class StudyClassTestCase : public TestCase
{
  public:
    StudyClassTestCase()
        : TestCase("classes have what their words say, and wrong words are named")
    {
    }

  private:
    void ExpectError(const std::string& text, const std::string& words)
    {
        const std::string error = GetStudyError([&](StudySettings& s) { s.classes = {text}; });
        NS_TEST_EXPECT_MSG_NE(error.find(words), std::string::npos, error);
    }

    void DoRun() override
    {
        StudySettings settings;
        settings.classes = {"name=voice share=0.25 flows=100 size=200 arrivals=constant",
                            "rate=5000 population=churn lifetime=3s start=1s stop=2s",
                            "share=0.75 population=once"};
        settings.attack = 0.1;
        const TrafficConfig traffic = MakeStudyConfig(settings).traffic;
        NS_TEST_ASSERT_MSG_EQ(traffic.classes.size(), 3, "classes");
        const auto& [voice, churn, once] =
            std::tie(traffic.classes[0], traffic.classes[1], traffic.classes[2]);
        NS_TEST_EXPECT_MSG_EQ(voice.name, "voice", "its name");
        NS_TEST_EXPECT_MSG_EQ(voice.share, 0.25, "its share");
        NS_TEST_EXPECT_MSG_EQ(voice.flows.nFlows, 100, "its flows");
        NS_TEST_EXPECT_MSG_EQ(voice.lengthBytes, 200, "its length");
        const bool isConstant = voice.arrivals.kind == ArrivalConfig::Kind::Constant;
        NS_TEST_EXPECT_MSG_EQ(isConstant, true, "its distances");
        NS_TEST_EXPECT_MSG_EQ(churn.name, "class2", "a name by number");
        NS_TEST_EXPECT_MSG_EQ(churn.arrivals.rate, 5000, "its rate");
        NS_TEST_EXPECT_MSG_EQ(churn.flows.lifetime, Seconds(3), "its lifetime");
        NS_TEST_EXPECT_MSG_EQ(churn.arrivals.start, Seconds(1), "its start");
        NS_TEST_EXPECT_MSG_EQ(churn.arrivals.stop, Seconds(2), "its stop");
        const bool isOnce = once.flows.kind == FlowConfig::Kind::Once;
        NS_TEST_EXPECT_MSG_EQ(isOnce, true, "its flows");
        NS_TEST_EXPECT_MSG_EQ(traffic.totalRate, settings.rate, "of which there are shares");
        NS_TEST_EXPECT_MSG_EQ(traffic.attackShare, 0.1, "attack");

        ExpectError("share", "class share: share: must be NAME=VALUE with one of name, flows");
        ExpectError("share=0.5 colour=red", "colour=red: must be NAME=VALUE");
        ExpectError("share=2", "share 2: must be a number from");
        ExpectError("flows=3", "class flows=3: must have either a rate or a share");
        ExpectError("rate=1 share=0.5", "must have either a rate or a share");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets of a text and of a capture.
 *
 * The capture has the ESP packets of both directions of a tunnel; the recording's commands let
 * packets of those addresses through as they are, for want of a policy.
 */
class StudyFilesTestCase : public TestCase
{
  public:
    StudyFilesTestCase()
        : TestCase("packets come from lists and captures, and policies from commands")
    {
    }

  private:
    void CheckList()
    {
        const ScratchPath file("# time flow length\n0 3 100\n\n1500 0 64\n1500 3 1400\n");
        StudySettings settings;
        settings.list = file.Get();
        const StudyConfig config = MakeStudyConfig(settings);
        const ArrivalList expected{{0, 3, 0, 100}, {1500, 0, 0, 64}, {1500, 3, 0, 1400}};
        const bool isSame = *config.traffic.classes[0].recorded == expected;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "three packets");
        for (const char* const line : {"5 1",
                                       "5 1 100 9",
                                       "x 1 100",
                                       "-1 1 100",
                                       "5 -1 100",
                                       "5 10000000 100",
                                       "5 1 27",
                                       "5 1 65536",
                                       "4 1 100"})
        {
            const ScratchPath bad(std::string("5 0 100\n") + line + "\n", "bad");
            settings.list = bad.Get();
            const std::string error = GetError([&] { MakeStudyConfig(settings); });
            const std::string words = bad.Get() + ":2: " + line + ": must be a time in ns";
            NS_TEST_EXPECT_MSG_EQ(error.substr(0, words.size()), words, error);
        }
        const ScratchPath empty("# nothing\n", "empty");
        settings.list = empty.Get();
        NS_TEST_EXPECT_MSG_EQ(GetError([&] { MakeStudyConfig(settings); }),
                              empty.Get() + ": must have a packet",
                              "no packet");
    }

    void CheckCapture()
    {
        StudySettings settings;
        settings.pcap = GetCapture() + ".pcap";
        settings.ipXfrm = {GetCapture() + ".txt"};
        settings.host = "nA";
        settings.duration = Seconds(60);
        const StudyConfig config = MakeStudyConfig(settings);
        const ArrivalList& packets = *config.traffic.classes[0].recorded;
        NS_TEST_ASSERT_MSG_GT(packets.size(), 50, "packets");
        NS_TEST_EXPECT_MSG_EQ(packets[0].ns, 0, "since the first");
        NS_TEST_ASSERT_MSG_GT(config.policies.flows.size(), 0, "flows");
        const Flow& flow = config.policies.flows[packets[0].flow];
        NS_TEST_EXPECT_MSG_EQ(flow.source.GetIpv4(), Ipv4Address("10.9.0.1"), "from A");
        NS_TEST_EXPECT_MSG_EQ(flow.destination.GetIpv4(), Ipv4Address("10.9.0.2"), "to B");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{flow.common.proto}, uint32_t{PROTO_ESP}, "ESP");
        const StudyCore total = LookupStudy(config).Run().GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.nPlain, packets.size(), "no policy is for them");
    }

    void CheckCommands()
    {
        StudySettings settings;
        settings.ipXfrm = {GetCapture() + ".txt"};
        settings.host = "nA";
        settings.source = "10.1.0.0/24";
        settings.destination = "10.2.0.0/23"; // policies are for half of it
        settings.population = "scan";
        settings.arrivals = "constant";
        settings.flows = 512;
        settings.duration = MicroSeconds(512);
        const StudyCore total = LookupStudy(MakeStudyConfig(settings)).Run().GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.nTransformed, 256, "through the tunnel");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.nPlain, 256, "the others");
        const ScratchPath twice(std::string("ip xfrm policy add dir out\n") +
                                "ip xfrm policy add dir out\n");
        settings.ipXfrm = {twice.Get()};
        settings.host = "";
        LookupStudy study(MakeStudyConfig(settings));
        const std::string error = GetError([&] { study.Run(); });
        const std::string words = twice.Get() + ":2: add is refused: EEXIST";
        NS_TEST_EXPECT_MSG_EQ(error.substr(0, words.size()), words, error);
    }

    void DoRun() override
    {
        CheckList();
        CheckCapture();
        CheckCommands();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Kernels and times of rekeys.
 */
class StudyKernelSettingsTestCase : public TestCase
{
  public:
    StudyKernelSettingsTestCase()
        : TestCase("kernels have their limits, and rekeys their times")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> names{"linux-4.1",
                                             "linux-4.6",
                                             "linux-4.10",
                                             "linux-4.14",
                                             "linux-4.19"};
        const bool isSame = GetStudyKernels() == names;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "kernels");
        StudySettings settings;
        const std::array<uint32_t, 5> thresholds{32768, INT32_MAX, INT32_MAX, 32768, 32768}; // R311
        for (size_t i = 0; i < names.size(); ++i)
        {
            settings.kernel = names[i];
            const StudyConfig config = MakeStudyConfig(settings);
            NS_TEST_EXPECT_MSG_EQ(config.net.settings.gcThreshold, thresholds[i], names[i]);
            const bool refuses = config.net.cache.refusal != RefusalRule::Never();
            NS_TEST_EXPECT_MSG_EQ(refuses, (i == 1 || i == 2), names[i] << " refuses entries");
        }
        settings.gcThreshold = 77;
        NS_TEST_EXPECT_MSG_EQ(MakeStudyConfig(settings).net.settings.gcThreshold, 77, "given");

        // Two states: each has its own half of the 4 ms, again and again.
        settings.policies = 2;
        settings.rekey = MilliSeconds(4);
        const std::vector<StudyEvent> events = MakeStudyConfig(settings).events;
        NS_TEST_ASSERT_MSG_EQ(events.size(), 2, "one a state");
        for (size_t i = 0; i < events.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(events[i].at,
                                  MilliSeconds(2 * static_cast<int64_t>(i + 1)),
                                  "rekey " << i);
            NS_TEST_EXPECT_MSG_EQ(events[i].period, MilliSeconds(4), "and again, " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One bucket, low = 2, high = 4; six packets of six flows.
 *
 * Five entries fit, since the count is compared before one is added.  The sixth miss keeps two,
 * evicts 5 - 2 = 3 and adds one (flow-cache.md, section 5).
 */
class StudyCacheSizeTestCase : public TestCase
{
  public:
    StudyCacheSizeTestCase()
        : TestCase("flow caches of a study have the sizes that are asked for")
    {
    }

  private:
    void DoRun() override
    {
        StudySettings settings;
        settings.cores = 1;
        settings.hashShift = 0;
        settings.lowWatermark = 2;
        settings.highWatermark = 4;
        settings.flows = 6;
        settings.population = "scan";
        settings.arrivals = "constant";
        settings.duration = MicroSeconds(6);
        const StudyCore total = LookupStudy(MakeStudyConfig(settings)).Run().GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nMisses, 6, "each is new");
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nShrinks, 1, "the sixth shrinks");
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nEvicted, 3, "two are kept");
        NS_TEST_EXPECT_MSG_EQ(total.cacheSize, 3, "two, and the new one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of StudySettings.
 */
class StudySettingsTestSuite : public TestSuite
{
  public:
    StudySettingsTestSuite()
        : TestSuite("xfrm-study-settings", UNIT)
    {
        AddTestCase(new StudyOptionTableTestCase, QUICK);
        AddTestCase(new StudyIniTestCase, QUICK);
        AddTestCase(new StudySettingsErrorTestCase, QUICK);
        AddTestCase(new StudyClassTestCase, QUICK);
        AddTestCase(new StudyFilesTestCase, QUICK);
        AddTestCase(new StudyKernelSettingsTestCase, QUICK);
        AddTestCase(new StudyCacheSizeTestCase, QUICK);
    }
};

const StudySettingsTestSuite g_studySettingsTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
