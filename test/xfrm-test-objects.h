/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_OBJECTS_H
#define XFRM_TEST_OBJECTS_H

#include "ns3/xfrm-flow-cache.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief An object that answers as it is told and counts what it is asked.
 *
 * Aborts when the cache uses it after Delete(), a second Delete() included.
 */
class ScriptedObject : public CacheObject
{
  public:
    /// @param consent what Get() answers @param isValid what Check() answers
    explicit ScriptedObject(Consent consent = Consent::Once, bool isValid = true);

    Consent Get() override;
    bool Check() override;
    void Delete() override;

    Consent consent;      //!< what Get() answers
    bool isValid;         //!< what Check() answers
    uint32_t nGets{0};    //!< calls of Get()
    uint32_t nChecks{0};  //!< calls of Check()
    uint32_t nDeletes{0}; //!< calls of Delete(), 0 or 1
};

/// What a resolver returns for "no policy".
constexpr Resolution NO_POLICY{};

/// What a resolver returns on failure (-EAGAIN).
constexpr Resolution FAILURE{nullptr, -11};

/// @param number of the flow @param direction its direction @return an IPv4 key with that mark
FlowKey MakeKey(uint32_t number, Direction direction = Direction::Out);

/// @param number of the flow @param padding padding word @return an IPv6 key with that mark
FlowKey MakeIpv6Key(uint32_t number, uint32_t padding = 0);

/// @return a flow of a family that the cache does not serve (AF_UNIX)
FlowKey MakeUncachedKey();

/**
 * @ingroup xfrm-tests
 * @brief A flow cache whose seeds and resolver are scripted.
 *
 * The first seed drawn is 1, the next 2, and so on.  LookUp() aborts if it leaves an identity of
 * CacheWork broken.
 */
class CacheFixture
{
  public:
    /// @param config the cache's makeup
    explicit CacheFixture(const FlowCache::Config& config = {});

    /// @param consent its Get() @param isValid its Check() @return a new object, which outlives the
    /// cache
    ScriptedObject& NewObject(Consent consent = Consent::Once, bool isValid = true);

    /**
     * @brief Look up a flow on CPU @c cpu.
     * @param flow a FlowKey or a FlowId
     * @param resolution what the resolver is to return; a new valid object if not given
     * @return the answer
     */
    template <typename Flow>
    CacheAnswer LookUp(const Flow& flow, std::optional<Resolution> resolution = std::nullopt);

    /// @brief Look up the flows MakeKey(first) to MakeKey(last), each resolved to a new object.
    void LookUpRange(uint32_t first, uint32_t last);

    /**
     * @param bucket a bucket
     * @param n how many
     * @return numbers of flows of MakeKey() that lie in that bucket on CPU @c cpu, ascending
     */
    std::vector<uint32_t> FindNumbers(uint32_t bucket, uint32_t n) const;

    /// @param of a CPU @return numbers of its flows, buckets ascending, newest first: "3 2 1"
    std::string GetFlows(CpuId of = 0) const;

    /// @param number of a flow @return its entry on CPU @c cpu; aborts if there is none
    const FlowEntry& GetEntry(uint32_t number) const;

    /// @return entries of CPU @c cpu
    uint32_t GetSize() const;

    std::deque<ScriptedObject> objects;       //!< made by NewObject(), in order
    uint32_t nSeeds{0};                       //!< seeds drawn
    CpuId cpu{0};                             //!< CPU that looks up
    Consent consent{Consent::Once};           //!< Get() of the objects that the resolver makes
    std::vector<CacheObject*> resolverInputs; //!< what each call of the resolver got
    std::function<void()> duringResolve;      //!< called by each call of the resolver, if not empty
    std::vector<CacheWork> work;              //!< all work of each CPU; tests add to it, too
    CacheWork last;                           //!< work of the last LookUp()
    CacheWork gcWork;                         //!< for runs of the gc
    FlowCache cache;                          //!< declared last: the first to go

  private:
    void CheckIdentities() const;

    uint64_t m_nLookups{0}; //!< calls of LookUp()
};

template <typename Flow>
CacheAnswer
CacheFixture::LookUp(const Flow& flow, std::optional<Resolution> resolution)
{
    const auto resolve = [&](CacheObject* old) {
        resolverInputs.push_back(old);
        if (duringResolve)
        {
            duringResolve();
        }
        return resolution ? *resolution : Resolution{&NewObject(consent)};
    };
    last = {};
    const CacheAnswer answer = cache.Lookup(cpu, flow, resolve, last);
    work[cpu] += last;
    ++m_nLookups;
    CheckIdentities();
    return answer;
}

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_OBJECTS_H
