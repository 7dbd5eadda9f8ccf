/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TRAFFIC_MIX_H
#define XFRM_TRAFFIC_MIX_H

#include "xfrm-arrival-process.h"
#include "xfrm-flow-population.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// A packet that arrives.
struct Arrival
{
    int64_t ns;      //!< since the beginning of the run [ns]
    uint32_t flow;   //!< number of its flow
    uint16_t nClass; //!< number of its class
    uint16_t length; //!< its length [bytes]

    bool operator==(const Arrival&) const = default;
};

static_assert(sizeof(Arrival) == 16);

/// Packets with their times and flows, such as those of a capture.
using ArrivalList = std::vector<Arrival>;

/// Packets of one kind.
struct TrafficClass
{
    std::string name{};        //!< for reports and errors
    ArrivalConfig arrivals{};  //!< when they arrive
    FlowConfig flows{};        //!< their flows
    uint16_t lengthBytes{100}; //!< their length [bytes]
    double share{0};           //!< share of the mix's total rate, which then is the mean rate of
                               //!< arrivals; 0: arrivals' own rate holds
    /**
     * Null; or these packets instead: times since arrivals.start, not falling, until arrivals.stop;
     * flows from 0, below 2^32 - 1, all of them known; lengths.  Their nClass does not count.
     */
    std::shared_ptr<const ArrivalList> recorded{};
};

/// All packets.
struct TrafficConfig
{
    std::vector<TrafficClass> classes{}; //!< 1 to 256
    double totalRate{0};                 //!< of which classes have shares [packets/s]
    double attackShare{0};     //!< share of the packets, below 1, that are an attack: a further
                               //!< class "attack", Poisson, Once, at the cost of the others,
                               //!< none of which may be listed or recorded; 0: none
    uint16_t attackBytes{100}; //!< length of an attack's packets [bytes]
    uint64_t seed{1};          //!< of all random numbers
};

/**
 * @param config a mix
 * @return the same without shares and attackShare: each class with its own rate, the attack last
 * @throws std::invalid_argument naming the value that is out of range
 */
TrafficConfig ResolveShares(TrafficConfig config);

/**
 * @ingroup xfrm
 * @brief The packets of several classes in the order of their times, made in batches.
 *
 * Packets of the same time come in the order of their classes.  Known flows are numbered class by
 * class from 0.  Above them the classes with new flows (Churn, Once) have equal parts of what is
 * left below 2^32 - 1, in their order; within a part numbers rise.
 *
 * Class k has random streams of its own, of numbers 3k to 3k + 2: a further class changes neither
 * times nor choice of flows of those before it.  Nothing depends on the sizes of batches.
 */
class TrafficMix
{
  public:
    /// What is known of a class.
    struct ClassInfo
    {
        std::string name;        //!< its name
        FlowNumbers numbers;     //!< numbers of its flows
        uint32_t nKnownFlows{0}; //!< its known flows
        bool hasNewFlows{false}; //!< it has new flows, too
        bool isOnce{false};      //!< none of its flows comes twice
    };

    /// @param config all packets
    /// @throws std::invalid_argument naming the value that is out of range
    explicit TrafficMix(const TrafficConfig& config);

    ~TrafficMix();
    TrafficMix(const TrafficMix&) = delete;
    TrafficMix& operator=(const TrafficMix&) = delete;

    /**
     * @brief Make the next packets.
     * @param arrivals filled with packets, by time
     * @return how many there are: fewer than asked for only at the end of all of them
     * @throws std::length_error if there are no more numbers for new flows
     */
    size_t Fill(std::span<Arrival> arrivals);

    /// @return known flows of all classes: their numbers are those below
    uint32_t GetKnownFlows() const
    {
        return m_nKnownFlows;
    }

    /// @return the classes, an attack included
    std::span<const ClassInfo> GetClasses() const
    {
        return m_classes;
    }

  private:
    class Source;
    class GeneratedSource;
    class RecordedSource;
    struct Lane;

    void NumberFlows(const std::vector<TrafficClass>& classes);
    void AddLane(const TrafficClass& traffic, size_t number, uint64_t seed);
    size_t FindFirst() const;
    size_t TakeRun(size_t first, std::span<Arrival> arrivals);

    std::vector<ClassInfo> m_classes; //!< by number
    std::vector<Lane> m_lanes;        //!< the packets of each class, by number
    uint32_t m_nKnownFlows{0};        //!< known flows of all classes
};

} // namespace ns3::xfrm

#endif // XFRM_TRAFFIC_MIX_H
