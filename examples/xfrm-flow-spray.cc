/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief What can packets do to others whose flows never come again, if they are 1 % of the
 * traffic?
 *
 * 4 cores look up 12,000 flows, which their caches hold, at 2 million packets a second, with 1000
 * policies.  Each packet of the spray is a miss, and makes room by the entries of others.
 *
 * Run: ./xfrm example xfrm-flow-spray.  Expected output:
 *
 *   4 cores under a spray of flows
 *     spray %   hit %  shrinks  busy %   p50 us   p99 us   max us
 *     0        100.00        0    10.0     0.20     0.39    23.40
 *     1         95.29        8    48.1     0.20  3099.65  5011.46
 *     5         83.94       20    99.9  1329.66  3580.93  4511.74
 */

#include "ns3/nstime.h"
#include "ns3/xfrm-study-settings.h"
#include "ns3/xfrm-text-table.h"

#include <cstdint>
#include <iostream>
#include <string>

using namespace ns3;

int
main()
{
    xfrm::TextTable table;
    table.AddRow({"spray %", "hit %", "shrinks", "busy %", "p50 us", "p99 us", "max us"});
    for (const double share : {0.0, 0.01, 0.05})
    {
        xfrm::StudySettings settings;
        settings.cores = 4;
        settings.flows = 12000;
        settings.zipf = 0.8;
        settings.policies = 1000;
        settings.rate = 2e6;
        settings.attack = share;
        settings.duration = MilliSeconds(400);
        settings.interval = MilliSeconds(200);
        const xfrm::StudyResult result = xfrm::RunStudy(settings);
        const xfrm::StudyRow& row = result.rows.back(); // caches know all flows by then
        const auto toUs = [](Time time) {
            return xfrm::ToFixed(static_cast<double>(time.GetNanoSeconds()) / 1e3, 2);
        };
        table.AddRow({xfrm::ToFixed(100 * share, 0),
                      xfrm::ToFixed(100 * static_cast<double>(row.cache.nHits) /
                                        static_cast<double>(row.cache.GetLookups()),
                                    2),
                      std::to_string(row.cache.nShrinks),
                      xfrm::ToFixed(100 * row.busyTime.GetSeconds() / 4 / 0.2, 1),
                      toUs(row.latencyP50),
                      toUs(row.latencyP99),
                      toUs(row.latencyMax)});
    }
    std::cout << "4 cores under a spray of flows\n";
    table.Print(std::cout);
    return 0;
}
