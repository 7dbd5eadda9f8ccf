/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"
#include "xfrm-scenario-hosts.h"
#include "xfrm-scenario-replay.h"

#include "ns3/test.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

using conformance::InputError;
using conformance::Mismatch;
using conformance::Scenario;
using conformance::ScenarioHosts;
using conformance::ScenarioPacket;
using conformance::SetReport;

const std::string RESULTS{"results-4.1.6.jsonl"}; //!< what Linux 4.1.6 did
const std::string SCENARIOS{"scenarios.jsonl"};   //!< what was done to it

/// A copy of the recorded scenarios that a test may damage; removed at the end.
class ScenariosCopy
{
  public:
    /// @param folder where to put the copy
    explicit ScenariosCopy(const std::string& folder)
        : m_folder(folder)
    {
        const auto golden = std::filesystem::path(XFRM_GOLDEN_DIR) / "policy-scenarios";
        std::filesystem::create_directories(m_folder);
        for (const std::string& file : {RESULTS, SCENARIOS})
        {
            std::filesystem::copy(golden / file, m_folder / file);
        }
    }

    ~ScenariosCopy()
    {
        std::filesystem::remove_all(m_folder);
    }

    ScenariosCopy(const ScenariosCopy&) = delete;
    ScenariosCopy& operator=(const ScenariosCopy&) = delete;

    /// @brief Replace text in the line of a scenario, where it stands first.
    /// @param file the file @param id the scenario @param from the text @param to what to put there
    /// @return whether the text was there
    bool Edit(const std::string& file,
              const std::string& id,
              const std::string& from,
              const std::string& to) const
    {
        std::ifstream input(m_folder / file);
        std::string edited;
        bool isEdited = false;
        for (std::string line; std::getline(input, line);)
        {
            const auto place = line.find(from);
            if (line.find("\"id\": \"" + id + "\"") != std::string::npos &&
                place != std::string::npos)
            {
                line.replace(place, from.size(), to);
                isEdited = true;
            }
            edited += line + "\n";
        }
        input.close();
        std::ofstream(m_folder / file) << edited;
        return isEdited;
    }

    /// @return the report of the replay
    SetReport Replay() const
    {
        return conformance::ReplayScenarios(m_folder / RESULTS);
    }

    /// @return message of the InputError that the replay throws, empty if none
    std::string GetError() const
    {
        try
        {
            Replay();
        }
        catch (const InputError& error)
        {
            return error.what();
        }
        return "";
    }

  private:
    std::filesystem::path m_folder; //!< where the copy is
};

/// @return a scenario of psA with a few commands
Scenario
MakeScenario(std::vector<std::string> setup)
{
    Scenario scenario;
    scenario.setup = std::move(setup);
    return scenario;
}

/// @return a UDP packet 10.9.0.1 -> 10.9.0.2
ScenarioPacket
MakePacket()
{
    ScenarioPacket packet;
    packet.source = "10.9.0.1";
    packet.destination = "10.9.0.2";
    packet.proto = "udp";
    return packet;
}

/// Blocks the packet of MakePacket().
const std::string BLOCK{"policy add src 10.9.0.1/32 dst 10.9.0.2/32 dir out action block"};
/// Wants a state for it.
const std::string WANT{"policy add src 10.9.0.1/32 dst 10.9.0.2/32 dir out tmpl src 10.9.0.1 dst "
                       "10.9.0.2 proto esp reqid 1 mode tunnel"};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Linux 4.1.6 and the model do the same in all recorded scenarios.
 *
 * What is left out is on the recordings' own list.
 */
class RecordedScenariosTestCase : public TestCase
{
  public:
    RecordedScenariosTestCase()
        : TestCase("recorded scenarios come out as on Linux 4.1.6")
    {
    }

