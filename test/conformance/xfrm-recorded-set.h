/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RECORDED_SET_H
#define XFRM_RECORDED_SET_H

#include "ns3/xfrm-flow-cache.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/// One entry of a recorded snapshot of a CPU's table.
struct SnapshotEntry
{
    CpuId cpu{0};       //!< CPU of the table
    uint32_t bucket{0}; //!< bucket
    uint32_t place{0};  //!< place in the bucket, 0 the newest
    uint32_t flow{0};   //!< flow number
    uint32_t genid{0};  //!< the entry's generation
    uint32_t object{0}; //!< object number, 0 none

    bool operator==(const SnapshotEntry&) const = default;
};

/// Entries of all CPUs' tables that a recorded snapshot shows after one row.
struct Snapshot
{
    uint64_t row{0};                    //!< row of the operations after which it was taken
    std::vector<SnapshotEntry> entries; //!< by CPU, bucket and place
};

/**
 * @ingroup xfrm-tests
 * @brief A recorded set of flow-cache operations, without the operations themselves.
 */
struct RecordedSet
{
    std::string name;                 //!< name of the set
    std::filesystem::path operations; //!< file of the operations
    FlowCache::Config config;         //!< makeup of the cache
    std::vector<uint32_t> seeds;      //!< what the random source returns, in order
    uint64_t nRows{0};                //!< recorded number of operations
    uint32_t nObjects{0};             //!< recorded number of objects
    std::vector<FlowKey> flows;       //!< the flows, by number
    std::vector<Snapshot> snapshots;  //!< snapshots, by row

    /**
     * @brief Read a set.
     * @param meta its NAME.meta.json; the set's other files lie beside it
     * @return the set
     * @throws InputError if a file is missing or malformed
     */
    static RecordedSet Read(const std::filesystem::path& meta);
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_RECORDED_SET_H
