/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-namespace.h"

#include "xfrm-flow-lookup-cache.h"
#include "xfrm-last-chain-cache.h"

#include "ns3/xfrm-transform.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @param settings settings @return the same @throws std::invalid_argument outside their ranges
const Namespace::Settings&
CheckSettings(const Namespace::Settings& settings)
{
    if (settings.epoch == 0)
    {
        throw std::invalid_argument("epoch 0: must be 1 or more, since 0 stands for \"never\"");
    }
    if (settings.defaultTtl == 0)
    {
        throw std::invalid_argument("default TTL 0: must be 1 to 255");
    }
    return settings;
}

/// @param net a namespace that is being made @param config its makeup
/// @return what its kernel remembers of lookups
std::unique_ptr<LookupCache>
MakeLookupCache(Namespace& net, const Namespace::Config& config)
{
    switch (config.kernel.memory)
    {
    case LookupMemory::FlowCache:
        return std::make_unique<FlowLookupCache>(net);
    case LookupMemory::LastChain:
        return std::make_unique<LastChainCache>(
            net,
            config.lastChains ? config.lastChains
                              : std::make_shared<LastChains>(
                                    LastChains{std::vector<Ptr<Bundle>>(config.cache.nCpus)}));
    case LookupMemory::Nothing:
        break;
    }
    return std::make_unique<LookupCache>(net);
}

} // namespace

Namespace::Namespace(const Config& config,
                     RouteTable& routes,
                     PolicyIndexGenerator& indexes,
                     std::function<uint32_t()> random)
    : m_settings(CheckSettings(config.settings)),
      m_kernel(config.kernel),
      m_routes(routes),
      m_policies(indexes),
      m_socketPolicies(m_policies),
      m_bundles(routes, Create<DstAccount>()),
      m_random(random),
      m_cpuWork(config.cache.nCpus),
      m_cache(config.cache, std::move(random)),
      m_lookupCache(MakeLookupCache(*this, config))
{
    m_bundles.GetAccount()->threshold = m_settings.gcThreshold;
    m_states.SetExpiryListener([this](const Ptr<State>& state, StateExpiry expiry) {
        NoteChange();
        for (KeyManager* const manager : m_keyManagers)
        {
            manager->NotifyExpiry(state, expiry);
        }
    });
}

Namespace::~Namespace() = default;

void
Namespace::NoteChange()
{
    ++m_revision;
    m_cache.NoteChange();
}

Instant
Namespace::MakeInstant(Time now) const
{
    return {now, GetWallClock(now)};
}

int32_t
Namespace::AddPolicy(const PolicyConfig& config, bool isUpdate, Time now)
{
    const auto policy = Create<Policy>(config);
    const auto insertion = m_policies.Insert(policy, !isUpdate, GetWallClock(now), now);
    if (insertion.error == 0)
    {
        m_cache.BumpGenid();
        m_routes.BumpGeneration();
        NoteReplaced(insertion.replaced, policy, now);
        TellTimers();
    }
    return insertion.error;
}

void
Namespace::NoteReplaced(const Ptr<Policy>& replaced, const Ptr<Policy>& policy, Time now)
{
    NoteChange();
    if (replaced)
    {
        m_held.Move(replaced, policy, now);
    }
    if (m_policyListener)
    {
        m_policyListener();
    }
}

int32_t
Namespace::SetSocketPolicy(const SocketEndpoint& socket, const PolicyConfig& config, Time now)
{
    const auto policy = Create<Policy>(config);
    const auto setting = m_socketPolicies.Set(socket, policy, GetWallClock(now));
    if (setting.error == 0)
    {
        NoteReplaced(setting.replaced, policy, now);
    }
    return setting.error;
}

void
Namespace::CloseSocket(const SocketEndpoint& socket)
{
    m_socketPolicies.Close(socket);
    m_held.PurgeDead();
    NoteChange();
}

void
Namespace::SetPolicyListener(std::function<void()> listener)
{
    m_policyListener = std::move(listener);
}

int32_t
Namespace::DeletePolicy(PolicyType type,
                        Direction direction,
                        const Selector& selector,
                        const Mark& mark,
                        const Context& context)
{
    if (!m_policies.Remove(type, direction, selector, mark))
    {
        return error::NOENT;
    }
    AfterDeletion(context);
    return 0;
}

int32_t
Namespace::DeletePolicy(PolicyType type,
                        Direction direction,
                        uint32_t index,
                        const Mark& mark,
                        const Context& context)
{
    if (!m_policies.RemoveByIndex(type, direction, index, mark))
    {
        return error::NOENT;
    }
    AfterDeletion(context);
    return 0;
}

