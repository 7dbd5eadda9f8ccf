/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUNDLE_H
#define XFRM_BUNDLE_H

#include "xfrm-dst-account.h"
#include "xfrm-route.h"

#include "ns3/xfrm-cache-object.h"
#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// One transformation of a chain, and what it knows of the way behind it (struct xfrm_dst).
struct BundleElement
{
    Ptr<State> state;          //!< the state
    uint32_t stateGenid{0};    //!< its generation when the chain was built
    Ptr<Route> route;          //!< plain route before this transformation
    uint32_t mtu{0};           //!< largest packet it takes (MTU metric) [bytes]
    uint32_t childMtu{0};      //!< what the next element or the path took when last looked [bytes]
    uint32_t routeMtu{0};      //!< what route took when last looked [bytes]
    uint32_t headerLength{0};  //!< bytes that this and the further elements put before [bytes]
    uint32_t trailerLength{0}; //!< bytes that they may put behind [bytes]
};

/// The policies that decided on a flow, and what they came to (R27 to R29).
struct PolicyMatch
{
    std::vector<Ptr<Policy>> policies; //!< none, one, or a SUB policy and its MAIN partner
    int32_t nTransforms{0}; //!< templates, in a built chain states; 0 let through, -1 refuse
};

/**
 * @ingroup xfrm
 * @brief What output decided for a flow: a chain of transformations, or that there is none.
 *
 * Source: struct xfrm_dst with xfrm_bundle_ok(), xfrm_init_pmtu(), xfrm_bundle_flo_get() and
 * xfrm_bundle_flo_check(), net/xfrm/xfrm_policy.c, Linux 4.1 (R50 to R79).  The kernel's list of
 * dst entries is one object here: elements in the order in which they transform, innermost header
 * first, then the path.  A bundle without elements is a dummy: a policy that blocks, lets through,
 * or could not be resolved.  It is bare (R45), or has the plain route for its path: then its
 * packets are held (R46).
 *
 * Counted; the flow cache's share is one reference, given back by Delete().
 */
class Bundle final : public CacheObject, public SimpleRefCount<Bundle>
{
  public:
    /**
     * @brief A dummy (xfrm_create_dummy_bundle(), R45).
     * @param account where its dst is counted, one allocated by the caller
     * @param match the policies and what they came to
     */
    Bundle(const Ptr<DstAccount>& account, PolicyMatch match);

    /**
     * @brief A dummy that holds packets (the same with DST_XFRM_QUEUE, R46).
     * @param account where its dst is counted, one allocated by the caller
     * @param match the policies and what they came to
     * @param path the plain route
     */
    Bundle(const Ptr<DstAccount>& account, PolicyMatch match, const Ptr<Route>& path);

    /**
     * @brief A chain.
     * @param account where its dsts are counted, one an element, allocated by the caller
     * @param elements innermost first, at least one; states, routes and generations set
     * @param path the last plain route
     */
    Bundle(const Ptr<DstAccount>& account,
           std::vector<BundleElement> elements,
           const Ptr<Route>& path);

    ~Bundle() override;
    Bundle(const Bundle&) = delete;
    Bundle& operator=(const Bundle&) = delete;
    Bundle(Bundle&&) = delete;
    Bundle& operator=(Bundle&&) = delete;

    /// @brief Its dsts are no longer counted by it, but by its caller.  @return how many they are
    uint32_t Disown();

    /// @return whether it transforms nothing
    bool IsDummy() const
    {
        return m_elements.empty();
    }

    /// @return whether packets are to be held until what they need is there (DST_XFRM_QUEUE)
    bool IsQueue() const
    {
        return IsDummy() && m_path;
    }

    /// @return the policies and what they came to
    const PolicyMatch& GetMatch() const
    {
        return m_match;
    }

    /// @brief Say whose chain it is (R32).  @param match the policies; the first one's generation
    /// counts
    void SetMatch(PolicyMatch match);

    /// @brief All templates proved optional: from now on the flow is let through (R42).
    void LetThrough()
    {
        m_match.nTransforms = 0;
    }

    /// @return the elements, innermost first
    const std::vector<BundleElement>& GetElements() const
    {
        return m_elements;
    }

    /// @return the last plain route; null for a bare dummy
    const Ptr<Route>& GetPath() const
    {
        return m_path;
    }

    /// @return largest packet that a chain takes now, or that the path of held packets does
    ///         (dst_mtu() of the first element, R69); not for a bare dummy [bytes]
    uint32_t GetMtu() const
    {
        return IsDummy() ? m_path->GetMtu() : m_elements.front().mtu;
    }

    /// @brief It is reported to a chain that packets have to be smaller: that is noted on the
    /// plaintext's route, not on the path (xfrm4_update_pmtu(), R77).  @param mtu what fits [bytes]
    void NotePathMtu(uint32_t mtu) const
    {
        m_elements.front().route->NotePathMtu(mtu);
    }

    /// @return whether the first element makes a tunnel (DST_XFRM_TUNNEL, R23)
    bool IsTunnel() const
    {
        return !IsDummy() && m_elements.front().state->GetConfig().mode == Mode::Tunnel;
    }

    /**
     * @brief May the chain still be used?  Brings its path MTU up to date on the way.
     * @return the answer of xfrm_bundle_ok() (R70 to R73); false for a bare dummy
     */
    bool IsOk();

    /// @return whether the chain is ok and stays so until FlowCache::NoteChange()
    bool IsOkUntilChange()
    {
        return m_notesChanges && IsOk();
    }

    /// @copydoc CacheObject::Get (R62)
    Consent Get() override;

    /// @copydoc CacheObject::Check (R63)
    bool Check() override;

    /// @copydoc CacheObject::IsValidUntilChange
    bool IsValidUntilChange() const override
    {
        return m_notesChanges;
    }

    /// @copydoc CacheObject::Delete
    void Delete() override;

  private:
    uint32_t GetChildMtu(size_t i) const;
    void InitializeMtus();
    void UpdateMtus(size_t lastChanged);

    Ptr<DstAccount> m_account;             //!< where the dsts are counted; null: by others
    PolicyMatch m_match;                   //!< whose chain it is
    uint32_t m_policyGenid{0};             //!< generation of the first policy when it was built
    std::vector<BundleElement> m_elements; //!< innermost first; none in a dummy
    Ptr<Route> m_path;                     //!< the last plain route; null in a bare dummy
    bool m_notesChanges{true};             //!< all its routes do
};

} // namespace ns3::xfrm

#endif // XFRM_BUNDLE_H
