/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"
#include "ns3/xfrm-bucket-store.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A store of one bucket, filled with flows that MakeKey() numbers.
struct OneBucket
{
    BucketStore store{0};                    //!< the store
    std::array<ScriptedObject, 256> objects; //!< object of each flow
    std::string renumbered;                  //!< flows that the last Remove() renumbered, in order
    std::string freed;                       //!< flows whose objects it handed back, in order
    std::string forgotten;                   //!< freed flows with a FlowId, in order
    std::map<uint32_t, uint32_t> serials;    //!< new serial numbers of renumbered flows

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
            store.Insert(MakeKey(number), GetHash(number)).entry->object = &objects[number];
        }
    }

    /// @param number of a flow @return its entry, null if there is none
    FlowEntry* Find(uint32_t number)
    {
        return store.Find(MakeKey(number), GetHash(number)).entry;
    }

    /// @param number of a stored flow @return its place in the chain, 1 for the newest
    uint32_t GetPosition(uint32_t number)
    {
        return store.GetPosition(0, store.Find(MakeKey(number), GetHash(number)).serial);
    }

    /// @brief Remove the flows for which @p isRemoved says so, and those beyond @p nMost others.
    template <typename IsRemoved>
    void Remove(IsRemoved&& isRemoved, uint32_t nMost = UINT32_MAX)
    {
        renumbered.clear();
        freed.clear();
        forgotten.clear();
        std::vector<CacheObject*> room(store.GetSize() + BucketStore::OVERRUN);
        const auto keep = [&](const FlowEntry& entry) { return !isRemoved(entry.words[2]); };
        const auto forget = [&](const FlowEntry& entry) {
            forgotten += std::to_string(entry.words[2]) + " ";
        };
        const auto renumber = [&](const FlowEntry& entry, uint32_t serial) {
            renumbered += std::to_string(entry.words[2]) + " ";
            serials[entry.words[2]] = serial;
        };
        const uint32_t n = store.Retain(0, nMost, room.data(), keep, forget, renumber);
        for (uint32_t i = 0; i < n; ++i)
        {
            const auto* object = static_cast<const ScriptedObject*>(room[i]);
            freed += std::to_string(object - objects.data()) + " ";
        }
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
 * @brief A line takes 11 entries: up to 30 of them, so with two older lines, all are found in
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
        const BucketStore::Located place = store.Insert(key, 0xabcdef05);
        const FlowEntry& entry = *place.entry;
        NS_TEST_EXPECT_MSG_EQ(store.GetBuckets(), 8, "2^3");
        NS_TEST_EXPECT_MSG_EQ(entry.bucket, 5, "the low three bits of the hash");
        NS_TEST_EXPECT_MSG_EQ((entry.identity == key.View().identity), true, "identity");
        NS_TEST_EXPECT_MSG_EQ(entry.words[2], 7, "the mark");
        NS_TEST_EXPECT_MSG_EQ(entry.object, nullptr, "object");
        NS_TEST_EXPECT_MSG_EQ(entry.epoch, 0, "epoch");
        NS_TEST_EXPECT_MSG_EQ(entry.validEpoch, 0, "epoch of validity");
        NS_TEST_EXPECT_MSG_EQ((entry.flow == FlowId::None), true, "flow");
        NS_TEST_EXPECT_MSG_EQ(store.GetPosition(5, place.serial), 1, "the newest");
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
        for (uint32_t number = 1; number <= 29; number += 2)
        {
            const uint32_t position = bucket.store.GetPosition(0, bucket.serials[number]);
            NS_TEST_EXPECT_MSG_EQ(position, bucket.GetPosition(number), "flow " << number);
        }
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
 * @brief Of 30 entries on three lines two may stay: 30 is invalid, so 29 and 28, and the rest goes.
 *
 * All 28 others are handed back from the newest to the oldest; of them 30, 17 and 1 had a FlowId.
 */
class BucketStoreQuotaTestCase : public TestCase
{
  public:
    BucketStoreQuotaTestCase()
        : TestCase("only so many stay, and what goes is handed back in order")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        bucket.Insert(1, 30);
        for (const uint32_t number : {1, 17, 29, 30})
        {
            bucket.Find(number)->flow = FlowId{number};
        }
        uint32_t nAsked = 0;
        const auto isRemoved = [&nAsked](uint32_t number) {
            ++nAsked;
            return number == 30;
        };
        bucket.Remove(isRemoved, 2);
        NS_TEST_EXPECT_MSG_EQ(nAsked, 3, "the others' validity does not matter");
        NS_TEST_EXPECT_MSG_EQ(bucket.GetOrder(), "29 28 ", "order");
        NS_TEST_EXPECT_MSG_EQ(bucket.freed, "30 " + CountDown(27, 1), "handed back");
        NS_TEST_EXPECT_MSG_EQ(bucket.forgotten, "30 17 1 ", "forgotten");
        NS_TEST_EXPECT_MSG_EQ((bucket.Find(29)->flow == FlowId{29}), true, "flow that stays");
        bucket.Insert(31, 58);
        NS_TEST_EXPECT_MSG_EQ((bucket.Find(58)->flow == FlowId::None), true, "a new entry");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each length up to 24 entries, cut to each number of those: 4 entries are freed at once, 11
 * are on a line.
 */
class BucketStoreCutTestCase : public TestCase
{
  public:
    BucketStoreCutTestCase()
        : TestCase("a chain of any length may be cut to any length")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t length = 1; length <= 24; ++length)
        {
            for (uint32_t nMost = 0; nMost <= length; ++nMost)
            {
                OneBucket bucket;
                bucket.Insert(1, length);
                bucket.Remove([](uint32_t) { return false; }, nMost);
                const uint32_t nGone = length - nMost;
                const std::string what = std::to_string(nMost) + " of " + std::to_string(length);
                NS_TEST_ASSERT_MSG_EQ(bucket.GetOrder(), CountDown(length, nGone + 1), what);
                NS_TEST_ASSERT_MSG_EQ(bucket.freed, CountDown(nGone, 1), what);
                NS_TEST_ASSERT_MSG_EQ(bucket.store.GetSize(), nMost, what);
                NS_TEST_ASSERT_MSG_EQ(bucket.store.GetChainLength(0), nMost, what);
            }
        }
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
 * @brief Inserts and removals by turns, up and down over the boundaries of lines (11 and 22
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
            NS_TEST_EXPECT_MSG_EQ(store.Find(second, 5).entry,
                                  nullptr,
                                  nWords << ": not stored yet");
            store.Insert(second, 5);
            const uint32_t indexOfFirst = store.GetIndex(*store.Find(first, 5).entry);
            const uint32_t indexOfSecond = store.GetIndex(*store.Find(second, 5).entry);
            const uint32_t indexOfShorter = store.GetIndex(*store.Find(shorter, 5).entry);
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
                NS_TEST_ASSERT_MSG_EQ(store.Find(key, hash).entry, nullptr, "flow " << number);
                store.Insert(key, hash);
                NS_TEST_ASSERT_MSG_NE(store.Find(key, hash).entry, nullptr, "flow " << number);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The quick ways agree with the general ones, or say that they do not know.
 *
 * 25 flows with three tags are inserted quickly where that is allowed.  A flow that is
 * stored is never surely absent; what is found quickly is what Find() finds.
 */
class BucketStoreQuickTestCase : public TestCase
{
  public:
    BucketStoreQuickTestCase()
        : TestCase("a quick search finds what Find() finds, or nothing")
    {
    }

  private:
    void DoRun() override
    {
        OneBucket bucket;
        BucketStore& store = bucket.store;
        const auto getHash = [](uint32_t number) { return OneBucket::GetHash(number % 3); };
        NS_TEST_EXPECT_MSG_EQ(store.HasRoom(0), false, "no entry is free at first");
        bucket.Insert(1, 3);
        bucket.Remove([](uint32_t) { return true; });
        NS_TEST_EXPECT_MSG_EQ(store.HasRoom(0), true, "three are free");
        for (uint32_t number = 4; number <= 28; ++number)
        {
            const FlowKey key = MakeKey(number);
            const bool isQuick = store.HasRoom(0);
            NS_TEST_EXPECT_MSG_EQ(isQuick, (number < 7), "the first three take the free entries");
            const auto added = isQuick ? store.InsertQuickly(key, getHash(number))
                                       : store.Insert(key, getHash(number));
            NS_TEST_EXPECT_MSG_EQ(store.GetPosition(0, added.serial), 1, "the newest");
            NS_TEST_EXPECT_MSG_EQ(store.IsSurelyAbsent(0x77000000), (number < 15), "one line");
            for (uint32_t other = 4; other <= number; ++other)
            {
                const auto quick = store.FindQuickly(MakeKey(other), getHash(other));
                const auto place = store.Find(MakeKey(other), getHash(other));
                NS_TEST_EXPECT_MSG_EQ(store.IsSurelyAbsent(getHash(other)), false, other);
                NS_TEST_EXPECT_MSG_EQ((!quick.entry || quick.entry == place.entry), true, other);
                NS_TEST_EXPECT_MSG_EQ((!quick.entry || quick.serial == place.serial), true, other);
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
        AddTestCase(new BucketStoreQuotaTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreCutTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreWalkTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreReuseTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreTurnsTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreLongKeyTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreTagTestCase, TestCase::QUICK);
        AddTestCase(new BucketStoreQuickTestCase, TestCase::QUICK);
    }
};

static BucketStoreTestSuite g_bucketStoreTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
