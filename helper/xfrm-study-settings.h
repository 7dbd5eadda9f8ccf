/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_SETTINGS_H
#define XFRM_STUDY_SETTINGS_H

/**
 * @file
 * @ingroup xfrm
 * @brief A lookup study as its user asks for it, and what that makes.
 */

#include "xfrm-option.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-lookup-study.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// Settings of a lookup study.  A stop of 0 is the end.
struct StudySettings // NOLINT(clang-analyzer-optin.performance.Padding): in the order of the help
{
    uint32_t cores{4};                        //!< cores, 1 to 1024
    uint32_t flows{10000};                    //!< flows that are known, or that live at a time
    double zipf{1};                           //!< flow k has a share as k^-zipf
    double rate{1e6};                         //!< of all packets [1/s]
    Time duration{Seconds(10)};               //!< simulated time
    uint32_t policies{10};                    //!< policies between /20 networks
    uint64_t seed{1};                         //!< of all random numbers
    std::string kernel{"linux-4.1"};          //!< which kernel is modelled
    std::string profile{"linux-4.1-default"}; //!< what work costs
    std::string locks{"linux-4.1"};           //!< which locks are taken
    std::string work{"lookup"};               //!< what is done for a packet
    Time interval{Seconds(1)};                //!< between the rows of the time series
    std::string out;                          //!< folder for files, empty: none
    bool isJson{false};                       //!< print one JSON object instead of tables

    std::string arrivals{"poisson"};  //!< distances of packets
    Time on{MilliSeconds(1)};         //!< on-off: mean time with packets
    Time off{MilliSeconds(1)};        //!< on-off: mean time without
    std::string population{"zipf"};   //!< which flows packets are of
    Time lifetime{Seconds(1)};        //!< churn: mean life of a flow
    uint32_t size{100};               //!< length of packets [bytes]
    double attack{0};                 //!< share of packets whose flow comes but once
    std::string pcap;                 //!< capture whose packets arrive instead, empty: none
    std::string list;                 //!< file of arrivals instead, empty: none
    std::vector<std::string> classes; //!< classes of packets instead, as words NAME=VALUE

    uint32_t prefixed{0};              //!< policies between /24 networks, exact by hash thresholds
    uint32_t exact{0};                 //!< policies between addresses
    std::string states{"each"};        //!< each policy has a state of its own, or all have one
    bool hasOwnQueues{false};          //!< flows of a policy arrive in queues of its own
    std::vector<std::string> ipXfrm;   //!< files of `ip xfrm` commands instead
    std::string host;                  //!< with those: whose commands, if they name several hosts
    std::string source{"10.1.0.0/16"}; //!< with those: where flows come from
    std::string destination{"10.2.0.0/16"}; //!< with those: where flows go to

    uint32_t rssQueues{0};   //!< receive queues, 0 one a core
    uint32_t rssRing{512};   //!< packets that may wait in one
    bool rssUdpPorts{true};  //!< the hash covers UDP ports
    std::string rssKey;      //!< key of the hash, empty the usual one
    std::string rssTable;    //!< queue by hash, empty all in turn
    std::string rssAffinity; //!< core by queue, empty all in turn

    Time interruptDelay;         //!< an interrupt waits for more packets
    uint32_t interruptFrames{0}; //!< ... until there are so many, 0 no limit
    uint32_t pollWeight{64};     //!< packets of one queue before the next one's turn
    std::string steeringCores;   //!< cores that packets are handed to, empty none
    uint32_t maxBacklog{1000};   //!< packets from other cores that may wait for one

    bool useLarvalDrop{true};         //!< drop while a state is awaited
    uint32_t gcThreshold{0};          //!< dsts above which flow caches are flushed, 0 the kernel's
    Time seedPeriod{Seconds(600)};    //!< between re-seeds of flow caches
    Time workDelay{MicroSeconds(10)}; //!< between a request for work and its start

    uint32_t hashShift{10};       //!< log2 of the buckets of a core's flow cache
    uint32_t lowWatermark{2048};  //!< entries that a shrink leaves, at most, shared by the buckets
    uint32_t highWatermark{4096}; //!< entries above which a miss shrinks first

    Time rekey;                      //!< each state is replaced so often, 0 never
    std::vector<std::string> events; //!< what happens, as "TIME WHAT"
};

/// @return all settings that are single values, in the order of the help; the settings of a
/// section follow one another, and those without section come first
const std::vector<Option<StudySettings>>& GetStudyOptions();

/// @return names of the kernels that a study can model
const std::vector<std::string>& GetStudyKernels();

/// A setting of a study that may be given several times.
using StudyList = OptionList<StudySettings>;

/// @return all settings of a study that are lists
const std::vector<StudyList>& GetStudyLists();

/**
 * @brief Make a study.
 * @param settings what is asked for
 * @return its configuration
 * @throws ConfigError naming the setting, its value and what is allowed, or file and line
 */
StudyConfig MakeStudyConfig(const StudySettings& settings);

/**
 * @brief Have ns-3 end its account of each Time that there is, which costs more than a study.
 *
 * It keeps it while no simulation has run in the process; so the first call runs the simulator,
 * which must have nothing to do.  Later calls, from any thread, do nothing.
 */
void EndTimeAccounts();

/**
 * @brief Make a study and run it to its end.  Several threads may do so at a time.
 *
 * @param settings what is asked for
 * @param goOn asked now and then with the share of the time that is over; false ends the run.
 *             Empty: never asked
 * @return what it came to
 * @throws ConfigError as MakeStudyConfig() does
 */
StudyResult RunStudy(const StudySettings& settings, const StudyGoOn& goOn = {});

/// @brief Read settings of a study from an INI file over others; files that it names lie beside it.
/// @param file its path @param settings changed if all goes well
/// @throws ConfigError naming file, line, value and what is allowed
void ReadStudySettings(const std::filesystem::path& file, StudySettings& settings);

/// @param settings settings of a study @return an INI file that gives the same study
std::string WriteStudySettings(const StudySettings& settings);

} // namespace ns3::xfrm

#endif // XFRM_STUDY_SETTINGS_H
