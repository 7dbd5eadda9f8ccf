/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm-apply.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @param path a recording @param command what was asked, such as "ip -n nA -s xfrm state"
/// @return what was answered, one text for each state or policy
std::vector<std::string>
ReadDump(const std::filesystem::path& path, const std::string& command)
{
    std::ifstream file(path);
    std::vector<std::string> blocks;
    bool isInside = false;
    for (std::string line; std::getline(file, line);)
    {
        if (line.starts_with('#') || line.empty())
        {
            isInside = line == "# " + command;
            continue;
        }
        if (!isInside)
        {
            continue;
        }
        if (line.starts_with("src "))
        {
            blocks.emplace_back();
        }
        blocks.back() += line + '\n';
    }
    return blocks;
}

/// @param text a text @param before words @param allowed characters
/// @return the text, with "N" for the allowed characters behind the words, wherever they stand
std::string
Blank(std::string text, const std::string& before, const char* allowed)
{
    for (size_t at = text.find(before); at != std::string::npos; at = text.find(before, at))
    {
        at += before.size();
        const size_t end = text.find_first_not_of(allowed, at);
        text.replace(at, end - at, "N");
    }
    return text;
}

/// @param text of a state or policy @return the same with any date of addition or use, and index
std::string
Normalize(const std::string& text)
{
    std::string normal = Blank(text, "\n\t  add ", "0123456789-:");
    normal = Blank(normal, "\n\t  add N ", "0123456789-:");
    normal = Blank(normal, " use 2", "0123456789-:");
    normal = Blank(normal, " use 2N ", "0123456789-:");
    return Blank(normal, " index ", "0123456789");
}

/// @param text a text @param words what is before a number @param base its base
/// @return the first such number, 0 if there is none
uint64_t
FindNumber(const std::string& text, const std::string& words, int base = 10)
{
    for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at))
    {
        at += words.size();
        if (std::isxdigit(static_cast<unsigned char>(text[at])) != 0)
        {
            return std::stoull(text.substr(at), nullptr, base);
        }
    }
    return 0;
}

/// @param text of a state @return the highest number received
uint32_t
FindTop(const std::string& text)
{
    const size_t context = text.find("context:"); // behind another seq, of the acquire
    return context == std::string::npos
               ? 0
               : static_cast<uint32_t>(FindNumber(text.substr(context), " seq 0x", 16));
}

/// @param text of a state @return the numbers that it received; with a ring, all to the highest one
std::vector<uint32_t>
FindReceived(const std::string& text)
{
    const uint32_t top = FindTop(text);
    const uint64_t bitmap = FindNumber(text, "bitmap 0x", 16);
    const bool hasWord = text.find("bitmap 0x") != std::string::npos;
    std::vector<uint32_t> numbers;
    for (uint32_t age = hasWord ? 32 : top; age-- > 0;)
    {
        if (!hasWord || (bitmap >> age & 1) != 0)
        {
            numbers.push_back(top - age);
        }
    }
    return numbers;
}

/// @param path a recording of the replay window @return the numbers that its receiver let through
std::vector<uint32_t>
ReadReceived(const std::filesystem::path& path)
{
    const std::string name = path.stem();
    std::ifstream file(path.parent_path() / "replay.jsonl");
    std::vector<uint32_t> numbers;
    for (std::string line; std::getline(file, line);)
    {
        const auto row = nlohmann::json::parse(line);
        const std::string ofName = "replay-w" + std::to_string(row.at("window").get<int>()) +
                                   "-esn" + std::to_string(row.at("esn").get<int>());
        if (ofName == name && row.at("delivered") == 1)
        {
            numbers.push_back(row.at("seq"));
        }
    }
    return numbers;
}

/**
 * @brief Bring a state to where a recorded one is.
 * @param state the state @param text the recorded one @param received the numbers that it received
 * @param now the time [s of wall clock]
 */
