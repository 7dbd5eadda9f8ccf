/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-cost-profile.h"

#include "xfrm-shipped-profiles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <sstream>
#include <utility>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr const char* FORMAT{"xfrm-cost-profile-1"};
constexpr const char* ESTIMATED{"estimated"}; //!< source of a number that none was published for
constexpr const char* LEFT_OUT{"left out"};   //!< source of a price that isn't given
constexpr double MOST_HZ{1e12};               //!< highest frequency
constexpr double LEAST_HZ{1e6};               //!< lowest frequency
constexpr double MOST_CYCLES{1e9};            //!< highest price
constexpr int MOST_DEPTH{4};                  //!< deepest nesting of values
constexpr size_t MOST_SHOWN_BYTES{40};        //!< longest value that an error shows [bytes]

/// Reads the parts of a profile, and says where something is wrong.
class ProfileReader
{
  public:
    /// @param place where the text is from
    explicit ProfileReader(std::string place)
        : m_place(std::move(place))
    {
    }

    /// @param text JSON @return it
    Json Parse(std::string_view text) const
    {
        std::array<std::set<std::string>, MOST_DEPTH + 2> members; // of open objects, by depth
        const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
            if (depth > MOST_DEPTH)
            {
                Fail("must be no more than " + std::to_string(MOST_DEPTH) + " levels deep");
            }
            if (event == Json::parse_event_t::object_start)
            {
                members[depth + 1].clear();
            }
            else if (event == Json::parse_event_t::key &&
                     !members[depth].insert(parsed.get<std::string>()).second)
            {
                Fail(parsed.get<std::string>() + " given twice");
            }
            return true;
        };
        try
        {
            return Json::parse(text, check);
        }
        catch (const Json::parse_error& error)
        {
            const auto end = text.begin() + std::min(error.byte, text.size());
            Fail("line " + std::to_string(1 + std::count(text.begin(), end, '\n')) +
                 ": must be JSON");
        }
        catch (const Json::out_of_range&)
        {
            Fail("a number is too large");
        }
    }

    /// @return a value, for errors
    static std::string Show(const Json& value)
    {
        if (value.is_structured())
        {
            return std::string("of type ") + value.type_name();
        }
        const std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
        return text.size() <= MOST_SHOWN_BYTES ? text : text.substr(0, MOST_SHOWN_BYTES) + "...";
    }

    [[noreturn]] void Fail(const std::string& what) const
    {
        throw CostProfileError(m_place + ": " + what);
    }

    /// @return a member of an object @param where the object, such as "prices."
    const Json& Get(const Json& object, const std::string& where, const std::string& name) const
    {
        const auto found = object.find(name);
        if (found == object.end())
        {
            Fail(where + name + " missing");
        }
        return *found;
    }

    /// @brief Refuse members that mean nothing.
    void CheckNames(const Json& object,
                    const std::string& where,
                    const std::vector<std::string>& known) const
    {
        for (const auto& [name, value] : object.items())
        {
            if (std::find(known.begin(), known.end(), name) == known.end())
            {
                std::string what = where;
                what.append(name).append(" unknown: must be one of");
                for (const std::string& one : known)
                {
                    what.append(&one == &known.front() ? " " : ", ").append(one);
                }
                Fail(what);
            }
        }
    }

    /// @return a text that isn't empty
    std::string GetText(const Json& object, const std::string& where, const std::string& name) const
    {
        const Json& value = Get(object, where, name);
        const auto isControl = [](unsigned char c) { return c < ' ' || c == 0x7f; };
        if (!value.is_string() || value.get_ref<const std::string&>().empty() ||
            std::ranges::any_of(value.get_ref<const std::string&>(), isControl))
        {
            Fail(where + name + " " + Show(value) + ": must be a text without control characters");
        }
        return value.get<std::string>();
    }

    /// @return a number within limits
    double GetNumber(const Json& value, const std::string& where, double least, double most) const
    {
        const double number = value.is_number() ? value.get<double>() : NAN;
        if (!(number >= least && number <= most))
        {
            std::ostringstream allowed;
            allowed << "must be a number from " << least << " to " << most;
            Fail(where + " " + Show(value) + ": " + allowed.str());
        }
        return number;
    }

    /// @return the prices of items, CostItem or ContentionItem, which have to be all there but
    /// optional ones
    template <class Item>
    std::vector<CostProfile::Price> GetPrices(const Json& json,
                                              const std::string& list,
                                              std::span<const Item> items) const
    {
        const Json& prices = Get(json, "", list);
        if (!prices.is_object())
        {
            Fail(list + ": must be an object");
        }
        std::vector<std::string> names;
        std::vector<CostProfile::Price> found;
        for (const Item& item : items)
        {
            names.emplace_back(item.name);
            found.push_back(IsLeftOut(prices, item) ? CostProfile::Price{.source = LEFT_OUT}
                                                    : GetPrice(prices, list + ".", item));
        }
        CheckNames(prices, list + ".", names);
        return found;
    }

  private:
    /// @return whether a price isn't there and needn't be
    template <class Item>
    static bool IsLeftOut(const Json& prices, const Item& item)
    {
        if constexpr (requires { item.isOptional; })
        {
            return item.isOptional && !prices.contains(item.name);
        }
        return false;
    }

    /// @return the price of an item
    template <class Item>
    CostProfile::Price GetPrice(const Json& prices, const std::string& list, const Item& item) const
    {
        const std::string name(item.name);
        const Json& value = Get(prices, list, name);
        std::string where = list + name;
        if (!value.is_object())
        {
            Fail(where + " " + Show(value) + ": must be an object");
        }
        where += ".";
        CheckNames(value, where, {"cycles", "unit", "source", "range"});
        CostProfile::Price price;
        price.cycles = GetNumber(Get(value, where, "cycles"), where + "cycles", 0, MOST_CYCLES);
        price.source = GetText(value, where, "source");
        if (GetText(value, where, "unit") != item.unit)
        {
            Fail(where + "unit " + Show(value["unit"]) + ": must be \"" + std::string(item.unit) +
                 "\"");
        }
        price.least = price.cycles;
        price.most = price.cycles;
        if (value.contains("range"))
        {
            ReadRange(value["range"], where, price);
        }
        else if (price.source == ESTIMATED)
        {
            Fail(where + "range missing: an estimated price must have one");
        }
        return price;
    }

    void ReadRange(const Json& range, const std::string& where, CostProfile::Price& price) const
    {
        if (!range.is_array() || range.size() != 2)
        {
            Fail(where + "range " + Show(range) + ": must be [LEAST, MOST]");
        }
        price.least = GetNumber(range[0], where + "range", 0, price.cycles);
        price.most = GetNumber(range[1], where + "range", price.cycles, MOST_CYCLES);
    }

    std::string m_place; //!< where the text is from
};

