/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_STUDY_H
#define XFRM_TEST_STUDY_H

/**
 * @file
 * @ingroup xfrm-tests
 * @brief What the tests of lookup studies have in common.
 */

#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-lookup-study.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// @return a profile in which a lookup takes 1 us, and all else no time
inline CostProfile
MakeMicrosecondLookups()
{
    std::string text = CostProfile::GetText("free");
    const std::string name = "\"output_lookup\": {\n      \"cycles\": 0";
    text.replace(text.find(name), name.size(), name.substr(0, name.size() - 1) + "1000");
    return CostProfile::Read(text, "test");
}

/// @return a study of one policy between /20 networks in which nothing takes time
inline StudyConfig
MakeStudy(uint32_t nCores, const FlowConfig& flows, double rate, Time duration)
{
    TrafficClass traffic;
    traffic.arrivals.rate = rate;
    traffic.flows = flows;
    StudyConfig config;
    config.nCores = nCores;
    config.policies = MakeStudyPolicies({.nInexact = 1});
    config.traffic.classes = {traffic};
    config.duration = duration;
    config.interval = duration;
    return config;
}

/// @return the same with a packet each microsecond, of 1000 flows in turn
inline StudyConfig
MakeRound(uint32_t nCores, Time duration)
{
    StudyConfig config =
        MakeStudy(nCores, {.kind = FlowConfig::Kind::Scan, .nFlows = 1000}, 1e6, duration);
    config.traffic.classes[0].arrivals.kind = ArrivalConfig::Kind::Constant;
    return config;
}

/// @return packets of these flows, one each nanosecond, in place of others
inline TrafficConfig
MakeRecorded(const std::vector<uint32_t>& flows)
{
    ArrivalList list;
    for (const uint32_t flow : flows)
    {
        list.push_back({static_cast<int64_t>(list.size()), flow, 0, 100});
    }
    TrafficClass traffic;
    traffic.recorded = std::make_shared<const ArrivalList>(list);
    TrafficConfig config;
    config.classes = {traffic};
    return config;
}

/// @return what happens at a time
inline StudyEvent
MakeStudyEvent(Time at, const std::function<void(LookupStudy&)>& action)
{
    return {.at = at, .what = "test", .action = action};
}

/// @return what an argument is refused with, "no error" if it is not
inline std::string
GetRefusal(const std::function<void()>& fail)
{
    try
    {
        fail();
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "no error";
}

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_STUDY_H
