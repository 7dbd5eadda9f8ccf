/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief What does it cost to replace the states of 200 tunnels all at once, over and over?
 *
 * A state that goes takes the chains with it that it is in; each flow over them is resolved anew.
 *
 * Run: ./xfrm example xfrm-rekey-storm.  Expected output:
 *
 *   4 cores, 200 tunnels, a million packets a second
 *     each state rekeyed  hit %  resolved anew  busy %  p99 us  max us
 *     never               97.35              0     7.7     5.1    37.7
 *     every 300 ms        95.34           6007     8.0     5.1    37.7
 *     every 100 ms        91.59          17279     8.5     5.1    37.7
 *     every 30 ms         83.42          41779     9.6     5.1    37.7
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
    table.AddRow({"each state rekeyed", "hit %", "resolved anew", "busy %", "p99 us", "max us"});
    for (const int64_t periodMs : {0, 300, 100, 30})
    {
        xfrm::StudySettings settings;
        settings.cores = 4;
        settings.flows = 8000;
        settings.policies = 200;
        settings.rate = 1e6;
        settings.rekey = MilliSeconds(periodMs);
        settings.duration = MilliSeconds(300);
        const xfrm::StudyCore total = xfrm::RunStudy(settings).GetTotal();
        const xfrm::CacheWork& cache = total.work.cache;
        const auto toUs = [](Time time) {
            return xfrm::ToFixed(static_cast<double>(time.GetNanoSeconds()) / 1e3, 1);
        };
        const std::string period =
            periodMs == 0 ? "never" : "every " + std::to_string(periodMs) + " ms";
        table.AddRow({period,
                      xfrm::ToFixed(100 * static_cast<double>(cache.nHits) /
                                        static_cast<double>(cache.GetLookups()),
                                    2),
                      std::to_string(cache.nRefused),
                      xfrm::ToFixed(static_cast<double>(total.core.busyNs) / 4 / 3e6, 1),
                      toUs(total.core.latency.GetPercentile(0.99)),
                      toUs(total.core.latency.GetMax())});
    }
    std::cout << "4 cores, 200 tunnels, a million packets a second\n";
    table.Print(std::cout);
    return 0;
}
