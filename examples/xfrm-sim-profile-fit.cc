/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-profile.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-profile-fit.h"
#include "ns3/xfrm-profile-measure.h"
#include "ns3/xfrm-validation.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace ns3::xfrm::sim
{

namespace
{

/// @return what is to be fitted
FitRequest
MakeRequest(const ProfileOptions& options)
{
    FitRequest request;
    request.scenario = &ValidationScenario::Find(options.words[1]);
    const ValidationScenario& scenario = *request.scenario;
    std::vector<std::string> rows = GetProfileRows(scenario);
    const bool hasOne = rows.size() == 1;
    if (!options.row.empty() || !hasOne)
    {
        if (std::ranges::find(scenario.rows, options.row) == scenario.rows.end())
        {
            std::string allowed;
            for (const std::string& row : rows)
            {
                allowed.append(allowed.empty() ? "" : ", ").append(row);
            }
            throw UsageError("profile fit " + options.words[1] + ": --row " +
                             (options.row.empty() ? "missing" : options.row) + ": must be one of " +
                             allowed);
        }
        request.row = hasOne ? "" : options.row;
    }
    request.startName = options.start.empty()
                            ? scenario.getProfile(hasOne ? rows.front() : options.row)
                            : options.start;
    request.startText = CostProfile::GetText(request.startName);
    request.cells = LoadPublishedTables(options.table);
    CheckPlaces(request.cells);
    return request;
}

/// @brief Write a profile to a file, or to standard output.
void
Write(const std::string& text, const std::string& name)
{
    if (name.empty())
    {
        std::cout << text;
        return;
    }
    std::ofstream file(name, std::ios::binary);
    file << text;
    file.close();
    if (!file)
    {
        throw UsageError("profile: --out " + name + ": must be a file that can be written");
    }
}

} // namespace

int
RunProfileFit(const ProfileOptions& options)
{
    const FitRequest request = MakeRequest(options);
    Simulator::Run(); // from here on ns-3 keeps no list of times
    ProgressLine progress;
    const FitResult result = FitProfile(request, [&](uint32_t nRun, double residual) {
        std::ostringstream text;
        text << "run " << nRun << ": residual " << std::setprecision(3) << 100 * residual << " %";
        progress.Show(text.str());
    });
    progress.Clear();
    Simulator::Destroy();
    Write(result.text, options.out);
    if (!options.out.empty())
    {
        std::cout << request.scenario->section << ": " << result.prices.size() << " prices, "
                  << result.nCells << " cells C, residual " << std::setprecision(3)
                  << 100 * result.residual << " %, " << result.nRuns << " runs\n";
        for (const FitResult::Price& price : result.prices)
        {
            std::cout << "  " << std::left << std::setw(26) << price.name << std::right
                      << std::setw(10) << std::setprecision(6) << price.cycles << " cycles\n";
        }
    }
    return EXIT_OK;
}

int
RunProfileMeasure(const ProfileOptions& options)
{
    Simulator::Run(); // from here on ns-3 keeps no list of times
    ProgressLine progress;
    const std::string text =
        MeasureProfile([&](const std::string& what) { progress.Show("timing " + what); });
    progress.Clear();
    Simulator::Destroy();
    Write(text, options.out);
    return EXIT_OK;
}

} // namespace ns3::xfrm::sim
