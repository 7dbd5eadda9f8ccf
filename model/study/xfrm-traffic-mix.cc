/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-traffic-mix.h"

#include "xfrm-traffic-check.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr size_t CLASS_BATCH{256};         //!< packets that a class makes at a time
constexpr size_t MAX_CLASSES{256};         //!< most classes
constexpr uint64_t STREAMS{3};             //!< random streams of a class
constexpr uint32_t END_FLOWS{0xffff'ffff}; //!< flow numbers are below

/// @return known flows of a class, recorded or not
uint64_t
CountClassFlows(const TrafficClass& traffic)
{
    if (!traffic.recorded)
    {
        return CountKnownFlows(traffic.flows);
    }
    uint64_t nFlows = 0;
    for (const Arrival& arrival : *traffic.recorded)
    {
        nFlows = std::max(nFlows, uint64_t{arrival.flow} + 1);
    }
    return nFlows;
}

/// @return whether a class has a rate
bool
HasRate(const TrafficClass& traffic)
{
    return !traffic.recorded && traffic.arrivals.kind != ArrivalConfig::Kind::List;
}

/// Make a class's share of the total rate its own rate.
void
ResolveShare(TrafficClass& traffic, double totalRate)
{
    const std::string name = "share of traffic class " + traffic.name;
    CheckTraffic(traffic.share >= 0 && traffic.share <= 1, name, traffic.share, "0 to 1");
    if (traffic.share > 0)
    {
        CheckTraffic(HasRate(traffic), name, traffic.share, "0, as its times are given");
        CheckTraffic(totalRate > 0,
                     "total rate [packets/s]",
                     totalRate,
                     "above 0, as classes have shares");
        traffic.arrivals.rate = traffic.share * totalRate;
        traffic.arrivals.isPeakRate = false;
        traffic.share = 0;
    }
}

/// @return the attack of a mix, whose classes make room for it
TrafficClass
TakeAttack(TrafficConfig& config)
{
    TrafficClass attack;
    attack.name = "attack";
    attack.arrivals.rate = 0;
    attack.flows.kind = FlowConfig::Kind::Once;
    attack.lengthBytes = config.attackBytes;
    attack.arrivals.start = config.classes.front().arrivals.start;
    attack.arrivals.stop = config.classes.front().arrivals.stop;
    for (TrafficClass& traffic : config.classes)
    {
        CheckTraffic(HasRate(traffic), "attack share", config.attackShare, "0 with given times");
        attack.arrivals.rate += GetMeanRate(traffic.arrivals) * config.attackShare;
        traffic.arrivals.rate *= 1 - config.attackShare;
        CheckTraffic(traffic.arrivals.start == attack.arrivals.start &&
                         traffic.arrivals.stop == attack.arrivals.stop,
                     "attack share",
                     config.attackShare,
                     "0 with classes of different times");
    }
    return attack;
}

/// @return times of recorded packets
std::vector<int64_t>
GetTimes(const ArrivalList& arrivals)
{
    std::vector<int64_t> times;
    times.reserve(arrivals.size());
    for (const Arrival& arrival : arrivals)
    {
        times.push_back(arrival.ns);
    }
    return times;
}

} // namespace

TrafficConfig
ResolveShares(TrafficConfig config)
{
    CheckTraffic(!config.classes.empty() && config.classes.size() <= MAX_CLASSES,
                 "number of traffic classes",
                 config.classes.size(),
                 "1 to 256");
    double sum = 0;
    for (TrafficClass& traffic : config.classes)
    {
        sum += traffic.share;
        ResolveShare(traffic, config.totalRate);
    }
    CheckTraffic(sum <= 1 + 1e-9, "sum of traffic shares", sum, "1 or less");
    CheckTraffic(config.attackShare >= 0 && config.attackShare < 1,
                 "attack share",
                 config.attackShare,
                 "0 to below 1");
    if (config.attackShare > 0)
    {
        config.classes.push_back(TakeAttack(config));
        config.attackShare = 0;
    }
    return config;
}

/// The packets of one class.
class TrafficMix::Source
{
  public:
    Source() = default;
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// @param arrivals filled with the next packets @return how many there are
    virtual size_t Fill(std::span<Arrival> arrivals) = 0;
};