void
Drive(State& state, const std::string& text, const std::vector<uint32_t>& received, uint64_t now)
{
    if (text.find(" use -") == std::string::npos)
    {
        state.CheckExpiry(now);
    }
    for (auto n = FindNumber(text, "(bytes), "); n > 0; --n)
    {
        state.Count(n == 1 ? FindNumber(text, "current:\n\t  ") : 0);
    }
    ReplayWindow& replay = state.GetReplay();
    const auto out = static_cast<uint32_t>(FindNumber(text, "oseq 0x", 16));
    while (static_cast<uint32_t>(replay.GetOutSequence()) != out)
    {
        replay.NextOut();
    }
    for (const uint32_t number : received)
    {
        replay.Advance(number);
    }
    state.statistics.nReplayWindow =
        static_cast<uint32_t>(FindNumber(text, "stats:\n\t  replay-window "));
    state.statistics.nReplay = static_cast<uint32_t>(FindNumber(text, " replay "));
    state.statistics.nIntegrityFailed = static_cast<uint32_t>(FindNumber(text, " failed "));
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Each recorded host gets the recorded commands; its states are brought to what they had
 * counted, its policies to whether they were used.  Then each text is the recorded one, but for
 * dates and indexes, which are the recorder's.
 *
 * The numbers received are those of the recorded word (R173); of a ring, 1 to the highest one, but
 * for recordings of the replay window, where replay.jsonl has them (R176).  These add a state anew,
 * so the one before it is gone.  Not to be compared:
 * policies of sockets, which commands don't add.
 */
class ShowRecordingsTestCase : public TestCase
{
  public:
    ShowRecordingsTestCase()
        : TestCase("states and policies read as in recordings of real hosts")
    {
    }

  private:
    void DoRun() override
    {
        const std::filesystem::path captures{std::string(XFRM_GOLDEN_DIR) + "/captures"};
        for (const auto& entry : std::filesystem::recursive_directory_iterator(captures))
        {
            if (entry.path().extension() == ".txt")
            {
                Check(entry.path(), "nA");
                Check(entry.path(), "nB");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(m_nStates, 224, "states of 56 recordings");
        NS_TEST_EXPECT_MSG_EQ(m_nPolicies, 292, "policies of 56 recordings");
    }

    void Check(const std::filesystem::path& path, const std::string& name)
    {
        NamespaceFixture host;
        for (const IpXfrmCommand& command : IpXfrm::ReadFile(path))
        {
            if (command.nameSpace == name)
            {
                const auto* state = std::get_if<StateAdd>(&command.action);
                if (state != nullptr)
                {
                    host.net.DeleteState(state->config.id, 0, state->config.family);
                }
                const int32_t error = Apply(command, host.net, {}, host.Here());
                NS_TEST_ASSERT_MSG_EQ(error, 0, path << ":" << command.position.line);
            }
        }
        CheckStates(host, path, name);
        CheckPolicies(host, path, name);
    }

    void CheckStates(NamespaceFixture& host,
                     const std::filesystem::path& path,
                     const std::string& name)
    {
        const auto recorded = ReadDump(path, "ip -n " + name + " -s xfrm state");
        const auto states = host.net.GetStates().GetAll();
        NS_TEST_ASSERT_MSG_EQ(states.size(), recorded.size(), path << ": states of " << name);
        for (size_t i = 0; i < states.size(); ++i)
        {
            const bool isReplayed = path.stem().string().starts_with("replay-") &&
                                    recorded[i].find("bitmap 0x") == std::string::npos &&
                                    FindTop(recorded[i]) != 0;
            const auto received = isReplayed ? ReadReceived(path) : FindReceived(recorded[i]);
            Drive(*states[i], recorded[i], received, host.net.GetWallClock(host.now));
            std::ostringstream text;
            ShowState(text, *states[i], {.hasDetails = true});
            NS_TEST_EXPECT_MSG_EQ(Normalize(text.str()), Normalize(recorded[i]), path);
            ++m_nStates;
        }
    }

    void CheckPolicies(NamespaceFixture& host,
                       const std::filesystem::path& path,
                       const std::string& name)
    {
        auto recorded = ReadDump(path, "ip -n " + name + " -s xfrm policy");
        std::erase_if(recorded, [](const std::string& text) {
            return text.find("\tsocket ") != std::string::npos;
        });
        const auto policies = host.net.GetPolicies().GetAll();
        NS_TEST_ASSERT_MSG_EQ(policies.size(), recorded.size(), path << ": policies of " << name);
        for (size_t i = 0; i < policies.size(); ++i)
        {
            if (recorded[i].find(" use -") == std::string::npos)
            {
                policies[i]->SetUsed(host.net.GetWallClock(host.now));
            }
            std::ostringstream text;
            ShowPolicy(text, *policies[i], {.hasDetails = true});
            NS_TEST_EXPECT_MSG_EQ(Normalize(text.str()), Normalize(recorded[i]), path);
            ++m_nPolicies;
        }
    }

    uint32_t m_nStates{0};   //!< states compared
    uint32_t m_nPolicies{0}; //!< policies compared
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ShowState() and ShowPolicy() by recordings.
 */
class ShowRecordingsTestSuite : public TestSuite
{
  public:
    ShowRecordingsTestSuite()
        : TestSuite("xfrm-show-recordings", UNIT)
    {
        AddTestCase(new ShowRecordingsTestCase, TestCase::QUICK);
    }
};

static ShowRecordingsTestSuite g_showRecordingsTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
