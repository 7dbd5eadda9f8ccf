/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-population.h"

#include "xfrm-alias-table.h"
#include "xfrm-traffic-check.h"

#include <algorithm>
#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

namespace
{

/// Equal probabilities.
class UniformRanks
{
  public:
    UniformRanks(uint32_t nFlows, const FastRandom& random)
        : m_nFlows(nFlows),
          m_random(random)
    {
    }

    /// @param flows filled with ranks, each plus an offset
    void Draw(std::span<uint32_t> flows, uint32_t offset)
    {
        FastRandom random =
            m_random; // a copy, of which the compiler knows that nobody else sees it
        for (uint32_t& flow : flows)
        {
            flow = offset + static_cast<uint32_t>(ScaleRandom(random(), m_nFlows) >> 32);
        }
        m_random = random;
    }

  private:
    uint32_t m_nFlows;   //!< how many
    FastRandom m_random; //!< which
};

/// Zipf's law.
class ZipfRanks
{
  public:
    ZipfRanks(const FlowConfig& config, const FastRandom& random)
        : m_nFlows(config.nFlows),
          m_table(AliasTable::MakeZipf(config.nFlows, config.exponent)),
          m_random(random)
    {
    }

    /// @param flows filled with ranks, each plus an offset
    void Draw(std::span<uint32_t> flows, uint32_t offset)
    {
        for (size_t i = 0; i < flows.size(); i += BATCH)
        {
            DrawSome(flows.subspan(i, std::min(flows.size() - i, BATCH)), offset);
        }
    }

  private:
    static constexpr size_t BATCH{256}; //!< columns that are asked for at a time

    /// @param flows at most BATCH, to be filled
    void DrawSome(std::span<uint32_t> flows, uint32_t offset)
    {
        std::array<uint64_t, BATCH> places{};
        FastRandom random = m_random;
        for (size_t i = 0; i < flows.size(); ++i)
        {
            places[i] = ScaleRandom(random(), m_nFlows);
            m_table.Prefetch(places[i]);
        }
        m_random = random;
        for (size_t i = 0; i < flows.size(); ++i)
        {
            flows[i] = offset + m_table.Pick(places[i]);
        }
    }

    uint32_t m_nFlows;   //!< how many
    AliasTable m_table;  //!< their probabilities
    FastRandom m_random; //!< which
};

/// Flows that are there from the beginning, drawn at random.
template <typename Ranks>
class KnownFlows final : public FlowPopulation
{
  public:
    KnownFlows(Ranks ranks, uint32_t first)
        : m_ranks(std::move(ranks)),
          m_first(first)
    {
    }

    void Draw(std::span<const int64_t>, std::span<uint32_t> flows) override
    {
        m_ranks.Draw(flows, m_first);
    }

  private:
    Ranks m_ranks;    //!< draws them
    uint32_t m_first; //!< number of the first
};

/// One flow after the other.
class ScanFlows final : public FlowPopulation
{
  public:
    ScanFlows(uint32_t nFlows, uint32_t first)
        : m_nFlows(nFlows),
          m_first(first)
    {
    }

    void Draw(std::span<const int64_t>, std::span<uint32_t> flows) override
    {
        for (uint32_t& flow : flows)
        {
            flow = m_first + m_next;
            m_next = m_next + 1 == m_nFlows ? 0 : m_next + 1;
        }
    }

  private:
    uint32_t m_nFlows;  //!< how many
    uint32_t m_first;   //!< number of the first
    uint32_t m_next{0}; //!< which is next
};

/// The numbers of new flows, in order.
class NewNumbers
{
  public:
    explicit NewNumbers(const FlowNumbers& numbers)
        : m_first(numbers.firstNew),
          m_next(numbers.firstNew),
          m_end(numbers.endNew)
    {
    }

    /// @param n how many @return the first of them @throws std::length_error if there are too few
    uint32_t Take(size_t n)
    {
        if (n > m_end - m_next)
        {
            throw std::length_error("more than " + std::to_string(m_end - m_first) +
                                    " new flows: their numbers must be below " +
                                    std::to_string(m_end));
        }
        m_next += static_cast<uint32_t>(n);
        return m_next - static_cast<uint32_t>(n);
    }

  private:
    uint32_t m_first; //!< the first
    uint32_t m_next;  //!< the next
    uint32_t m_end;   //!< above the last
};

/// Flows that never come again.
class OnceFlows final : public FlowPopulation
{
  public:
    explicit OnceFlows(const FlowNumbers& numbers)
        : m_numbers(numbers)
    {
    }

    void Draw(std::span<const int64_t>, std::span<uint32_t> flows) override
    {
        uint32_t next = m_numbers.Take(flows.size());
        for (uint32_t& flow : flows)
        {
            flow = next++;
        }
    }

