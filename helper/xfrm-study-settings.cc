/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-settings.h"

#include "xfrm-configured-host.h"
#include "xfrm-helper.h"
#include "xfrm-ini-file.h"
#include "xfrm-ip-xfrm-apply.h"
#include "xfrm-ip-xfrm.h"
#include "xfrm-study-arrivals.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-core-lists.h"
#include "ns3/xfrm-kernel.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <map>
#include <mutex>
#include <sstream>
#include <string_view>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// A kernel with a flow cache: what is its own about it.
struct FlowCacheKernel
{
    std::string_view name; //!< its name
    KeyLayout layout;      //!< of flow keys
    RefusalRule refusal;   //!< when new entries are refused
    uint32_t gcThreshold;  //!< dsts above which flow caches are flushed (R311)
};

constexpr std::array FLOW_CACHE_KERNELS{
    FlowCacheKernel{"linux-4.1", KeyLayout::Linux41, RefusalRule::Never(), 32768},
    FlowCacheKernel{"linux-4.6", KeyLayout::Linux43, RefusalRule::Linux46(), INT32_MAX},
    FlowCacheKernel{"linux-4.10", KeyLayout::Linux410, RefusalRule::Linux410(), INT32_MAX},
};

/// @brief Choose a kernel.  @param settings what is asked for @param config changed
void
ChooseKernel(const StudySettings& settings, StudyConfig& config)
{
    bool hasFlowCache = false;
    for (const FlowCacheKernel& kernel : FLOW_CACHE_KERNELS)
    {
        if (kernel.name == settings.kernel)
        {
            hasFlowCache = true;
            config.layout = kernel.layout;
            config.net.cache.refusal = kernel.refusal;
            config.net.settings.gcThreshold = kernel.gcThreshold;
        }
    }
    if (!hasFlowCache)
    {
        config.net.kernel = Kernel::Find(settings.kernel);
    }
    if (settings.gcThreshold != 0)
    {
        config.net.settings.gcThreshold = settings.gcThreshold;
    }
    config.net.settings.useLarvalDrop = settings.useLarvalDrop;
    config.net.cache.seedPeriod = settings.seedPeriod;
    config.net.cache.table = {settings.hashShift, settings.lowWatermark, settings.highWatermark};
}

/// @brief Set cores and receive queues.  @param settings what is asked for @param config changed
void
SetCores(const StudySettings& settings, StudyConfig& config)
{
    config.nCores = settings.cores;
    config.profile = CostProfile::Load(settings.profile);
    config.locks = LockPreset::Find(settings.locks);
    config.limits.weight = settings.pollWeight;
    config.limits.maxBacklog = settings.maxBacklog;
    ReceiveQueues::Config& queues = config.queues;
    queues.rss.nQueues = settings.rssQueues;
    queues.rss.usesUdpPorts = settings.rssUdpPorts;
    queues.rss.key = ParseRssKey(settings.rssKey);
    queues.rss.table = ParseNumbers(settings.rssTable, "rss.table");
    queues.ringSize = settings.rssRing;
    queues.affinity = ParseNumbers(settings.rssAffinity, "rss.affinity");
    queues.steering = ParseNumbers(settings.steeringCores, "rps.steering-cores");
    queues.delay = settings.interruptDelay;
    queues.nFrames = settings.interruptFrames;
}

/// @throws ConfigError for more rows or rekeys than a study is to have
void
CheckLimits(const StudySettings& settings)
{
    constexpr int64_t MAX_ROWS{1'000'000};
    constexpr int64_t MAX_REKEYS{1'000'000}; // of each state
    const auto check = [&](const std::string& name, Time period, int64_t most, const char* what) {
        if (!period.IsZero() && settings.duration.GetNanoSeconds() / period.GetNanoSeconds() > most)
        {
            throw ConfigError(name + " " + ToText(period) + ": must give at most " +
                              std::to_string(most) + " " + what + " in " +
                              ToText(settings.duration));
        }
    };
    check("interval", settings.interval, MAX_ROWS, "rows");
    check("events.rekey", settings.rekey, MAX_REKEYS, "rekeys");
}

