/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup xfrm-tests
 * @brief What libFuzzer calls.  XFRM_FUZZ_TARGET is the function of a target.
 */

#include "xfrm-fuzz-targets.h"

#ifndef XFRM_FUZZ_TARGET
#define XFRM_FUZZ_TARGET FuzzDecap // for who reads this file alone
#endif

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    ns3::xfrm::fuzz::XFRM_FUZZ_TARGET({data, size});
    return 0;
}
