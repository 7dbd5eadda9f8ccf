/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief What happens when a core has more flows than its flow cache takes, and how much worse is
 * it with more policies?
 *
 * One core looks up half a million packets a second of 2000 to 8000 flows, all alike.  Up to 4096
 * flows it does not matter how many policies there are; beyond, each miss searches their list.
 *
 * Run: ./xfrm example xfrm-cache-overflow.  Expected output:
 *
 *   Time of a lookup in us, by policies
 *     flows  hit %  1 policy    10   100   1000
 *     2000   100.0      0.20  0.20  0.20   0.20
 *     4000   100.0      0.20  0.20  0.20   0.20
 *     4500    73.6      0.39  0.43  0.83   4.90
 *     5000    64.7      0.46  0.51  1.07   6.59
 *     6000    52.5      0.54  0.62  1.34   8.83
 *     8000    39.0      0.65  0.75  1.70  11.25
 */

#include "ns3/nstime.h"
#include "ns3/xfrm-study-settings.h"
#include "ns3/xfrm-text-table.h"

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

int
main()
{
    xfrm::TextTable table;
    table.AddRow({"flows", "hit %", "1 policy", "10", "100", "1000"});
    for (const uint32_t nFlows : {2000, 4000, 4500, 5000, 6000, 8000})
    {
        std::vector<std::string> cells{std::to_string(nFlows), ""};
        for (const uint32_t nPolicies : {1, 10, 100, 1000})
        {
            xfrm::StudySettings settings;
            settings.cores = 1;
            settings.flows = nFlows;
            settings.population = "uniform";
            settings.policies = nPolicies;
            settings.rate = 5e5;
            settings.duration = MilliSeconds(300);
            settings.interval = MilliSeconds(150);
            const xfrm::StudyResult result = xfrm::RunStudy(settings);
            const xfrm::StudyRow& row = result.rows.back(); // caches are full by then
            const auto nLookups = static_cast<double>(row.cache.GetLookups());
            cells[1] = xfrm::ToFixed(100 * static_cast<double>(row.cache.nHits) / nLookups, 1);
            cells.push_back(xfrm::ToFixed(row.busyTime.GetSeconds() * 1e6 / nLookups, 2));
        }
        table.AddRow(cells);
    }
    std::cout << "Time of a lookup in us, by policies\n";
    table.Print(std::cout);
    return 0;
}
