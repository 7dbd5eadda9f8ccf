/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief How many cores can share one state, and what does a state for each receive queue bring?
 *
 * More packets come than cores can forward.  All of them take the lock of the one state; or each
 * receive queue has packets of a policy, and so a state, of its own.
 *
 * Run: ./xfrm example xfrm-shared-state.  Expected output:
 *
 *   Packets forwarded, in millions a second
 *     cores  one state  one a queue
 *     1           0.61         0.61
 *     2           1.18         1.22
 *     4           2.37         2.43
 *     8           4.73         4.86
 *     16          2.00         9.66
 */

#include "ns3/nstime.h"
#include "ns3/xfrm-study-settings.h"
#include "ns3/xfrm-text-table.h"

#include <cstdint>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

/// @return packets that some cores forward a second [millions]
double
Forward(uint32_t nCores, bool hasOneState)
{
    xfrm::StudySettings settings;
    settings.cores = nCores;
    settings.flows = 100 * nCores;
    settings.population = "uniform";
    settings.policies = nCores;
    settings.states = hasOneState ? "one" : "each";
    settings.hasOwnQueues = !hasOneState;
    settings.work = "forward";
    settings.rate = 1e6 * nCores;
    settings.duration = MilliSeconds(20);
    const xfrm::StudyResult result = xfrm::RunStudy(settings);
    return static_cast<double>(result.GetTotal().verdicts.GetCarried()) / 0.02 / 1e6;
}

} // namespace

int
main()
{
    xfrm::TextTable table;
    table.AddRow({"cores", "one state", "one a queue"});
    for (const uint32_t nCores : {1, 2, 4, 8, 16})
    {
        table.AddRow({std::to_string(nCores),
                      xfrm::ToFixed(Forward(nCores, true), 2),
                      xfrm::ToFixed(Forward(nCores, false), 2)});
    }
    std::cout << "Packets forwarded, in millions a second\n";
    table.Print(std::cout);
    return 0;
}
