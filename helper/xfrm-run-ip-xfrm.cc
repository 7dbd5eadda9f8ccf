/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-ip-xfrm.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ns3::xfrm
{

namespace
{

/// @return what is in a file
std::string
ReadText(const IpXfrmFile& file)
{
    const auto refuse = [&](int error) {
        throw ConfigError("ip-xfrm " + ToText(file) + ": " + std::strerror(error) +
                          ": must be FILE or NODE=FILE, with a file that can be read");
    };
    if (std::filesystem::is_directory(file.path))
    {
        refuse(EISDIR);
    }
    std::ifstream stream(file.path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad())
    {
        refuse(errno);
    }
    return text;
}

} // namespace

IpXfrmFile
ParseIpXfrmFile(const std::string& word)
{
    const size_t end = word.find_first_of("=/");
    if (end == std::string::npos || word[end] == '/')
    {
        return {"", word};
    }
    return {word.substr(0, end), word.substr(end + 1)};
}

std::string
ToText(const IpXfrmFile& file)
{
    return file.node.empty() ? file.path : file.node + "=" + file.path;
}

std::vector<IpXfrmText>
ReadIpXfrmTexts(const RunConfig& config)
{
    std::vector<std::string> words = config.ipXfrm;
    if (words.empty())
    {
        words = {std::string(XFRM_EXAMPLES_DIR) + "/configs/tunnel-gcm128.ip-xfrm"};
    }
    std::vector<IpXfrmText> texts;
    for (const std::string& word : words)
    {
        if (word != NO_IP_XFRM)
        {
            const IpXfrmFile file = ParseIpXfrmFile(word);
            texts.push_back({file, ReadText(file)});
        }
    }
    return texts;
}

} // namespace ns3::xfrm
