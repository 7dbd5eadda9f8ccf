/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief V6: steps in numbers of entries and dsts, which have to be equal.
 */

#include "xfrm-validation-host.h"
#include "xfrm-validation-scenario.h"

#include "ns3/xfrm-flow-cache.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t MAX_CPUS{64};            //!< most CPUs
constexpr uint32_t MOST_ENTRIES{4097};      //!< that a CPU's table has between shrinks
constexpr uint32_t MOST_WAITING{1'048'576}; //!< above all limits of entries that wait

const Ipv4Address NETWORK("10.2.0.0");

/// A host whose CPUs look up flows that none knows; gc runs at once.
class FullHost
{
  public:
    explicit FullHost(uint32_t nCpus)
        : m_host({.nCpus = nCpus})
    {
        const ValidationTunnel tunnel{Ipv4Address("192.0.2.1"), Ipv4Address("192.0.2.2"), 1};
        m_host.Add(tunnel.MakeState());
        m_host.Add(tunnel.MakePolicy(Direction::Out, validation::SOURCE_NET, NETWORK));
    }

    /// @param cpu where @param number of the flow @return 0, or the error of the lookup
    int32_t LookUp(CpuId cpu, uint16_t number)
    {
        Work work;
        const Context context{cpu, Time(0), work};
        Flow flow = MakeForwardedFlow(Ipv4Address("10.1.0.1"), Ipv4Address("10.2.0.1"), number);
        const int32_t error = m_host.Decide(flow, context).error;
        Namespace& net = m_host.GetNamespace();
        for (const Namespace::WantedWork& wanted : net.TakeWantedWork())
        {
            net.RunWork(wanted.item, context);
        }
        return error;
    }

    /// @param cpu a CPU @return entries of its table
    uint32_t GetEntries(CpuId cpu)
    {
        return m_host.GetNamespace().GetCache().GetTable(cpu).GetSize();
    }

  private:
    ValidationHost m_host; //!< it
};

/// @return whether an allocation fails while each CPU's table fills up for the first time
bool
CanFail(uint32_t nCpus)
{
    FullHost host(nCpus);
    for (uint32_t number = 0; number < MOST_ENTRIES; ++number)
    {
        for (CpuId cpu = 0; cpu < nCpus; ++cpu)
        {
            if (host.LookUp(cpu, static_cast<uint16_t>(number)) != 0)
            {
                return true;
            }
        }
    }
    return false;
}

/// @return most entries of a CPU's table between lookups
uint32_t
CountMost()
{
    FullHost host(1);
    uint32_t most = 0;
    for (uint32_t number = 0; number < 2 * MOST_ENTRIES; ++number)
    {
        host.LookUp(0, static_cast<uint16_t>(number));
        most = std::max(most, host.GetEntries(0));
    }
    return most;
}

/// @return whether a new entry is refused while some entries wait for the gc
bool
IsRefused(uint32_t nCpus, const RefusalRule& rule, uint32_t nWaiting)
{
    FlowCache::Config config;
    config.nCpus = nCpus;
    config.refusal = rule;
    FlowCache cache(config, [] { return 1U; });
    CacheWork work;
    const auto lookUp = [&](uint32_t number) {
        const Flow flow = MakeForwardedFlow(Ipv4Address(number), Ipv4Address("10.2.0.1"), 1024);
        const auto resolve = [](CacheObject* /*old*/) { return Resolution(); };
        cache.Lookup(0, flow.MakeKey(Direction::Out).View(), resolve, work);
        return work.nNoBuffers > 0;
    };
    uint32_t number = 0;
    while (nWaiting > 0)
    {
        const uint32_t nAdded = std::min(nWaiting, config.table.highWatermark);
        for (uint32_t i = 0; i < nAdded; ++i)
        {
            if (lookUp(number++))
            {
                return true;
            }
        }
        nWaiting -= nAdded;
        cache.RequestReseed(); // the next lookup drops them all
    }
    return lookUp(number);
}

/// @return most entries that may wait for the gc so that a new one is not refused
uint32_t
FindMostWaiting(uint32_t nCpus, const RefusalRule& rule)
{
    uint32_t least = 0; // not refused
    uint32_t most = MOST_WAITING;
    while (most - least > 1)
    {
        const uint32_t middle = least + (most - least) / 2;
        (IsRefused(nCpus, rule, middle) ? most : least) = middle;
    }
    return least;
}

double
SimulateLimits(const TablePlace& place, const CostProfile& /*profile*/)
{
    const uint32_t nCpus = GetNumber(place.column);
    if (place.row == "4.1: dsts can run out")
    {
        return CanFail(nCpus) ? 1 : 0;
    }
    if (place.row == "4.1: most entries of a CPU")
    {
        return CountMost();
    }
    const bool is46 = place.row == "4.6.2: most entries that wait";
    return FindMostWaiting(nCpus, is46 ? RefusalRule::Linux46() : RefusalRule::Linux410());
}

} // namespace

ValidationScenario
MakeLimitsScenario()
{
    ValidationScenario scenario;
    scenario.section = "V6";
    scenario.what = "0 or 1, or entries, by CPUs";
    scenario.rows = {"4.1: dsts can run out",
                     "4.1: most entries of a CPU",
                     "4.6.2: most entries that wait",
                     "4.10: most entries that wait"};
    scenario.mostNumber = MAX_CPUS;
    scenario.isExact = true;
    scenario.getBand = [](const TablePlace&) { return Band{.width = 0}; };
    scenario.getProfile = [](const std::string&) { return "free"; };
    scenario.getFree = [](const std::string&) { return std::vector<std::string_view>(); };
    scenario.simulate = SimulateLimits;
    return scenario;
}

} // namespace ns3::xfrm