/// @return a prefix as "10.1.0.0/16" @throws ConfigError for anything else
std::pair<IpAddress, uint8_t>
ParsePrefix(const std::string& name, const std::string& text)
{
    const size_t slash = text.find('/');
    const auto bits = ParseWhole(slash == std::string::npos ? "32" : text.substr(slash + 1));
    const std::string address = text.substr(0, slash);
    std::array<uint64_t, 4> bytes{};
    std::istringstream parts(address);
    size_t n = 0;
    bool isGood = bits && *bits <= 32;
    for (std::string part; std::getline(parts, part, '.'); ++n)
    {
        const auto value = ParseWhole(part);
        isGood = isGood && n < 4 && value && *value <= 255;
        if (isGood)
        {
            bytes[n] = *value;
        }
    }
    if (!isGood || n != 4)
    {
        throw ConfigError(name + " " + text + ": must be an IPv4 network such as 10.1.0.0/16");
    }
    return {Ipv4Address(address.c_str()), static_cast<uint8_t>(*bits)};
}

/// @brief Carry out a command on the host of a study.
void
CarryOut(const IpXfrmCommand& command, LookupStudy& study)
{
    Work unpriced; // an administrator's
    const Context context{0, study.GetNow(), unpriced};
    const int32_t error = Apply(command, study.GetNamespace(), XfrmHelper::GetDeviceIndex, context);
    study.GetNamespace().RunTableWork();
    if (error != 0)
    {
        throw ConfigError(command.position.file + ':' + std::to_string(command.position.line) +
                          ": " + command.verb + " is refused: " + DescribeRefusal(command, error));
    }
}

/// @return flows between the networks that are asked for
FlowBlock
MakeBlock(const StudySettings& settings)
{
    FlowBlock block;
    std::tie(block.source, block.sourcePrefix) = ParsePrefix("spd.source", settings.source);
    std::tie(block.destination, block.destinationPrefix) =
        ParsePrefix("spd.destination", settings.destination);
    return block;
}

/// @brief Have files of commands make policies and states.
void
UseCommands(const StudySettings& settings, StudyConfig& config)
{
    for (const std::string& file : settings.ipXfrm)
    {
        for (const IpXfrmCommand& command : ChooseCommands(IpXfrm::ReadFile(file), settings.host))
        {
            config.events.push_back({command.time, command.verb, [command](LookupStudy& study) {
                                         CarryOut(command, study);
                                     }});
        }
    }
}

/// @return what an event does @throws ConfigError for words that are none
std::function<void(LookupStudy&)>
ParseEvent(const std::string& text, const std::string& what, const std::optional<uint64_t>& number)
{
    const auto cpu = static_cast<CpuId>(number.value_or(0));
    const size_t index = number.value_or(0);
    const std::map<std::string, std::function<void(LookupStudy&)>> plain{
        {"flush", [](LookupStudy& study) { study.GetNamespace().GetCache().RequestFlush(0); }},
        {"insert", [](LookupStudy& study) { study.InsertPolicy(); }}};
    const std::map<std::string, std::function<void(LookupStudy&)>> numbered{
        {"cpu-down", [cpu](LookupStudy& study) { study.TakeDown(cpu); }},
        {"cpu-up", [cpu](LookupStudy& study) { study.BringUp(cpu); }},
        {"rekey", [index](LookupStudy& study) { study.Rekey(index); }}};
    const auto& kinds = number ? numbered : plain;
    const auto kind = kinds.find(what);
    if (kind == kinds.end())
    {
        throw ConfigError("at " + text +
                          ": must be a time, then flush, insert, cpu-down N, cpu-up N or rekey N");
    }
    return kind->second;
}

/// @brief Add what happens to the host.
void
AddEvents(const StudySettings& settings, StudyConfig& config)
{
    for (const std::string& text : settings.events)
    {
        std::istringstream words(text);
        std::string time;
        std::string what;
        std::string rest;
        words >> time >> what >> rest;
        const auto at = ParseTime(time);
        const auto number = ParseWhole(rest);
        const bool isRekey = what == "rekey" && number;
        if (!at || (!rest.empty() && !number) ||
            (isRekey && *number >= config.policies.states.size()))
        {
            throw ConfigError("at " + text +
                              ": must be a time, then flush, insert, cpu-down N, "
                              "cpu-up N or rekey N, a state below " +
                              std::to_string(config.policies.states.size()));
        }
        config.events.push_back({*at, what, ParseEvent(text, what, number)});
    }
    const size_t nStates = config.policies.states.size();
    if (settings.rekey.IsZero() || nStates == 0)
    {
        return;
    }
    const auto period = static_cast<uint64_t>(settings.rekey.GetNanoSeconds());
    for (size_t state = 0; state < nStates; ++state)
    {
        const uint64_t share =
            period / nStates * (state + 1) + period % nStates * (state + 1) / nStates;
        config.events.push_back({NanoSeconds(share),
                                 "rekey",
                                 [state](LookupStudy& study) { study.Rekey(state); },
                                 settings.rekey});
    }
}

} // namespace

