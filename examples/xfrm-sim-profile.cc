/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/xfrm-cost-profile.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

/// @return a number without trailing zeros
std::string
ToText(double value)
{
    std::ostringstream text;
    text << std::setprecision(12) << value;
    return text.str();
}

/// @brief Show prices.  @param items what has them, CostItem or ContentionItem @param prices theirs
template <class Item>
void
ShowPrices(std::span<const Item> items, const std::vector<CostProfile::Price>& prices)
{
    for (size_t i = 0; i < items.size(); ++i)
    {
        const CostProfile::Price& price = prices[i];
        const std::string range =
            price.least == price.most ? "" : ToText(price.least) + " - " + ToText(price.most);
        std::cout << std::left << std::setw(26) << items[i].name << std::right << std::setw(8)
                  << ToText(price.cycles) << std::setw(16) << range << "  " << items[i].unit << ": "
                  << items[i].help << "\n"
                  << std::setw(50) << ""
                  << "  from: " << price.source << "\n";
    }
}

void
Show(const CostProfile& profile)
{
    std::cout << profile.GetName() << ": " << profile.GetDescription() << "\n"
              << ToText(profile.GetFrequency() / 1e9) << " GHz\n\n"
              << std::left << std::setw(26) << "work" << std::right << std::setw(8) << "cycles"
              << std::setw(16) << "range"
              << "  unit\n";
    ShowPrices(GetCostItems(), profile.GetPrices());
    ShowPrices(GetContentionItems(), profile.GetContentionPrices());
}

/// What the command line says.
struct ProfileWords
{
    std::vector<std::string> words; //!< what to do, and with what
    bool isJson{false};             //!< print the file itself
};

/// @return whether there is something to do; false if the help was shown
bool
ParseProfile(const std::vector<std::string>& given, ProfileWords& words)
{
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("json", po::bool_switch(&words.isJson), "show: print the profile's JSON, to start from");
    po::options_description hidden;
    hidden.add_options()("word", po::value(&words.words));
    po::positional_options_description positional;
    positional.add("word", -1);
    std::string names;
    for (const std::string& name : CostProfile::GetShipped())
    {
        names += (names.empty() ? "" : ", ") + name;
    }
    return Parse(
        given,
        "Usage: xfrm-sim profile show|check NAME\n\n"
        "Shows what the kernel's work costs in a profile, with the source of each number,\n"
        "or checks a profile of one's own.  NAME is a file, or one that is shipped:\n" +
            names +
            ".\n\n"
            "Exit status: 0 done, 2 bad input.\n",
        description,
        hidden,
        positional);
}

} // namespace

int
RunProfile(const std::vector<std::string>& given)
{
    ProfileWords words;
    if (!ParseProfile(given, words))
    {
        return EXIT_OK;
    }
    if (words.words.size() != 2 || (words.words[0] != "show" && words.words[0] != "check"))
    {
        throw UsageError("profile: must be followed by show NAME or check NAME");
    }
    const std::string& name = words.words[1];
    const CostProfile profile = CostProfile::Load(name);
    if (words.words[0] == "check")
    {
        std::cout << name << ": " << profile.GetName() << ", " << profile.GetPrices().size()
                  << " prices at " << ToText(profile.GetFrequency() / 1e9) << " GHz, all right\n";
    }
    else if (words.isJson)
    {
        std::cout << CostProfile::GetText(name);
    }
    else
    {
        Show(profile);
    }
    return EXIT_OK;
}

} // namespace ns3::xfrm::sim
