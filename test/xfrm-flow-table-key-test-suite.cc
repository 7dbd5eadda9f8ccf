/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 12: no memory for an entry.
 *
 * The object is returned and the cache's share of it deleted at once; nothing is stored.
 */
class FlowTableUnstoredTestCase : public TestCase
{
  public:
    FlowTableUnstoredTestCase()
        : TestCase("without memory for an entry the object is returned and deleted")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.cache.SetEntryFault([] { return true; });
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Unstored), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(answer.object, &fixture.objects[0], "the object");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 1, "deleted");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 1, "and counted");
        const CacheAnswer error = fixture.LookUp(MakeKey(1), FAILURE);
        NS_TEST_EXPECT_MSG_EQ(error.error, -11, "the error");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 0, "an error is nothing to delete");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nErrors, 1, "an error all the same");
        fixture.LookUp(MakeKey(1), NO_POLICY);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 0, "null is nothing to delete");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 0, "nothing stored");
        fixture.cache.SetEntryFault(nullptr);
        const CacheAnswer stored = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((stored.outcome == CacheOutcome::Miss), true, "memory is back");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An entry that is there needs no memory: hits, stale and refused entries allocate nothing.
 */
class FlowTableAllocationTestCase : public TestCase
{
  public:
    FlowTableAllocationTestCase()
        : TestCase("only a miss allocates an entry")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        uint32_t nAllocations = 0;
        fixture.cache.SetEntryFault([&nAllocations] {
            ++nAllocations;
            return false;
        });
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(nAllocations, 1, "miss");
        fixture.LookUp(MakeKey(1));
        fixture.objects[0].consent = Consent::Refused;
        fixture.LookUp(MakeKey(1));
        fixture.cache.BumpGenid();
        fixture.LookUp(MakeKey(1), NO_POLICY);
        fixture.LookUp(MakeKey(1));
        fixture.LookUp(MakeUncachedKey());
        NS_TEST_EXPECT_MSG_EQ(nAllocations, 1, "hit, refused, stale, negative, uncached");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 16: the key size is looked at first, before the re-seed flag.
 */
class FlowTableUncachedTestCase : public TestCase
{
  public:
    FlowTableUncachedTestCase()
        : TestCase("a family without a key is resolved each time, with no re-seed and no hash")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        for (const uint32_t turn : {0, 1})
        {
            const CacheAnswer answer = fixture.LookUp(MakeUncachedKey());
            const CacheWork expected{.nUncached = 1, .nDeletes = 1};
            NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Uncached), true, turn);
            NS_TEST_EXPECT_MSG_EQ(answer.object, &fixture.objects[turn], turn);
            NS_TEST_EXPECT_MSG_EQ(fixture.objects[turn].nDeletes, 1, turn);
            NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, turn);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 0, "no seed drawn, though one is due");
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "the flag is still set");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A CPU that was never on line has no table: step 2 of section 4, before the re-seed.
 */
class FlowTableNoTableTestCase : public TestCase
{
  public:
    FlowTableNoTableTestCase()
        : TestCase("a CPU without a table resolves each time")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.nCpus = 2, .nOnline = 1});
        fixture.cpu = 1;
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        const CacheWork expected{.nUncached = 1, .nDeletes = 1};
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(1).HasTable(), false, "no table");
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Uncached), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 1, "deleted");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, "work");
        fixture.cache.BringUp(1);
        const CacheAnswer miss = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((miss.outcome == CacheOutcome::Miss), true, "with a table");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 22: the 4 bytes at the end of an IPv6 key are hashed and compared.
 */
