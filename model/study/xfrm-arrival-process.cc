/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-arrival-process.h"

#include "xfrm-traffic-check.h"

#include <algorithm>
#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr double NS_PER_SECOND{1e9}; //!< [ns]

/// Latest stop time, 73 years, far enough from where numbers end [ns]
constexpr int64_t LATEST{int64_t{1} << 61};

/// From when to when a process runs.
struct Span
{
    int64_t start; //!< since the beginning of the run [ns]
    int64_t end;   //!< length, at most LATEST [ns]

    /// @param config valid
    explicit Span(const ArrivalConfig& config)
        : start(config.start.GetNanoSeconds()),
          end(std::min(config.stop.GetNanoSeconds(), LATEST) - start)
    {
    }
};

/// Equal distances, added up in whole numbers: a distance is m_step + m_rest / m_unit.
class ConstantArrivals final : public ArrivalProcess
{
  public:
    explicit ConstantArrivals(const ArrivalConfig& config)
        : m_span(config)
    {
        // fmod() is exact; so is the scaling to whole numbers below 2^53.
        const double rest = std::fmod(NS_PER_SECOND, config.rate);
        int exponent = 0;
        std::frexp(config.rate, &exponent);
        m_step = std::llround((NS_PER_SECOND - rest) / config.rate);
        m_unit = std::llround(std::ldexp(config.rate, 53 - exponent));
        m_rest = std::llround(std::ldexp(rest, 53 - exponent));
    }

    size_t Fill(std::span<int64_t> times) override
    {
        size_t n = 0;
        while (n < times.size() && m_time < m_span.end)
        {
            times[n++] = m_span.start + m_time;
            m_fraction += m_rest;
            const bool isCarry = m_fraction >= m_unit;
            m_fraction -= isCarry ? m_unit : 0;
            m_time += m_step + (isCarry ? 1 : 0);
        }
        return n;
    }

  private:
    Span m_span;           //!< from when to when
    int64_t m_step;        //!< whole part of the distance [ns]
    int64_t m_unit;        //!< 1 ns as a multiple of what m_rest counts
    int64_t m_rest;        //!< rest of the distance, below m_unit
    int64_t m_time{0};     //!< next arrival, since the start [ns]
    int64_t m_fraction{0}; //!< its fraction, below m_unit
};

/// Exponential distances.
class PoissonArrivals final : public ArrivalProcess
{
  public:
    PoissonArrivals(const ArrivalConfig& config, const FastRandom& random)
        : m_span(config),
          m_end(static_cast<double>(m_span.end)),
          m_gap(NS_PER_SECOND / config.rate),
          m_random(random)
    {
    }

    size_t Fill(std::span<int64_t> times) override
    {
        size_t n = 0;
        while (n < times.size() && m_time < m_end)
        {
            n += FillSome(times.subspan(n, std::min(times.size() - n, BATCH)));
        }
        return n;
    }

  private:
    static constexpr size_t BATCH{256}; //!< distances drawn at a time

    /// @param times at most BATCH, to be filled @return how many there are
    size_t FillSome(std::span<int64_t> times)
    {
        // Two loops are faster than one; of copies the compiler knows that nobody else sees them.
        const boost::random::exponential_distribution<> exponential;
        FastRandom random = m_random;
        std::array<double, BATCH> gaps{};
        for (size_t i = 0; i < times.size(); ++i)
        {
            gaps[i] = exponential(random);
        }
        m_random = random;
        double time = m_time;
        size_t n = 0;
        for (; n < times.size(); ++n)
        {
            time += gaps[n] * m_gap;
            if (time >= m_end)
            {
                break;
            }
            times[n] = m_span.start + static_cast<int64_t>(time);
        }
        m_time = time;
        return n;
    }

    Span m_span;         //!< from when to when
    double m_end;        //!< its length [ns]
    double m_gap;        //!< mean distance [ns]
    double m_time{0};    //!< last arrival, since the start [ns]
    FastRandom m_random; //!< of the distances
};

/// Periods with packets, and none between them.
class OnOffArrivals final : public ArrivalProcess
{
  public:
    OnOffArrivals(const ArrivalConfig& config, const FastRandom& random)
        : m_span(config),
          m_on(static_cast<double>(config.on.GetNanoSeconds())),
          m_off(static_cast<double>(config.off.GetNanoSeconds())),
          m_hasConstantPeriods(config.hasConstantPeriods),
          m_hasConstantGaps(config.hasConstantGaps),
          m_random(random)
    {
        const double meanGap = NS_PER_SECOND / config.rate;
        m_gap = config.isPeakRate ? meanGap : meanGap * (m_on / (m_on + m_off));
        m_onEnd = DrawPeriod(m_on);
        Advance();
    }

    size_t Fill(std::span<int64_t> times) override
    {
        size_t n = 0;
        while (n < times.size() && !IsOver())
        {
            times[n++] = m_span.start + static_cast<int64_t>(m_onTime + m_offTime);
            Advance();
        }
        return n;
    }