/// Packets by an arrival process and a flow population.
class TrafficMix::GeneratedSource final : public Source
{
  public:
    GeneratedSource(const TrafficClass& traffic,
                    uint16_t number,
                    const FlowNumbers& numbers,
                    uint64_t seed)
        : m_times(MakeArrivalProcess(traffic.arrivals, FastRandom(seed, STREAMS * number))),
          m_flows(MakeFlowPopulation(traffic.flows,
                                     numbers,
                                     FastRandom(seed, STREAMS * number + 1),
                                     FastRandom(seed, STREAMS * number + 2))),
          m_number(number),
          m_length(traffic.lengthBytes)
    {
    }

    size_t Fill(std::span<Arrival> arrivals) override
    {
        size_t n = 0;
        size_t nAsked = 0;
        while (n < arrivals.size() && n == nAsked)
        {
            nAsked = n + std::min(arrivals.size() - n, CLASS_BATCH);
            n += FillSome(arrivals.subspan(n, nAsked - n));
        }
        return n;
    }

  private:
    /// @param arrivals at most CLASS_BATCH, to be filled @return how many there are
    size_t FillSome(std::span<Arrival> arrivals)
    {
        const size_t n = m_times->Fill(std::span(m_nsBatch).first(arrivals.size()));
        m_flows->Draw(std::span(m_nsBatch).first(n), std::span(m_flowBatch).first(n));
        for (size_t i = 0; i < n; ++i)
        {
            arrivals[i] = {m_nsBatch[i], m_flowBatch[i], m_number, m_length};
        }
        return n;
    }

    std::unique_ptr<ArrivalProcess> m_times;         //!< when they arrive
    std::unique_ptr<FlowPopulation> m_flows;         //!< their flows
    uint16_t m_number;                               //!< number of the class
    uint16_t m_length;                               //!< their length [bytes]
    std::array<int64_t, CLASS_BATCH> m_nsBatch{};    //!< times of a batch [ns]
    std::array<uint32_t, CLASS_BATCH> m_flowBatch{}; //!< its flows
};

/// Recorded packets.
class TrafficMix::RecordedSource final : public Source
{
  public:
    RecordedSource(const TrafficClass& traffic, uint16_t number, uint32_t firstFlow)
        : m_recorded(traffic.recorded),
          m_number(number),
          m_firstFlow(firstFlow)
    {
        ArrivalConfig config = traffic.arrivals;
        config.kind = ArrivalConfig::Kind::List;
        config.times = GetTimes(*m_recorded);
        m_times = MakeArrivalProcess(std::move(config), FastRandom(0));
    }

    size_t Fill(std::span<Arrival> arrivals) override
    {
        m_nsBatch.resize(arrivals.size());
        const size_t n = m_times->Fill(m_nsBatch);
        for (size_t i = 0; i < n; ++i)
        {
            const Arrival& recorded = (*m_recorded)[m_next++];
            arrivals[i] = {m_nsBatch[i], m_firstFlow + recorded.flow, m_number, recorded.length};
        }
        return n;
    }

  private:
    std::shared_ptr<const ArrivalList> m_recorded; //!< the packets
    std::unique_ptr<ArrivalProcess> m_times;       //!< when they arrive
    std::vector<int64_t> m_nsBatch;                //!< times of a batch [ns]
    uint16_t m_number;                             //!< number of the class
    uint32_t m_firstFlow;                          //!< number of its first flow
    size_t m_next{0};                              //!< which is next
};

/// The packets of a class that were made and not yet taken.
struct TrafficMix::Lane
{
    std::unique_ptr<Source> source; //!< makes them
    std::vector<Arrival> buffer;    //!< made
    size_t head{0};                 //!< the next to take
    size_t end{0};                  //!< above the last

    /// Make packets, if all were taken.
    void Refill()
    {
        if (head == end)
        {
            buffer.resize(CLASS_BATCH);
            head = 0;
            end = source->Fill(buffer);
        }
    }

    /// @return time of the next packet; at the end the latest of all [ns]
    int64_t GetTime() const
    {
        return head == end ? std::numeric_limits<int64_t>::max() : buffer[head].ns;
    }
};

TrafficMix::TrafficMix(const TrafficConfig& config)
{
    const TrafficConfig resolved = ResolveShares(config);
    NumberFlows(resolved.classes);
    for (size_t i = 0; i < resolved.classes.size(); ++i)
    {
        AddLane(resolved.classes[i], i, config.seed);
    }
}

