/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CONFORMANCE_H
#define XFRM_CONFORMANCE_H

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/// Recorded data that is missing or malformed: one line that says what, where, and what is allowed.
class InputError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// One recorded value that the model does not reproduce.
struct Mismatch
{
    uint64_t row{0};      //!< zero-based row after the header
    std::string column;   //!< name of the column; "snap ..." for one of a snapshot
    std::string expected; //!< what was recorded
    std::string got;      //!< what the model gives
};

/// Something recorded that is not compared.
struct LeftOut
{
    std::string what; //!< what
    std::string why;  //!< the reason
};

/// Outcome of one recorded set.
struct SetReport
{
    std::string name;                 //!< name of the set
    uint64_t rows{0};                 //!< rows replayed
    std::vector<Mismatch> mismatches; //!< all mismatches, by row
    std::vector<LeftOut> leftOut{};   //!< what of it is not compared
};

/// How the flow cache is called.
enum class Face
{
    Key,     //!< by key: each lookup hashes
    Interned //!< by interned flow number
};

/// Called before each set is replayed, with its name.
using Progress = std::function<void(const std::string& name)>;

/**
 * @brief Replay all sets in a folder, in the order of their names, then those of its folders.
 *
 * A folder is recognised by what it holds: sets of flow-cache operations (NAME.meta.json with its
 * NAME.flows.csv.gz, NAME.ops.csv.gz and NAME.snap.csv.gz), jhash2.csv.gz, keylayout.csv.gz;
 * scenarios.jsonl with results-VERSION.jsonl of kernels, of which those of Linux 4.1 are compared;
 * PART.jsonl of captures, in a folder named after its kernel, linux-4.1.*.
 * Any of them may be absent.  The layouts are described in test/golden, by a README.md in each
 * folder.
 *
 * @param folder the folder
 * @param face how the flow cache is called
 * @param progress called before each set; may be empty
 * @return a report for each set
 * @throws InputError if the folder holds no set, or a file is missing or malformed
 */
std::vector<SetReport> ReplayFolder(const std::filesystem::path& folder,
                                    Face face,
                                    const Progress& progress = {});

} // namespace ns3::xfrm::conformance

#endif // XFRM_CONFORMANCE_H
