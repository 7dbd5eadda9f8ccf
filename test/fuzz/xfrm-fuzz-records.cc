/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-file.h"
#include "xfrm-conformance.h"
#include "xfrm-fuzz-targets.h"
#include "xfrm-record-file.h"
#include "xfrm-scenario-file.h"

#include <algorithm>

namespace ns3::xfrm::fuzz
{

namespace
{

using conformance::Record;

/// @brief Read scenarios, and what a kernel did in them.
void
ReadScenarios(const ScratchFolder& folder, std::string_view text)
{
    const size_t end = std::min(text.find('\0'), text.size());
    const auto scenarios =
        conformance::ReadScenarios(folder.Write("scenarios.jsonl", text.substr(0, end)));
    if (end != text.size())
    {
        conformance::ReadResults(folder.Write("results-4.1.jsonl", text.substr(end + 1)),
                                 scenarios);
    }
}

/// @brief Read records of captures, and take fields of every kind.
void
ReadPart(const ScratchFolder& folder, std::string_view text)
{
    for (Record record : conformance::ReadRecords(folder.Write("part.jsonl", text)))
    {
        if (record.Has("alg"))
        {
            record.TakeText("alg");
        }
        record.TakeNumber<uint32_t>("payload", 0);
        record.TakeBool("df", false);
        record.TakeList("wire");
        record.TakeTexts("inner_side");
    }
}

/// @brief Read a run, and make its texts comparable.
void
ReadRun(const ScratchFolder& folder, std::string_view text)
{
    const auto run = conformance::ReadRun(folder.Write("run.txt", text));
    for (const auto& dump : run.dumps)
    {
        for (const std::string& state : dump.states)
        {
            conformance::NormalizeDump(state);
        }
    }
}

} // namespace

void
FuzzRecords(Input input)
{
    static const ScratchFolder folder;
    if (input.empty())
    {
        return;
    }
    const std::string_view text = ToText(input).substr(1);
    try
    {
        switch (input[0])
        {
        case 's':
            ReadScenarios(folder, text);
            break;
        case 'c':
            ReadPart(folder, text);
            break;
        case 't':
            ReadRun(folder, text);
            break;
        default:
            break;
        }
    }
    catch (const conformance::InputError&)
    {
    }
}

} // namespace ns3::xfrm::fuzz
