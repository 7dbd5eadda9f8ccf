/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NAMESPACE_H
#define XFRM_NAMESPACE_H

#include "xfrm-context.h"
#include "xfrm-hold-queues.h"
#include "xfrm-kernel.h"
#include "xfrm-key-manager.h"
#include "xfrm-statistics.h"

#include "ns3/xfrm-bundle-builder.h"
#include "ns3/xfrm-flow-cache.h"
#include "ns3/xfrm-larval-state.h"
#include "ns3/xfrm-policy-database.h"
#include "ns3/xfrm-socket-policies.h"
#include "ns3/xfrm-state-database.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

class LookupCache;
struct LastChains;

/// Work that the kernel puts off and a worker thread of the asking CPU does.
enum class WorkItem : uint8_t
{
    CacheGc,      //!< destroy dropped flow-cache entries (flow_cache_gc_task())
    CacheFlush,   //!< flush the flow cache (flow_cache_flush_task())
    StateGrowth,  //!< double the state tables (xfrm_hash_resize(), R133)
    PolicyGrowth, //!< double the policy tables (xfrm_hash_resize(), R115)
    PolicyRebuild //!< file policies by new thresholds (xfrm_hash_rebuild(), R110)
};

/**
 * @ingroup xfrm
 * @brief The IPsec of a network namespace: policies, states, flow cache, counters and settings.
 *
 * Source: struct netns_xfrm, and the parts of net/xfrm/xfrm_user.c that change it, Linux 4.1.  Says
 * what a change in one part does to the others: the flow cache's generation, the routes', and the
 * chains that are to be asked again.
 *
 * Knows no simulator: it is handed the time, and tells which work items it wants to have run.
 */
class Namespace
{
  public:
    /// What an administrator sets by sysctl.  The defaults are Linux 4.1's.
    struct Settings
    {
        bool useLarvalDrop{true};  //!< drop while a state is awaited (net.core.xfrm_larval_drop)
        bool hasNoPmtuDisc{false}; //!< new states send without DF (net.ipv4.ip_no_pmtu_disc)
        uint64_t acquireSeconds{ACQUIRE_SECONDS}; //!< life of a larval state, 0: for ever
                                                  //!< (net.core.xfrm_acq_expires) [s]
        uint32_t gcThreshold{
            32768};             //!< dsts of chains above which flow caches are flushed; twice as
                                //!< many are the most (net.ipv4.xfrm4_gc_thresh); read at first
        uint8_t defaultTtl{64}; //!< TTL of outer headers (net.ipv4.ip_default_ttl), from 1
        uint64_t epoch{
            1434931200}; //!< wall clock at time 0: 2015-06-22 00:00 UTC; from 1, since the
                         //!< kernel takes 0 for "never" [s since 1970]
    };

    /// Allocations that are to fail: each is called before its allocation, and true lets it fail.
    /// Those of dsts are DstAccount's.
    struct Faults
    {
        std::function<bool()> flowCopy;  //!< copy of a flow into its chain (R32)
        std::function<bool()> blackhole; //!< route that discards (R6)

        /// @param fault one of them @return whether the allocation is to fail
        static bool Strikes(const std::function<bool()>& fault)
        {
            return fault && fault();
        }
    };

    /// Makeup of a namespace.
    struct Config
    {
        FlowCache::Config cache; //!< flow cache; its number of CPUs is the host's
        Settings settings;       //!< settings
        Kernel kernel{};         //!< how it looks up; without a flow cache, that stays empty

        /// the host's last chains, for a kernel that keeps them; null: this namespace has its own
        std::shared_ptr<LastChains> lastChains{};
    };

    /**
     * @param config makeup
     * @param routes plain routing; must outlive the namespace
     * @param indexes the host's generator of policy indexes; must outlive the namespace
     * @param random source of the flow cache's hash seeds and of SPIs
     * @throws std::invalid_argument for a value outside its range
     */
    Namespace(const Config& config,
              RouteTable& routes,
              PolicyIndexGenerator& indexes,
              std::function<uint32_t()> random);

    ~Namespace();
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;
    Namespace(Namespace&&) = delete;
    Namespace& operator=(Namespace&&) = delete;

    /// @return the settings, to read or change
    Settings& GetSettings()
    {
        return m_settings;
    }

