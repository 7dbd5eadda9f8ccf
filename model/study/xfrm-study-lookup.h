/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_LOOKUP_H
#define XFRM_STUDY_LOOKUP_H

#include "xfrm-flow-space.h"
#include "xfrm-study-routes.h"

#include "ns3/xfrm-bundle.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// Number of a decision that a StudyLookup knows.
using DecisionId = uint32_t;

inline constexpr DecisionId NO_DECISION{UINT32_MAX}; //!< none yet

/// What output came to for some flows, and what it took to find out.
struct KnownDecision
{
    OutputDecision decision;        //!< what to do; its bundle is the one that all share
    uint64_t revision{0};           //!< of the namespace, in which resolving gives the same again
    Work work;                      //!< of the resolver
    uint32_t nDsts{0};              //!< dsts of a bundle like this
    uint64_t checkedIn{UINT64_MAX}; //!< revision in which the following was found out
    bool isLasting{false};          //!< the bundle is valid until something changes
    bool isServing{false};          //!< ... and serves
    int64_t lastUsedNs{-1};         //!< when its policies were last used, -1 never [ns]

    /// Nothing but its policies' use changes when it is made again.
    bool IsQuiet() const
    {
        return decision.verdict == OutputVerdict::Plain ||
               decision.verdict == OutputVerdict::Transform;
    }
};

/**
 * @ingroup xfrm
 * @brief The output decisions of a study: those of Lookup, by flow number, at a fraction of the
 * host's time.
 *
 * Flows of one policy come to bundles that differ in nothing that a study looks at.  They share
 * one here, and each flow cache entry has a BundleShare of it, which counts dsts as its own bundle
 * would.  As long as nothing in the namespace changes, what resolving a flow gave once is given
 * again, with the same Work.
 *
 * Results, Work and counters are those of Lookup::DecideForwarded().  Its flow cache must be asked
 * for output by this alone.
 */
class StudyLookup
{
  public:
    /**
     * @param net the namespace @param routes its routes @param space what flows are; all three must
     *        outlive this
     * @param layout of flow keys
     */
    StudyLookup(Namespace& net, StudyRoutes& routes, const FlowSpace& space, KeyLayout layout);

    ~StudyLookup();
    StudyLookup(const StudyLookup&) = delete;
    StudyLookup& operator=(const StudyLookup&) = delete;
    StudyLookup(StudyLookup&&) = delete;
    StudyLookup& operator=(StudyLookup&&) = delete;

    /// An answer.
    struct Answer
    {
        OutputDecision decision{};     //!< what to do
        DecisionId known{NO_DECISION}; //!< it as a known decision, if it is one
        bool isRepeated{false};        //!< nothing was resolved for it but by memory
    };

    /**
     * @brief Decide on a flow that is interned (xfrm_lookup()).
     * @param flow its number, as FlowSpace and FlowCache have it
     * @param last what its last answer was @param context where it runs @return the answer
     */
    Answer Decide(FlowId flow, DecisionId last, const Context& context);

    /// @brief Decide on a flow that is not.  @param number its number in the FlowSpace
    /// @param context where it runs @return the answer
    Answer Decide(uint32_t number, const Context& context);

    /// @param id a known decision @return it; references stay valid
    KnownDecision& Get(DecisionId id)
    {
        return m_known[id];
    }

    /// @return decisions known
    size_t GetSize() const
    {
        return m_known.size();
    }

    /// @brief Tell policies when they were used last.
    void NoteUse();

  private:
    class BundleShare;

    /// What a resolver call came to.
    struct Found
    {
        DecisionId known{NO_DECISION};    //!< the decision
        std::optional<Counter> counter{}; //!< of an error
        bool isRepeated{false};           //!< it was remembered
    };

    template <class Reference>
    Answer Ask(const Reference& flow, uint32_t number, DecisionId last, const Context& context);
    Resolution Resolve(CacheObject* old,
                       uint32_t number,
                       DecisionId last,
                       const Context& context,
                       Found& found);
    DecisionId Recall(uint32_t number, DecisionId last) const;
    std::optional<Resolution> Repeat(DecisionId id, const Context& context);
    DecisionId Remember(const Ptr<Bundle>& bundle, const Work& work, uint64_t revision);
    Resolution Share(DecisionId id);
    void TakeBack(BundleShare& share);

    Namespace& m_net;                   //!< the namespace
    StudyRoutes& m_routes;              //!< its routes
    const FlowSpace& m_space;           //!< what flows are
    KeyLayout m_layout;                 //!< of flow keys
    Lookup m_lookup;                    //!< judges bundles
    std::deque<KnownDecision> m_known;  //!< by number
    std::vector<DecisionId> m_ofBlocks; //!< last decision on a flow of each uniform block
    std::deque<BundleShare> m_shares;   //!< all shares
    std::vector<BundleShare*> m_free;   //!< those that no entry has
    /// numbers of decisions, by first policy and first state
    std::multimap<std::pair<const Policy*, const State*>, DecisionId> m_numbers;
};

} // namespace ns3::xfrm

#endif // XFRM_STUDY_LOOKUP_H
