/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"
#include "xfrm-fuzz-targets.h"

#include <algorithm>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <nlohmann/json.hpp>

namespace ns3::xfrm::fuzz
{

namespace
{

/// @return a text as gzip has it, as fast as that goes
std::string
Compress(std::string_view text)
{
    namespace io = boost::iostreams;
    std::string packed;
    io::filtering_ostream stream;
    stream.push(io::gzip_compressor(io::gzip_params(io::gzip::best_speed)));
    stream.push(io::back_inserter(packed));
    stream << text;
    stream.reset();
    return packed;
}

/// @return whether a set is small enough for many of them in a second
bool
IsSmall(std::string_view meta)
{
    const auto json = nlohmann::json::parse(meta, nullptr, false);
    const auto isUpTo = [&](const char* name, uint64_t most) {
        return json.is_object() && json.contains(name) && json[name].is_number_unsigned() &&
               json[name].get<uint64_t>() <= most;
    };
    return isUpTo("ncpu", 4) && isUpTo("hash_shift", 10);
}

/// @return the text up to the next NUL, which is taken with it
std::string_view
TakePart(std::string_view& text)
{
    const size_t end = std::min(text.find('\0'), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

} // namespace

void
FuzzFlowCache(Input input)
{
    static const ScratchFolder folder;
    std::string_view text = ToText(input);
    const std::string_view meta = TakePart(text);
    if (meta.empty() || !IsSmall(meta))
    {
        return;
    }
    folder.Write("set.meta.json", meta);
    for (const char* name : {"set.flows.csv.gz", "set.ops.csv.gz", "set.snap.csv.gz"})
    {
        folder.Write(name, Compress(TakePart(text)));
    }
    for (const auto face : {conformance::Face::Key, conformance::Face::Interned})
    {
        try
        {
            conformance::ReplayFolder(folder.Get(), face);
        }
        catch (const conformance::InputError&)
        {
        }
    }
}

} // namespace ns3::xfrm::fuzz
