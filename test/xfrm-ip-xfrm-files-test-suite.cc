/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief What may be before the object, quotes, comments and continued lines.
 */
class IpXfrmLinesTestCase : public TestCase
{
  public:
    IpXfrmLinesTestCase()
        : TestCase("lines as in files and scripts give namespace, command and position")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{"#!/bin/sh\n"
                               "\n"
                               "ip -n gw1 xfrm state flush # and policies\n"
                               "  sudo /sbin/ip -s -d --netns gw2 x p f\r\n"
                               "sudo ip netns exec gw3 ip -4 xfrm \\\n"
                               "  policy \\\n"
                               "  flush\n"
                               "'st'\"ate\" fl\\ush"};
        const auto commands = IpXfrm::Read(text, "gw.conf");
        NS_TEST_ASSERT_MSG_EQ(commands.size(), 4, "commands");
        const std::vector<std::string> namespaces{"gw1", "gw2", "gw3", ""};
        const std::vector<std::string> verbs{"flush", "f", "flush", "flush"};
        const std::vector<SourcePosition> positions{{"gw.conf", 3, 22},
                                                    {"gw.conf", 4, 39},
                                                    {"gw.conf", 7, 3},
                                                    {"gw.conf", 8, 11}};
        for (size_t i = 0; i < commands.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(commands[i].nameSpace, namespaces[i], "namespace " << i);
            NS_TEST_EXPECT_MSG_EQ(commands[i].verb, verbs[i], "verb " << i);
            NS_TEST_EXPECT_MSG_EQ((commands[i].position == positions[i]),
                                  true,
                                  "position " << i << ": " << commands[i].position.line << ":"
                                              << commands[i].position.column);
        }
        NS_TEST_EXPECT_MSG_EQ(IpXfrm::Read("", "empty").size(), 0, "an empty text");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief All recordings are read: between "# commands" and "# xfrm_stat" each line that is not
 * empty is one command, and the dumps behind are left alone.
 */
class IpXfrmRecordingsTestCase : public TestCase
{
  public:
    IpXfrmRecordingsTestCase()
        : TestCase("every recorded file and scenario is read")
    {
    }

  private:
    void DoRun() override
    {
        const std::filesystem::path golden{XFRM_GOLDEN_DIR};
        size_t nFiles = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(golden / "captures"))
        {
            if (entry.path().extension() == ".txt")
            {
                ++nFiles;
                NS_TEST_EXPECT_MSG_EQ(IpXfrm::ReadFile(entry.path()).size(),
                                      CountCommands(entry.path()),
                                      entry.path());
            }
        }
        NS_TEST_EXPECT_MSG_EQ(nFiles, 56, "recorded files of two kernels");
        std::ifstream scenarios(golden / "policy-scenarios" / "scenarios.jsonl");
        size_t nCommands = 0;
        for (std::string line; std::getline(scenarios, line);)
        {
            const auto scenario = nlohmann::json::parse(line);
            auto commands = scenario.at("setup").get<std::vector<std::string>>();
            for (const auto& packet : scenario.at("packets"))
            {
                for (const std::string command : packet.value("before", nlohmann::json::array()))
                {
                    commands.push_back(command);
                }
            }
            for (const std::string& command : commands)
            {
                nCommands += IpXfrm::Read(command, scenario.at("id")).size();
            }
        }
        NS_TEST_EXPECT_MSG_EQ(nCommands, 102, "commands of 56 scenarios");
    }

    /// @return lines of a recording that start with "ip "
    static size_t CountCommands(const std::filesystem::path& path)
    {
        std::ifstream file(path);
        size_t nLines = 0;
        for (std::string line; std::getline(file, line);)
        {
            nLines += line.starts_with("ip ") ? 1 : 0;
        }
        return nLines;
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Random damage to right texts: read, or refused with a position within the text.
 *
 * The seed is fixed, so a failure comes again.
 */
class IpXfrmDamageTestCase : public TestCase
{
  public:
    IpXfrmDamageTestCase()
        : TestCase("a damaged text is read or refused in one line that says where")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text{
            "# commands\nip -n nA xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 "
            "reqid 1 mode tunnel replay-window 32 flag esn aead 'rfc4106(gcm(aes))' "
            "0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128 sel proto udp dport 7 # one\n"
            "xfrm policy add src fd00::1/64 dst \"fd00::2\" dir out mark 1 mask 3 limit byte-soft "
            "5 \\\n tmpl src 1.2.3.4 dst 1.2.3.5 proto ah level use mode transport\n"
            "ip netns exec nB ip -6 xfrm policy delete proto gre key 1.2.3.4 dir fwd\n"
            "state update proto comp spi 9 comp deflate encap espinudp 1 2 ::\n# xfrm_stat\n"};
        uint32_t nRead = 0;
        for (uint32_t i = 0; i < 20000; ++i)
        {
            std::string damaged = text;
            const uint32_t nChanges = 1 + m_random() % 3;
            for (uint32_t j = 0; j < nChanges; ++j)
            {
                Damage(damaged);
            }
            nRead += Check(damaged) ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_GT(nRead, 0, "some texts are right still");
        NS_TEST_EXPECT_MSG_LT(nRead, 20000, "some are not");
    }

    /// Changes, removes, doubles or moves a part of a text.
    void Damage(std::string& text)
    {
        static const std::string BYTES{" \n\t\r\\'\"#$;/.:0x9azZ-\x7f\xc3\0", 23};
        const size_t at = m_random() % (text.size() + 1);
        const size_t length = m_random() % 12;
        switch (m_random() % 4)
        {
        case 0:
            text.insert(at, 1, BYTES[m_random() % BYTES.size()]);
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(at, text.substr(m_random() % (text.size() + 1), length));
            break;
        default:
            text.resize(at);
            break;
        }
    }

    /// @return whether the text was read
    bool Check(const std::string& text)
    {
        try
        {
            IpXfrm::Read(text, "f");
            return true;
        }
        catch (const IpXfrmError& error)
        {
            const std::string message = error.what();
            const auto nLines = std::count(text.begin(), text.end(), '\n') + 1;
            const auto& position = error.GetPosition();
            const bool isInside = position.line >= 1 && position.line <= nLines &&
                                  position.column >= 1 && position.column <= text.size() + 1;
            const std::string start =
                "f:" + std::to_string(position.line) + ":" + std::to_string(position.column) + ": ";
            const bool isOneLine = std::all_of(message.begin(), message.end(), [](char c) {
                return c >= 0x20 && c < 0x7f;
            });
            NS_TEST_EXPECT_MSG_EQ(isInside, true, message);
            NS_TEST_EXPECT_MSG_EQ(message.starts_with(start), true, message);
            NS_TEST_EXPECT_MSG_EQ(isOneLine, true, message);
            return false;
        }
    }

    std::mt19937 m_random{1}; //!< a fixed sequence
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of whole texts that IpXfrm reads.
 */
class IpXfrmFilesTestSuite : public TestSuite
{
  public:
    IpXfrmFilesTestSuite()
        : TestSuite("xfrm-ip-xfrm-files", UNIT)
    {
        AddTestCase(new IpXfrmLinesTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmRecordingsTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmDamageTestCase, TestCase::QUICK);
    }
};

static IpXfrmFilesTestSuite g_ipXfrmFilesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
