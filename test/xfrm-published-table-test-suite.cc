/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-published-table.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what reading tables says
std::string
GetTableError(const std::string& text)
{
    try
    {
        ReadPublishedTables(text, "t.md");
    }
    catch (const PublishedTableError& error)
    {
        return error.what();
    }
    return "no error";
}

/// @return numbers as "V2 row, column/part = value C"
std::string
ToCellsText(const std::vector<PublishedCell>& cells)
{
    std::string text;
    for (const PublishedCell& cell : cells)
    {
        text.append(cell.section).append(" ").append(cell.place.row).append(", ");
        text.append(cell.place.column).append("/").append(std::to_string(cell.place.part));
        text.append(" = ").append(std::to_string(cell.value));
        text.append(cell.isCalibrated ? " C\n" : " P\n");
    }
    return text;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Several numbers in a cell, empty cells, a cell of another column, text in between.
 */
class PublishedTableTestCase : public TestCase
{
  public:
    PublishedTableTestCase()
        : TestCase("numbers of all tables are read with their places and marks")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text = "# Numbers\r\nSome text | with a bar.\n"
                                 "## V2. A list\n| i | 1 | 10 |\n|---|:--:|---|\n"
                                 "| Intel Skylake | 4.93 C / 4.48 P | |\n"
                                 "| x |  | 0.5 P |\n\n"
                                 "| again | a b |\n|---|---|\n| y | 3 P |\n"
                                 "### V4in. Flows\n| f | 64 | 128 |\n|---|---|---|\n"
                                 "| r | 4.0 P | (1024 flows: 21.3 P) |";
        NS_TEST_EXPECT_MSG_EQ(ToCellsText(ReadPublishedTables(text, "t.md")),
                              "V2 Intel Skylake, 1/0 = 4.930000 C\n"
                              "V2 Intel Skylake, 1/1 = 4.480000 P\n"
                              "V2 x, 10/0 = 0.500000 P\n"
                              "V2 y, a b/0 = 3.000000 P\n"
                              "V4in r, 64/0 = 4.000000 P\n"
                              "V4in r, 1024/0 = 21.300000 P\n",
                              "numbers");
        NS_TEST_EXPECT_MSG_EQ(ReadPublishedTables(text, "t.md")[2].where, "t.md line 7", "line");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each thing that can be wrong, with its line and what is allowed.
 */
class PublishedTableErrorTestCase : public TestCase
{
  public:
    PublishedTableErrorTestCase()
        : TestCase("a table that is wrong is refused with its line")
    {
    }

  private:
    void Expect(const std::string& rows, const std::string& error)
    {
        NS_TEST_EXPECT_MSG_EQ(GetTableError("## V2. A\n" + rows), "t.md" + error, rows);
    }

    void DoRun() override
    {
        const std::string head = "| i | 1 |\n|---|---|\n";
        const std::string number = ": must be a number from 0 on with C or P, such as 4.93 C";
        Expect("", ": no table of numbers: must have sections such as ## V2. Title with tables");
        Expect("| i | 1 |\n| x | 1 C |",
               " line 3: | x | 1 C |: must be a line such as |---|---| behind a table's head");
        Expect(head + "| x | 1 |", " line 4: row x, column 1: 1" + number);
        Expect(head + "| x | C |", " line 4: row x, column 1: C" + number);
        Expect(head + "| x | 1 D |", " line 4: row x, column 1: 1 D" + number);
        Expect(head + "| x | -1 C |", " line 4: row x, column 1: -1 C" + number);
        Expect(head + "| x | inf C |", " line 4: row x, column 1: inf C" + number);
        Expect(head + "| x | 1 C / |", " line 4: row x, column 1: " + number);
        Expect(head + "| x | 1 C | 2 C |", " line 4: row x: must have at most 2 cells");
        Expect(head + "| | 1 C |", " line 4: row without name: must begin with one");
        Expect(head + "| x | 1 C |\n| x | 2 C |", " line 5: row x, column 1: given twice");
        Expect("| i | |\n|---|---|\n| x | 1 C |", " line 4: row x: 1 C in a column without name");
        NS_TEST_EXPECT_MSG_EQ(GetTableError("## Shapes\n| i | 1 |"),
                              "t.md line 2: table without section: must stand below a heading "
                              "such as ## V2. Title",
                              "no section");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ReadPublishedTables().
 */
class PublishedTableTestSuite : public TestSuite
{
  public:
    PublishedTableTestSuite()
        : TestSuite("xfrm-published-table", UNIT)
    {
        AddTestCase(new PublishedTableTestCase, TestCase::QUICK);
        AddTestCase(new PublishedTableErrorTestCase, TestCase::QUICK);
    }
};

static PublishedTableTestSuite g_publishedTableTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