  private:
    /// @return whether the next arrival is after the end
    bool IsOver() const
    {
        return m_onTime + m_offTime >= static_cast<double>(m_span.end);
    }

    /// @param mean mean length @return length of a period [ns]
    double DrawPeriod(double mean)
    {
        return m_hasConstantPeriods ? mean : mean * m_exponential(m_random);
    }

    /// Go to the next arrival.
    void Advance()
    {
        m_onTime = m_hasConstantGaps ? static_cast<double>(m_nMade++) * m_gap
                                     : m_onTime + m_gap * m_exponential(m_random);
        while (m_onTime >= m_onEnd && !IsOver())
        {
            m_offTime += DrawPeriod(m_off);
            m_onEnd += DrawPeriod(m_on);
        }
    }

    Span m_span;               //!< from when to when
    double m_on;               //!< mean period with packets [ns]
    double m_off;              //!< mean period without [ns]
    bool m_hasConstantPeriods; //!< periods are constant
    bool m_hasConstantGaps;    //!< distances are constant
    double m_gap{0};           //!< mean distance in a period [ns]
    uint64_t m_nMade{0};       //!< constant distances so far
    double m_onTime{0};        //!< next arrival, in periods with packets [ns]
    double m_onEnd{0};         //!< when its period ends, by the same clock [ns]
    double m_offTime{0};       //!< all periods without so far [ns]
    FastRandom m_random;       //!< of distances and periods
    boost::random::exponential_distribution<> m_exponential; //!< of mean 1
};

/// Given times.
class ListArrivals final : public ArrivalProcess
{
  public:
    explicit ListArrivals(ArrivalConfig config)
        : m_span(config),
          m_times(std::move(config.times))
    {
        m_times.erase(std::lower_bound(m_times.begin(), m_times.end(), m_span.end), m_times.end());
    }

    size_t Fill(std::span<int64_t> times) override
    {
        const size_t n = std::min(times.size(), m_times.size() - m_next);
        for (size_t i = 0; i < n; ++i)
        {
            times[i] = m_span.start + m_times[m_next++];
        }
        return n;
    }

  private:
    Span m_span;                  //!< from when to when
    std::vector<int64_t> m_times; //!< since the start, below the end [ns]
    size_t m_next{0};             //!< which is next
};

/// @throws std::invalid_argument unless the times of a list may be
void
CheckTimes(const std::vector<int64_t>& times)
{
    int64_t last = 0;
    for (size_t i = 0; i < times.size(); ++i)
    {
        CheckTraffic(times[i] >= last,
                     "arrival time " + std::to_string(i),
                     times[i],
                     std::to_string(last) + " ns or more");
        last = times[i];
    }
}

/// @throws std::invalid_argument naming the value that is out of range
void
CheckConfig(const ArrivalConfig& config)
{
    const int64_t start = config.start.GetNanoSeconds();
    CheckTraffic(start >= 0 && start < LATEST, "start [ns]", start, "0 to below 2^61");
    const int64_t stop = config.stop.GetNanoSeconds();
    CheckTraffic(stop > start, "stop [ns]", stop, "above start, " + std::to_string(start));
    if (config.kind == ArrivalConfig::Kind::List)
    {
        CheckTimes(config.times);
        return;
    }
    CheckTraffic(config.rate >= ArrivalConfig::MIN_RATE && config.rate <= ArrivalConfig::MAX_RATE,
                 "arrival rate [packets/s]",
                 config.rate,
                 "1e-06 to 1e+12");
    if (config.kind == ArrivalConfig::Kind::OnOff)
    {
        const int64_t on = config.on.GetNanoSeconds();
        CheckTraffic(on > 0, "on period [ns]", on, "1 or more");
        const int64_t off = config.off.GetNanoSeconds();
        CheckTraffic(off >= 0, "off period [ns]", off, "0 or more");
    }
}

} // namespace

double
GetMeanRate(const ArrivalConfig& config)
{
    const bool isPeak = config.kind == ArrivalConfig::Kind::OnOff && config.isPeakRate;
    return isPeak ? config.rate * config.on.GetDouble() /
                        (config.on.GetDouble() + config.off.GetDouble())
                  : config.rate;
}

std::unique_ptr<ArrivalProcess>
MakeArrivalProcess(ArrivalConfig config, const FastRandom& random)
{
    CheckConfig(config);
    switch (config.kind)
    {
    case ArrivalConfig::Kind::Constant:
        return std::make_unique<ConstantArrivals>(config);
    case ArrivalConfig::Kind::Poisson:
        return std::make_unique<PoissonArrivals>(config, random);
    case ArrivalConfig::Kind::OnOff:
        return std::make_unique<OnOffArrivals>(config, random);
    case ArrivalConfig::Kind::List:
        return std::make_unique<ListArrivals>(std::move(config));
    }
    throw std::invalid_argument("kind of arrivals: must be one of those listed");
}

} // namespace ns3::xfrm
