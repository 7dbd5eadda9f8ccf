/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-profile.h"

#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-validation-scenario.h"

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
ToNumberText(double value)
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
        const std::string range = price.least == price.most ? ""
                                                            : ToNumberText(price.least) + " - " +
                                                                  ToNumberText(price.most);
        std::cout << std::left << std::setw(26) << items[i].name << std::right << std::setw(8)
                  << ToNumberText(price.cycles) << std::setw(16) << range << "  " << items[i].unit
                  << ": " << items[i].help << "\n"
                  << std::setw(50) << ""
                  << "  from: " << price.source << "\n";
    }
}

void
Show(const CostProfile& profile)
{
    std::cout << profile.GetName() << ": " << profile.GetDescription() << "\n"
              << ToNumberText(profile.GetFrequency() / 1e9) << " GHz\n\n"
              << std::left << std::setw(26) << "work" << std::right << std::setw(8) << "cycles"
              << std::setw(16) << "range"
              << "  unit\n";
    ShowPrices(GetCostItems(), profile.GetPrices());
    ShowPrices(GetContentionItems(), profile.GetContentionPrices());
}

/// @return one line for each section whose prices can be fitted
std::string
DescribeSections()
{
    std::string text;
    for (const ValidationScenario& scenario : ValidationScenario::GetAll())
    {
        std::string names;
        for (const std::string_view name : scenario.getFree(std::string(scenario.rows.front())))
        {
            names.append(names.empty() ? "" : ", ").append(name);
        }
        if (!names.empty())
        {
            text.append("  ").append(scenario.section).append(": ").append(names).append("\n");
        }
    }
    return text;
}

/// @return whether there is something to do; false if the help was shown
bool
ParseProfile(const std::vector<std::string>& given, ProfileOptions& options)
{
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("json", po::bool_switch(&options.isJson), "show: print the profile's JSON, to start from");
    add("table",
        po::value(&options.table)->value_name("FILE"),
        "fit: Markdown with tables as validate reads it; by default doc/validation.md");
    add("row",
        po::value(&options.row)->value_name("NAME"),
        "fit: row of the table whose profile it is, where each has its own");
    add("start",
        po::value(&options.start)->value_name("PROFILE"),
        "fit: profile to start from, shipped or a file; by default that of the section");
    add("out",
        po::value(&options.out)->value_name("FILE"),
        "fit, measure: write the profile there; by default it is printed");
    po::options_description hidden;
    hidden.add_options()("word", po::value(&options.words));
    po::positional_options_description positional;
    positional.add("word", -1);
    std::string names;
    for (const std::string& name : CostProfile::GetShipped())
    {
        names += (names.empty() ? "  " : "\n  ") + name;
    }
    return Parse(
        given,
        "Usage: xfrm-sim profile show|check NAME\n"
        "       xfrm-sim profile fit SECTION [options]\n"
        "       xfrm-sim profile measure [options]\n\n"
        "Shows what the kernel's work costs in a profile, with the source of each number;\n"
        "checks a profile of one's own; fits prices to the published numbers marked C of a\n"
        "section, by least squares; or makes a profile of this machine by timing this\n"
        "module's own code.  NAME is a file, or one that is shipped:\n" +
            names + "\n\nSections, and the prices that are free in them:\n" + DescribeSections() +
            "\nExit status: 0 done, 2 bad input.\n",
        description,
        hidden,
        positional);
}

/// @brief Commands show and check.
void
ShowOrCheck(const ProfileOptions& options)
{
    const std::string& name = options.words[1];
    const CostProfile profile = CostProfile::Load(name);
    if (options.words[0] == "check")
    {
        std::cout << name << ": " << profile.GetName() << ", " << profile.GetPrices().size()
                  << " prices at " << ToNumberText(profile.GetFrequency() / 1e9)
                  << " GHz, all right\n";
    }
    else if (options.isJson)
    {
        std::cout << CostProfile::GetText(name);
    }
    else
    {
        Show(profile);
    }
}

} // namespace

int
RunProfile(const std::vector<std::string>& given)
{
    ProfileOptions options;
    if (!ParseProfile(given, options))
    {
        return EXIT_OK;
    }
    const std::vector<std::string>& words = options.words;
    if (words.size() == 2 && words[0] == "fit")
    {
        return RunProfileFit(options);
    }
    if (words.size() == 1 && words[0] == "measure")
    {
        return RunProfileMeasure(options);
    }
    if (words.size() != 2 || (words[0] != "show" && words[0] != "check"))
    {
        throw UsageError("profile: must be followed by show NAME, check NAME, fit SECTION or "
                         "measure");
    }
    ShowOrCheck(options);
    return EXIT_OK;
}

} // namespace ns3::xfrm::sim