    /// @param now time since the start @return the wall clock [s since 1970]
    uint64_t GetWallClock(Time now) const
    {
        return m_settings.epoch + static_cast<uint64_t>(now.GetNanoSeconds() / 1000000000);
    }

    // Policies

    /**
     * @brief Add a policy, or update one (xfrm_add_policy()).
     *
     * All flow-cache entries and all routes become stale (R113).
     *
     * @param config what is configured
     * @param isUpdate an equal one is replaced; else it is an error
     * @param now the time
     * @return 0, or -EEXIST
     * @throws std::invalid_argument for a configuration that no kernel would take
     */
    int32_t AddPolicy(const PolicyConfig& config, bool isUpdate, Time now);

    /**
     * @brief Delete a policy by selector (xfrm_get_policy() with delete, R120, R121).
     *
     * Invalid flow-cache entries of all CPUs are flushed; GetCpuWork() has what that took.
     *
     * @param type its type @param direction its direction @param selector its selector
     * @param mark its mark
     * @param context where it runs
     * @return 0, or -ENOENT
     */
    int32_t DeletePolicy(PolicyType type,
                         Direction direction,
                         const Selector& selector,
                         const Mark& mark,
                         const Context& context);

    /// @brief The same by index.  @param index its index; other parameters as above
    /// @return 0, or -ENOENT
    int32_t DeletePolicy(PolicyType type,
                         Direction direction,
                         uint32_t index,
                         const Mark& mark,
                         const Context& context);

    /// @brief Delete all policies of a type (xfrm_policy_flush()).  @param type the type
    /// @return how many were deleted
    size_t FlushPolicies(PolicyType type);

    /// @return the policies
    const PolicyDatabase& GetPolicies() const
    {
        return m_policies;
    }

    /**
     * @brief Set from which prefix lengths on policies are exact (XFRM_MSG_NEWSPDINFO, R107, R110):
     * in effect when the work item has run.
     * @param family the family @param localBits of local addresses @param remoteBits of remote ones
     * @throws std::invalid_argument for more bits than addresses of the family have
     */
    void SetPolicyThresholds(Family family, uint8_t localBits, uint8_t remoteBits)
    {
        m_policies.SetThresholds(family, localBits, remoteBits);
    }

    /// @brief Tell somebody of each policy that is inserted.  @param listener called; empty: nobody
    void SetPolicyListener(std::function<void()> listener);

    /**
     * @brief Attach a policy to a socket of this host (xfrm_user_policy(), R119).
     *
     * It decides for the socket's packets before the host's policies do (R10, R262).  Packets held
     * for one that it replaces become its own.
     *
     * @param socket the socket @param config what is configured, for input or output
     * @param now the time
     * @return 0; or -EINVAL for direction fwd or type sub
     * @throws std::invalid_argument for a configuration that no kernel would take
     */
    int32_t SetSocketPolicy(const SocketEndpoint& socket, const PolicyConfig& config, Time now);

    /// @brief A socket has got a child, which inherits copies of its policies (R119).
    /// @param listener the listening socket @param child the new one, without policies
    void CloneSocketPolicies(const SocketEndpoint& listener, const SocketEndpoint& child)
    {
        m_socketPolicies.Clone(listener, child);
    }

    /// @brief A socket is connected, and takes its policies along.
    /// @param socket its ends from now on
    void ConnectSocket(const SocketEndpoint& socket)
    {
        m_socketPolicies.Rename(socket.Disconnected(), socket);
    }

    /// @brief A socket has gone: its policies die (R119).  @param socket the socket
    void CloseSocket(const SocketEndpoint& socket);

    /// @return the policies of sockets
    const SocketPolicies& GetSocketPolicies() const
    {
        return m_socketPolicies;
    }

    /// @return packets that wait for states
    HoldQueues& GetHoldQueues()
    {
        return m_held;
    }

    // States

    /// @brief Have states looked at before they are made.
    /// @param filter throws std::invalid_argument for those that can't be; empty: all can
    void SetStateFilter(std::function<void(const StateConfig&)> filter);

    /**
     * @brief Add a state (xfrm_add_sa() with NEWSA, R150).
     * @param config what is configured @param now the time
     * @return 0, or -EEXIST
     * @throws std::invalid_argument for a configuration that no kernel would take
     */
    int32_t AddState(const StateConfig& config, Time now);

