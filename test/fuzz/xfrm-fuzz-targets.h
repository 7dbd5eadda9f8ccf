/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FUZZ_TARGETS_H
#define XFRM_FUZZ_TARGETS_H

/**
 * @file
 * @ingroup xfrm-tests
 * @brief What is fuzzed: each target takes any bytes at all, and aborts if something is wrong.
 *
 * What a reader refuses with the error that it documents is right.  Built twice: for libFuzzer,
 * with sanitizers (`./xfrm fuzz`), and for the tests, which run what was found before.
 */

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ns3::xfrm::fuzz
{

/// Bytes of an input.
using Input = std::span<const uint8_t>;

/**
 * @brief Packets for a host: Decap, and what seals again.
 * @param input a byte that chooses the host; then packets, in front of each two bytes of its
 * length,
 *        the higher one first, and one of the seconds that have passed
 */
void FuzzDecap(Input input);

/**
 * @brief Recorded operations of the flow cache: their files, and their replay.
 * @param input a .meta.json, and of flows, operations and snapshots a CSV each, with a NUL between
 */
void FuzzFlowCache(Input input);

/// @brief Commands: reader, a host that carries them out, and the text of what they leave behind.
/// @param input a text of `ip xfrm`
void FuzzIpXfrm(Input input);

/// @brief Captures: PcapReader.  @param input a file
void FuzzPcap(Input input);

/// @brief Cost profiles: CostProfile.  @param input a JSON text
void FuzzProfile(Input input);

/**
 * @brief Recordings of scenarios and captures: their readers.
 * @param input a letter and a text: s, scenarios.jsonl and, behind a NUL, results-VERSION.jsonl; c,
 * a
 *        PART.jsonl of captures; t, a NAME.txt of them
 */
void FuzzRecords(Input input);

/// A target.
struct Target
{
    std::string_view name; //!< its name, and that of its folders
    void (*run)(Input);    //!< runs it
};

/// All targets.
inline constexpr std::array<Target, 6> TARGETS{{{"decap", FuzzDecap},
                                                {"flow-cache", FuzzFlowCache},
                                                {"ip-xfrm", FuzzIpXfrm},
                                                {"pcap", FuzzPcap},
                                                {"profile", FuzzProfile},
                                                {"records", FuzzRecords}}};

/// @brief Abort, saying why, unless something holds.  @param holds it @param what it is
void Require(bool holds, const char* what);

/// @param input bytes @return the same, as a text
std::string_view ToText(Input input);

/// A folder of this process for files of inputs, in memory where there is a place for that.
class ScratchFolder
{
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ScratchFolder(ScratchFolder&&) = delete;
    ScratchFolder& operator=(ScratchFolder&&) = delete;

    /// @brief Write a file.  @param name its name @param text what it holds @return its path
    std::filesystem::path Write(const std::string& name, std::string_view text) const;

    /// @return the folder
    const std::filesystem::path& Get() const
    {
        return m_path;
    }

  private:
    std::filesystem::path m_path; //!< the folder
};

} // namespace ns3::xfrm::fuzz

#endif // XFRM_FUZZ_TARGETS_H
