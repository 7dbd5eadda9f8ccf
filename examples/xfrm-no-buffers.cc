/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief From how many CPUs on can Linux 4.1 run out of dsts, with flow caches as they are?
 *
 * Each CPU's flow cache holds up to 4097 entries, each of them a dst, and of those there may be
 * 2 x 32768 (Launchpad bug 1486670).  Each CPU meets as many flows as its cache takes.
 *
 * Run: ./xfrm example xfrm-no-buffers.  Expected output:
 *
 *   Flow caches that are full, and dsts
 *     CPUs  most entries  packets refused (ENOBUFS)
 *     8            32776                          0
 *     14           57358                          0
 *     15           61455                          0
 *     16           65537                         30
 *     17           65537                       8224
 *     20           65537                      18523
 */

#include "ns3/nstime.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-study-settings.h"
#include "ns3/xfrm-text-table.h"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>

using namespace ns3;

int
main()
{
    xfrm::TextTable table;
    table.AddRow({"CPUs", "most entries", "packets refused (ENOBUFS)"});
    for (const uint32_t nCores : {8, 14, 15, 16, 17, 20})
    {
        xfrm::StudySettings settings;
        settings.cores = nCores;
        settings.flows = 4097 * nCores;
        settings.policies = nCores;
        settings.hasOwnQueues = true; // as many flows for each CPU
        settings.population = "scan";
        settings.profile = "free";
        settings.workDelay = Time(0);
        settings.rate = 1e6;
        settings.interval = MilliSeconds(1);
        settings.duration = MilliSeconds(150);
        const xfrm::StudyResult result = xfrm::RunStudy(settings);
        uint64_t nMost = 0;
        for (const xfrm::StudyRow& row : result.rows)
        {
            nMost = std::max(nMost, row.nEntries);
        }
        const auto& refused = result.GetTotal().verdicts.nRefused;
        const auto noBuffers = refused.find(xfrm::error::NOBUFS);
        table.AddRow({std::to_string(nCores),
                      std::to_string(nMost),
                      std::to_string(noBuffers == refused.end() ? 0 : noBuffers->second)});
    }
    std::cout << "Flow caches that are full, and dsts\n";
    table.Print(std::cout);
    return 0;
}
