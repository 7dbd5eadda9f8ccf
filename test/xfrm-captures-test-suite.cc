/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-copy.h"
#include "xfrm-captures-file.h"
#include "xfrm-captures-hosts.h"
#include "xfrm-captures-packet.h"
#include "xfrm-conformance.h"

#include "ns3/test.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

using conformance::CaptureHost;
using conformance::CaptureHosts;
using conformance::CaptureSights;
using conformance::IdRule;
using conformance::SetReport;
using nlohmann::json;

/// The recording.
const std::filesystem::path GOLDEN{std::filesystem::path(XFRM_GOLDEN_DIR) / "captures/linux-4.1.6"};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What a real kernel sent and received comes out the same.
 *
 * The rows of a part are its lines.  Those of the dumps: for A and B the counters, two states, and
 * of policies three each in tunnel mode, two each in transport mode, and two more each of sockets
 * that have their own (natt): 17 runs in tunnel mode and 11 in transport mode make
 * 17 * 12 + 11 * 10 + 2 * 4.  The README says what is left out, of how many rows.
 */
class RecordedCapturesTestCase : public TestCase
{
  public:
    RecordedCapturesTestCase()
        : TestCase("the packets of a real kernel come out the same")
    {
    }

  private:
    void DoRun() override
    {
        const auto reports =
            conformance::ReplayFolder(CapturesCopy::GetOriginal(), conformance::Face::Key);
        const std::vector<std::pair<std::string, uint64_t>> sets{{"esn", 36},
                                                                 {"frag", 112},
                                                                 {"mtu", 24},
                                                                 {"natt", 32},
                                                                 {"nobypass-natt", 32},
                                                                 {"outer", 156},
                                                                 {"replay", 108},
                                                                 {"sizes", 256},
                                                                 {"dumps", 322}};
        NS_TEST_ASSERT_MSG_EQ(reports.size(), sets.size(), "sets");
        for (size_t i = 0; i < sets.size(); ++i)
        {
            const SetReport& report = reports[i];
            NS_TEST_EXPECT_MSG_EQ(report.name, "captures/linux-4.1.6/" + sets[i].first, "name");
            NS_TEST_EXPECT_MSG_EQ(report.rows, sets[i].second, report.name);
            NS_TEST_EXPECT_MSG_EQ(report.mismatches.size(), 0, report.name);
            NS_TEST_EXPECT_MSG_EQ(report.leftOut.size(),
                                  (sets[i].first == "frag" ? 1 : 0),
                                  "left out");
        }
        NS_TEST_EXPECT_MSG_EQ(reports[1].leftOut.at(0).what,
                              "inner_side, wire of 10 rows",
                              "what the README says");
    }
};

/// Where a copy is altered, and how.
struct Alteration
{
    std::string part; //!< name of the part
    std::string run;  //!< name of its run
    std::string file; //!< the file
    std::string from; //!< text in it; its first place is meant
    std::string to;   //!< what it is altered to
};

/**
 * @ingroup xfrm-tests
 * @brief One value that is altered gives one mismatch, which names it: each field is compared.
 */
class AlteredCaptureTestCase : public TestCase
{
  public:
    /// @param alteration what is altered @param column what the mismatch must name
    AlteredCaptureTestCase(Alteration alteration, std::string column)
        : TestCase("an altered value shows as " + column),
          m_alteration(std::move(alteration)),
          m_column(std::move(column))
    {
    }

  private:
    void DoRun() override
    {
        const CapturesCopy copy(CreateTempDirFilename("altered"),
                                m_alteration.part,
                                m_alteration.run);
        const bool isThere = copy.Edit(m_alteration.file, m_alteration.from, m_alteration.to);
        NS_TEST_ASSERT_MSG_EQ(isThere, true, "is there");
        std::string columns;
        for (const SetReport& report : copy.Replay())
        {
            for (const conformance::Mismatch& mismatch : report.mismatches)
            {
                columns += mismatch.column + ";";
            }
        }
        NS_TEST_EXPECT_MSG_EQ(columns, m_column + ";", "the one mismatch");
    }

    Alteration m_alteration; //!< what is altered
    std::string m_column;    //!< what the mismatch must name
};

/**
 * @ingroup xfrm-tests
 * @brief What is missing or malformed gives one line that names it and what is allowed.
 */
class DamagedCaptureTestCase : public TestCase
{
  public:
    /// @param what in words @param alteration what is altered; an empty text: the file goes
    /// @param error the error, without the folder
    DamagedCaptureTestCase(const std::string& what, Alteration alteration, std::string error)
        : TestCase("there is an error for " + what),
          m_alteration(std::move(alteration)),
          m_error(std::move(error))
    {
    }

