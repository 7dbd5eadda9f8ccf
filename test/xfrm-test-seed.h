/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_SEED_H
#define XFRM_TEST_SEED_H

#include "ns3/rng-seed-manager.h"

#include <cstdint>
#include <cstdlib>

namespace ns3::xfrm::tests
{

/// @return seed of randomised tests: the environment's XFRM_TEST_SEED, else a number made of ns-3's
///         seed and run
inline uint64_t
GetTestSeed()
{
    if (const char* text = std::getenv("XFRM_TEST_SEED"))
    {
        return std::strtoull(text, nullptr, 0);
    }
    return RngSeedManager::GetSeed() * uint64_t{1'000'003} + RngSeedManager::GetRun();
}

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_SEED_H