  private:
    void DoRun() override
    {
        const ScenariosCopy copy(CreateTempDirFilename("scenarios"));
        const SetReport report = copy.Replay();
        NS_TEST_EXPECT_MSG_EQ(report.name, "scenarios-4.1.6", "name");
        NS_TEST_EXPECT_MSG_EQ(report.rows, 249, "102 commands, 92 packets, 55 listings");
        for (const Mismatch& mismatch : report.mismatches)
        {
            NS_TEST_EXPECT_MSG_EQ(mismatch.got, mismatch.expected, mismatch.column);
        }
        NS_TEST_ASSERT_MSG_EQ(report.leftOut.size(), 1, "left out");
        NS_TEST_EXPECT_MSG_EQ(report.leftOut[0].what, "sub-sa-main-sa", "the undefined one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each recorded field is compared: one that is altered is one mismatch, named.
 */
class AlteredScenarioTestCase : public TestCase
{
  public:
    /// @param id a scenario @param from text of its results @param to what it is altered to
    /// @param column the mismatch
    AlteredScenarioTestCase(std::string id, std::string from, std::string to, std::string column)
        : TestCase("an altered value is reported: " + id + " " +
                   column.substr(column.rfind(' ') + 1)),
          m_id(std::move(id)),
          m_from(std::move(from)),
          m_to(std::move(to)),
          m_column(std::move(column))
    {
    }

  private:
    void DoRun() override
    {
        const ScenariosCopy copy(CreateTempDirFilename("altered-scenario"));
        NS_TEST_ASSERT_MSG_EQ(copy.Edit(RESULTS, m_id, m_from, m_to), true, "the text is there");
        const SetReport report = copy.Replay();
        NS_TEST_ASSERT_MSG_EQ(report.mismatches.size(), 1, "mismatches");
        NS_TEST_EXPECT_MSG_EQ(report.mismatches[0].column, m_id + " " + m_column, "column");
    }

    std::string m_id;     //!< the scenario
    std::string m_from;   //!< text of its results
    std::string m_to;     //!< what it is altered to
    std::string m_column; //!< the mismatch
};

/**
 * @ingroup xfrm-tests
 * @brief Malformed scenarios give one line that names file, line, field and what is allowed.
 */
class DamagedScenarioTestCase : public TestCase
{
  public:
    /// @param file a file @param from text in the line of out-none @param to what it is altered to
    /// @param words what the error must say
    DamagedScenarioTestCase(std::string file,
                            std::string from,
                            std::string to,
                            std::vector<std::string> words)
        : TestCase("an error says " + words.back()),
          m_file(std::move(file)),
          m_from(std::move(from)),
          m_to(std::move(to)),
          m_words(std::move(words))
    {
    }

  private:
    void DoRun() override
    {
        const ScenariosCopy copy(CreateTempDirFilename("damaged-scenario"));
        NS_TEST_ASSERT_MSG_EQ(copy.Edit(m_file, "out-none", m_from, m_to), true, "is there");
        const std::string error = copy.GetError();
        for (const std::string& word : m_words)
        {
            const bool hasWord = error.find(word) != std::string::npos;
            NS_TEST_EXPECT_MSG_EQ(hasWord, true, "\"" << word << "\" in: " << error);
        }
        NS_TEST_EXPECT_MSG_EQ((error.find('\n') == std::string::npos), true, "one line");
    }

    std::string m_file;               //!< a file
    std::string m_from;               //!< text in it
    std::string m_to;                 //!< what it is altered to
    std::vector<std::string> m_words; //!< what the error must say
};

/**
 * @ingroup xfrm-tests
 * @brief connect() decides for its socket, which keeps what was decided (R4, R7, R8, C11).
 *
 * A block refuses it.  While a state is missing it succeeds with a route that discards, and that is
 * never good for a packet: each lookup counts.  A chain is kept, and is used although a policy that
 * blocks comes first from then on, until the chain's own check fails.
 */
class ConnectTestCase : public TestCase
{
  public:
    ConnectTestCase()
        : TestCase("connect() decides once, and a blackhole is looked up again for each packet")
    {
    }

  private:
    void DoRun() override
    {
        ScenarioPacket packet = MakePacket();
        packet.isConnected = true;
        {
            ScenarioHosts hosts(MakeScenario({}));
            hosts.CarryOut(BLOCK);
            const auto seen = hosts.Play(packet);
            NS_TEST_EXPECT_MSG_EQ(seen["send"].get<std::string>(), "EPERM", "blocked");
            NS_TEST_EXPECT_MSG_EQ(seen["stat_delta"].dump(), R"({"XfrmOutPolBlock":1})", "once");
        }
        {
            ScenarioHosts hosts(MakeScenario({}));
            hosts.CarryOut(WANT);
            const auto seen = hosts.Play(packet);
            NS_TEST_EXPECT_MSG_EQ(seen["send"].get<std::string>(), "ok", "a blackhole");
            NS_TEST_EXPECT_MSG_EQ(seen["stat_delta"].dump(),
                                  R"({"XfrmOutNoStates":2})",
                                  "connect() and the packet");
        }
        ScenarioHosts hosts(MakeScenario({}));
        hosts.CarryOut(BLOCK);
        packet.policies = {"dir out action allow"};
        const auto seen = hosts.Play(packet);
        NS_TEST_EXPECT_MSG_EQ(seen["delivered"].get<bool>(), true, "the socket's own policy");
        packet.policies.clear();
        packet.isConnected = false;
        NS_TEST_EXPECT_MSG_EQ(hosts.Play(packet)["send"].get<std::string>(),
                              "EPERM",
                              "which has gone with it");
        packet.proto = "tcp";
        NS_TEST_EXPECT_MSG_EQ(hosts.Play(packet)["send"].get<std::string>(), "EPERM", "TCP");
        packet.destination = "10.77.0.1";
        NS_TEST_EXPECT_MSG_EQ(hosts.Play(packet)["send"].get<std::string>(),
                              "ENETUNREACH",
                              "no route (R2)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policies by the mark of a packet, which means nothing on other hosts (R103, R104, R116).
 */
class MarkTestCase : public TestCase
{
  public:
    MarkTestCase()
        : TestCase("a mark counts on its own host only")
    {
    }

  private:
    void DoRun() override
    {
        ScenarioHosts hosts(MakeScenario({}));
        hosts.CarryOut("policy add dir out mark 5 action block");
        hosts.CarryOut("policy add dir in mark 5 action block");
        ScenarioPacket packet = MakePacket();
        packet.mark = 5;
        auto seen = hosts.Play(packet);
        NS_TEST_EXPECT_MSG_EQ(seen["send"].get<std::string>(), "EPERM", "sent with the mark");
        packet.via = conformance::Via::In;
        std::swap(packet.source, packet.destination);
        seen = hosts.Play(packet);
        NS_TEST_EXPECT_MSG_EQ(seen["delivered"].get<bool>(), true, "another host's mark");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Recorded scenarios and what else their hosts are good for.
 */
class ScenariosTestSuite : public TestSuite
{
  public:
    ScenariosTestSuite()
        : TestSuite("xfrm-scenarios", SYSTEM)
    {
        AddTestCase(new RecordedScenariosTestCase, TestCase::QUICK);
        AddAltered("out-block", R"("rc": 0)", R"("rc": 2)", "\"" + BLOCK + "\" rc");
        AddAltered("dup-add", "File exists", "No such", DUPLICATE);
        AddAltered("out-block", R"("send": "EPERM")", R"("send": "ok")", "packet 1 send");
        AddAltered("out-none", R"(": true)", R"(": false)", "packet 1 delivered");
        AddAltered("out-none", "udp:10.9.0.1:5000", "udp:10.9.0.1:5001", "packet 1 on_wire");
        AddAltered("out-block", "PolBlock\": 1", "PolBlock\": 2", "packet 1 stat_delta");
        AddAltered("out-block", R"("use_set": ["p1"])", R"("use_set": [])", "packet 1 use_set");
        AddAltered("out-block", R"("in_use": ["p1"])", R"("in_use": [])", "packet 1 in_use");
        AddAltered("fwd-none", R"("icmp_back": [])", R"("icmp_back": [""])", "packet 1 icmp_back");
        AddAltered("fwd-out-tmpl", R"("policy": "p1")", R"("policy": "p2")", "packet 1 acquire");
        AddAltered("tie-three", R"(["p3", "p2", "p1"])", R"(["p1"])", "dump_order");
        AddDamaged(SCENARIOS, "\"via\": \"out\"", "\"via\": \"up\"", {"scenarios.jsonl:1", "via"});
        AddDamaged(SCENARIOS, "\"dst\"", "\"dest\"", {"scenarios.jsonl:1: packets: dst"});
        AddDamaged(SCENARIOS, "}]", ", \"odd\": 1}]", {"odd: unknown field"});
        AddDamaged(SCENARIOS,
                   "\"setup\": []",
                   "\"setup\": [1]",
                   {"setup: must be a list of texts"});
        AddDamaged(SCENARIOS, "}]}", "}", {"scenarios.jsonl:1", "not JSON"});
        AddDamaged(RESULTS, "out-none", "out-some", {"4.1.6.jsonl:1", "id: must be out-none"});
        AddDamaged(RESULTS, "\"send\"", "\"sent\"", {"out-none", "sent: unknown field"});
        AddTestCase(new ConnectTestCase, TestCase::QUICK);
        AddTestCase(new MarkTestCase, TestCase::QUICK);
    }

  private:
    /// The mismatch of a command that is refused for another reason.
    static constexpr const char* DUPLICATE{
        "\"policy add src 10.9.0.0/24 dst 10.9.0.0/24 dir out priority 5 action block\" err"};

    void AddAltered(const char* id, const char* from, const char* to, const std::string& column)
    {
        AddTestCase(new AlteredScenarioTestCase(id, from, to, column), TestCase::QUICK);
    }

    void AddDamaged(const std::string& file,
                    const char* from,
                    const char* to,
                    std::vector<std::string> words)
    {
        AddTestCase(new DamagedScenarioTestCase(file, from, to, std::move(words)), TestCase::QUICK);
    }
};

/// Registers the suite.
static ScenariosTestSuite g_xfrmScenariosTestSuite;

} // namespace ns3::xfrm::tests
