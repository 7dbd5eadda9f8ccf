/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"

#include "ns3/test.h"

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace ns3::xfrm::tests
{

namespace
{

using conformance::Face;
using conformance::InputError;
using conformance::Mismatch;
using conformance::SetReport;

/// The recordings of the flow cache.
const std::filesystem::path GOLDEN_CACHES{std::filesystem::path(XFRM_GOLDEN_DIR) / "flow-cache"};

/// A copy of one recorded set that a test may damage; removed at the end.
class SetCopy
{
  public:
    /// @param folder where to put the copy @param name name of a recorded set
    SetCopy(const std::string& folder, const std::string& name)
        : m_folder(folder),
          m_name(name)
    {
        std::filesystem::create_directories(m_folder);
        for (const char* suffix : {".meta.json", ".flows.csv.gz", ".ops.csv.gz", ".snap.csv.gz"})
        {
            std::filesystem::copy(GOLDEN_CACHES / (name + suffix), m_folder / (name + suffix));
        }
    }

    ~SetCopy()
    {
        std::filesystem::remove_all(m_folder);
    }

    SetCopy(const SetCopy&) = delete;
    SetCopy& operator=(const SetCopy&) = delete;

    const std::filesystem::path& GetFolder() const
    {
        return m_folder;
    }

    /// @param suffix of a file @return the file
    std::filesystem::path GetFile(const std::string& suffix) const
    {
        return m_folder / (m_name + suffix);
    }

    /**
     * @brief Change a line of a compressed file.
     * @param suffix of the file
     * @param number of the line, 1 for the header
     * @param from text in that line @param to what stands there afterwards
     */
    void Edit(const std::string& suffix,
              uint32_t number,
              const std::string& from,
              const std::string& to) const
    {
        std::istringstream text(Read(GetFile(suffix)));
        std::string edited;
        std::string line;
        for (uint32_t i = 1; std::getline(text, line); ++i)
        {
            if (i == number)
            {
                line.replace(line.find(from), from.size(), to);
            }
            edited += line + "\n";
        }
        Write(GetFile(suffix), edited);
    }

  private:
    static std::string Read(const std::filesystem::path& path)
    {
        boost::iostreams::filtering_istream input;
        input.push(boost::iostreams::gzip_decompressor());
        input.push(boost::iostreams::file_source(path.string(), std::ios::binary));
        std::ostringstream text;
        boost::iostreams::copy(input, text);
        return text.str();
    }

    static void Write(const std::filesystem::path& path, const std::string& text)
    {
        boost::iostreams::filtering_ostream output;
        output.push(boost::iostreams::gzip_compressor());
        output.push(boost::iostreams::file_sink(path.string(), std::ios::binary));
        output << text;
    }

    std::filesystem::path m_folder; //!< where the copy is
    std::string m_name;             //!< name of the set
};

/// @return message of the InputError that replaying a folder throws, empty if none
std::string
GetReplayError(const std::filesystem::path& folder)
{
    try
    {
        conformance::ReplayFolder(folder, Face::Key);
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Every recorded value of every set comes out the same, through one face of the cache.
 */
class RecordingsTestCase : public TestCase
{
  public:
    RecordingsTestCase(Face face, const std::string& word)
        : TestCase("the model gives what real kernels did, called by " + word),
          m_face(face)
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<SetReport> reports = conformance::ReplayFolder(GOLDEN_CACHES, m_face);
        NS_TEST_EXPECT_MSG_EQ(reports.size(), 32, "30 sets of operations, jhash2 and keylayout");
        for (const SetReport& report : reports)
        {
            NS_TEST_EXPECT_MSG_GT(report.rows, 0, "rows of " << report.name);
            const bool isEqual = report.mismatches.empty();
            const Mismatch first = isEqual ? Mismatch() : report.mismatches.front();
            NS_TEST_EXPECT_MSG_EQ(isEqual,
                                  true,
                                  report.name << " row " << first.row << " column " << first.column
                                              << ": expected " << first.expected << ", got "
                                              << first.got);
        }
    }

    Face m_face; //!< how the cache is called
};

/**
 * @ingroup xfrm-tests
 * @brief One altered value of a column is one mismatch, with its row and both values.
 *
 * Row 0 of a_basic is a miss (line 2 of the file), so "hit" is what the model does not give.
 */
class AlteredRowTestCase : public TestCase
{
  public:
    AlteredRowTestCase()
        : TestCase("an altered value is reported with row, column, expected and got")
    {
    }

  private:
    void DoRun() override
    {
        const SetCopy copy(CreateTempDirFilename("altered-row"), "a_basic");
        copy.Edit(".ops.csv.gz", 2, ",miss,", ",hit,");
        const SetReport report = conformance::ReplayFolder(copy.GetFolder(), Face::Key).at(0);
        NS_TEST_ASSERT_MSG_EQ(report.mismatches.size(), 1, "mismatches");
        const Mismatch& mismatch = report.mismatches[0];
        NS_TEST_EXPECT_MSG_EQ(mismatch.row, 0, "row");
        NS_TEST_EXPECT_MSG_EQ(mismatch.column, "res", "column");
        NS_TEST_EXPECT_MSG_EQ(mismatch.expected, "hit", "expected");
        NS_TEST_EXPECT_MSG_EQ(mismatch.got, "miss", "got");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One altered entry of a snapshot is one mismatch.
 */
class AlteredSnapshotTestCase : public TestCase
{
  public:
    AlteredSnapshotTestCase()
        : TestCase("an altered snapshot entry is reported")
    {
    }

  private:
    void DoRun() override
    {
        const SetCopy copy(CreateTempDirFilename("altered-snapshot"), "h_hotplug");
        copy.Edit(".snap.csv.gz", 2, "431,2,644,0,617,", "431,2,644,0,618,");
        const SetReport report = conformance::ReplayFolder(copy.GetFolder(), Face::Key).at(0);
        NS_TEST_ASSERT_MSG_EQ(report.mismatches.size(), 1, "mismatches");
        NS_TEST_EXPECT_MSG_EQ(report.mismatches[0].row, 431, "row");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Damaged recordings give an error that names file, place and what is allowed.
 */
class DamagedSetTestCase : public TestCase
{
  public:
    /// Does the damage.
    using Damage = std::function<void(const SetCopy&)>;

    DamagedSetTestCase(const std::string& what, Damage damage, std::vector<std::string> words)
        : TestCase("an error names " + what),
          m_damage(std::move(damage)),
          m_words(std::move(words))
    {
    }

  private:
    void DoRun() override
    {
        const SetCopy copy(CreateTempDirFilename("damaged"), "a_basic");
        m_damage(copy);
        const std::string error = GetReplayError(copy.GetFolder());
        for (const std::string& word : m_words)
        {
            const bool hasWord = error.find(word) != std::string::npos;
            NS_TEST_EXPECT_MSG_EQ(hasWord, true, "\"" << word << "\" in: " << error);
        }
        const bool isOneLine = error.find('\n') == std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(isOneLine, true, "one line: " << error);
    }

    Damage m_damage;                  //!< does the damage
    std::vector<std::string> m_words; //!< what the error must say
};

/**
 * @ingroup xfrm-tests
 * @brief Replay of recorded kernels, and what it says of bad recordings.
 */
class ConformanceTestSuite : public TestSuite
{
  public:
    ConformanceTestSuite()
        : TestSuite("xfrm-conformance", UNIT)
    {
        AddTestCase(new RecordingsTestCase(Face::Key, "key"), TestCase::QUICK);
        AddTestCase(new RecordingsTestCase(Face::Interned, "number"), TestCase::QUICK);
        AddTestCase(new AlteredRowTestCase, TestCase::QUICK);
        AddTestCase(new AlteredSnapshotTestCase, TestCase::QUICK);
        AddDamage("a missing file",
                  [](const SetCopy& set) { std::filesystem::remove(set.GetFile(".ops.csv.gz")); },
                  {"a_basic.ops.csv.gz", "can't be read"});
        AddDamage("parts of a set without parameters",
                  [](const SetCopy& set) { std::filesystem::remove(set.GetFile(".meta.json")); },
                  {"a_basic.", ".csv.gz", ".meta.json is missing"});
        AddDamage("a file cut short",
                  [](const SetCopy& set) {
                      std::filesystem::resize_file(set.GetFile(".ops.csv.gz"), 20000);
                  },
                  {"a_basic.ops.csv.gz", "damaged"});
        AddDamage(
            "a file that is not compressed",
            [](const SetCopy& set) { std::ofstream(set.GetFile(".snap.csv.gz")) << "i,cpu\n"; },
            {"a_basic.snap.csv.gz", "not compressed with gzip"});
        AddDamage("a wrong header",
                  [](const SetCopy& set) { set.Edit(".flows.csv.gz", 1, "family", "af"); },
                  {"a_basic.flows.csv.gz", "line 1", "family"});
        AddDamage("an unknown operation",
                  [](const SetCopy& set) { set.Edit(".ops.csv.gz", 3, "L,", "Q,"); },
                  {"a_basic.ops.csv.gz", "line 3", "column op", "\"Q\"", "L B R F D W G X O U"});
        AddDamage("an unknown plan",
                  [](const SetCopy& set) { set.Edit(".ops.csv.gz", 2, ",N,", ",E,"); },
                  {"line 2", "column plan", "\"E\"", "E and a number"});
        AddDamage("an impossible CPU",
                  [](const SetCopy& set) { set.Edit(".ops.csv.gz", 2, "L,0,", "L,1,"); },
                  {"line 2", "column cpu", "\"1\"", "0 to 0"});
        AddDamage("a row with too many fields",
                  [](const SetCopy& set) { set.Edit(".ops.csv.gz", 2, "L,", "L,,"); },
                  {"line 2", "20 fields", "must be 19"});
        AddDamage("a wrong key",
                  [](const SetCopy& set) { set.Edit(".flows.csv.gz", 2, "0,10,", "0,2,"); },
                  {"a_basic.flows.csv.gz", "line 2", "key_hex"});
        AddDamage("parameters that are not JSON",
                  [](const SetCopy& set) { std::ofstream(set.GetFile(".meta.json")) << "{"; },
                  {"a_basic.meta.json", "not JSON"});
        AddDamage("a missing parameter",
                  [](const SetCopy& set) { std::ofstream(set.GetFile(".meta.json")) << "{}"; },
                  {"a_basic.meta.json", "missing"});
    }

  private:
    void AddDamage(const std::string& what,
                   DamagedSetTestCase::Damage damage,
                   std::vector<std::string> words)
    {
        AddTestCase(new DamagedSetTestCase(what, std::move(damage), std::move(words)),
                    TestCase::QUICK);
    }
};

/// Registers the suite.
static ConformanceTestSuite g_xfrmConformanceTestSuite;

} // namespace ns3::xfrm::tests
