/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-jhash.h"

#include <array>
#include <cstring>
#include <string_view>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief No words: no final, the result is the start value 0xdeadbeef + 4 x 0 + seed, with wrap.
 */
class JhashEmptyTestCase : public TestCase
{
  public:
    JhashEmptyTestCase()
        : TestCase("the hash of no words is the start value")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Jhash2(nullptr, 0, 0), 0xdeadbeef, "seed 0");
        NS_TEST_EXPECT_MSG_EQ(Jhash2(nullptr, 0, 1), 0xdeadbef0, "seed 1");
        NS_TEST_EXPECT_MSG_EQ(Jhash2(nullptr, 0, 0x21524111), 0, "the sum is 2^32");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Zero words and a start value of 0: all steps keep three zeros, so the hash is 0.
 *
 * The start value is 0 for seed = -(0xdeadbeef + 4 x words), so a wrong length term shows.
 */
class JhashZeroTestCase : public TestCase
{
  public:
    JhashZeroTestCase()
        : TestCase("the start value counts four for each word")
    {
    }

  private:
    void DoRun() override
    {
        const std::array<uint32_t, 20> words{};
        for (uint32_t nWords = 1; nWords <= words.size(); ++nWords)
        {
            const uint32_t seed = -(0xdeadbeef + 4 * nWords);
            NS_TEST_EXPECT_MSG_EQ(Jhash2(words.data(), nWords, seed), 0, nWords << " words");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One mix of (1, 0, 0), by hand.
 *
 * (a,4): a = 1, c = 0.
 * (b,6): b = -1 ^ 0x40 = ffffffbf, a = 1.
 * (c,8): c = 0x41 ^ ffffbfff = ffffbfbe, b = ffffffc0.
 * (a,16): a = 00004043 ^ bfbeffff = bfbebfbc, c = ffffbf7e.
 * (b,19): b = 40414004 ^ fde5fdf5 = bda4bdf1, a = bfbe7f3a.
 * (c,4): c = 425b018d ^ da4bdf1b = 9810de96, b = 7d633d2b.
 */
class JhashMixTestCase : public TestCase
{
  public:
    JhashMixTestCase()
        : TestCase("a mix does the six steps with rotations 4 6 8 16 19 4")
    {
    }

  private:
    void DoRun() override
    {
        JhashState<uint32_t> state{1, 0, 0};
        state.Mix();
        NS_TEST_EXPECT_MSG_EQ(state.a, 0xbfbe7f3a, "a");
        NS_TEST_EXPECT_MSG_EQ(state.b, 0x7d633d2b, "b");
        NS_TEST_EXPECT_MSG_EQ(state.c, 0x9810de96, "c");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One word 1 on a start value of 0 is the final of (1, 0, 0), by hand.
 *
 * (c,14): c = 0.  (a,11): a = 1.  (b,25): b = 1 - 02000000 = fe000001.
 * (c,16): c = fe000001 - 0001fe00 = fdfe0201.
 * (a,4): a = fdfe0200 - dfe0201f = 1e1de1e1.
 * (b,14): b = e01de1e0 - 78784787 = 67a59a59.
 * (c,24): c = 9a5b9858 - 5967a59a = 40f3f2be.
 */
class JhashFinalTestCase : public TestCase
{
  public:
    JhashFinalTestCase()
        : TestCase("the final does the seven steps with rotations 14 11 25 16 4 14 24")
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t one = 1;
        const uint32_t hash = Jhash2(&one, 1, -(0xdeadbeef + 4));
        NS_TEST_EXPECT_MSG_EQ(hash, 0x40f3f2be, "the word 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The last one to three words go to a, b and c in that order, and only more than three are
 * mixed.
 */
class JhashTailTestCase : public TestCase
{
  public:
    JhashTailTestCase()
        : TestCase("the last one to three words are added to a, b and c")
    {
    }

  private:
    void DoRun() override
    {
        const std::array<uint32_t, 4> words{11, 22, 33, 44};
        for (uint32_t nWords = 1; nWords <= 4; ++nWords)
        {
            const uint32_t start = 0xdeadbeef + 4 * nWords + 7;
            JhashState<uint32_t> state{start, start, start};
            state.a += words[0];
            state.b += nWords > 1 ? words[1] : 0;
            state.c += nWords > 2 ? words[2] : 0;
            if (nWords == 4)
            {
                state.Mix();
                state.a += words[3];
            }
            state.Final();
            NS_TEST_EXPECT_MSG_EQ(Jhash2(words.data(), nWords, 7), state.c, nWords << " words");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The two published values of lookup3's hashlittle() for a text of 30 bytes, seeds 0 and 1.
 *
 * hashlittle() takes a tail of bytes as words filled up with zeros, and adds the length in bytes to
 * the start value.  So it equals jhash2() over 8 words with a seed lower by 32 - 30 = 2.
 */
class JhashPublishedTestCase : public TestCase
{
  public:
    JhashPublishedTestCase()
        : TestCase("the hash has the values its author published")
    {
    }

  private:
    void DoRun() override
    {
        const std::string_view text = "Four score and seven years ago";
        std::array<uint32_t, 8> words{};
        for (size_t i = 0; i < text.size(); ++i)
        {
            words[i / 4] |= static_cast<uint32_t>(text[i]) << (8 * (i % 4));
        }
        NS_TEST_EXPECT_MSG_EQ(Jhash2(words.data(), words.size(), 0U - 2), 0x17770551, "seed 0");
        NS_TEST_EXPECT_MSG_EQ(Jhash2(words.data(), words.size(), 1U - 2), 0xcd628161, "seed 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The hash of two words has the recorded values, and is jhash2() over them (R109).
 */
class JhashTwoWordsTestCase : public TestCase
{
  public:
    JhashTwoWordsTestCase()
        : TestCase("the hash of two words has the recorded values")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Jhash2Words(0x0a000002, 0x0a000001, 0), 0xdcf6b730, "10.0.0.2, .1");
        NS_TEST_EXPECT_MSG_EQ(Jhash2Words(0x0a000000, 0x0a000000, 0), 0xa13d86db, "their /24");
        NS_TEST_EXPECT_MSG_EQ(Jhash2Words(0xc0a8020a, 0xc0a8010a, 0), 0xb684e449, "192.168.2.10");
        NS_TEST_EXPECT_MSG_EQ(Jhash2Words(0xc0a80200, 0xc0a80100, 0), 0x8a4b9feb, "their /24");
        const std::array<uint32_t, 2> words{3, 4};
        NS_TEST_EXPECT_MSG_EQ(Jhash2Words(3, 4, 5), Jhash2(words.data(), 2, 5), "a seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of jhash2().
 */
class JhashTestSuite : public TestSuite
{
  public:
    JhashTestSuite()
        : TestSuite("xfrm-jhash", UNIT)
    {
        AddTestCase(new JhashEmptyTestCase, TestCase::QUICK);
        AddTestCase(new JhashZeroTestCase, TestCase::QUICK);
        AddTestCase(new JhashMixTestCase, TestCase::QUICK);
        AddTestCase(new JhashFinalTestCase, TestCase::QUICK);
        AddTestCase(new JhashTailTestCase, TestCase::QUICK);
        AddTestCase(new JhashPublishedTestCase, TestCase::QUICK);
        AddTestCase(new JhashTwoWordsTestCase, TestCase::QUICK);
    }
};

static JhashTestSuite g_jhashTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