  private:
    void DoRun() override
    {
        const CapturesCopy copy(CreateTempDirFilename("damaged"),
                                m_alteration.part,
                                m_alteration.run);
        if (m_alteration.from.empty())
        {
            std::filesystem::remove(copy.GetFile(m_alteration.file));
        }
        else
        {
            NS_TEST_ASSERT_MSG_EQ(copy.Edit(m_alteration.file, m_alteration.from, m_alteration.to),
                                  true,
                                  "is there");
        }
        NS_TEST_EXPECT_MSG_EQ(copy.GetError(), m_error, "one line");
    }

    Alteration m_alteration; //!< what is altered
    std::string m_error;     //!< the error, without the folder
};

/**
 * @ingroup xfrm-tests
 * @brief Identifications: 0 with DF stays, all others are numbered in a list, fragments alike.
 *
 * Of the model's, one that does not count up without DF, modulo 2^16, is -1.
 */
class IdRuleTestCase : public TestCase
{
  public:
    IdRuleTestCase()
        : TestCase("identifications are compared by what they say")
    {
    }

  private:
    static json MakeList(const std::vector<std::pair<int, int>>& packets)
    {
        json list = json::array();
        for (const auto& [id, df] : packets)
        {
            list.push_back({{"id", id}, {"df", df}});
        }
        return list;
    }

