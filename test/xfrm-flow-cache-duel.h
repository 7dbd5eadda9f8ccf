/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_CACHE_DUEL_H
#define XFRM_FLOW_CACHE_DUEL_H

#include "xfrm-flow-cache-model.h"

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// What the caches ask of their surroundings, in order.
struct DuelEvent
{
    char what{0}; //!< 'c' Check(), 'd' Delete(), 'r' resolver, 'a' allocation, 'm' mask, 's' seed,
                  //!< '!' misuse
    uint32_t id{0}; //!< object, or seed drawn

    bool operator==(const DuelEvent&) const = default;
};

/**
 * @ingroup xfrm-tests
 * @brief Random operations on a FlowCache and on a FlowCacheModel, which have to agree on
 * everything.
 *
 * After each operation it compares answers, CacheWork, calls of Check(), Delete(), the resolver and
 * the allocators in their order, and the counters that a cache shows; after each eviction and now
 * and then the entries of all CPUs.  Calls of Check() are not compared for objects that were
 * promised to be valid until a change, only counted.
 */
class FlowCacheDuel
{
  public:
    /// What to play with.
    struct Scenario
    {
        std::string name;                     //!< what is special
        FlowCache::Config config;             //!< makeup of both caches
        KeyLayout layout{KeyLayout::Linux41}; //!< layout of the keys
        uint32_t nFlows{40};                  //!< flows in all
        uint32_t nHotFlows{8};                //!< flows that get three of four lookups
        uint32_t nDisruptions{80};            //!< share of operations that are no lookups [1/1000]
        uint32_t nOperations{0};              //!< operations
    };

    /// @param scenario what to play with @param seed seed of all randomness
    FlowCacheDuel(const Scenario& scenario, uint64_t seed);

    /// @brief Play to the end, or to the first difference.  @return the difference, empty if none
    std::string Run();

  private:
    /// An object that both caches share: only calls by FlowCache reach it as such.
    class Actor : public CacheObject
    {
      public:
        /// @param id its number @param events where its calls go
        Actor(ObjectId id, std::vector<DuelEvent>& events);

        Consent Get() override;
        bool Check() override;
        void Delete() override;

        ObjectId id;                    //!< its number
        Consent consent{Consent::Once}; //!< what Get() answers
        bool isValid{true};             //!< what Check() answers
        bool hasPromised{false};        //!< Get() has answered UntilChange before
        bool isPromisedValid{false};    //!< its resolver said that it is valid until a change

      private:
        void ReportMisuse();

        std::vector<DuelEvent>& m_events; //!< where its calls go
        bool m_isDeleted{false};          //!< Delete() was called
    };

    /// What a resolver is to do if it is called.
    struct Script
    {
        bool keepsOld{false};   //!< return the refused object if there is one
        bool isError{false};    //!< return an error
        bool isBumping{false};  //!< bump the generation
        ObjectId object{0};     //!< else return this, 0 none
        bool isPromised{false}; //!< if that is valid, promise so until a change
    };

    /// A kind of operation.
    struct Operation
    {
        const char* name;             //!< what it does
        void (FlowCacheDuel::*run)(); //!< does it
    };

    uint32_t Draw(uint32_t n);
    CpuId DrawCpu(bool needsOnline);
    uint32_t DrawFlow();
    Script DrawScript();
    void SetVerdict(Actor& actor);
    void MakeFlows();
    FlowCacheModel::World MakeModelWorld();

    const Operation& DrawOperation();
    void LookUpKey();
    void LookUpNumber();
    void LookUpBatch();
    void ChangeVerdict();
    void Bump();
    void NoteChange();
    void RequestReseed();
    void PassTime();
    void Flush();
    void FlushCpu();
    void RequestFlush();
    void RunDeferredFlush();
    void RunGc();
    void TakeDown();
    void BringUp();

    Resolution ResolveReal(const Script& script, CacheObject* old);
    FlowCacheModel::Answer ResolveModel(const Script& script, ObjectId old);
    void Note(const CacheAnswer& answer);
    void LookUpModel(CpuId cpu, uint32_t flow, const Script& script);
    std::string CompareStep() const;
    std::string CompareState() const;
    std::string CompareEntries() const;
    std::string CompareEntries(CpuId cpu) const;

    Scenario m_scenario;                        //!< what to play with
    std::mt19937_64 m_random;                   //!< draws all that happens
    std::mt19937 m_realSeeds;                   //!< draws FlowCache's seeds
    std::mt19937 m_modelSeeds;                  //!< draws the same for the model
    std::deque<Actor> m_actors;                 //!< by number; 0 is not used
    std::vector<FlowKey> m_flows;               //!< by flow
    std::vector<std::vector<FlowId>> m_numbers; //!< interned numbers by flow, one or two each
    Time m_now{0};                              //!< the time
    bool m_failsEntry{false};                   //!< whether this operation's allocations fail
    bool m_failsMask{false};                    //!< whether this operation's mask allocation fails

    std::vector<DuelEvent> m_realEvents;                //!< of this operation
    std::vector<DuelEvent> m_modelEvents;               //!< of this operation
    std::vector<FlowCacheModel::Answer> m_realAnswers;  //!< of this operation
    std::vector<FlowCacheModel::Answer> m_modelAnswers; //!< of this operation
    std::vector<CacheWork> m_realWork;  //!< of this operation, by CPU, the gc's last
    std::vector<CacheWork> m_modelWork; //!< of this operation, by CPU, the gc's last

    FlowCacheModel m_model; //!< what is right
    FlowCache m_cache;      //!< what is tested
};

} // namespace ns3::xfrm::tests

#endif // XFRM_FLOW_CACHE_DUEL_H