class FlowTablePaddingTestCase : public TestCase
{
  public:
    FlowTablePaddingTestCase()
        : TestCase("garbage in the padding of an IPv6 key makes a false miss")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0}});
        fixture.LookUp(MakeIpv6Key(1, 0));
        const CacheAnswer garbage = fixture.LookUp(MakeIpv6Key(1, 0xff));
        NS_TEST_EXPECT_MSG_EQ((garbage.outcome == CacheOutcome::Miss), true, "other padding");
        const CacheAnswer same = fixture.LookUp(MakeIpv6Key(1, 0xff));
        NS_TEST_EXPECT_MSG_EQ((same.outcome == CacheOutcome::Hit), true, "the same padding");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nHashedWords, 16, "padding hashed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 23: a flow is all its fields.
 *
 * Each key differs from the first in one bit of one byte of the key.
 */
class FlowTableFieldsTestCase : public TestCase
{
  public:
    FlowTableFieldsTestCase()
        : TestCase("a key that differs in any byte is another flow")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0}});
        for (const FlowKey& key : {MakeKey(1), MakeIpv6Key(1)})
        {
            fixture.LookUp(key);
            const std::vector<uint8_t> bytes = key.GetBytes();
            for (size_t i = 0; i < bytes.size(); ++i)
            {
                std::vector<uint8_t> others = bytes;
                others[i] ^= 0x10;
                const FlowIdentity identity = key.View().identity;
                const FlowKey other(identity.GetFamily(), Direction::Out, others);
                const CacheAnswer answer = fixture.LookUp(other);
                NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Miss), true, "byte " << i);
            }
            const CacheAnswer again = fixture.LookUp(key);
            NS_TEST_EXPECT_MSG_EQ((again.outcome == CacheOutcome::Hit), true, "the first key");
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 1 + 32 + 1 + 64, "one entry a key");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 24: three directions and two families in one bucket of 1024.
 *
 * The n-th of them is compared with the n - 1 before it, and none of these is its own.
 */
class FlowTableCollisionTestCase : public TestCase
{
  public:
    FlowTableCollisionTestCase()
        : TestCase("keys equal but for direction and family lie in one bucket")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const std::vector<uint8_t> bytes = MakeKey(1).GetBytes();
        uint32_t nBefore = 0;
        for (const uint16_t family : {2, 12})
        {
            for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
            {
                const CacheAnswer answer = fixture.LookUp(FlowKey(family, direction, bytes));
                NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Miss), true, nBefore);
                NS_TEST_EXPECT_MSG_EQ(fixture.last.nCompared, nBefore, "one chain");
                ++nBefore;
            }
        }
        const CacheAnswer oldest = fixture.LookUp(FlowKey(2, Direction::In, bytes));
        NS_TEST_EXPECT_MSG_EQ((oldest.outcome == CacheOutcome::Hit), true, "the first one");
        NS_TEST_EXPECT_MSG_EQ(oldest.object, &fixture.objects[0], "its own object");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nCompared, 6, "at the end of the chain");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An object that agrees until a change is a hit without being asked; NoteChange() ends that.
 *
 * The first hit asks Get() once, for until then nobody has.  One that agrees once is asked each
 * time.
 */
class FlowTableConsentTestCase : public TestCase
{
  public:
    FlowTableConsentTestCase()
        : TestCase("an object that agrees until a change is asked again after a change only")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        ScriptedObject& lasting = fixture.NewObject(Consent::UntilChange);
        ScriptedObject& brief = fixture.NewObject(Consent::Once);
        fixture.LookUp(MakeKey(1), Resolution{&lasting});
        fixture.LookUp(MakeKey(2), Resolution{&brief});
        for (uint32_t turn = 0; turn < 3; ++turn)
        {
            fixture.LookUp(MakeKey(1));
            fixture.LookUp(MakeKey(2));
        }
        NS_TEST_EXPECT_MSG_EQ(lasting.nGets, 1, "asked at the first hit");
        NS_TEST_EXPECT_MSG_EQ(brief.nGets, 3, "asked at each hit");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nHits, 6, "hits all the same");
        fixture.cache.NoteChange();
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(lasting.nGets, 2, "asked again");
        lasting.consent = Consent::Refused;
        fixture.cache.NoteChange();
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Refused), true, "refuses now");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs.back(), &lasting, "resolved with it");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What an object agreed to ends with its generation, its entry and its table's seed.
 */
