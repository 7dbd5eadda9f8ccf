/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_POPULATION_H
#define XFRM_FLOW_POPULATION_H

#include "xfrm-fast-random.h"

#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ns3::xfrm
{

/// Which flows packets belong to.
struct FlowConfig
{
    /// Kinds of populations.
    enum class Kind
    {
        Zipf,    //!< flow k, from 0, with a probability as (k + 1)^-exponent
        Uniform, //!< all with the same probability
        Scan,    //!< one after the other, over and over
        Churn,   //!< nFlows live at a time, popular as in Zipf; one that dies is replaced by a new
                 //!< one of the same popularity
        Once     //!< each packet a flow of its own, as in an attack
    };

    static constexpr uint32_t MAX_FLOWS{10'000'000}; //!< most flows
    static constexpr double MAX_EXPONENT{10};        //!< largest exponent

    Kind kind{Kind::Zipf}; //!< which of them
    uint32_t nFlows{1};    //!< flows, of Churn those that live; 1 to 10^7; not of Once
    double exponent{1};    //!< Zipf, Churn: exponent, 0 (all the same) to 10
    Time lifetime{
        Seconds(1)}; //!< Churn: mean of the exponentially distributed life of a flow, above
                     //!< 0; all flows together: nFlows / lifetime births a second
};

/**
 * @brief The numbers of a population's flows.
 *
 * Known flows are there from the beginning: all of Zipf, Uniform and Scan, those of Churn that live
 * at first, none of Once.  New flows, of Churn and Once, are numbered in the order of their birth,
 * and no number is given twice.
 */
struct FlowNumbers
{
    uint32_t firstKnown{0};       //!< number of the first known flow; of Zipf the most popular
    uint32_t firstNew{0};         //!< number of the first new flow
    uint32_t endNew{0xffff'ffff}; //!< above the numbers of new flows
};

/// @param config valid @return known flows
uint32_t CountKnownFlows(const FlowConfig& config);

/// @param config any @return whether there are new flows
bool HasNewFlows(const FlowConfig& config);

/**
 * @ingroup xfrm
 * @brief Draws the flows of packets, in batches.
 *
 * The flows do not depend on the sizes of batches.
 */
class FlowPopulation
{
  public:
    virtual ~FlowPopulation() = default;
    FlowPopulation(const FlowPopulation&) = delete;
    FlowPopulation& operator=(const FlowPopulation&) = delete;

    /**
     * @brief Draw the next flows.
     * @param times when the packets arrive, not falling, also from batch to batch [ns]
     * @param flows filled with the numbers of their flows; as many as times
     * @throws std::length_error if there are no more numbers for new flows
     */
    virtual void Draw(std::span<const int64_t> times, std::span<uint32_t> flows) = 0;

  protected:
    FlowPopulation() = default;
};

/**
 * @param config which flows
 * @param numbers their numbers
 * @param random random numbers of this population alone, for packets
 * @param births the same for births, which come at times of their own
 * @return the population
 * @throws std::invalid_argument naming the value that is out of range
 */
std::unique_ptr<FlowPopulation> MakeFlowPopulation(const FlowConfig& config,
                                                   const FlowNumbers& numbers,
                                                   const FastRandom& random,
                                                   const FastRandom& births);

} // namespace ns3::xfrm

#endif // XFRM_FLOW_POPULATION_H
