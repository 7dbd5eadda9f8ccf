/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"
#include "ns3/xfrm-bucket-store.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A store of one bucket, filled with flows that MakeKey() numbers.
struct OneBucket
{
    BucketStore store{0};   //!< the store
    std::string renumbered; //!< flows that the last Retain() renumbered, in order

    OneBucket()
    {
        store.Prepare();
    }

    /// @param number of a flow @return its hash, another byte for each in the tag's place
    static uint32_t GetHash(uint32_t number)
    {
        return number << 24;
    }

    /// @brief Add the flows first to last.
    void Insert(uint32_t first, uint32_t last)
    {
        for (uint32_t number = first; number <= last; ++number)
        {
            store.Insert(MakeKey(number), GetHash(number));
        }
    }

    /// @param number of a flow @return its entry, null if there is none
    FlowEntry* Find(uint32_t number)
    {
        return store.Find(MakeKey(number), GetHash(number));
    }

    /// @param number of a stored flow @return its place in the chain, 1 for the newest
    uint32_t GetPosition(uint32_t number)
    {
        return store.GetPosition(0, Find(number)->serial);
    }

    /// @brief Remove the flows for which @p isRemoved says so.
    template <typename IsRemoved>
    void Remove(IsRemoved&& isRemoved)
    {
        renumbered.clear();
        const auto keep = [&](const FlowEntry& entry) { return !isRemoved(entry.words[2]); };
        store.Retain(0, keep, [&](const FlowEntry& entry) {
            renumbered += std::to_string(entry.words[2]) + " ";
        });
    }

    /// @return flow numbers from the newest to the oldest, a space after each
    std::string GetOrder() const
    {
        std::string order;
        store.ForEach(0, [&order](const FlowEntry& entry) {
            order += std::to_string(entry.words[2]) + " ";
        });
        return order;
    }
};