TrafficMix::~TrafficMix() = default;

/// Give each class the numbers of its flows.
void
TrafficMix::NumberFlows(const std::vector<TrafficClass>& classes)
{
    uint64_t nKnown = 0;
    uint32_t nWithNew = 0;
    for (const TrafficClass& traffic : classes)
    {
        const bool hasNew = !traffic.recorded && HasNewFlows(traffic.flows);
        const uint64_t nFlows = CountClassFlows(traffic);
        CheckTraffic(nKnown + nFlows < END_FLOWS,
                     "known flows",
                     nKnown + nFlows,
                     "below 4294967295");
        m_classes.push_back({traffic.name,
                             {static_cast<uint32_t>(nKnown), 0, 0},
                             static_cast<uint32_t>(nFlows),
                             hasNew,
                             !traffic.recorded && traffic.flows.kind == FlowConfig::Kind::Once});
        nKnown += nFlows;
        nWithNew += hasNew ? 1 : 0;
    }
    m_nKnownFlows = static_cast<uint32_t>(nKnown);
    const uint32_t part = (END_FLOWS - m_nKnownFlows) / std::max(nWithNew, 1U);
    uint32_t nextNew = m_nKnownFlows;
    for (ClassInfo& info : m_classes)
    {
        info.numbers.firstNew = nextNew;
        nextNew += info.hasNewFlows ? part : 0;
        info.numbers.endNew = nextNew;
    }
}

/// @brief Make the source of a class.  @throws std::invalid_argument naming the class and the value
void
TrafficMix::AddLane(const TrafficClass& traffic, size_t number, uint64_t seed)
{
    const auto nClass = static_cast<uint16_t>(number);
    const FlowNumbers& numbers = m_classes[number].numbers;
    try
    {
        Lane lane;
        if (traffic.recorded)
        {
            lane.source = std::make_unique<RecordedSource>(traffic, nClass, numbers.firstKnown);
        }
        else
        {
            lane.source = std::make_unique<GeneratedSource>(traffic, nClass, numbers, seed);
        }
        m_lanes.push_back(std::move(lane));
    }
    catch (const std::invalid_argument& error)
    {
        throw std::invalid_argument("traffic class " + traffic.name + ": " + error.what());
    }
}

size_t
TrafficMix::Fill(std::span<Arrival> arrivals)
{
    if (m_lanes.size() == 1)
    {
        return m_lanes.front().source->Fill(arrivals);
    }
    for (Lane& lane : m_lanes)
    {
        lane.Refill();
    }
    size_t n = 0;
    while (n < arrivals.size())
    {
        const size_t first = FindFirst();
        if (m_lanes[first].head == m_lanes[first].end)
        {
            break; // all are at their end
        }
        n += TakeRun(first, arrivals.subspan(n));
        m_lanes[first].Refill();
    }
    return n;
}

/// @return number of the class of the next packet
size_t
TrafficMix::FindFirst() const
{
    size_t first = 0;
    for (size_t i = 1; i < m_lanes.size(); ++i)
    {
        first = m_lanes[i].GetTime() < m_lanes[first].GetTime() ? i : first;
    }
    return first;
}

/**
 * @brief Take packets of the class that is next, as long as it is and has them.
 * @param first its number
 * @param arrivals takes them
 * @return how many
 */
size_t
TrafficMix::TakeRun(size_t first, std::span<Arrival> arrivals)
{
    int64_t limit = std::numeric_limits<int64_t>::max(); // times are far below
    for (size_t i = 0; i < m_lanes.size(); ++i)
    {
        // At the same time the class of the lower number is next.
        const int64_t time = m_lanes[i].GetTime();
        const bool hasTie = first < i && time != std::numeric_limits<int64_t>::max();
        limit = i == first ? limit : std::min(limit, time + (hasTie ? 1 : 0));
    }
    Lane& lane = m_lanes[first];
    const size_t most = std::min(arrivals.size(), lane.end - lane.head);
    size_t n = 0;
    while (n < most && lane.buffer[lane.head].ns < limit)
    {
        arrivals[n++] = lane.buffer[lane.head++];
    }
    return n;
}

} // namespace ns3::xfrm