class FlowTableConsentEndsTestCase : public TestCase
{
  public:
    FlowTableConsentEndsTestCase()
        : TestCase("a lasting consent does not outlive the generation or the seed")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const auto makeLasting = [&fixture] {
            return Resolution{&fixture.NewObject(Consent::UntilChange)};
        };
        fixture.LookUp(MakeKey(1), makeLasting());
        fixture.LookUp(MakeKey(1));
        fixture.cache.BumpGenid();
        const CacheAnswer stale = fixture.LookUp(MakeKey(1), makeLasting());
        NS_TEST_EXPECT_MSG_EQ((stale.outcome == CacheOutcome::Stale), true, "after a bump");
        fixture.LookUp(MakeKey(1));
        fixture.cache.RequestReseed();
        const CacheAnswer reseeded = fixture.LookUp(MakeKey(1), makeLasting());
        NS_TEST_EXPECT_MSG_EQ((reseeded.outcome == CacheOutcome::Miss), true, "after a re-seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The number of the present epoch wraps from 2^32 - 1 to 1, and what is known of epoch 1 is
 * forgotten.
 *
 * An object agrees until a change in epoch 1, another is promised to be valid.  Epochs are set by
 * hand, since 2^32 changes take too long; when number 1 comes round, both must be asked: the first
 * refuses, the second is not valid.
 */
class FlowTableEpochTestCase : public TestCase
{
  public:
    FlowTableEpochTestCase()
        : TestCase("a lasting consent does not come back when epoch numbers wrap")
    {
    }

  private:
    void DoRun() override
    {
        ScriptedObject object(Consent::UntilChange);
        FlowCacheShared shared;
        shared.drawSeed = [] { return 1; };
        FlowTable table(0, {}, shared);
        shared.forgetEpochs = [&] {
            shared.flows.ForgetEpochs();
            table.ForgetEpochs();
        };
        table.GiveTable();
        const FlowKey key = MakeKey(1);
        const FlowId flow = shared.flows.Add(key);
        const auto resolve = [&object](CacheObject*) { return Resolution{&object}; };
        ScriptedObject promised;
        const auto promise = [&promised](CacheObject*) { return Resolution{&promised, 0, true}; };
        CacheWork work;
        table.Lookup(flow, resolve, work);
        table.Lookup(flow, resolve, work);
        table.Lookup(MakeKey(2), promise, work);
        object.consent = Consent::Refused;
        promised.isValid = false;
        shared.epoch = UINT32_MAX;
        shared.AdvanceEpoch();
        const uint32_t nFlushed = table.Flush(work);
        const CacheAnswer byKey = table.Lookup(key, resolve, work);
        const CacheAnswer byNumber = table.Lookup(flow, resolve, work);
        NS_TEST_EXPECT_MSG_EQ(shared.epoch, 1, "0 is no epoch");
        NS_TEST_EXPECT_MSG_EQ(nFlushed, 1, "flow 2, which is not valid any more");
        NS_TEST_EXPECT_MSG_EQ((byKey.outcome == CacheOutcome::Refused), true, "by key");
        NS_TEST_EXPECT_MSG_EQ((byNumber.outcome == CacheOutcome::Refused), true, "by number");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of which flows FlowTable stores, and of the consent of their objects.
 */
class FlowTableKeyTestSuite : public TestSuite
{
  public:
    FlowTableKeyTestSuite()
        : TestSuite("xfrm-flow-table-key", UNIT)
    {
        AddTestCase(new FlowTableUnstoredTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableAllocationTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableUncachedTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableNoTableTestCase, TestCase::QUICK);
        AddTestCase(new FlowTablePaddingTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableFieldsTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableCollisionTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableConsentTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableConsentEndsTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableEpochTestCase, TestCase::QUICK);
    }
};

static FlowTableKeyTestSuite g_flowTableKeyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