void
Namespace::AfterDeletion(const Context& context)
{
    m_held.PurgeDead();
    NoteChange();
    FlushCache(context.cpu);
}

void
Namespace::FlushCache(CpuId caller)
{
    m_cache.Flush(caller, m_cpuWork);
}

size_t
Namespace::FlushPolicies(PolicyType type)
{
    const size_t nFlushed = m_policies.Flush(type).size();
    m_held.PurgeDead();
    NoteChange();
    m_lookupCache->DropStaleChains();
    return nFlushed;
}

void
Namespace::SetStateFilter(std::function<void(const StateConfig&)> filter)
{
    m_stateFilter = std::move(filter);
}

std::shared_ptr<const TransformType>
Namespace::Initialize(StateConfig& config) const
{
    if (m_stateFilter)
    {
        m_stateFilter(config);
    }
    if (m_settings.hasNoPmtuDisc)
    {
        config.flags |= StateConfig::FLAG_NOPMTUDISC;
    }
    return MakeTransformType(config);
}

int32_t
Namespace::AddState(const StateConfig& config, Time now)
{
    StateConfig complete = config;
    auto type = Initialize(complete);
    const int32_t error =
        m_states.Add(Create<State>(std::move(complete), std::move(type)), MakeInstant(now));
    NoteChange();
    TellTimers();
    return error;
}

int32_t
Namespace::UpdateState(const StateConfig& config, Time now)
{
    StateConfig complete = config;
    auto type = Initialize(complete);
    const int32_t error =
        m_states.Update(Create<State>(std::move(complete), std::move(type)), MakeInstant(now));
    NoteChange();
    TellTimers();
    return error;
}

int32_t
Namespace::DeleteState(const StateId& id, uint32_t mark, Family family)
{
    StateWork ignored; // a search on behalf of the administrator, priced by nobody
    const Ptr<State> state = m_states.LookupBySpi(id, mark, family, ignored);
    if (!state)
    {
        return error::SRCH;
    }
    if (state->GetConfig().isKernelOwned)
    {
        return error::PERM; // xfrm_state_kern()
    }
    NoteChange();
    return m_states.Remove(state);
}

SpiAllocation
Namespace::AllocateSpi(const StateConfig& wanted, uint32_t low, uint32_t high, Time now)
{
    const SpiRequest request{.wanted = wanted,
                             .low = low,
                             .high = high,
                             .expirySeconds = m_settings.acquireSeconds};
    SpiAllocation allocation = m_states.AllocateSpi(request, m_random, MakeInstant(now));
    NoteChange();
    TellTimers();
    return allocation;
}

size_t
Namespace::FlushStates(uint8_t proto)
{
    NoteChange();
    const size_t nFlushed = m_states.Flush(proto).size();
    m_lookupCache->DropStaleChains();
    return nFlushed;
}

int32_t
Namespace::CheckExpiry(const Ptr<State>& state, Time now)
{
    const Instant instant = MakeInstant(now);
    if (m_states.CheckExpiry(state, instant) != StateExpiry::Hard)
    {
        return 0;
    }
    m_states.RunTimers(instant); // its own is due at once
    return error::INVAL;
}

void
Namespace::AddKeyManager(KeyManager& manager)
{
    m_keyManagers.push_back(&manager);
    ListenToReplay();
}

void
Namespace::RemoveKeyManager(const KeyManager& manager)
{
    std::erase(m_keyManagers, &manager);
    ListenToReplay();
}

void
Namespace::NotifyMapping(const Ptr<State>& state, const IpAddress& source, uint16_t port)
{
    for (KeyManager* const manager : m_keyManagers)
    {
        manager->NotifyMapping(state, source, port);
    }
}

/// Sequence numbers are compared with what was told only while somebody mirrors them (R178).
void
Namespace::ListenToReplay()
{
    const auto mirrors = [](const KeyManager* manager) { return manager->MirrorsReplay(); };
    if (std::ranges::none_of(m_keyManagers, mirrors))
    {
        m_states.SetReplayListener({});
        return;
    }
    m_states.SetReplayListener([this, mirrors](const Ptr<State>& state, ReplayEvent event) {
        for (KeyManager* const manager : m_keyManagers)
        {
            if (mirrors(manager))
            {
                manager->NotifyReplay(state, event);
            }
        }
        TellTimers(); // one was started
    });
}