/// @return the shipped profile of a name, null if there is none
const ShippedProfile*
FindShipped(const std::string& name)
{
    const std::span<const ShippedProfile> all = GetShippedProfiles();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ShippedProfile& one) {
        return one.name == name;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

CostProfile::CostProfile()
    : m_prices(GetCostItems().size()),
      m_contentionPrices(GetContentionItems().size())
{
}

CostProfile
CostProfile::Read(std::string_view text, const std::string& place)
{
    const ProfileReader reader(place);
    const Json json = reader.Parse(text);
    if (!json.is_object())
    {
        reader.Fail("must be a JSON object");
    }
    reader.CheckNames(json,
                      "",
                      {"format", "name", "description", "frequency_hz", "prices", "contention"});
    if (reader.GetText(json, "", "format") != FORMAT)
    {
        reader.Fail("format " + ProfileReader::Show(json["format"]) + ": must be \"" + FORMAT +
                    "\"");
    }
    CostProfile profile;
    profile.m_name = reader.GetText(json, "", "name");
    profile.m_description = reader.GetText(json, "", "description");
    profile.m_frequency =
        reader.GetNumber(reader.Get(json, "", "frequency_hz"), "frequency_hz", LEAST_HZ, MOST_HZ);
    profile.m_nsPerCycle = 1e9 / profile.m_frequency;
    profile.SetPrices(reader.GetPrices(json, "prices", GetCostItems()));
    if (json.contains("contention"))
    {
        profile.SetContentionPrices(reader.GetPrices(json, "contention", GetContentionItems()));
    }
    return profile;
}

CostProfile
CostProfile::Load(const std::string& name)
{
    return Read(GetText(name), name);
}

std::vector<std::string>
CostProfile::GetShipped()
{
    std::vector<std::string> names;
    for (const ShippedProfile& one : GetShippedProfiles())
    {
        names.emplace_back(one.name);
    }
    return names;
}

std::string
CostProfile::GetText(const std::string& name)
{
    if (const ShippedProfile* shipped = FindShipped(name))
    {
        return std::string(shipped->text);
    }
    std::ifstream file(name, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || file.bad() || std::filesystem::is_directory(name))
    {
        std::string names;
        for (const std::string& one : GetShipped())
        {
            names += one + ", ";
        }
        throw CostProfileError("profile " + name + ": must be " + names +
                               "or a file that can be read");
    }
    return text;
}

std::array<double, N_STAGES>
CostProfile::GetStages(const Work& work, const Work& before) const
{
    std::array<double, N_STAGES> stages{};
    ForEachCost(work, before, [&](Stage stage, double cost) {
        stages[static_cast<size_t>(stage)] += cost;
    });
    for (double& stage : stages)
    {
        stage = std::min(stage * m_nsPerCycle, MOST_NS);
    }
    return stages;
}

void
CostProfile::SetContentionPrices(std::vector<Price> prices)
{
    m_contentionPrices = std::move(prices);
    for (size_t i = 0; i < m_contentionPrices.size(); ++i)
    {
        m_contention.*GetContentionItems()[i].member = m_contentionPrices[i].cycles * m_nsPerCycle;
    }
}

void
CostProfile::SetPrices(std::vector<Price> prices)
{
    m_prices = std::move(prices);
    m_terms.clear();
    for (size_t i = 0; i < m_prices.size(); ++i)
    {
        if (m_prices[i].cycles > 0)
        {
            const CostItem& item = GetCostItems()[i];
            m_terms.push_back({static_cast<uint32_t>(item.offset), item.stage, m_prices[i].cycles});
        }
    }
}

} // namespace ns3::xfrm
