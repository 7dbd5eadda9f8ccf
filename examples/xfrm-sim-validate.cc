/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-validation.h"

#include <iostream>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

/// What the command line asks for.
struct ValidateOptions
{
    std::vector<std::string> files; //!< files of tables, at most one
    bool isJson{false};             //!< print JSON
    bool isCsv{false};              //!< print comma-separated values
};

/// @return whether there is something to do; false if the help was shown
bool
ParseValidate(const std::vector<std::string>& words, ValidateOptions& options)
{
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("json", po::bool_switch(&options.isJson), "print one JSON object instead of tables");
    add("csv", po::bool_switch(&options.isCsv), "print comma-separated values instead");
    po::options_description hidden;
    hidden.add_options()("file", po::value(&options.files));
    po::positional_options_description positional;
    positional.add("file", -1);
    std::string sections;
    for (const ValidationScenario& scenario : ValidationScenario::GetAll())
    {
        sections.append("  ").append(scenario.section).append(": ").append(scenario.what);
        sections.append("\n");
    }
    return Parse(words,
                 "Usage: xfrm-sim validate [options] [FILE]\n\n"
                 "Simulates published measurements and prints the published numbers beside ours.\n"
                 "FILE is Markdown with tables like those of doc/validation.md, which is taken\n"
                 "if none is given.  Its sections are headed ## V1. and so on; each number is\n"
                 "marked C (profiles are calibrated on it) or P (it is predicted):\n" +
                     sections +
                     "Exit status: 0 all of C are within 5 %, and at most a tenth of P is outside\n"
                     "its band; 1 otherwise; 2 bad input.\n",
                 description,
                 hidden,
                 positional);
}

} // namespace

int
RunValidate(const std::vector<std::string>& words)
{
    ValidateOptions options;
    if (!ParseValidate(words, options))
    {
        return EXIT_OK;
    }
    if (options.files.size() > 1)
    {
        throw UsageError("validate: " + options.files[1] + ": must be one file of tables");
    }
    if (options.isJson && options.isCsv)
    {
        throw UsageError("validate: --csv: must not be given with --json");
    }
    const auto cells = LoadPublishedTables(options.files.empty() ? "" : options.files[0]);
    CheckPlaces(cells);
    Simulator::Run(); // from here on ns-3 keeps no list of times
    ProgressLine progress;
    size_t nDone = 0;
    const ValidationReport report = Validate(cells, [&](const PublishedCell& cell) {
        progress.Show("number " + std::to_string(++nDone) + " of " + std::to_string(cells.size()) +
                      ": " + cell.section + ", " + cell.place.row + ", " + cell.place.column);
    });
    progress.Clear();
    (options.isJson ? PrintJson : options.isCsv ? PrintCsv : PrintText)(report, std::cout);
    Simulator::Destroy();
    return report.IsPassed() ? EXIT_OK : EXIT_CHECK_FAILED;
}

} // namespace ns3::xfrm::sim
