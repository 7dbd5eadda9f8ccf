/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-flow-cache.h"

#include <set>
#include <string>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a text with a part of it replaced
std::string
Replace(std::string text, const std::string& part, const std::string& other)
{
    const size_t at = text.find(part);
    NS_ABORT_MSG_IF(at == std::string::npos, part << " isn't there");
    return text.replace(at, part.size(), other);
}

/// @return the JSON of an item whose price the free profile has
std::string
MakePrice(const std::string& name, const std::string& cycles, const std::string& unit)
{
    return "\"" + name + "\": {\n      \"cycles\": " + cycles + ",\n      \"unit\": \"" + unit +
           "\"";
}

/// @return what reading a profile says
std::string
GetProfileError(const std::string& text)
{
    try
    {
        CostProfile::Read(text, "p.json");
    }
    catch (const CostProfileError& error)
    {
        return error.what();
    }
    return "no error";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Work is priced unit by unit.
 *
 * At 2 GHz, 3 hits of 100 cycles and 1000 bytes of AES-GCM of 1.5 are 1800 cycles, 900 ns; what is
 * free adds nothing.
 */
class CostProfilePriceTestCase : public TestCase
{
  public:
    CostProfilePriceTestCase()
        : TestCase("a price times its count, at the frequency")
    {
    }

  private:
    void DoRun() override
    {
        std::string text = CostProfile::GetText("free");
        text = Replace(text,
                       MakePrice("cache_hit", "0", "lookup"),
                       MakePrice("cache_hit", "100", "lookup"));
        text = Replace(text,
                       MakePrice("cipher_aes_gcm_byte", "0", "byte"),
                       MakePrice("cipher_aes_gcm_byte", "1.5", "byte"));
        text = Replace(text, "1e+09", "2e9");
        const CostProfile profile = CostProfile::Read(text, "p.json");
        Work work;
        work.cache.nHits = 3;
        work.cache.nMisses = 7;
        work.transform.AddCrypto({CipherClass::AesGcm, DigestClass::None}, 1000);
        work.transform.AddCrypto({CipherClass::None, DigestClass::Sha1}, 1000);
        NS_TEST_EXPECT_MSG_EQ_TOL(profile.GetCycles(work), 1800, 1e-9, "cycles");
        NS_TEST_EXPECT_MSG_EQ(profile.GetDuration(work), NanoSeconds(900), "time");
        NS_TEST_EXPECT_MSG_EQ(CostProfile().GetDuration(work), Time(0), "free");
        NS_TEST_EXPECT_MSG_EQ(CostProfile::Load("free").GetDuration(work), Time(0), "shipped");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The usual profile answers to what it is calibrated on.
 *
 * V4: a router takes 2575 cycles a packet (1.006 Mpps a core of 2.59 GHz); null ESP out 4111 (0.63
 * Mpps).  V5: xfrm_lookup() is 3.97 % of 12.7k cycles, flow_cache_lookup() 2.83 %.
 */
class CostProfileUsualTestCase : public TestCase
{
  public:
    CostProfileUsualTestCase()
        : TestCase("linux-4.1-default answers to V4 and V5")
    {
    }

  private:
    void DoRun() override
    {
        const CostProfile profile = CostProfile::Load("linux-4.1-default");
        Work work;
        work.packet.nReceived = 1;
        work.packet.nForwarded = 1;
        work.packet.nTransmitted = 1;
        const double router = profile.GetCycles(work);
        NS_TEST_EXPECT_MSG_EQ_TOL(router, 2575, 1, "router");
        work.nOutputLookups = 1;
        work.cache.nHits = 1;
        work.cache.nCompared = 1;
        work.cache.nHashedWords = 8;
        const double lookup = profile.GetCycles(work) - router;
        NS_TEST_EXPECT_MSG_EQ_TOL(lookup, 0.0397 * 12700, 5, "xfrm_lookup()");
        work.transform.nSealed = 1;
        work.transform.AddCrypto({}, 60);
        NS_TEST_EXPECT_MSG_EQ_TOL(profile.GetCycles(work), 4111, 5, "null ESP out");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The usual profile prices what a flow cache does as doc/spec/flow-cache.md, section 14,
 * timed it.
 *
 * At 2.59 GHz: 21 us for a re-seed that drops 4000 entries, 21 us for a shrink of 4097 entries of
 * objects that are trivially checked (less 66 cycles a check), 13 us for the gc of 2049 entries.
 */
class CostProfileCacheTestCase : public TestCase
{
  public:
    CostProfileCacheTestCase()
        : TestCase("linux-4.1-default prices re-seed, shrink and gc as they were timed")
    {
    }

  private:
    /// @return what a cache does in lookups of new keys, from the first to the last
    static CacheWork Look(FlowCache& cache, uint32_t first, uint32_t last)
    {
        CacheWork work;
        const auto resolve = [](CacheObject* /*old*/) -> Resolution {
            return {new CheckedObject, 0, false};
        };
        for (uint32_t i = first; i <= last; ++i)
        {
            const FlowKey key = FlowKey::Ipv4(Direction::Out,
                                              {},
                                              Ipv4Address(0x0a000000 + i),
                                              Ipv4Address(0x0a090002),
                                              UpperLayer::Ports(5000, 6000));
            cache.Lookup(0, key.View(), resolve, work);
        }
        return work;
    }

    /// An object that is always valid, and goes with its entry.
    class CheckedObject : public CacheObject
    {
      public:
        Consent Get() override
        {
            return Consent::Once;
        }

        bool Check() override
        {
            return true;
        }

        void Delete() override
        {
            delete this;
        }
    };

    /// @return microseconds of work at 2.59 GHz
    static double Price(const CacheWork& cache)
    {
        Work work;
        work.cache.nShrinks = cache.nShrinks;
        work.cache.nReseeds = cache.nReseeds;
        work.cache.nWalkedBuckets = cache.nWalkedBuckets;
        work.cache.nChecks = cache.nChecks;
        work.cache.nEvicted = cache.nEvicted;
        work.cache.nDestroyed = cache.nDestroyed;
        return CostProfile::Load("linux-4.1-default").GetCycles(work) / 2590;
    }

    void DoRun() override
    {
        FlowCache cache(
            {},
            [] { return 0x12345678; },
            Time(0));
        Look(cache, 1, 4097);
        const CacheWork shrink = Look(cache, 4098, 4098);
        NS_TEST_ASSERT_MSG_EQ(shrink.nShrinks, 1, "one shrink");
        const double chains = 66 * static_cast<double>(shrink.nChecks) / 2590;
        NS_TEST_EXPECT_MSG_EQ_TOL(Price(shrink) - chains, 21, 1, "shrink [us]");
        CacheWork gc;
        cache.RunGc(gc);
        NS_TEST_EXPECT_MSG_EQ(gc.nDestroyed, shrink.nEvicted, "all that was dropped");
        const double each = 13.0 / 2049;
        NS_TEST_EXPECT_MSG_EQ_TOL(Price(gc),
                                  each * static_cast<double>(gc.nDestroyed),
                                  0.2,
                                  "gc [us]");
        CacheWork reseed;
        reseed.nReseeds = 1;
        reseed.nWalkedBuckets = 1024;
        reseed.nEvicted = 4000;
        NS_TEST_EXPECT_MSG_EQ_TOL(Price(reseed), 21, 0.5, "re-seed [us]");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Every item has a count of its own, and a price in each profile.
 */
class CostProfileItemsTestCase : public TestCase
{
  public:
    CostProfileItemsTestCase()
        : TestCase("names and places of items are unique, and every profile has them")
    {
    }

  private:
    void DoRun() override
    {
        std::set<std::string_view> names;
        std::set<std::pair<size_t, Stage>> places; // of a layer, two stages have a part
        for (const CostItem& item : GetCostItems())
        {
            names.insert(item.name);
            places.emplace(item.offset, item.stage);
        }
        NS_TEST_EXPECT_MSG_EQ(names.size(), GetCostItems().size(), "names");
        NS_TEST_EXPECT_MSG_EQ(places.size(), GetCostItems().size(), "places");
        for (const std::string& name : CostProfile::GetShipped())
        {
            const CostProfile profile = CostProfile::Load(name);
            NS_TEST_EXPECT_MSG_EQ(profile.GetName(), name, "its name");
            NS_TEST_EXPECT_MSG_EQ(profile.GetPrices().size(), GetCostItems().size(), name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A profile of before a step was known goes on being one: the step is free.
 */
class CostProfileOptionalTestCase : public TestCase
{
  public:
    CostProfileOptionalTestCase()
        : TestCase("a profile may leave out the price of a chain that is used again")
    {
    }

  private:
    void DoRun() override
    {
        std::string text = CostProfile::GetText("linux-4.1-default");
        Work work;
        work.bundle.nReused = 1;
        NS_TEST_EXPECT_MSG_EQ(CostProfile::Read(text, "p").GetCycles(work), 90, "shipped");
        const size_t begin = text.find("\"bundle_reused\"");
        NS_TEST_ASSERT_MSG_NE(begin, std::string::npos, "it is there");
        text.erase(begin, text.find("\"seal\"") - begin);
        NS_TEST_EXPECT_MSG_EQ(GetProfileError(text), "no error", "left out");
        NS_TEST_EXPECT_MSG_EQ(CostProfile::Read(text, "p").GetCycles(work), 0, "free");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is wrong with a profile is said in one line: where, what, what is allowed.
 */
class CostProfileErrorTestCase : public TestCase
{
  public:
    CostProfileErrorTestCase()
        : TestCase("a wrong profile is refused")
    {
    }

  private:
    void DoRun() override
    {
        const std::string good = CostProfile::GetText("free");
        NS_TEST_EXPECT_MSG_EQ(GetProfileError(good), "no error", "as it is");
        const std::string hit = "\"cache_hit\": {\n      \"cycles\": 0";
        const std::pair<std::string, std::string> rows[] = {
            {"{\n\"format\": }", "p.json: line 2: must be JSON"},
            {"[]", "p.json: must be a JSON object"},
            {Replace(good, "profile-1", "profile-9"),
             "p.json: format \"xfrm-cost-profile-9\": must be \"xfrm-cost-profile-1\""},
            {Replace(good, "\"cache_hit\"", "\"cache_hot\""), "p.json: prices.cache_hit missing"},
            {Replace(good, "\"bundle\": {", "\"bundel\": {}, \"bundle\": {"),
             "p.json: prices.bundel unknown: must be one of packet_received, "},
            {Replace(good, hit, "\"cache_hit\": {\n      \"cycles\": -1"),
             "p.json: prices.cache_hit.cycles -1: must be a number from 0 to 1e+09"},
            {Replace(good, hit, "\"cache_hit\": {\n      \"cycles\": \"0\""),
             "p.json: prices.cache_hit.cycles \"0\": must be a number from 0 to 1e+09"},
            {Replace(good, MakePrice("cache_hit", "0", "lookup"), MakePrice("cache_hit", "0", "h")),
             "p.json: prices.cache_hit.unit \"h\": must be \"lookup\""},
            {Replace(good, "by definition", "estimated"),
             "p.json: prices.packet_received.range missing: an estimated price must have one"},
            {Replace(good, hit, "\"cache_hit\": {\n      \"range\": [1, 2], \"cycles\": 0"),
             "p.json: prices.cache_hit.range 1: must be a number from 0 to 0"},
            {Replace(good, "1e+09", "0"), "p.json: frequency_hz 0: must be a number from 1e+06 to"},
            {Replace(good, hit, "\"cache_hit\": {\n      \"cycles\": 1e999"),
             "p.json: a number is too large"},
            {Replace(good, hit, "\"cache_hit\": {}, \"cache_hit\": {\n      \"cycles\": 0"),
             "p.json: cache_hit given twice"},
            {Replace(good, "\"free\"", std::string(100000, '[') + std::string(100000, ']')),
             "p.json: must be no more than 4 levels deep"},
            {Replace(good, "\"free\"", "[1]"),
             "p.json: name of type array: must be a text without control characters"},
            {Replace(good, "\"free\"", "\"a\\u001b\""),
             "p.json: name \"a\\u001b\": must be a text without control characters"},
            {"", "p.json: line 1: must be JSON"},
        };
        for (const auto& [text, message] : rows)
        {
            const std::string error = GetProfileError(text);
            NS_TEST_EXPECT_MSG_EQ(error.substr(0, message.size()), message, error);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what work costs.
 */
class CostProfileTestSuite : public TestSuite
{
  public:
    CostProfileTestSuite()
        : TestSuite("xfrm-cost-profile", UNIT)
    {
        AddTestCase(new CostProfilePriceTestCase, TestCase::QUICK);
        AddTestCase(new CostProfileUsualTestCase, TestCase::QUICK);
        AddTestCase(new CostProfileCacheTestCase, TestCase::QUICK);
        AddTestCase(new CostProfileItemsTestCase, TestCase::QUICK);
        AddTestCase(new CostProfileOptionalTestCase, TestCase::QUICK);
        AddTestCase(new CostProfileErrorTestCase, TestCase::QUICK);
    }
};

static CostProfileTestSuite g_costProfileTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
