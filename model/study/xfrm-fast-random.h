/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FAST_RANDOM_H
#define XFRM_FAST_RANDOM_H

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The generator splitmix64, which seeds others.
 *
 * Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014), with
 * the constants of Vigna's splitmix64.
 */
class SplitMix64
{
  public:
    /// @param state any number
    explicit constexpr SplitMix64(uint64_t state)
        : m_state(state)
    {
    }

    /// @return the next number
    constexpr uint64_t operator()()
    {
        m_state += 0x9e3779b97f4a7c15;
        return Mix(m_state);
    }

    /// @param bits any number @return its bits mixed; one to one, and 0 for 0
    static constexpr uint64_t Mix(uint64_t bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
        return bits ^ (bits >> 31);
    }

  private:
    uint64_t m_state; //!< grows by the same at each number
};

/**
 * @ingroup xfrm
 * @brief Random numbers for a study, where ns-3's cost too much: xoshiro256++, of period 2^256 - 1.
 *
 * Source: Blackman, Vigna, "Scrambled Linear Pseudorandom Number Generators" (ACM TOMS 47, 2021).
 * Satisfies std::uniform_random_bit_generator.  The same seed and stream give the same numbers on
 * all hosts.
 *
 * Each user has a stream of its own, so that what one draws does not change what others get.
 */
class FastRandom
{
  public:
    using result_type = uint64_t; //!< what is drawn

    /// @param seed any number @param stream number of the stream
    explicit constexpr FastRandom(uint64_t seed, uint64_t stream = 0)
    {
        SplitMix64 seeder(seed + SplitMix64::Mix(stream));
        for (uint64_t& word : m_state)
        {
            word = seeder();
        }
    }

    /// @param state state to begin with, not all of it 0
    explicit constexpr FastRandom(const std::array<uint64_t, 4>& state)
        : m_state(state)
    {
    }

    /// @return the smallest number
    static constexpr result_type min()
    {
        return 0;
    }

    /// @return the largest number
    static constexpr result_type max()
    {
        return std::numeric_limits<result_type>::max();
    }

    /// @return the next number
    constexpr result_type operator()()
    {
        const uint64_t result = std::rotl(m_state[0] + m_state[3], 23) + m_state[0];
        const uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = std::rotl(m_state[3], 45);
        return result;
    }

  private:
    std::array<uint64_t, 4> m_state{}; //!< the state
};

/**
 * @brief Scale a random number to a range: the product by 2^-32 n, rounded down.
 * @param random from all 64-bit numbers alike
 * @param n size of the range
 * @return a number from 0 to below n in the upper half, and in the lower half where between this
 *         number and the next one [2^-32]
 */
constexpr uint64_t
ScaleRandom(uint64_t random, uint32_t n)
{
    return (random >> 32) * n + (((random & 0xffffffff) * n) >> 32);
}

} // namespace ns3::xfrm

#endif // XFRM_FAST_RANDOM_H
