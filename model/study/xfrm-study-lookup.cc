/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-lookup.h"

#include "ns3/xfrm-bundle-resolver.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

/// @return whether two bundles are of the same policies and states, and come to the same
bool
AreAlike(const Bundle& a, const Bundle& b)
{
    const auto hasSameState = [](const BundleElement& one, const BundleElement& other) {
        return one.state == other.state;
    };
    return a.GetMatch().policies == b.GetMatch().policies &&
           a.GetMatch().nTransforms == b.GetMatch().nTransforms && a.IsQueue() == b.IsQueue() &&
           std::ranges::equal(a.GetElements(), b.GetElements(), hasSameState);
}

/// @return what decisions are found by: the first policy and the first state of a bundle
std::pair<const Policy*, const State*>
MakeIndex(const Ptr<Bundle>& bundle)
{
    if (!bundle)
    {
        return {nullptr, nullptr};
    }
    return {PeekPointer(bundle->GetMatch().policies.front()),
            bundle->IsDummy() ? nullptr : PeekPointer(bundle->GetElements().front().state)};
}

} // namespace

/// What the flow cache keeps for a flow: its share of a bundle, with dsts of its own.
class StudyLookup::BundleShare final : public CacheObject
{
  public:
    /// @param owner takes it back
    explicit BundleShare(StudyLookup& owner)
        : m_owner(owner)
    {
    }

    /// @brief Begin to serve.  @param bundle whose share it is, its dsts allocated
    /// @param known what it comes to
    void Take(const Ptr<Bundle>& bundle, DecisionId known)
    {
        if (m_bundle != bundle) // mostly it is, and counting its users takes time
        {
            m_bundle = bundle;
        }
        m_known = known;
    }

    const Ptr<Bundle>& GetBundle() const
    {
        return m_bundle;
    }

    DecisionId GetKnown() const
    {
        return m_known;
    }

    Consent Get() override
    {
        return m_bundle->Get();
    }

    bool Check() override
    {
        return m_bundle->Check();
    }

    bool IsValidUntilChange() const override
    {
        return m_bundle->IsValidUntilChange();
    }

    void Delete() override
    {
        m_owner.TakeBack(*this);
    }

  private:
    StudyLookup& m_owner;            //!< takes it back
    Ptr<Bundle> m_bundle;            //!< the bundle
    DecisionId m_known{NO_DECISION}; //!< what it comes to
};

StudyLookup::StudyLookup(Namespace& net,
                         StudyRoutes& routes,
                         const FlowSpace& space,
                         KeyLayout layout)
    : m_net(net),
      m_routes(routes),
      m_space(space),
      m_layout(layout),
      m_lookup(net),
      m_ofBlocks(space.GetBlocks(), NO_DECISION)
{
}

StudyLookup::~StudyLookup()
{
    m_net.GetCache().DeleteAll();
}

StudyLookup::Answer
StudyLookup::Decide(FlowId flow, DecisionId last, const Context& context)
{
    const auto number = static_cast<uint32_t>(flow);
    return m_net.GetKernel().memory == LookupMemory::FlowCache ? Ask(flow, number, last, context)
                                                               : Decide(number, context);
}

StudyLookup::Answer
StudyLookup::Decide(uint32_t number, const Context& context)
{
    const Flow flow = m_space.MakeFlow(number);
    if (m_net.GetKernel().memory != LookupMemory::FlowCache)
    {
        return {.decision = m_lookup.DecideForwarded(&flow, m_routes.GetRoute(), context)};
    }
    const FlowKey key = flow.MakeKey(Direction::Out, m_layout);
    return Ask(key.View(), number, NO_DECISION, context);
}

template <class Reference>
StudyLookup::Answer
StudyLookup::Ask(const Reference& flow, uint32_t number, DecisionId last, const Context& context)
{
    if (m_net.GetPolicies().GetCount(Direction::Out) == 0)
    {
        return {};
    }
    ++context.work.nOutputLookups;
    ++context.work.nCacheLookups;
    m_net.RunDue(context.now);
    Found found;
    const auto resolve = [&](CacheObject* old) {
        return Resolve(old, number, last, context, found);
    };
    const CacheAnswer given =
        m_net.GetCache().Lookup(context.cpu, flow, resolve, context.work.cache);
    Answer answer{.known = found.known, .isRepeated = found.isRepeated};
    if (given.error != 0)
    {
        answer.decision = {.verdict = OutputVerdict::Error,
                           .bundle = {},
                           .error = given.error,
                           .counter = found.counter};
        return answer;
    }
    if (given.object && given.outcome == CacheOutcome::Hit)
    {
        answer.known = static_cast<BundleShare*>(given.object)->GetKnown();
    }
    if (given.object)
    {
        KnownDecision& known = m_known[answer.known];
        answer.decision = m_lookup.Judge(known.decision.bundle, Lookup::Purpose::Packet, context);
    }
    return answer;
}

