/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CACHE_OBJECT_H
#define XFRM_CACHE_OBJECT_H

#include <cstdint>

namespace ns3::xfrm
{

/// An object's answer to being handed out.
enum class Consent : uint8_t
{
    Refused,    //!< it can't serve: it goes to the resolver
    Once,       //!< it serves this lookup; ask again at the next
    UntilChange //!< it serves until the next FlowCache::NoteChange(), and need not be asked before
};

/**
 * @ingroup xfrm
 * @brief What the flow cache stores for a flow: a bundle on output, a policy on input and forward.
 *
 * Source: struct flow_cache_object and flow_cache_ops, include/net/flow.h, Linux 4.1
 * (doc/spec/flow-cache.md, section 11).
 *
 * Get() and Check() may disagree on one object: a lookup asks Get(), shrinks and flushes ask
 * Check(). Neither may use the cache.  The cache never frees an object; Delete() gives the cache's
 * share back, after which the cache does not touch the object again.
 */
class CacheObject
{
  public:
    virtual ~CacheObject() = default;

    /**
     * @brief May the object answer a lookup?
     * @return the answer; UntilChange spares the next hits a call, and asks of the object's owner
     * that whatever turns it into Refused goes with a FlowCache::NoteChange()
     */
    virtual Consent Get() = 0;

    /// @return whether the object is still valid, so that a shrink or flush may keep it
    /// @see Resolution::isValidUntilChange, which spares the call
    virtual bool Check() = 0;

    /// @return whether a Check() that has just said yes does so until the next
    ///         FlowCache::NoteChange(), so that shrinks and flushes need not ask again
    virtual bool IsValidUntilChange() const
    {
        return false;
    }

    /// @brief The cache gives up its share of the object.
    virtual void Delete() = 0;
};

/// What a resolver found: an object, null ("no policy", which is cached too), or an error.
struct Resolution
{
    CacheObject* object{nullptr}; //!< the object, null with an error
    int32_t error{0};             //!< 0 or a negative errno, which is never cached

    /// The object's Check() says yes until the next FlowCache::NoteChange(), so that shrinks and
    /// flushes need not ask.  Whatever turns it into no must go with a NoteChange().  Not for a
    /// dummy bundle, which Check() never lets stay.
    bool isValidUntilChange{false};

    /// The object's Get() says Consent::UntilChange from now on.
    bool servesUntilChange{false};
};

/// How a lookup in the flow cache ended.
enum class CacheOutcome : uint32_t
{
    Hit,      //!< entry of the current generation, and its object served
    Negative, //!< entry of the current generation without object: null, the resolver is not asked
    Refused,  //!< entry of the current generation whose Get() refused: resolved with the old object
    Stale,    //!< entry of another generation: its object is deleted, then resolved
    Miss,     //!< no entry: one is made and resolved
    Unstored, //!< no entry and no memory for one: resolved, the cache's share deleted at once
    Uncached, //!< family without a key, or CPU without a table: resolved, deleted at once
    NoBuffers //!< no entry and a new one is refused (from 4.6 on): -ENOBUFS, without resolver
};

/// What a lookup in the flow cache returns.
struct CacheAnswer
{
    CacheObject* object{nullptr};            //!< the object, null for "no policy" or with an error
    int32_t error{0};                        //!< 0 or a negative errno
    CacheOutcome outcome{CacheOutcome::Hit}; //!< how the lookup ended
};

} // namespace ns3::xfrm

#endif // XFRM_CACHE_OBJECT_H