    /// @brief Update a state (xfrm_state_update(), R151).  @param config its new self
    /// @param now the time @return 0, -ESRCH, -EEXIST or -EINVAL
    /// @throws std::invalid_argument for a configuration that no kernel would take
    int32_t UpdateState(const StateConfig& config, Time now);

    /// @brief Delete a state (xfrm_state_delete(), R153).
    /// @param id its name @param mark mark to find it by @param family its family
    /// @return 0, -ESRCH, or -EPERM for one of the kernel's own
    int32_t DeleteState(const StateId& id, uint32_t mark, Family family);

    /**
     * @brief Reserve an SPI for a state to come (xfrm_alloc_userspi(), R154).
     * @param wanted of that state; see SpiRequest
     * @param low least SPI, host order @param high largest SPI
     * @param now the time
     * @return the larval state that has it, or an error
     */
    SpiAllocation AllocateSpi(const StateConfig& wanted, uint32_t low, uint32_t high, Time now);

    /// @brief Delete all states of a protocol (xfrm_state_flush()).  @param proto PROTO_ANY for all
    /// @return how many were deleted
    size_t FlushStates(uint8_t proto);

    /// @return the states
    StateDatabase& GetStates()
    {
        return m_states;
    }

    /**
     * @brief Hold a state against its limits of bytes and packets, before a packet is counted
     * (xfrm_state_check_expire(), R162).
     *
     * At a hard limit it ends at once (R161, C41).  Key managers are told of either limit.
     *
     * @param state the state @param now the time @return 0, or -EINVAL at a hard limit
     */
    int32_t CheckExpiry(const Ptr<State>& state, Time now);

    /**
     * @brief A packet took or advanced a state's sequence number: key managers that mirror them are
     * told when it is far enough (xfrm_replay_notify(), R178).
     * @param state the state @param now the time
     */
    void NoteReplay(const Ptr<State>& state, Time now)
    {
        m_states.NoteReplay(state, MakeInstant(now));
    }

    /// @brief Tell key managers that packets of a state come from elsewhere (R248).
    /// @param state the state @param source where from @param port source port of their UDP
    void NotifyMapping(const Ptr<State>& state, const IpAddress& source, uint16_t port);

    // Key managers

    /// @brief Register a key manager.  @param manager who; must outlive its registration
    void AddKeyManager(KeyManager& manager);

    /// @brief Forget a key manager.  @param manager who
    void RemoveKeyManager(const KeyManager& manager);

    /**
     * @brief Ask key managers for a state that isn't there (R147, R148, R180).
     * @param request what is asked for @param flow for which flow
     * @param wanted the template @param policy whose
     * @param now the time
     * @return a larval state that waits for them; or -ESRCH: nobody listens, or all refuse
     */
    StateDatabase::Found Acquire(const StateRequest& request,
                                 const Flow& flow,
                                 const Template& wanted,
                                 const Ptr<Policy>& policy,
                                 Time now);

    // Devices and routes

    /// @brief A device went down: invalid flow-cache entries of all CPUs are flushed (R66, R76).
    /// @param context where it runs
    void NotifyDeviceDown(const Context& context);

    /// @brief Dsts were allocated: if they are too many, the flow cache is to be flushed (R80).
    /// @param cpu where
    void RelievePressure(CpuId cpu)
    {
        if (m_bundles.GetAccount()->TakeCrowded())
        {
            m_cache.RequestFlush(cpu);
        }
    }

    /// @brief Something changed about routes or devices that chains must look at again.
    void NotifyRoutesChanged()
    {
        NoteChange();
    }

    /// @return moves on whenever policies, states or routes may answer in another way than before,
    ///         or take other steps to the same answer
    uint64_t GetRevision() const
    {
        return m_revision;
    }

    // Parts

    /// @return which kernel's it is
    const Kernel& GetKernel() const
    {
        return m_kernel;
    }

    /// @return what the kernel remembers of lookups
    LookupCache& GetLookupCache()
    {
        return *m_lookupCache;
    }

    /// @return the flow cache; always empty if the kernel has none
    FlowCache& GetCache()
    {
        return m_cache;
    }

