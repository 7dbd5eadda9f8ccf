/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-fast-random.h"

#include <array>
#include <cstdint>
#include <random>
#include <set>

namespace ns3::xfrm::tests
{

static_assert(std::uniform_random_bit_generator<FastRandom>);

/**
 * @ingroup xfrm-tests
 * @brief Published first numbers: of splitmix64 with the seed 1234567 (Vigna's program, as Rosetta
 * Code quotes it), and of xoshiro256++ with the state 1, 2, 3, 4 (the vectors of Rust's
 * rand_xoshiro).
 */
class FastRandomVectorsTestCase : public TestCase
{
  public:
    FastRandomVectorsTestCase()
        : TestCase("splitmix64 and xoshiro256++ give their published first numbers")
    {
    }

  private:
    void DoRun() override
    {
        SplitMix64 seeder(1234567);
        for (const uint64_t expected : {6457827717110365317U,
                                        3203168211198807973U,
                                        9817491932198370423U,
                                        4593380528125082431U,
                                        16408922859458223821U})
        {
            const uint64_t got = seeder();
            NS_TEST_EXPECT_MSG_EQ(got, expected, "splitmix64");
        }
        FastRandom random(std::array<uint64_t, 4>{1, 2, 3, 4});
        for (const uint64_t expected : {uint64_t{41943041},
                                        uint64_t{58720359},
                                        3588806011781223U,
                                        3591011842654386U,
                                        9228616714210784205U,
                                        9973669472204895162U,
                                        14011001112246962877U,
                                        12406186145184390807U,
                                        15849039046786891736U,
                                        10450023813501588000U})
        {
            const uint64_t got = random();
            NS_TEST_EXPECT_MSG_EQ(got, expected, "xoshiro256++");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Stream 0 begins with the state that splitmix64 makes of the seed, as the authors of
 * xoshiro256++ advise; others begin elsewhere, and none with what another has.
 */
class FastRandomStreamsTestCase : public TestCase
{
  public:
    FastRandomStreamsTestCase()
        : TestCase("seeds and streams each give numbers of their own, and the same ones again")
    {
    }

  private:
    void DoRun() override
    {
        SplitMix64 seeder(42);
        std::array<uint64_t, 4> state{};
        for (uint64_t& word : state)
        {
            word = seeder();
        }
        FastRandom seeded(42);
        FastRandom same(state);
        std::set<uint64_t> numbers;
        for (int i = 0; i < 100; ++i)
        {
            const uint64_t got = seeded();
            const uint64_t expected = same();
            NS_TEST_EXPECT_MSG_EQ(got, expected, "stream 0, number " << i);
            numbers.insert(got);
        }
        for (uint64_t stream = 1; stream < 100; ++stream)
        {
            FastRandom random(42, stream);
            FastRandom again(42, stream);
            for (int i = 0; i < 100; ++i)
            {
                const uint64_t got = random();
                const uint64_t expected = again();
                NS_TEST_EXPECT_MSG_EQ(got, expected, "stream " << stream);
                numbers.insert(got);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(numbers.size(), 100 * 100, "numbers of all streams differ");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief ScaleRandom() is the product by n / 2^32, rounded down: by hand for small numbers.
 *
 * The largest number times 3 is 3 * 2^64 - 3: by 2^32, and rounded down, 3 * 2^32 - 1.
 */
class FastRandomScaleTestCase : public TestCase
{
  public:
    FastRandomScaleTestCase()
        : TestCase("a scaled number is below the size of its range")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ScaleRandom(0, 3), 0, "smallest");
        NS_TEST_EXPECT_MSG_EQ(ScaleRandom(FastRandom::max(), 3),
                              3 * (uint64_t{1} << 32) - 1,
                              "largest");
        NS_TEST_EXPECT_MSG_EQ(ScaleRandom(uint64_t{1} << 63, 3), uint64_t{3} << 31, "half of it");
        NS_TEST_EXPECT_MSG_EQ(ScaleRandom(0xffff'ffff, 3), 2, "3 - 3 / 2^32, rounded down");
        NS_TEST_EXPECT_MSG_EQ((ScaleRandom(FastRandom::max(), 0xffff'ffff) >> 32),
                              0xffff'fffe,
                              "largest of the largest range");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FastRandom.
 */
class FastRandomTestSuite : public TestSuite
{
  public:
    FastRandomTestSuite()
        : TestSuite("xfrm-fast-random", UNIT)
    {
        AddTestCase(new FastRandomVectorsTestCase, TestCase::QUICK);
        AddTestCase(new FastRandomStreamsTestCase, TestCase::QUICK);
        AddTestCase(new FastRandomScaleTestCase, TestCase::QUICK);
    }
};

static FastRandomTestSuite g_fastRandomTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
