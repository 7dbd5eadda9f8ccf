/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-configs.h"

#include "xfrm-py-core.h"

#include "ns3/xfrm-run-ini.h"

#include <algorithm>
#include <pybind11/stl.h>
#include <string>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// @brief Read an INI file over settings.  @param file its path @param settings changed
void
ReadIni(const std::string& file, StudySettings& settings)
{
    ReadStudySettings(file, settings);
}

/// @brief Read an INI file over settings.  @param file its path @param config changed
void
ReadIni(const std::string& file, RunConfig& config)
{
    ReadRunConfig(file, config);
}

/// @param settings settings @return them as an INI file
std::string
ToIni(const StudySettings& settings)
{
    return WriteStudySettings(settings);
}

/// @param config settings @return them as an INI file
std::string
ToIni(const RunConfig& config)
{
    return WriteRunConfig(config);
}

/// @param name of a setting @return its name in Python, of which class is a word
std::string
ToField(std::string name)
{
    std::replace_if(
        name.begin(),
        name.end(),
        [](char c) { return c == '.' || c == '-'; },
        '_');
    return name == "class" ? "class_" : name;
}

/// @return a table as dicts; lists are of type "list"
template <class Config>
py::list
GetTable()
{
    using namespace py::literals;
    const Config usual;
    py::list table;
    for (const Option<Config>& option : GetOptions(usual))
    {
        table.append(py::dict("name"_a = option.name,
                              "field"_a = ToField(option.name),
                              "type"_a = std::string(GetName(option.type)),
                              "unit"_a = option.unit,
                              "help"_a = option.help,
                              "allowed"_a = option.allowed,
                              "default"_a = option.get(usual),
                              "words"_a = option.words,
                              "is_output"_a = option.kind == Option<Config>::Kind::OfOutput));
    }
    for (const OptionList<Config>& list : GetLists(usual))
    {
        table.append(py::dict("name"_a = list.name,
                              "field"_a = ToField(list.name),
                              "type"_a = "list",
                              "unit"_a = list.unit,
                              "help"_a = list.help,
                              "allowed"_a = "texts",
                              "default"_a = "",
                              "words"_a = std::vector<std::string>(),
                              "is_output"_a = false));
    }
    return table;
}

/// @return every setting that says what is simulated, as MakeConfig() takes them
template <class Config>
std::pair<Texts, Lists>
ToPair(const Config& config)
{
    std::pair<Texts, Lists> pair;
    for (const Option<Config>& option : GetOptions(config))
    {
        if (option.kind == Option<Config>::Kind::OfRun)
        {
            pair.first[option.name] = option.get(config);
        }
    }
    for (const OptionList<Config>& list : GetLists(config))
    {
        pair.second[list.name] = config.*(list.member);
    }
    return pair;
}

template <class Config>
std::pair<Texts, Lists>
Complete(const Texts& texts, const Lists& lists)
{
    return ToPair(MakeConfig<Config>(texts, lists));
}

template <class Config>
std::pair<Texts, Lists>
Read(const std::string& file)
{
    Config config;
    ReadIni(file, config);
    return ToPair(config);
}

template <class Config>
std::string
Write(const Texts& texts, const Lists& lists)
{
    return ToIni(MakeConfig<Config>(texts, lists));
}

/// @brief Add the functions of a kind of settings.  @param kind "study" or "run"
template <class Config>
void
BindTable(py::module_& module, const std::string& kind)
{
    module.def((kind + "_options").c_str(), &GetTable<Config>, "The table of settings.");
    module.def((kind + "_settings").c_str(),
               &Complete<Config>,
               py::arg("texts"),
               py::arg("lists"),
               "All settings, as the tables write them.");
    module.def(("read_" + kind + "_ini").c_str(),
               &Read<Config>,
               py::arg("file"),
               "All settings of an INI file.");
    module.def(("write_" + kind + "_ini").c_str(),
               &Write<Config>,
               py::arg("texts"),
               py::arg("lists"),
               "The text of an INI file.");
}

} // namespace

void
BindConfigs(py::module_& module)
{
    BindTable<StudySettings>(module, "study");
    BindTable<RunConfig>(module, "run");
    module.def(
        "seconds",
        [](const std::string& text) {
            const auto time = ParseTime(text);
            if (!time)
            {
                throw ConfigError("time " + text + ": must be a time such as 10s, 1.5ms or 20us");
            }
            return static_cast<double>(time->GetNanoSeconds()) / 1e9;
        },
        py::arg("text"),
        "A time in seconds.");
}

} // namespace ns3::xfrm::python