    /// @return plain routing
    RouteTable& GetRoutes()
    {
        return m_routes;
    }

    /// @return the builder of chains
    BundleBuilder& GetBundles()
    {
        return m_bundles;
    }

    /// @return the counters
    const Statistics& GetStatistics() const
    {
        return m_statistics;
    }

    /// @brief Add one to a counter.  @param counter the counter
    void Count(Counter counter)
    {
        m_statistics.Increment(counter);
    }

    /// @return allocations that are to fail, to read or change
    Faults& GetFaults()
    {
        return m_faults;
    }

    // Time and work

    /// @brief Bring the flow cache's seed period up to now.  Lookups do it by themselves.
    /// @param now the time
    void RunDue(Time now);

    /// @brief Have somebody told when GetNextTimer() may be earlier than before.
    /// @param listener called; empty: nobody
    void SetTimerListener(std::function<void()> listener);

    /// @return when RunTimers() is to be called, time since the start; none: no timer runs
    std::optional<Time> GetNextTimer() const;

    /// @brief Run the timers of states and policies that are due (R122, R160).  @param now the time
    void RunTimers(Time now);

    /// A work item that is wanted, and the CPU that asked for it.
    struct WantedWork
    {
        WorkItem item; //!< what
        CpuId cpu;     //!< on which CPU it is to run
    };

    /// @return the work that is wanted now and was not when last asked, in the order of WorkItem;
    ///         growth of tables on CPU 0, where administrators' commands run
    std::vector<WantedWork> TakeWantedWork();

    /// @brief Run a work item.  @param item which @param context where it runs
    void RunWork(WorkItem item, const Context& context);

    /// @brief Run now what is wanted of growth and rebuilding of tables: a command of an
    /// administrator takes longer than the worker thread between it and the next.
    void RunTableWork();

    /**
     * @brief Take what flushes had CPUs do, since it was last taken.
     * @param take callable (CpuId, const CacheWork&), for each CPU that has done something
     */
    template <class Take>
    void TakeCpuWork(Take&& take)
    {
        for (CpuId cpu = 0; cpu < m_cpuWork.size(); ++cpu)
        {
            CacheWork& share = m_cpuWork[cpu];
            if (share != CacheWork())
            {
                take(cpu, share);
                share = {};
            }
        }
    }

  private:
    void NoteChange();
    Instant MakeInstant(Time now) const;
    void TellTimers() const;
    void ListenToReplay();
    void NoteReplaced(const Ptr<Policy>& replaced, const Ptr<Policy>& policy, Time now);
    void AfterDeletion(const Context& context);
    void FlushCache(CpuId caller);
    std::shared_ptr<const TransformType> Initialize(StateConfig& config) const;

    Settings m_settings;                                   //!< settings
    Kernel m_kernel;                                       //!< which kernel's it is
    RouteTable& m_routes;                                  //!< plain routing
    PolicyDatabase m_policies;                             //!< policies
    SocketPolicies m_socketPolicies;                       //!< policies of sockets
    StateDatabase m_states;                                //!< states
    BundleBuilder m_bundles;                               //!< builder of chains
    HoldQueues m_held;                                     //!< packets that wait for states
    Statistics m_statistics;                               //!< counters
    Faults m_faults;                                       //!< allocations that are to fail
    std::function<uint32_t()> m_random;                    //!< source of SPIs
    uint64_t m_revision{0};                                //!< see GetRevision()
    std::vector<KeyManager*> m_keyManagers;                //!< registered ones
    uint32_t m_lastAcquire{0};                             //!< number of the last acquire, 0 none
    std::function<void(const StateConfig&)> m_stateFilter; //!< refuses states; empty: none
    std::function<void()> m_timerListener;                 //!< told of new timers
    std::function<void()> m_policyListener;                //!< told of each policy that is inserted
    std::vector<CacheWork> m_cpuWork;           //!< flushes' share of each CPU, until it is taken
    std::vector<WantedWork> m_wantedWork;       //!< wanted and not run yet, taken or not
    FlowCache m_cache;                          //!< flow cache; after what its objects use
    std::unique_ptr<LookupCache> m_lookupCache; //!< what the kernel remembers of lookups
};

} // namespace ns3::xfrm

#endif // XFRM_NAMESPACE_H
