/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOOKUP_STUDY_H
#define XFRM_LOOKUP_STUDY_H

#include "xfrm-study-figures.h"
#include "xfrm-study-policies.h"
#include "xfrm-study-routes.h"
#include "xfrm-study-stop.h"
#include "xfrm-traffic-mix.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-core-set.h"
#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-lock-table.h"
#include "ns3/xfrm-namespace.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3::xfrm
{

class LookupStudy;

/// What is done for each packet of a study.
enum class StudyWork : uint8_t
{
    Lookup,  //!< the output decision alone (xfrm_lookup())
    Forward, //!< from the device through policy check, decision and transformation to the device
    Receive  //!< a packet of a tunnel, from the device through the search for its state and its
             //!< opening to this host's sockets
};

/// Something that happens to the host of a study.
struct StudyEvent
{
    Time at;                                  //!< when, since the start
    std::string what;                         //!< for reports
    std::function<void(LookupStudy&)> action; //!< does it, in no time
    Time period{};                            //!< from each time to the next; 0: but once
};

/// @return settings of a device with a receive queue for each core
ReceiveQueues::Config MakeQueuePerCore();

/// A study's host, and what arrives there.
struct StudyConfig
{
    static constexpr uint32_t MAX_CORES{1024}; //!< most cores

    uint32_t nCores{1};                               //!< cores, 1 to 1024
    CostProfile profile{};                            //!< what work costs
    LockPreset locks{};                               //!< which locks are taken
    SoftirqLimits limits{};                           //!< how softirq work takes turns
    ReceiveQueues::Config queues{MakeQueuePerCore()}; //!< receive queues of its device
    Namespace::Config net{};                          //!< its namespace; CPUs are its cores
    StudyPolicies policies{};                         //!< its policies and states, and flows
    bool hasOwnQueues{false};             //!< flows of a policy arrive in queues of its own
    int32_t oif{StudyRoutes::DEVICE};     //!< index of the device that flows leave by
    KeyLayout layout{KeyLayout::Linux41}; //!< of flow keys
    uint32_t mtu{1500};                   //!< of that device [bytes]
    StudyWork work{StudyWork::Lookup};    //!< what is done for a packet
    TrafficConfig traffic{};              //!< what arrives
    Time duration{Seconds(10)};           //!< simulated time
    Time interval{Seconds(1)};            //!< between the rows of the time series
    Time workDelay{MicroSeconds(10)};     //!< between a request for work and its start
    std::vector<StudyEvent> events{};     //!< what happens to it
    KeptDurations kept{KeptDurations::LatencyOnly}; //!< which durations its figures have

    /// source of the flow caches' hash seeds and of SPIs; empty: random numbers by traffic.seed
    std::function<uint32_t()> drawSeed{};
};

/**
 * @ingroup xfrm
 * @brief A host whose packets are numbers of flows: arrivals, receive queues, cores, flow cache
 * and databases of packet mode, without its packets.
 *
 * Equal arrivals give the Work, the counters and the core times of packet mode.  Work of Lookup is
 * a part of Forward's.  With Receive policies are for input, and flows are those inside tunnels.
 *
 * Left out: packets are not held while a state is awaited (R81), but dropped; what a sender would
 * be told by ICMP.
 */
class LookupStudy
{
  public:
    /// @param config the host, and what arrives there @param goOn asked meanwhile; empty: nobody
    /// @throws std::invalid_argument naming the value that is out of range
    /// @throws StudyStopped if it was not to go on
    explicit LookupStudy(const StudyConfig& config, const StudyGoOn& goOn = {});

    ~LookupStudy();
    LookupStudy(const LookupStudy&) = delete;
    LookupStudy& operator=(const LookupStudy&) = delete;
    LookupStudy(LookupStudy&&) = delete;
    LookupStudy& operator=(LookupStudy&&) = delete;

    /**
     * @brief Run to the end.
     * @param goOn asked now and then with the share of the time that is over; false ends the run.
     *             Empty: never asked
     * @return what it came to
     */
    StudyResult Run(const StudyGoOn& goOn = {});

    /// @brief Go on for some time, also beyond the end.  @param time for how long
    void RunFor(Time time);

    /// @return its namespace
    Namespace& GetNamespace();

    /// @return the present time, since the start
    Time GetNow() const;

    /// @brief Take a core off line: its queues go to the lowest one that stays.  @param cpu which
    /// @throws std::invalid_argument for one that there is not, and for the last
    void TakeDown(CpuId cpu);

    /// @brief Take a core on line again, with its queues.  @param cpu which
    /// @throws std::invalid_argument for one that there is not
    void BringUp(CpuId cpu);

    /// @brief Insert a policy that no flow of a generated policy meets: all flow cache entries are
    /// stale then.
    void InsertPolicy();

    /// @brief Put a state in place of one of the configuration's.  @param index which of them
    void Rekey(size_t index);

  private:
    class Host;

    std::unique_ptr<Host> m_host; //!< all of it
};

} // namespace ns3::xfrm

#endif // XFRM_LOOKUP_STUDY_H
