/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_CACHE_REPLAY_H
#define XFRM_FLOW_CACHE_REPLAY_H

#include "xfrm-conformance.h"
#include "xfrm-recorded-set.h"
#include "xfrm-resolver-plan.h"
#include "xfrm-table-file.h"

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace ns3::xfrm::conformance
{

/**
 * @ingroup xfrm-tests
 * @brief Feeds the operations of a recorded set to a FlowCache and compares all that was recorded.
 *
 * The operations, their columns and the resolver's plans are described in
 * test/golden/flow-cache/README.md.
 */
class FlowCacheReplay
{
  public:
    /// @param set what to replay; must outlive this @param face how the cache is called
    FlowCacheReplay(const RecordedSet& set, Face face);

    /// @brief Replay all operations.  @return the report @throws InputError if a row is malformed
    SetReport Run();

  private:
    /// Columns of the operations' file.
    enum Column : size_t
    {
        OP,
        CPU,
        FLOW,
        PLAN,
        ARG,
        RES,
        OLD,
        RET,
        BUCKET,
        DEL_SEED,
        DEL_SHRINK,
        RND,
        COUNT,
        GENID,
        GC_LEN,
        NCHK,
        NDEL,
        DELOBJ,
        DIGEST,
        N_COLUMNS
    };

    /// A recorded object: its verdicts are set by the operations.
    class Object final : public CacheObject
    {
      public:
        Object(FlowCacheReplay& replay, uint32_t number);

        Consent Get() override;
        bool Check() override;
        void Delete() override;

        uint32_t number;    //!< number of the object, from 1
        bool serves{true};  //!< what Get() says
        bool isValid{true}; //!< what Check() says
        bool isDead{false}; //!< deleted by the cache or released by the resolver

      private:
        FlowCacheReplay& m_replay; //!< whose it is
    };

    /// Hash of a key, for m_numbers.
    struct KeyHash
    {
        size_t operator()(const FlowKey& key) const
        {
            return key.View().Hash(0);
        }
    };

    using Row = std::array<std::string, N_COLUMNS>;

    void RunOperation(Row& got);
    void LookUp(Row& got);
    void FlushNow(Row& got);
    void FlushDeferred(Row& got);
    void CollectGarbage(Row& got);
    void SetVerdicts(Row& got);
    void TakeCpuDown(Row& got);
    void BringCpuUp(Row& got);

    CpuId ReadCpu() const;
    uint32_t ReadFlow() const;
    ResolverPlan ReadPlan() const;

    CacheAnswer CallLookup(CpuId cpu, uint32_t flow, const ResolverPlan& plan, CacheWork& work);
    Resolution Resolve(const ResolverPlan& plan, uint32_t flow, CacheObject* old);
    uint32_t DrawSeed();
    void PutFlush(Row& got, const std::optional<FlowCache::FlushReport>& report);
    std::vector<SnapshotEntry> GetEntries(CpuId cpu) const;
    std::string GetDigest(CpuId cpu) const;
    std::string JoinCpus(const std::function<std::string(CpuId)>& get) const;
    void CompareRow(const Row& got);
    void CompareSnapshot(const Snapshot& snapshot);
    void CompareTotals();
    void Expect(const std::string& column, const std::string& expected, const std::string& got);

    const RecordedSet& m_set;                                 //!< what is replayed
    Face m_face;                                              //!< how the cache is called
    TableFile m_file;                                         //!< the operations
    SetReport m_report;                                       //!< the outcome so far
    std::deque<Object> m_objects;                             //!< by number - 1; outlive the cache
    std::unordered_map<FlowKey, uint32_t, KeyHash> m_numbers; //!< number of each cached flow
    std::vector<Object*> m_latest; //!< each flow's latest object, null if it had none
    size_t m_nSeeds{0};            //!< seeds drawn
    bool m_failsEntry{false};      //!< the entry's allocation fails in this row
    std::optional<uint32_t> m_old; //!< resolver's argument in this row, 0 for null
    uint64_t m_nChecks{0};         //!< calls of Check() in this row
    uint64_t m_nDeletes{0};        //!< calls of Delete() in this row
    uint32_t m_lastDeleted{0};     //!< object deleted last in this row, 0 none
    FlowCache m_cache;             //!< the model
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_FLOW_CACHE_REPLAY_H
