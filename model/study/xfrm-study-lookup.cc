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
    BundleShare(const Ptr<Bundle>& bundle, const Ptr<DstAccount>& account, DecisionId known)
        : m_bundle(bundle),
          m_account(account),
          m_known(known)
    {
    }

    ~BundleShare() override
    {
        m_account->Free(
            m_bundle->IsDummy() ? 1U : static_cast<uint32_t>(m_bundle->GetElements().size()));
    }

    BundleShare(const BundleShare&) = delete;
    BundleShare& operator=(const BundleShare&) = delete;
    BundleShare(BundleShare&&) = delete;
    BundleShare& operator=(BundleShare&&) = delete;

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
        delete this;
    }

  private:
    Ptr<Bundle> m_bundle;      //!< the bundle
    Ptr<DstAccount> m_account; //!< where its dsts are counted
    DecisionId m_known;        //!< what it comes to
};

StudyLookup::StudyLookup(Namespace& net, StudyRoutes& routes, const FlowSpace& space)
    : m_net(net),
      m_routes(routes),
      m_space(space),
      m_lookup(net)
{
}

StudyLookup::~StudyLookup() = default;

StudyLookup::Answer
StudyLookup::Decide(FlowId flow, DecisionId last, const Context& context)
{
    return Ask(flow, static_cast<uint32_t>(flow), last, context);
}

StudyLookup::Answer
StudyLookup::Decide(uint32_t number, const Context& context)
{
    const FlowKey key = m_space.MakeFlow(number).MakeKey(Direction::Out);
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
    if (!old && last != NO_DECISION && m_known[last].revision == m_net.GetRevision())
    {
        if (const std::optional<Resolution> repeated = Repeat(last, context))
        {
            found = {.known = last, .isRepeated = true};
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
    delete refused;
    if (resolved.error != 0)
    {
        return {nullptr, resolved.error};
    }
    found.known = Remember(resolved.bundle, work, revision);
    return Share(found.known);
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
    const Ptr<Bundle>& bundle = m_known[id].decision.bundle;
    if (!bundle)
    {
        return {};
    }
    return {new BundleShare(bundle, m_net.GetBundles().GetAccount(), id),
            0,
            bundle->IsOkUntilChange()};
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
