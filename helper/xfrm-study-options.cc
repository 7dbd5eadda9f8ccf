/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-settings.h"

#include "ns3/xfrm-kernel.h"
#include "ns3/xfrm-lock-table.h"

#include <optional>

namespace ns3::xfrm
{

namespace
{

using S = StudySettings;
using Maker = OptionMaker<StudySettings>;
using Options = std::vector<Option<StudySettings>>;

/// What a study is about.
Options
MakeMainOptions()
{
    return {
        Maker::Whole("cores", "N", "cores", &S::cores, 1, StudyConfig::MAX_CORES),
        Maker::Whole("flows",
                     "N",
                     "flows, or of churn those that live at a time",
                     &S::flows,
                     1,
                     FlowConfig::MAX_FLOWS),
        Maker::Real("zipf",
                    "EXPONENT",
                    "the flow of rank k has a share as k^-EXPONENT, 0: all the same",
                    &S::zipf,
                    0,
                    FlowConfig::MAX_EXPONENT),
        Maker::Real("rate", "PPS", "packets per second", &S::rate, 1e-3, 1e11),
        Maker::Duration("duration", "simulated time", &S::duration, false),
        Maker::Whole("policies",
                     "N",
                     "policies between /20 networks, which Linux keeps in a list",
                     &S::policies,
                     0,
                     PolicyCounts::MAX_INEXACT),
        Maker::Whole("seed", "N", "choice of all random numbers", &S::seed, 1, UINT64_MAX),
        Maker::Word("kernel", "kernel whose lookups are modelled", &S::kernel, GetStudyKernels()),
        Maker::Text("profile",
                    "NAME",
                    "what work costs: free, linux-4.1-default or a JSON file",
                    &S::profile),
        Maker::Word("locks", "locks that work takes", &S::locks, LockPreset::GetNames()),
        Maker::Word("work",
                    "what is done for a packet: xfrm_lookup() alone, all of forwarding, or all of "
                    "receiving one of a tunnel",
                    &S::work,
                    {"lookup", "forward", "receive"}),
        Maker::Duration("interval", "time between rows of the time series", &S::interval, false),
    };
}

/// Where results go.
Options
MakeStudyOutputOptions()
{
    const auto readFolder = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    Options options{
        Maker::Any("out",
                   "DIR",
                   "write summary, CSV and xfrm_stat files into a new or empty folder",
                   "the name of a folder",
                   &S::out,
                   readFolder),
        Maker::Bool("json", "print one JSON object instead of tables", &S::isJson),
    };
    for (Option<StudySettings>& option : options)
    {
        option.kind = Option<StudySettings>::Kind::OfOutput;
        option.isSwitch = option.unit == "BOOL";
    }
    return options;
}

/// What arrives.
Options
MakeStudyTrafficOptions()
{
    return {
        Maker::Word("traffic.arrivals",
                    "distances of packets",
                    &S::arrivals,
                    {"poisson", "constant", "on-off"}),
        Maker::Duration("traffic.on", "on-off: mean time with packets", &S::on, false),
        Maker::Duration("traffic.off", "on-off: mean time without", &S::off, true),
        Maker::Word("traffic.population",
                    "which flows packets are of",
                    &S::population,
                    {"zipf", "uniform", "scan", "churn"}),
        Maker::Duration("traffic.lifetime", "churn: mean life of a flow", &S::lifetime, false),
        Maker::Whole("traffic.size", "BYTES", "length of packets, from IP on", &S::size, 28, 65535),
        Maker::Real("traffic.attack",
                    "SHARE",
                    "share of packets whose flow never comes again",
                    &S::attack,
                    0,
                    0.999),
        Maker::Text("traffic.pcap",
                    "FILE",
                    "capture whose packets arrive, with its times, instead of all that",
                    &S::pcap),
        Maker::Text("traffic.list",
                    "FILE",
                    "the same of a text: a line a packet, time [ns], flow, length",
                    &S::list),
    };
}

/// Policies and states.
Options
MakePolicyOptions()
{
    return {
        Maker::Whole("spd.prefixed",
                     "N",
                     "policies between /24 networks, exact by hash thresholds",
                     &S::prefixed,
                     0,
                     PolicyCounts::MAX_PREFIXED),
        Maker::Whole("spd.exact",
                     "N",
                     "policies between two addresses",
                     &S::exact,
                     0,
                     PolicyCounts::MAX_EXACT),
        Maker::Word("spd.states",
                    "states of these policies, one for each or one for all",
                    &S::states,
                    {"each", "one"}),
        Maker::Bool("spd.own-queues",
                    "flows of a policy arrive in receive queues of its own",
                    &S::hasOwnQueues),
        Maker::Text("spd.host",
                    "NAME",
                    "with --ip-xfrm: whose commands, if they name several hosts",
                    &S::host),
        Maker::Text("spd.source",
                    "PREFIX",
                    "with --ip-xfrm: network where flows come from",
                    &S::source),
        Maker::Text("spd.destination",
                    "PREFIX",
                    "with --ip-xfrm: network where flows go to",
                    &S::destination),
    };
}

/// How packets come to cores.
Options
MakeReceiveOptions()
{
    return {
        Maker::Whole("rss.queues", "N", "receive queues, 0: one a core", &S::rssQueues, 0, 1024),
        Maker::Whole("rss.ring",
                     "PACKETS",
                     "packets that may wait in a receive queue",
                     &S::rssRing,
                     1,
                     1000000),
        Maker::Bool("rss.udp-ports", "the RSS hash covers UDP ports", &S::rssUdpPorts),
        Maker::Text("rss.key",
                    "BYTES",
                    "key of the RSS hash, 40 bytes as 6d:5a:... [Microsoft's]",
                    &S::rssKey),
        Maker::Text("rss.table",
                    "QUEUES",
                    "queue by low bits of the RSS hash, as 0,1,2,3 [all in turn]",
                    &S::rssTable),
        Maker::Text("rss.affinity",
                    "CORES",
                    "core of each receive queue, as 0,1,2,3 [all in turn]",
                    &S::rssAffinity),
        Maker::Duration("napi.interrupt-delay",
                        "time that a queue's interrupt waits for more packets (rx-usecs)",
                        &S::interruptDelay,
                        true),
        Maker::Whole("napi.interrupt-frames",
                     "PACKETS",
                     "... but no longer than until there are so many, 0: no such limit (rx-frames)",
                     &S::interruptFrames,
                     0,
                     1000000),
        Maker::Whole("napi.poll-weight",
                     "PACKETS",
                     "packets of a receive queue before the next one has its turn",
                     &S::pollWeight,
                     1,
                     1000000),
        Maker::Text("rps.steering-cores",
                    "CORES",
                    "cores that packets are handed to by their hash, as 0,1,2,3 (rps_cpus) [none]",
                    &S::steeringCores),
        Maker::Whole("rps.max-backlog",
                     "PACKETS",
                     "packets from other cores that may wait for one (netdev_max_backlog)",
                     &S::maxBacklog,
                     0,
                     1000000),
    };
}

/// Settings of the namespace, and what happens to it.
Options
MakeNamespaceOptions()
{
    return {
        Maker::Bool("ipsec.larval-drop",
                    "drop while a state is awaited (xfrm_larval_drop)",
                    &S::useLarvalDrop),
        Maker::Whole("ipsec.gc-thresh",
                     "DSTS",
                     "dsts of chains above which flow caches are flushed, twice as many are the "
                     "most, 0: as the kernel has it (xfrm4_gc_thresh)",
                     &S::gcThreshold,
                     0,
                     INT32_MAX),
        Maker::Duration("ipsec.seed-period",
                        "time between new hash seeds of flow caches",
                        &S::seedPeriod,
                        false),
        Maker::Duration("ipsec.work-delay",
                        "time from a request for work to its start",
                        &S::workDelay,
                        true),
        Maker::Whole("cache.hash-shift",
                     "N",
                     "log2 of the number of buckets of a core's flow cache",
                     &S::hashShift,
                     0,
                     20),
        Maker::Whole("cache.low-watermark",
                     "ENTRIES",
                     "entries that a shrink leaves at most, the same share in each bucket",
                     &S::lowWatermark,
                     0,
                     INT32_MAX),
        Maker::Whole("cache.high-watermark",
                     "ENTRIES",
                     "entries of a core's flow cache above which a miss shrinks it first",
                     &S::highWatermark,
                     0,
                     INT32_MAX),
        Maker::Duration("events.rekey",
                        "each state is replaced so often, 0: never",
                        &S::rekey,
                        true),
    };
}

Options
MakeStudyOptions()
{
    Options all = MakeMainOptions();
    for (const Options& some : {MakeStudyOutputOptions(),
                                MakeStudyTrafficOptions(),
                                MakePolicyOptions(),
                                MakeReceiveOptions(),
                                MakeNamespaceOptions()})
    {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace

const std::vector<Option<StudySettings>>&
GetStudyOptions()
{
    static const Options options = MakeStudyOptions();
    return options;
}

const std::vector<StudyList>&
GetStudyLists()
{
    static const std::vector<StudyList> lists{
        {"ip-xfrm",
         "FILE",
         "ip xfrm commands of the host, instead of policies that are made up",
         &StudySettings::ipXfrm},
        {"class",
         "WORDS",
         "a class of packets, as \"name=voice share=0.2 flows=100\"; other words: rate, zipf, "
         "population, lifetime, arrivals, on, off, size, start, stop",
         &StudySettings::classes},
        {"at",
         "\"TIME WHAT\"",
         "something that happens: flush, cpu-down N, cpu-up N, rekey N, insert (a policy)",
         &StudySettings::events},
    };
    return lists;
}

} // namespace ns3::xfrm