    void DoRun() override
    {
        const json normal = IdRule::Normalize(MakeList({{0, 1}, {700, 0}, {700, 0}, {9, 1}}));
        const json numbered = MakeList({{0, 1}, {1, 0}, {1, 0}, {2, 1}});
        NS_TEST_EXPECT_MSG_EQ(normal, numbered, "numbered");
        IdRule ids;
        NS_TEST_EXPECT_MSG_EQ(ids.Check(MakeList({{65535, 0}})), MakeList({{1, 0}}), "the first");
        NS_TEST_EXPECT_MSG_EQ(ids.Check(MakeList({{3, 0}, {3, 0}, {4, 0}})),
                              MakeList({{1, 0}, {1, 0}, {2, 0}}),
                              "counts up beyond the highest");
        NS_TEST_EXPECT_MSG_EQ(ids.Check(MakeList({{0, 1}, {4, 0}})),
                              MakeList({{0, 1}, {-1, 0}}),
                              "the same once more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The TOS of an outer packet that is altered on its way to B (R259).
 *
 * 0x2b is DSCP 10 with CE: of an inner packet that is ECN-capable, here 0x29, B makes CE; its DSCP
 * stays.
 */
class AlteredOnWireTestCase : public TestCase
{
  public:
    AlteredOnWireTestCase()
        : TestCase("congestion on the way comes out of the tunnel")
    {
    }

  private:
    void DoRun() override
    {
        CaptureHosts hosts({});
        const auto run =
            conformance::ReadRun(CapturesCopy::GetOriginal() / "outer-plain-tunnel.txt");
        hosts.Configure(run.commands);
        hosts.AlterTos(0x2b);
        conformance::CaptureDatagram datagram;
        datagram.tos = 0x29;
        const CaptureSights sights = hosts.Send(datagram);
        NS_TEST_ASSERT_MSG_EQ(sights.received.size(), 1, "arrives");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(sights.received[0].tos), 0x2b, "with CE");
        NS_TEST_EXPECT_MSG_EQ((sights.received[0].host == CaptureHost::K), true, "at K");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Recorded captures.
 */
class CapturesTestSuite : public TestSuite
{
  public:
    CapturesTestSuite()
        : TestSuite("xfrm-captures", SYSTEM)
    {
        AddTestCase(new RecordedCapturesTestCase, TestCase::QUICK);
        AddAltered();
        AddDamaged();
        AddTestCase(new IdRuleTestCase, TestCase::QUICK);
        AddTestCase(new AlteredOnWireTestCase, TestCase::QUICK);
    }

  private:
    void AddAltered()
    {
        const auto add = [&](const std::string& run,
                             const std::string& file,
                             const std::string& from,
                             const std::string& to,
                             const std::string& column) {
            std::string part = run.substr(0, run.find('-'));
            part = part == "noesn" ? "esn" : part;
            AddTestCase(new AlteredCaptureTestCase({part, run, file, from, to}, run + " " + column),
                        TestCase::QUICK);
        };
        const std::string sizes = "sizes-gcm128-tunnel";
        add(sizes, "sizes.jsonl", "\"ok\"", "\"EPERM\"", "send");
        add(sizes, "sizes.jsonl", "[84]", "[88]", "outer_len");
        add(sizes, "sizes.jsonl", "[50]", "[51]", "proto");
        add(sizes, "sizes.jsonl", "\"seq\": [1]", "\"seq\": [2]", "seq");
        add(sizes, "sizes.jsonl", "\"received\": [0]", "\"received\": []", "received");
        add(sizes, sizes + ".txt", "{}", "{\"XfrmInError\": 1}", "nA xfrm_stat");
        add(sizes, sizes + ".txt", "oseq 0x40", "oseq 0x41", "nA state 2");
        add(sizes, sizes + ".txt", "uid 0\n\tdir fwd", "uid 0\n\tdir in", "nA policy 1");
        const std::string outer = "outer-plain-tunnel";
        add(outer, "outer.jsonl", "[{\"tos\": 0", "[{\"tos\": 1", "outer");
        add(outer, "outer.jsonl", "\"id\": 0", "\"id\": 9", "outer");
        add(outer, "outer.jsonl", "\"ttl\": 62", "\"ttl\": 63", "received");
        const std::string frag = "frag-gcm128-tunnel-df0";
        add(frag, "frag.jsonl", "\"len\": 1484", "\"len\": 1485", "wire");
        add(frag, "frag.jsonl", "\"src\": \"10.1.0.2\"", "\"src\": \"10.1.0.3\"", "inner_side");
        const auto addMtu =
            [&](const std::string& from, const std::string& to, const char* column) {
                AddTestCase(new AlteredCaptureTestCase(
                                {"", "", "mtu.jsonl", from, to},
                                std::string("mtu-1500-gcm128-tunnel-natt0 ") + column),
                            TestCase::QUICK);
            };
        addMtu("connected\": 1446", "connected\": 1447", "IP_MTU_connected");
        addMtu("1418", "1419", "max_df_udp_payload");
        addMtu("at_max\": [1500]", "at_max\": [1501]", "wire_len_at_max");
        addMtu("[[1500]", "[[1446]", "fwd_icmp_mtu");
        addMtu("inner_len\": 1446", "inner_len\": 1447", "fwd_max_inner_len");
        addMtu("1446, \"fwd_wire_len_at_max\": [1500]",
               "1446, \"fwd_wire_len_at_max\": [1496]",
               "fwd_wire_len_at_max");
        const std::string natt = "natt-gcm128-tunnel";
        add(natt, "natt.jsonl", "[4500, 4500, 72, 0]", "[4500, 4500, 72, 1]", "udp");
        add(natt, "natt.jsonl", "\"to_socket\": 16", "\"to_socket\": 12", "to_socket");
        add("replay-w32-esn0",
            "replay.jsonl",
            "32, \"esn\": 0, \"seq\": 1, \"delivered\": 1",
            "32, \"esn\": 0, \"seq\": 1, \"delivered\": 0",
            "delivered");
        const std::string esn = "noesn-overflow-gcm128";
        add(esn, "esn.jsonl", "SeqError\": 1", "SeqError\": 2", "stat");
    }

    void AddDamaged()
    {
        const std::string sizes = "sizes-gcm128-tunnel";
        const auto add = [&](const std::string& what,
                             const std::string& file,
                             const std::string& from,
                             const std::string& to,
                             const std::string& error) {
            AddTestCase(
                new DamagedCaptureTestCase(what, {"sizes", sizes, file, from, to}, file + error),
                TestCase::QUICK);
        };
        const std::string rows = "sizes.jsonl";
        add("a negative number",
            rows,
            "\"payload\": 0",
            "\"payload\": -1",
            ":1: payload: must be a number from 0 to 65535");
        add("a field that is missing", rows, "\"seq\": [1], ", "", ":1: seq: missing");
        add("an unknown field", rows, "[84]", "[84], \"odd\": 1", ":1: odd: unknown field");
        add("what is no JSON", rows, "{", "", ":1: not JSON");
        AddTestCase(new DamagedCaptureTestCase("an unknown packet for a socket",
                                               {"natt", "natt", "natt.jsonl", "ike marker", "ike"},
                                               "natt.jsonl:15: special: must be keepalive 0xff, "
                                               "ike marker or short 3 bytes"),
                    TestCase::QUICK);
        const std::string run = sizes + ".txt";
        add("a run that is missing", run, "", "", ": can't be read");
        add("commands that are missing", run, "# commands", "#", ": \"# commands\": missing");
        add("counters that are missing",
            run,
            "xfrm_stat in nB",
            "xfrm_stat in nC",
            ": \"# xfrm_stat in nB: change\": missing");
        add("counters that are no JSON",
            run,
            "{}",
            "none",
            ": xfrm_stat in nA: change: must be counts by label, as JSON");
        add("an unknown host", run, "-n nA", "-n nC", ":3: nC: must be nA or nB");
        AddTestCase(new DamagedCaptureTestCase(
                        "a record that is not the captured packet",
                        {"replay", "replay-w0-esn0", "replay.jsonl", "\"seq\": 1", "\"seq\": 2"},
                        "replay.jsonl:1: seq: must be that of the next packet for B in "
                        "replay-w0-esn0.pcap"),
                    TestCase::QUICK);
    }
};

static CapturesTestSuite g_capturesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
