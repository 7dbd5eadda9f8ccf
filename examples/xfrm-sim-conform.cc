/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"
#include "xfrm-sim-commands.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;
using conformance::Mismatch;
using conformance::SetReport;

/// What the command line asks for.
struct ConformOptions
{
    std::vector<std::string> paths; //!< folders of recordings
    std::string face;               //!< "key" or "interned"
    bool isVerbose{false};          //!< print each mismatch
    bool isJson{false};             //!< print JSON
};

nlohmann::ordered_json
ToJson(const SetReport& report)
{
    nlohmann::ordered_json json{{"name", report.name},
                                {"rows", report.rows},
                                {"mismatches", report.mismatches.size()},
                                {"details", nlohmann::ordered_json::array()}};
    for (const Mismatch& mismatch : report.mismatches)
    {
        json["details"].push_back({{"row", mismatch.row},
                                   {"column", mismatch.column},
                                   {"expected", mismatch.expected},
                                   {"got", mismatch.got}});
    }
    json["left_out"] = nlohmann::ordered_json::array();
    for (const conformance::LeftOut& leftOut : report.leftOut)
    {
        json["left_out"].push_back({{"what", leftOut.what}, {"why", leftOut.why}});
    }
    return json;
}

void
PrintReport(const SetReport& report, bool isVerbose)
{
    std::cout << report.name << " rows=" << report.rows
              << " mismatches=" << report.mismatches.size() << "\n";
    for (const conformance::LeftOut& leftOut : report.leftOut)
    {
        std::cout << "  left out: " << leftOut.what << ": " << leftOut.why << "\n";
    }
    if (isVerbose)
    {
        for (const Mismatch& mismatch : report.mismatches)
        {
            std::cout << "  row " << mismatch.row << ", " << mismatch.column << ": expected \""
                      << mismatch.expected << "\", got \"" << mismatch.got << "\"\n";
        }
    }
}

int
Print(const std::vector<SetReport>& reports, const ConformOptions& options)
{
    uint64_t nRows = 0;
    uint64_t nMismatches = 0;
    nlohmann::ordered_json json;
    json["sets"] = nlohmann::ordered_json::array();
    for (const SetReport& report : reports)
    {
        nRows += report.rows;
        nMismatches += report.mismatches.size();
        if (options.isJson)
        {
            json["sets"].push_back(ToJson(report));
        }
        else
        {
            PrintReport(report, options.isVerbose);
        }
    }
    if (options.isJson)
    {
        json["total"] = {{"rows", nRows}, {"mismatches", nMismatches}};
        std::cout << json.dump(2) << "\n";
    }
    else
    {
        std::cout << "total rows=" << nRows << " mismatches=" << nMismatches << "\n";
    }
    return nMismatches == 0 ? EXIT_OK : EXIT_CHECK_FAILED;
}

} // namespace

int
RunConform(const std::vector<std::string>& words)
{
    ConformOptions options;
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("verbose,v", po::bool_switch(&options.isVerbose), "print each mismatch");
    add("json", po::bool_switch(&options.isJson), "print one JSON object instead of lines");
    add("face",
        po::value(&options.face)->default_value("key")->value_name("FACE"),
        "how the flow cache is called: \"key\" or \"interned\"");
    po::options_description hidden;
    hidden.add_options()("path", po::value(&options.paths));
    po::positional_options_description positional;
    positional.add("path", -1);
    if (!Parse(words,
               "Usage: xfrm-sim conform [options] PATH...\n\n"
               "Replays recorded behaviour of real kernels and compares every recorded value.\n"
               "PATH is a folder of recordings, laid out like test/golden/flow-cache,\n"
               "test/golden/policy-scenarios or test/golden/captures/linux-4.1.6, or a folder\n"
               "of such folders.\n"
               "Exit status: 0 no mismatch, 1 mismatches, 2 bad input.\n",
               description,
               hidden,
               positional))
    {
        return EXIT_OK;
    }
    if (options.paths.empty())
    {
        throw UsageError("conform: PATH missing: must be a folder of recordings");
    }
    if (options.face != "key" && options.face != "interned")
    {
        throw UsageError("conform: --face " + options.face + ": must be key or interned");
    }
    const auto face = options.face == "key" ? conformance::Face::Key : conformance::Face::Interned;
    ProgressLine progress;
    std::vector<SetReport> reports;
    for (const std::string& path : options.paths)
    {
        const auto show = [&](const std::string& name) { progress.Show("replaying " + name); };
        const auto some = conformance::ReplayFolder(path, face, show);
        reports.insert(reports.end(), some.begin(), some.end());
    }
    progress.Clear();
    return Print(reports, options);
}

} // namespace ns3::xfrm::sim