/// @return the numbers from @p first down to @p last, a space after each
std::string
CountDown(uint32_t first, uint32_t last)
{
    std::string order;
    for (uint32_t number = first; number >= last; --number)
    {
        order += std::to_string(number) + " ";
    }
    return order;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A store without entries: nothing is found, no chain has a length.
 */
class BucketStoreEmptyTestCase : public TestCase
{
  public:
    BucketStoreEmptyTestCase()
        : TestCase("an empty store holds nothing")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Remove([](uint32_t) { return true; });
        NS_TEST_EXPECT_MSG_EQ(bucket.Find(1), nullptr, "search");
        NS_TEST_EXPECT_MSG_EQ(bucket.store.GetSize(), 0, "size");
        NS_TEST_EXPECT_MSG_EQ(bucket.store.GetChainLength(0), 0, "chain length");
        NS_TEST_EXPECT_MSG_EQ(bucket.GetOrder(), "", "order");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A line takes 12 entries: up to 30 of them, so with two older lines, all are found in
 * order.
 *
 * The n-th entry added is the first in its chain, and the one of number i is at position n - i + 1.
 */
class BucketStoreLinesTestCase : public TestCase
{
  public:
    BucketStoreLinesTestCase()
        : TestCase("a chain longer than a line keeps its order, the newest first")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        for (uint32_t n = 1; n <= 30; ++n)
        {
            bucket.Insert(n, n);
            NS_TEST_ASSERT_MSG_EQ(bucket.GetOrder(), CountDown(n, 1), n << " entries");
            NS_TEST_ASSERT_MSG_EQ(bucket.store.GetChainLength(0), n, "chain length");
            for (uint32_t i = 1; i <= n; ++i)
            {
                NS_TEST_ASSERT_MSG_NE(bucket.Find(i), nullptr, i << " of " << n);
                NS_TEST_ASSERT_MSG_EQ(bucket.GetPosition(i), n - i + 1, i << " of " << n);
            }
            NS_TEST_ASSERT_MSG_EQ(bucket.Find(n + 1), nullptr, "one that is not there");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A new entry has its key and its bucket, and nothing else yet.
 */
class BucketStoreNewEntryTestCase : public TestCase
{
  public:
    BucketStoreNewEntryTestCase()
        : TestCase("a new entry has its key and its bucket, and no object")
    {
    }

  private:
    void DoRun() override
    {
        BucketStore store(3);
        store.Prepare();
        const FlowKey key = MakeKey(7, Direction::Forward);
        const FlowEntry& entry = store.Insert(key, 0xabcdef05);
        NS_TEST_EXPECT_MSG_EQ(store.GetBuckets(), 8, "2^3");
        NS_TEST_EXPECT_MSG_EQ(entry.bucket, 5, "the low three bits of the hash");
        NS_TEST_EXPECT_MSG_EQ((entry.identity == key.View().identity), true, "identity");
        NS_TEST_EXPECT_MSG_EQ(entry.words[2], 7, "the mark");
        NS_TEST_EXPECT_MSG_EQ(entry.object, nullptr, "object");
        NS_TEST_EXPECT_MSG_EQ(entry.epoch, 0, "epoch");
        NS_TEST_EXPECT_MSG_EQ((entry.flow == FlowId::None), true, "flow");
        NS_TEST_EXPECT_MSG_EQ(store.GetPosition(5, entry.serial), 1, "the newest");
        NS_TEST_EXPECT_MSG_EQ(store.GetChainLength(4), 0, "another bucket");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Of 30 entries those with an even number go, so the odd ones keep their order.
 *
 * Of the 15 that stay, number 29 was second and is first now: all 15 move up and are renumbered.
 */
class BucketStoreRetainTestCase : public TestCase
{
  public:
    BucketStoreRetainTestCase()
        : TestCase("the removal of newer entries renumbers those that stay")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Insert(1, 30);
        bucket.Remove([](uint32_t number) { return number % 2 == 0; });
        const std::string odd = "29 27 25 23 21 19 17 15 13 11 9 7 5 3 1 ";
        NS_TEST_EXPECT_MSG_EQ(bucket.GetOrder(), odd, "order");
        NS_TEST_EXPECT_MSG_EQ(bucket.renumbered, odd, "renumbered");
        NS_TEST_EXPECT_MSG_EQ(bucket.store.GetSize(), 15, "size");
        NS_TEST_EXPECT_MSG_EQ(bucket.GetPosition(29), 1, "the newest that stays");
        NS_TEST_EXPECT_MSG_EQ(bucket.GetPosition(1), 15, "the oldest");
        NS_TEST_EXPECT_MSG_EQ(bucket.Find(30), nullptr, "one that went");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Entries that are newer than all removed ones keep their serial numbers.
 */
class BucketStoreOldestTestCase : public TestCase
{
  public:
    BucketStoreOldestTestCase()
        : TestCase("the removal of older entries renumbers nothing")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Insert(1, 25);
        bucket.Remove([](uint32_t number) { return number <= 12; });
        NS_TEST_EXPECT_MSG_EQ(bucket.GetOrder(), CountDown(25, 13), "order");
        NS_TEST_EXPECT_MSG_EQ(bucket.renumbered, "", "renumbered");
        NS_TEST_EXPECT_MSG_EQ(bucket.GetPosition(13), 13, "the oldest");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Retain() asks about each entry once, in the chain's order.
 */
class BucketStoreWalkTestCase : public TestCase
{
  public:
    BucketStoreWalkTestCase()
        : TestCase("a walk that frees entries sees each once, the newest first")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Insert(1, 26);
        std::string walked;
        bucket.Remove([&walked](uint32_t number) {
            walked += std::to_string(number) + " ";
            return number % 3 == 0;
        });
        NS_TEST_EXPECT_MSG_EQ(walked, CountDown(26, 1), "26 entries on three lines");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 25 entries are made, all removed, and 25 made again: the numbers of the first 25 come
 * back.
 */
class BucketStoreReuseTestCase : public TestCase
{
  public:
    BucketStoreReuseTestCase()
        : TestCase("free entries are used again")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Insert(1, 25);
        bucket.Remove([](uint32_t) { return true; });
        NS_TEST_EXPECT_MSG_EQ(bucket.store.GetSize(), 0, "all removed");
        NS_TEST_EXPECT_MSG_EQ(bucket.Find(25), nullptr, "search in an empty store");
        bucket.Insert(31, 55);
        NS_TEST_EXPECT_MSG_EQ(bucket.GetOrder(), CountDown(55, 31), "order");
        std::vector<bool> isUsed(25);
        for (uint32_t number = 31; number <= 55; ++number)
        {
            const uint32_t index = bucket.store.GetIndex(*bucket.Find(number));
            NS_TEST_ASSERT_MSG_LT(index, 25, "no new entry is needed");
            NS_TEST_ASSERT_MSG_EQ(isUsed[index], false, "each number is given once");
            isUsed[index] = true;
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Inserts and removals by turns, up and down over the boundaries of lines (12 and 24
 * entries).
 *
 * Each turn adds 13 and leaves the 7 newest: all that remain are consecutive.
 */
class BucketStoreTurnsTestCase : public TestCase
{
  public:
    BucketStoreTurnsTestCase()
        : TestCase("chains may grow and shrink over line boundaries again and again")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        for (uint32_t last = 13; last < 200; last += 13)
        {
            bucket.Insert(last - 12, last);
            bucket.Remove([last](uint32_t number) { return number + 7 <= last; });
            NS_TEST_ASSERT_MSG_EQ(bucket.GetOrder(), CountDown(last, last - 6), "up to " << last);
            NS_TEST_ASSERT_MSG_EQ(bucket.GetPosition(last - 6), 7, "the oldest");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Equal hashes, equal first words: only the last word of 16 and 20 differs.
 *
 * A key of 8 words that equals the first 8 of a long one is another key, too.
 */
class BucketStoreLongKeyTestCase : public TestCase
{
  public:
    BucketStoreLongKeyTestCase()
        : TestCase("long keys are told apart by their last word")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t nWords : {16, 20})
        {
            std::vector<uint8_t> bytes(4 * nWords, 1);
            const FlowKey first(10, Direction::Out, bytes);
            bytes.back() = 2;
            const FlowKey second(10, Direction::Out, bytes);
            const FlowKeyView shorter{first.View().words, FlowIdentity(10, Direction::Out, 8)};
            BucketStore store(0);
            store.Prepare();
            store.Insert(shorter, 5);
            store.Insert(first, 5);
            NS_TEST_EXPECT_MSG_EQ(store.Find(second, 5), nullptr, nWords << ": not stored yet");
            store.Insert(second, 5);
            const uint32_t indexOfFirst = store.GetIndex(*store.Find(first, 5));
            const uint32_t indexOfSecond = store.GetIndex(*store.Find(second, 5));
            const uint32_t indexOfShorter = store.GetIndex(*store.Find(shorter, 5));
            NS_TEST_EXPECT_MSG_EQ(indexOfShorter, 0, nWords << ": the first one stored");
            NS_TEST_EXPECT_MSG_EQ(indexOfFirst, 1, nWords << ": the second one stored");
            NS_TEST_EXPECT_MSG_EQ(indexOfSecond, 2, nWords << ": the third one stored");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 40 flows whose hashes are all equal, the value 0 included, which an unused slot must not
 * match.
 */
class BucketStoreTagTestCase : public TestCase
{
  public:
    BucketStoreTagTestCase()
        : TestCase("flows with one and the same hash are told apart")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t hash : {0U, 0x01000000U, 0xffffffffU})
        {
            BucketStore store(0);
            store.Prepare();
            for (uint32_t number = 1; number <= 40; ++number)
            {
                const FlowKey key = MakeKey(number);
                NS_TEST_ASSERT_MSG_EQ(store.Find(key, hash), nullptr, "flow " << number);
                store.Insert(key, hash);
                NS_TEST_ASSERT_MSG_NE(store.Find(key, hash), nullptr, "flow " << number);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of BucketStore.
 */
class BucketStoreTestSuite : public TestSuite
{
  public:
    BucketStoreTestSuite()
        : TestSuite("xfrm-bucket-store", UNIT)
    {
        AddTestCase(new BucketStoreEmptyTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreLinesTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreNewEntryTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreRetainTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreOldestTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreWalkTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreReuseTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreTurnsTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreLongKeyTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreTagTestCase, TestCase::QUICK);
    }
};

static BucketStoreTestSuite g_bucketStoreTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
