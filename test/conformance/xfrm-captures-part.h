/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_PART_H
#define XFRM_CAPTURES_PART_H

#include "xfrm-captures-file.h"
#include "xfrm-captures-hosts.h"
#include "xfrm-record-file.h"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::conformance
{

/// Records of a part that follow each other on the same hosts.
struct CaptureRun
{
    std::filesystem::path base;                       //!< folder and name of its files
    std::vector<std::pair<uint64_t, Record>> records; //!< records, with their row in the part
    RecordedRun recorded;      //!< its NAME.txt; only commands if it has none
    CaptureHosts::Mtus mtus{}; //!< MTUs of the links
    bool hasDumps{true};       //!< whether it has a NAME.txt
};

/// What came of a record.
struct PlayedRecord
{
    nlohmann::json got;                 //!< by field
    std::vector<std::string> leftOut{}; //!< fields that are not to be compared
};

/**
 * @ingroup xfrm-tests
 * @brief One part of a recording of captures: how its records are played.
 *
 * A record's fields say what is done, and what came of that; a part takes the former.
 */
class CapturePart
{
  public:
    CapturePart() = default;
    virtual ~CapturePart() = default;
    CapturePart(const CapturePart&) = delete;
    CapturePart& operator=(const CapturePart&) = delete;
    CapturePart(CapturePart&&) = delete;
    CapturePart& operator=(CapturePart&&) = delete;

    /// @param record a record @return name of the run that it belongs to
    virtual std::string GetRunName(Record record) const = 0;

    /// @brief Read what a run needs.  @param run the run, with records
    virtual void Read(CaptureRun& run);

    /// @brief Get ready to play a run.  @param hosts fresh ones @param run the run
    virtual void Begin(CaptureHosts& hosts, const CaptureRun& run);

    /**
     * @brief Play a record.
     * @param hosts the hosts
     * @param record it; what says what is done is taken
     * @return what came of it
     */
    virtual PlayedRecord Play(CaptureHosts& hosts, Record& record) = 0;

    /// @brief Do what was done behind the last record.  @param hosts the hosts
    virtual void End(CaptureHosts& hosts);

    /// @param field name of a field @param recorded what it holds
    /// @return it as Play() gives it
    virtual nlohmann::json Normalize(const std::string& field, nlohmann::json recorded) const;

    /// @return why fields are left out, if Play() leaves out some
    virtual std::string GetReason() const;
};

/// @param name of a part, such as "sizes" @return how it is played; null for an unknown one
std::unique_ptr<CapturePart> MakeCapturePart(const std::string& name);

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_PART_H