Resolution
StudyLookup::Resolve(CacheObject* old,
                     uint32_t number,
                     DecisionId last,
                     const Context& context,
                     Found& found)
{
    const DecisionId recalled = old ? NO_DECISION : Recall(number, last);
    if (recalled != NO_DECISION)
    {
        if (const std::optional<Resolution> repeated = Repeat(recalled, context))
        {
            found = {.known = recalled, .isRepeated = true};
            return *repeated;
        }
    }
    auto* refused = static_cast<BundleShare*>(old);
    const uint64_t revision = m_net.GetRevision(); // a resolver that changes something says so
    Work work;
    const Context within{context.cpu, context.now, work};
    const Flow flow = m_space.MakeFlow(number);
    const ResolvedBundle resolved = BundleResolver(m_net, flow, m_routes.GetRoute(), true, within)
                                        .Resolve(refused ? refused->GetBundle() : Ptr<Bundle>());
    context.work += work;
    found.counter = resolved.counter;
    if (refused && resolved.bundle == refused->GetBundle())
    {
        found.known = refused->GetKnown();
        return {old, 0, resolved.bundle->IsOkUntilChange()};
    }
    if (refused)
    {
        TakeBack(*refused);
    }
    if (resolved.error != 0)
    {
        return {nullptr, resolved.error};
    }
    found.known = Remember(resolved.bundle, work, revision);
    if (const std::optional<size_t> block = m_space.FindUniformBlock(number))
    {
        m_ofBlocks[*block] = found.known;
    }
    return Share(found.known);
}

/// @return what resolving a flow would come to again; NO_DECISION if that is not known
DecisionId
StudyLookup::Recall(uint32_t number, DecisionId last) const
{
    const auto isCurrent = [&](DecisionId id) {
        return id != NO_DECISION && m_known[id].revision == m_net.GetRevision();
    };
    if (isCurrent(last))
    {
        return last;
    }
    const std::optional<size_t> block = m_space.FindUniformBlock(number);
    return block && isCurrent(m_ofBlocks[*block]) ? m_ofBlocks[*block] : NO_DECISION;
}

std::optional<Resolution>
StudyLookup::Repeat(DecisionId id, const Context& context)
{
    const KnownDecision& known = m_known[id];
    DstAccount& account = *m_net.GetBundles().GetAccount();
    for (uint32_t i = 0; i < known.nDsts; ++i)
    {
        if (!account.TryAllocate())
        {
            account.Free(i); // the resolver fails in the same way, and counts it
            return std::nullopt;
        }
    }
    context.work += known.work;
    m_net.RelievePressure(context.cpu);
    return Share(id);
}

Resolution
StudyLookup::Share(DecisionId id)
{
    KnownDecision& known = m_known[id];
    const Ptr<Bundle>& bundle = known.decision.bundle;
    if (!bundle)
    {
        return {};
    }
    if (known.checkedIn != m_net.GetRevision())
    {
        known.checkedIn = m_net.GetRevision();
        known.isLasting = bundle->IsOkUntilChange();
        known.isServing = bundle->Get() == Consent::UntilChange;
    }
    if (m_free.empty())
    {
        m_free.push_back(&m_shares.emplace_back(*this));
    }
    BundleShare* const share = m_free.back();
    m_free.pop_back();
    if (!m_free.empty())
    {
        __builtin_prefetch(m_free.back());
    }
    share->Take(bundle, id);
    return {.object = share,
            .isValidUntilChange = known.isLasting,
            .servesUntilChange = known.isServing};
}

/// A share has served: its dsts are free.
void
StudyLookup::TakeBack(BundleShare& share)
{
    m_net.GetBundles().GetAccount()->Free(m_known[share.GetKnown()].nDsts);
    m_free.push_back(&share);
}

DecisionId
StudyLookup::Remember(const Ptr<Bundle>& bundle, const Work& work, uint64_t revision)
{
    const auto index = MakeIndex(bundle);
    const auto [first, last] = m_numbers.equal_range(index);
    const auto place = std::find_if(first, last, [&](const auto& entry) {
        const KnownDecision& known = m_known[entry.second];
        return known.work == work && (!bundle || AreAlike(*known.decision.bundle, *bundle));
    });
    DecisionId id = place == last ? static_cast<DecisionId>(m_known.size()) : place->second;
    if (place == last)
    {
        m_known.emplace_back();
        m_numbers.emplace(index, id);
    }
    KnownDecision& known = m_known[id];
    known.work = work;
    known.revision = revision;
    known.checkedIn = UINT64_MAX;
    known.decision.bundle = bundle;
    known.decision.verdict = OutputVerdict::Plain;
    if (bundle)
    {
        known.nDsts = bundle->Disown();
        const int32_t nTransforms = bundle->GetMatch().nTransforms;
        known.decision.verdict = nTransforms == 0    ? OutputVerdict::Plain
                                 : bundle->IsDummy() ? OutputVerdict::Error
                                                     : OutputVerdict::Transform;
    }
    return id;
}

void
StudyLookup::NoteUse()
{
    for (const KnownDecision& known : m_known)
    {
        if (!known.decision.bundle || known.lastUsedNs < 0)
        {
            continue;
        }
        const uint64_t used = m_net.GetWallClock(NanoSeconds(known.lastUsedNs));
        for (const Ptr<Policy>& policy : known.decision.bundle->GetMatch().policies)
        {
            if (policy->GetUse().useTime < used)
            {
                policy->SetUsed(used);
            }
        }
    }
}

} // namespace ns3::xfrm