StateDatabase::Found
Namespace::Acquire(const StateRequest& request,
                   const Flow& flow,
                   const Template& wanted,
                   const Ptr<Policy>& policy,
                   Time now)
{
    const bool isHeard = std::ranges::any_of(m_keyManagers, [](const KeyManager* manager) {
        return manager->IsListening();
    });
    if (!isHeard)
    {
        return {nullptr, error::SRCH};
    }
    const Ptr<State> larval = MakeLarvalState(request,
                                              flow,
                                              {.mark = policy->GetConfig().mark,
                                               .destination = wanted.destination,
                                               .source = wanted.source,
                                               .expirySeconds = m_settings.acquireSeconds});
    m_lastAcquire = KeyManager::GetNextNumber(m_lastAcquire);
    larval->SetSequence(m_lastAcquire);
    bool isAccepted = false;
    for (KeyManager* const manager : m_keyManagers)
    {
        isAccepted = manager->Acquire(larval, wanted, policy) == 0 || isAccepted;
    }
    if (!isAccepted)
    {
        return {nullptr, error::SRCH};
    }
    m_states.InsertLarval(larval, request, MakeInstant(now));
    ++m_revision;
    TellTimers();
    return {larval};
}

void
Namespace::NotifyDeviceDown(const Context& context)
{
    m_lookupCache->DropStaleChains();
    NoteChange();
    FlushCache(context.cpu);
}

void
Namespace::RunDue(Time now)
{
    if (now >= m_cache.GetNextDeadline())
    {
        m_cache.RunDue(now);
    }
}

void
Namespace::SetTimerListener(std::function<void()> listener)
{
    m_timerListener = std::move(listener);
}

void
Namespace::TellTimers() const
{
    if (m_timerListener)
    {
        m_timerListener();
    }
}

std::optional<Time>
Namespace::GetNextTimer() const
{
    const std::optional<Time> state = m_states.GetNextDue();
    const Time next = std::min(state.value_or(Time::Max()), m_policies.GetNextDeadline());
    return next == Time::Max() ? std::nullopt : std::optional<Time>(next);
}

void
Namespace::RunTimers(Time now)
{
    ++m_revision;
    m_states.RunTimers(MakeInstant(now));
    for (const PolicyDatabase::Expiry& expiry : m_policies.RunTimers(now, GetWallClock(now)))
    {
        NoteChange();
        m_held.PurgeDead();
        for (KeyManager* const manager : m_keyManagers)
        {
            manager->NotifyPolicyExpiry(expiry.policy, expiry.isHard);
        }
    }
}

std::vector<Namespace::WantedWork>
Namespace::TakeWantedWork()
{
    std::vector<WantedWork> news;
    const auto offer = [&](WorkItem item, std::optional<CpuId> cpu) {
        const auto isThis = [&](const WantedWork& wanted) { return wanted.item == item; };
        if (cpu && std::none_of(m_wantedWork.begin(), m_wantedWork.end(), isThis))
        {
            m_wantedWork.push_back({item, *cpu});
            news.push_back({item, *cpu});
        }
    };
    offer(WorkItem::CacheGc, m_cache.GetGcCpu());
    offer(WorkItem::CacheFlush, m_cache.GetFlushCpu());
    const auto onFirst = [](bool isDue) { return isDue ? std::optional<CpuId>(0) : std::nullopt; };
    offer(WorkItem::StateGrowth, onFirst(m_states.IsGrowthDue()));
    offer(WorkItem::PolicyGrowth, onFirst(m_policies.IsGrowthDue()));
    offer(WorkItem::PolicyRebuild, onFirst(m_policies.IsRebuildDue()));
    return news;
}

void
Namespace::RunWork(WorkItem item, const Context& context)
{
    std::erase_if(m_wantedWork, [&](const WantedWork& wanted) { return wanted.item == item; });
    switch (item)
    {
    case WorkItem::CacheGc:
        m_cache.RunGc(context.work.cache);
        break;
    case WorkItem::CacheFlush:
        m_cache.RunDeferredFlush(context.cpu, m_cpuWork);
        break;
    case WorkItem::StateGrowth:
        m_states.RunGrowth();
        ++m_revision;
        break;
    case WorkItem::PolicyGrowth:
        m_policies.RunGrowth();
        ++m_revision;
        break;
    case WorkItem::PolicyRebuild:
        m_policies.RunRebuild();
        ++m_revision;
        break;
    }
}

void
Namespace::RunTableWork()
{
    m_states.RunGrowth();
    m_policies.RunGrowth();
    m_policies.RunRebuild();
    ++m_revision;
}

} // namespace ns3::xfrm