const std::vector<std::string>&
GetStudyKernels()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        all.reserve(FLOW_CACHE_KERNELS.size());
        for (const FlowCacheKernel& kernel : FLOW_CACHE_KERNELS)
        {
            all.emplace_back(kernel.name);
        }
        for (const std::string& name : Kernel::GetNames())
        {
            if (Kernel::Find(name).memory != LookupMemory::FlowCache)
            {
                all.push_back(name);
            }
        }
        return all;
    }();
    return names;
}

StudyConfig
MakeStudyConfig(const StudySettings& settings)
{
    StudyConfig config;
    try
    {
        ChooseKernel(settings, config);
        SetCores(settings, config);
        CheckLimits(settings);
        const FlowBlock block = MakeBlock(settings);
        if (settings.ipXfrm.empty())
        {
            config.policies = MakeStudyPolicies({.nInexact = settings.policies,
                                                 .nPrefixed = settings.prefixed,
                                                 .nExact = settings.exact,
                                                 .hasOneState = settings.states == "one"});
        }
        else
        {
            config.policies.blocks = {block};
            UseCommands(settings, config);
        }
        config.hasOwnQueues = settings.hasOwnQueues;
        config.work = settings.work == "forward"   ? StudyWork::Forward
                      : settings.work == "receive" ? StudyWork::Receive
                                                   : StudyWork::Lookup;
        config.duration = settings.duration;
        config.interval = settings.interval;
        config.workDelay = settings.workDelay;
        SetArrivals(settings, config);
        AddEvents(settings, config);
    }
    catch (const std::invalid_argument& error)
    {
        throw ConfigError(error.what());
    }
    return config;
}

void
EndTimeAccounts()
{
    static std::once_flag isDone;
    std::call_once(isDone, [] {
        Simulator::Run();
        Simulator::Destroy();
    });
}

StudyResult
RunStudy(const StudySettings& settings, const StudyGoOn& goOn)
{
    const StudyConfig config = MakeStudyConfig(settings);
    EndTimeAccounts();
    try
    {
        return LookupStudy(config, goOn).Run(goOn);
    }
    catch (const StudyStopped&)
    {
        StudyResult nothing;
        nothing.isPartial = true;
        nothing.cores.resize(config.nCores);
        return nothing;
    }
}

void
ReadStudySettings(const std::filesystem::path& file, StudySettings& settings)
{
    StudySettings changed = settings;
    const auto find = [&](const std::string& name) {
        return name.empty() ? name : (file.parent_path() / name).string();
    };
    for (IniSetting& setting : ReadIniFile(file))
    {
        const auto& lists = GetStudyLists();
        const auto list = std::find_if(lists.begin(), lists.end(), [&](const StudyList& each) {
            return each.name == setting.name;
        });
        if (list != lists.end())
        {
            changed.*(list->member) = SplitQuoted(setting.text);
            if (setting.name == "ip-xfrm")
            {
                std::transform(changed.ipXfrm.begin(),
                               changed.ipXfrm.end(),
                               changed.ipXfrm.begin(),
                               find);
            }
            continue;
        }
        if (setting.name == "profile")
        {
            setting.text = FindProfile(file, setting.text);
        }
        if (setting.name == "traffic.pcap" || setting.name == "traffic.list")
        {
            setting.text = find(setting.text);
        }
        SetFromIni(GetStudyOptions(), setting, "study", changed);
    }
    settings = changed;
}

std::string
WriteStudySettings(const StudySettings& settings)
{
    std::ostringstream text;
    text << "; settings of xfrm-sim study\n";
    for (const StudyList& list : GetStudyLists())
    {
        if ((settings.*(list.member)).empty())
        {
            continue;
        }
        text << list.name << " =";
        for (const std::string& each : settings.*(list.member))
        {
            text << ' ' << std::quoted(each);
        }
        text << '\n';
    }
    WriteIni(GetStudyOptions(), settings, text);
    return text.str();
}

} // namespace ns3::xfrm
