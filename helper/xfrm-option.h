/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_OPTION_H
#define XFRM_OPTION_H

/**
 * @file
 * @ingroup xfrm
 * @brief Settings by name: what command line, INI files and Python have in common.
 */

#include "xfrm-config-error.h"
#include "xfrm-option-type.h"
#include "xfrm-run-values.h"

#include "ns3/nstime.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A setting that may be given several times, by name.
 * @tparam Config what has it
 */
template <class Config>
struct OptionList
{
    std::string name;                         //!< its name
    std::string unit;                         //!< kind of values, such as "FILE"
    std::string help;                         //!< one line
    std::vector<std::string> Config::*member; //!< where it is kept
};

/**
 * @ingroup xfrm
 * @brief A setting, by name.
 * @tparam Config what has it
 */
template <class Config>
struct Option
{
    /// Whether a config.ini has it that says how to run again.
    enum class Kind
    {
        OfRun,   //!< yes
        OfOutput //!< no: it says where results go
    };

    std::string name;    //!< dotted, such as "udp.rate": in an INI file, rate in section [udp]
    std::string unit;    //!< kind of value, such as "TIME"
    std::string help;    //!< one line
    std::string allowed; //!< which values are allowed, such as "true or false"
    /// Sets it from text; false, and nothing set, for text that is not allowed
    std::function<bool(Config& config, const std::string& text)> parse;
    /// @return its value as text, which parse() takes
    std::function<std::string(const Config& config)> get;
    Kind kind{Kind::OfRun};            //!< whether a config.ini has it
    bool isSwitch{false};              //!< its name alone on a command line means true
    OptionType type{OptionType::Text}; //!< what its text stands for
    std::vector<std::string> words{};  //!< of type Word: the words, in the order of the help

    /// @brief Set it.  @param config changed @param text its value
    /// @throws ConfigError naming it, the value and what is allowed
    void Set(Config& config, const std::string& text) const
    {
        if (!parse(config, text))
        {
            throw ConfigError(name + " " + (text.empty() ? "\"\"" : text) + ": must be " + allowed);
        }
    }

    /// @return its section, empty for none
    std::string GetSection() const
    {
        const size_t dot = name.find('.');
        return dot == std::string::npos ? "" : name.substr(0, dot);
    }

    /// @return its name in its section
    std::string GetKey() const
    {
        const size_t dot = name.find('.');
        return dot == std::string::npos ? name : name.substr(dot + 1);
    }
};

/**
 * @ingroup xfrm
 * @brief Makes options of the usual kinds of values.
 * @tparam Config what has them
 */
template <class Config>
struct OptionMaker
{
    /// @return an option whose text a function reads: std::optional<Value>(const std::string&)
    template <typename Value, typename Read>
    static Option<Config> Any(const std::string& name,
                              const std::string& unit,
                              const std::string& help,
                              const std::string& allowed,
                              Value Config::*member,
                              const Read& read)
    {
        const auto parse = [=](Config& config, const std::string& text) {
            const auto value = read(text);
            if (value)
            {
                config.*member = *value;
            }
            return value.has_value();
        };
        const auto get = [=](const Config& config) -> std::string {
            if constexpr (std::is_same_v<Value, std::string>)
            {
                return config.*member;
            }
            else if constexpr (std::is_same_v<Value, bool>)
            {
                return config.*member ? "true" : "false";
            }
            else if constexpr (std::is_integral_v<Value>)
            {
                return std::to_string(config.*member);
            }
            else
            {
                return ToText(config.*member);
            }
        };
        return {.name = name,
                .unit = unit,
                .help = help,
                .allowed = allowed,
                .parse = parse,
                .get = get,
                .type = GetOptionType<Value>()};
    }

    /// @return an option that is a whole number within limits
    template <typename Number>
    static Option<Config> Whole(const std::string& name,
                                const std::string& unit,
                                const std::string& help,
                                Number Config::*member,
                                uint64_t least,
                                uint64_t most)
    {
        const auto read = [=](const std::string& text) -> std::optional<Number> {
            const auto value = ParseWhole(text);
            const bool isAllowed = value && *value >= least && *value <= most;
            return isAllowed ? std::optional(static_cast<Number>(*value)) : std::nullopt;
        };
        return Any(name,
                   unit,
                   help,
                   "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                   member,
                   read);
    }

    /// @return an option that is a number within limits
    static Option<Config> Real(const std::string& name,
                               const std::string& unit,
                               const std::string& help,
                               double Config::*member,
                               double least,
                               double most)
    {
        const auto read = [=](const std::string& text) {
            const auto value = ParseReal(text);
            return value && *value >= least && *value <= most ? value : std::nullopt;
        };
        return Any(name,
                   unit,
                   help,
                   "a number from " + ToText(least) + " to " + ToText(most),
                   member,
                   read);
    }

    /// @return an option that is a time, such as 10ms
    static Option<Config> Duration(const std::string& name,
                                   const std::string& help,
                                   Time Config::*member,
                                   bool mayBeZero)
    {
        const auto read = [=](const std::string& text) {
            const auto time = ParseTime(text);
            return time && (mayBeZero || !time->IsZero()) ? time : std::nullopt;
        };
        const std::string allowed =
            std::string(mayBeZero ? "0 or " : "") + "a time such as 10s, 1.5ms or 20us";
        return Any(name, "TIME", help, allowed, member, read);
    }

    /// @return an option that is true or false
    static Option<Config> Bool(const std::string& name,
                               const std::string& help,
                               bool Config::*member)
    {
        const auto read = [](const std::string& text) {
            return text == "true"    ? std::optional(true)
                   : text == "false" ? std::optional(false)
                                     : std::nullopt;
        };
        return Any(name, "BOOL", help, "true or false", member, read);
    }

    /// @return an option that is a text
    static Option<Config> Text(const std::string& name,
                               const std::string& unit,
                               const std::string& help,
                               std::string Config::*member)
    {
        const auto read = [](const std::string& text) {
            const bool isPrintable = std::all_of(text.begin(), text.end(), [](unsigned char c) {
                return std::iscntrl(c) == 0;
            });
            return isPrintable ? std::optional(text) : std::nullopt;
        };
        return Any(name, unit, help, "a text without control characters", member, read);
    }

    /// @return an option that is one of some words
    static Option<Config> Word(const std::string& name,
                               const std::string& help,
                               std::string Config::*member,
                               const std::vector<std::string>& words)
    {
        std::string list;
        for (const std::string& word : words)
        {
            list.append(list.empty() ? "" : ", ").append(word);
        }
        const auto read = [words](const std::string& text) {
            const bool isAllowed = std::find(words.begin(), words.end(), text) != words.end();
            return isAllowed ? std::optional(text) : std::nullopt;
        };
        auto option = Any(name, "NAME", help + ": " + list, "one of " + list, member, read);
        option.type = OptionType::Word;
        option.words = words;
        return option;
    }
};

} // namespace ns3::xfrm

#endif // XFRM_OPTION_H