  private:
    NewNumbers m_numbers; //!< their numbers
};

/// Flows that are born and die: slots of fixed popularity, each with the flow that lives in it.
template <typename Ranks>
class ChurnFlows final : public FlowPopulation
{
  public:
    ChurnFlows(const FlowConfig& config,
               const FlowNumbers& numbers,
               Ranks ranks,
               const FastRandom& births)
        : m_ranks(std::move(ranks)),
          m_slots(config.nFlows),
          m_gap(static_cast<double>(config.lifetime.GetNanoSeconds()) / config.nFlows),
          m_numbers(numbers),
          m_births(births)
    {
        for (uint32_t i = 0; i < config.nFlows; ++i)
        {
            m_slots[i] = numbers.firstKnown + i;
        }
        m_nextBirth = m_gap * m_exponential(m_births);
    }

    void Draw(std::span<const int64_t> times, std::span<uint32_t> flows) override
    {
        m_ranks.Draw(flows, 0);
        size_t done = 0;
        while (done < times.size())
        {
            while (m_nextBirth <= static_cast<double>(times[done]))
            {
                Bear();
            }
            const auto end = std::partition_point(
                times.begin() + static_cast<std::ptrdiff_t>(done),
                times.end(),
                [this](int64_t time) { return static_cast<double>(time) < m_nextBirth; });
            for (const auto n = static_cast<size_t>(end - times.begin()); done < n; ++done)
            {
                flows[done] = m_slots[flows[done]];
            }
        }
    }

  private:
    /// A flow dies, and a new one takes its slot.
    void Bear()
    {
        m_slots[ScaleRandom(m_births(), static_cast<uint32_t>(m_slots.size())) >> 32] =
            m_numbers.Take(1);
        m_nextBirth += m_gap * m_exponential(m_births);
    }

    Ranks m_ranks;                                           //!< draws slots
    std::vector<uint32_t> m_slots;                           //!< flow that lives, by slot
    double m_gap;                                            //!< mean time between births [ns]
    double m_nextBirth{0};                                   //!< [ns]
    NewNumbers m_numbers;                                    //!< numbers of new flows
    FastRandom m_births;                                     //!< when and where flows are born
    boost::random::exponential_distribution<> m_exponential; //!< of mean 1
};

/// @throws std::invalid_argument naming the value that is out of range
void
CheckConfig(const FlowConfig& config)
{
    if (config.kind == FlowConfig::Kind::Once)
    {
        return;
    }
    CheckTraffic(config.nFlows >= 1 && config.nFlows <= FlowConfig::MAX_FLOWS,
                 "number of flows",
                 config.nFlows,
                 "1 to " + std::to_string(FlowConfig::MAX_FLOWS));
    CheckTraffic(config.exponent >= 0 && config.exponent <= FlowConfig::MAX_EXPONENT,
                 "Zipf exponent",
                 config.exponent,
                 "0 to 10");
    const int64_t lifetime = config.lifetime.GetNanoSeconds();
    CheckTraffic(lifetime > 0, "lifetime of flows [ns]", lifetime, "1 or more");
}

} // namespace

uint32_t
CountKnownFlows(const FlowConfig& config)
{
    return config.kind == FlowConfig::Kind::Once ? 0 : config.nFlows;
}

bool
HasNewFlows(const FlowConfig& config)
{
    return config.kind == FlowConfig::Kind::Once || config.kind == FlowConfig::Kind::Churn;
}

std::unique_ptr<FlowPopulation>
MakeFlowPopulation(const FlowConfig& config,
                   const FlowNumbers& numbers,
                   const FastRandom& random,
                   const FastRandom& births)
{
    CheckConfig(config);
    const uint32_t first = numbers.firstKnown;
    const bool isUniform = config.kind == FlowConfig::Kind::Uniform || config.exponent == 0;
    const UniformRanks uniform(config.nFlows, random);
    switch (config.kind)
    {
    case FlowConfig::Kind::Zipf:
    case FlowConfig::Kind::Uniform:
        if (isUniform)
        {
            return std::make_unique<KnownFlows<UniformRanks>>(uniform, first);
        }
        return std::make_unique<KnownFlows<ZipfRanks>>(ZipfRanks(config, random), first);
    case FlowConfig::Kind::Scan:
        return std::make_unique<ScanFlows>(config.nFlows, first);
    case FlowConfig::Kind::Churn:
        if (isUniform)
        {
            return std::make_unique<ChurnFlows<UniformRanks>>(config, numbers, uniform, births);
        }
        return std::make_unique<ChurnFlows<ZipfRanks>>(config,
                                                       numbers,
                                                       ZipfRanks(config, random),
                                                       births);
    case FlowConfig::Kind::Once:
        return std::make_unique<OnceFlows>(numbers);
    }
    throw std::invalid_argument("kind of flows: must be one of those listed");
}

} // namespace ns3::xfrm
