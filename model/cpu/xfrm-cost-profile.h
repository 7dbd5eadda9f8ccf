/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_COST_PROFILE_H
#define XFRM_COST_PROFILE_H

#include "xfrm-cost-items.h"

#include "ns3/nstime.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// A profile that can't be: where, what is wrong, what is allowed.
class CostProfileError : public std::invalid_argument
{
  public:
    using std::invalid_argument::invalid_argument;
};

/**
 * @ingroup xfrm
 * @brief What the kernel's steps cost on some machine: cycles per unit of work, and a frequency.
 *
 * A JSON file:
 *
 * @code
 * {
 *   "format": "xfrm-cost-profile-1",
 *   "name": "my-machine",
 *   "description": "what it stands for",
 *   "frequency_hz": 2.59e9,
 *   "prices": {
 *     "cache_hit": {"cycles": 331, "unit": "lookup", "source": "a paper", "range": [280, 390]},
 *     ...
 *   },
 *   "contention": {
 *     "line_transfer": {"cycles": 120, "unit": "transfer", "source": "a paper"},
 *     ...
 *   }
 * }
 * @endcode
 *
 * Every item of GetCostItems() has a price, and so has every item of GetContentionItems() unless
 * there is no "contention", which means that cores never get in each other's way.  The source of a
 * price is a reference, or the word "estimated", which needs the range that it may lie in.  No cost
 * is known anywhere else.
 */
class CostProfile
{
  public:
    /// The price of a unit of work.
    struct Price
    {
        double cycles{0};   //!< cycles a unit, 0 or more
        double least{0};    //!< the least that it may be, cycles if there is no range
        double most{0};     //!< the most that it may be, cycles if there is no range
        std::string source; //!< where it is from, "estimated", or "left out"
    };

    /// @brief Everything is free: profile "free".
    CostProfile();

    /**
     * @brief Read a profile.
     * @param text its JSON @param place where it is from, for errors
     * @return the profile
     * @throws CostProfileError for the first thing that is wrong
     */
    static CostProfile Read(std::string_view text, const std::string& place);

    /**
     * @brief Find a profile.
     * @param name a shipped one, or else a file
     * @return the profile
     * @throws CostProfileError if there is none of the name, or something is wrong in it
     */
    static CostProfile Load(const std::string& name);

    /// @return names of the profiles that are shipped
    static std::vector<std::string> GetShipped();

    /// @param name a shipped profile, or a file @return its JSON, unchecked
    /// @throws CostProfileError if there is none of the name
    static std::string GetText(const std::string& name);

    /// @param work what was done @param before what of it was done before @return what the rest
    /// costs [cycles]
    double GetCycles(const Work& work, const Work& before = NO_WORK) const
    {
        double cycles = 0;
        ForEachCost(work, before, [&](Stage /*stage*/, double cost) { cycles += cost; });
        return cycles;
    }

    /// @param work what was done @param before what of it was done before
    /// @return how long the rest takes, to the nanosecond, at most three years
    Time GetDuration(const Work& work, const Work& before = NO_WORK) const
    {
        return NanoSeconds(std::llround(std::min(GetCycles(work, before) * m_nsPerCycle, MOST_NS)));
    }

    /**
     * @brief The same by stages.
     * @param work what was done @param before what of it was done before
     * @return what the rest costs, by stage [ns]
     */
    std::array<double, N_STAGES> GetStages(const Work& work, const Work& before = NO_WORK) const;

    /// @return what cores cost each other [ns]
    const ContentionPrices& GetContention() const
    {
        return m_contention;
    }

    /// @return its name
    const std::string& GetName() const
    {
        return m_name;
    }

    /// @return what it stands for
    const std::string& GetDescription() const
    {
        return m_description;
    }

    /// @return cycles per second [Hz]
    double GetFrequency() const
    {
        return m_frequency;
    }

    /// @return the price of each of GetCostItems()
    const std::vector<Price>& GetPrices() const
    {
        return m_prices;
    }

    /// @return the price of each of GetContentionItems()
    const std::vector<Price>& GetContentionPrices() const
    {
        return m_contentionPrices;
    }

  private:
    static constexpr double MOST_NS{1e17}; //!< longest duration, three years [ns]

    /// Something that isn't free.
    struct Term
    {
        uint32_t offset{0}; //!< CostItem::offset
        Stage stage{};      //!< when it is done
        double cycles{0};   //!< its price [cycles]
    };

    /// Call add(Stage, double cycles) for all that was done and isn't free.
    template <typename Add>
    void ForEachCost(const Work& work, const Work& before, Add&& add) const
    {
        for (const Term& term : m_terms)
        {
            const uint64_t n =
                CostItem::Count(work, term.offset) - CostItem::Count(before, term.offset);
            if (n != 0)
            {
                add(term.stage, term.cycles * static_cast<double>(n));
            }
        }
    }

    void SetPrices(std::vector<Price> prices);
    void SetContentionPrices(std::vector<Price> prices);

    std::string m_name{"free"};            //!< its name
    std::string m_description;             //!< what it stands for
    double m_frequency{1e9};               //!< [Hz]
    double m_nsPerCycle{1};                //!< [ns]
    std::vector<Price> m_prices;           //!< price of each of GetCostItems()
    std::vector<Term> m_terms;             //!< what isn't free
    std::vector<Price> m_contentionPrices; //!< price of each of GetContentionItems()
    ContentionPrices m_contention;         //!< the same as times
};

} // namespace ns3::xfrm

#endif // XFRM_COST_PROFILE_H
