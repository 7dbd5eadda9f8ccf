/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief What do packets see of the new hash seeds that flow caches get every 600 seconds?
 *
 * 16 cores look up 2000 flows at 8000 packets a second.  After 600 s each core drops all of its
 * entries at its next lookup, and each flow is resolved anew.
 *
 * Run: ./xfrm example xfrm-reseed-spike.  Expected output:
 *
 *   16 cores around the new seeds
 *     until s  lookups  misses  re-seeds  p50 us  p99 us  max us
 *     599         7845       0         0    0.20    0.20    0.21
 *     600         8048       0         0    0.20    0.20    0.36
 *     601         8142    1903        16    0.20    1.13    3.42
 *     602         8033      89         0    0.20    1.03    1.13
 *     603         8086       7         0    0.20    0.20    1.13
 */

#include "ns3/nstime.h"
#include "ns3/xfrm-study-settings.h"
#include "ns3/xfrm-text-table.h"

#include <cstddef>
#include <iostream>
#include <string>

using namespace ns3;

int
main()
{
    xfrm::StudySettings settings;
    settings.cores = 16;
    settings.flows = 2000;
    settings.zipf = 0.5;
    settings.rate = 8000;
    settings.duration = Seconds(603);
    const xfrm::StudyResult result = xfrm::RunStudy(settings);
    const auto toUs = [](Time time) {
        return xfrm::ToFixed(static_cast<double>(time.GetNanoSeconds()) / 1e3, 2);
    };
    xfrm::TextTable table;
    table.AddRow({"until s", "lookups", "misses", "re-seeds", "p50 us", "p99 us", "max us"});
    for (size_t second = 598; second < result.rows.size(); ++second)
    {
        const xfrm::StudyRow& row = result.rows[second];
        table.AddRow({std::to_string(second + 1),
                      std::to_string(row.cache.GetLookups()),
                      std::to_string(row.cache.nMisses),
                      std::to_string(row.cache.nReseeds),
                      toUs(row.latencyP50),
                      toUs(row.latencyP99),
                      toUs(row.latencyMax)});
    }
    std::cout << "16 cores around the new seeds\n";
    table.Print(std::cout);
    return 0;
}
