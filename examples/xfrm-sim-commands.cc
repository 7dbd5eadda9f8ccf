/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include <iostream>
#include <unistd.h>

namespace ns3::xfrm::sim
{

namespace po = boost::program_options;

bool
Parse(const std::vector<std::string>& words,
      const std::string& usage,
      const po::options_description& shown,
      const po::options_description& hidden,
      const po::positional_options_description& positional)
{
    po::options_description all;
    all.add(shown).add(hidden);
    po::variables_map values;
    // No abbreviations: a name that is nearly right is a mistake.
    const int style = po::command_line_style::unix_style ^ po::command_line_style::allow_guessing;
    po::command_line_parser parser(words);
    try
    {
        po::store(parser.options(all).positional(positional).style(style).run(), values);
    }
    catch (const po::error& error)
    {
        throw UsageError(std::string(error.what()) + ": --help lists what there is");
    }
    if (values.count("help") > 0)
    {
        std::cout << usage << "\n" << shown;
        return false;
    }
    po::notify(values);
    return true;
}

ProgressLine::ProgressLine()
    : m_isTerminal(isatty(STDERR_FILENO) != 0)
{
}

ProgressLine::~ProgressLine()
{
    Clear();
}

void
ProgressLine::Show(const std::string& text)
{
    if (m_isTerminal)
    {
        std::cerr << "\r\033[K" << text << std::flush;
    }
}

void
ProgressLine::Clear()
{
    Show("");
}

} // namespace ns3::xfrm::sim
