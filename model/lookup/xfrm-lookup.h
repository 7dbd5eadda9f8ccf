/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOOKUP_H
#define XFRM_LOOKUP_H

#include "xfrm-context.h"
#include "xfrm-lookup-cache.h"
#include "xfrm-namespace.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

/// What output does with a packet.
enum class OutputVerdict : uint8_t
{
    Plain,     //!< it goes out as it is
    Transform, //!< it goes through a chain
    Hold,      //!< it is held until a state is there (R46, R81)
    Blackhole, //!< it is discarded while its sender sees success (R5 to R8)
    Error      //!< it is refused
};

/// What output decided, and why.
struct OutputDecision
{
    OutputVerdict verdict{OutputVerdict::Plain}; //!< what to do
    Ptr<Bundle> bundle;                          //!< the chain, or with Hold the dummy
    int32_t error{0};                            //!< a negative errno, with verdict Error
    std::optional<Counter> counter{};            //!< the counter that was moved
    std::optional<CacheOutcome> cacheOutcome{};  //!< how the flow cache answered, if it was asked
};

/**
 * @ingroup xfrm
 * @brief The output decision: is a packet let through, refused, held, or transformed, and how.
 *
 * Source: xfrm_lookup(), xfrm_lookup_route() and __xfrm_route_forward(),
 * net/xfrm/xfrm_policy.c, Linux 4.1 (R1 to R26, R270).  What the namespace's kernel remembers of
 * earlier lookups is its LookupCache's.
 *
 * The caller has looked up the plain route, and has made the flow as the kernel would have it at
 * that point: R1 and R104 for packets of this host, R103 for others.
 */
class Lookup
{
  public:
    /// What a decision is asked for: the kernel's flags (R4).
    enum class Purpose : uint8_t
    {
        Packet,    //!< a packet of a socket, or to be forwarded (XFRM_LOOKUP_QUEUE)
        Retry,     //!< a held packet, an ICMP error at first, a packet routed anew (none)
        IcmpError, //!< an ICMP error that was refused at first (XFRM_LOOKUP_ICMP)
    };

    /// Which of the held packets a decision is for.
    enum class HeldRole : uint8_t
    {
        Head, //!< the first, which stands for all when their timer fires
        Each  //!< any, when they are released
    };

    /// @param net the namespace; must outlive this
    explicit Lookup(Namespace& net);

    /**
     * @brief Decide on a flow that is of no socket (xfrm_lookup() without one).
     *
     * A state that is missing is -EREMOTE, or -EAGAIN with larval_drop off (R19).
     *
     * @param flow the flow
     * @param original its plain route
     * @param purpose what for
     * @param context where it runs
     * @return what to do; never Blackhole
     */
    OutputDecision Decide(const Flow& flow,
                          const Ptr<Route>& original,
                          Purpose purpose,
                          const Context& context);

    /**
     * @brief Decide on a packet of this host (xfrm_lookup_route() behind ip_route_output_flow()).
     *
     * The policy of its socket decides before those of the host (R10 to R13).  A flow of protocol
     * 0 only asks for a route and is let through (R3).
     *
     * @param flow the flow; its mark is the socket's
     * @param original its plain route @param context where it runs
     * @return what to do; Blackhole while a state is missing, with larval_drop
     */
    OutputDecision DecideLocal(const Flow& flow,
                               const Ptr<Route>& original,
                               const Context& context);

    /**
     * @brief Decide anew on a packet that is held (xfrm_policy_queue_process(), R82, R316).
     * @param flow its flow @param path its plain route @param role which of them it is
     * @param isLocal it is of a socket
     * @param context where it runs
     * @return what to do; never Blackhole
     */
    OutputDecision DecideHeld(const Flow& flow,
                              const Ptr<Route>& path,
                              HeldRole role,
                              bool isLocal,
                              const Context& context);

    /**
     * @brief Decide on a packet that is forwarded (__xfrm_route_forward(), R270).
     * @param flow the flow; null: the packet's header could not be read
     * @param original its plain route @param context where it runs
     * @return what to do; any error drops the packet without a word to its sender
     */
    OutputDecision DecideForwarded(const Flow* flow,
                                   const Ptr<Route>& original,
                                   const Context& context);

    /**
     * @brief Say what a bundle of the flow cache means for a packet (R20 to R23).
     * @param bundle the bundle @param purpose what for @param context where it runs
     * @return what to do; never Blackhole
     */
    OutputDecision Judge(const Ptr<Bundle>& bundle, Purpose purpose, const Context& context);

  private:
    std::optional<OutputDecision> DecideBySocket(const Flow& flow,
                                                 const Ptr<Route>& original,
                                                 const Context& context);
    OutputDecision Judge(const PolicyMatch& match,
                         const Ptr<Bundle>& bundle,
                         const Context& context);
    OutputDecision LetThrough(Purpose purpose);
    OutputDecision Refuse(int32_t error, std::optional<Counter> counter);

    Namespace& m_net; //!< the namespace
};

} // namespace ns3::xfrm

#endif // XFRM_LOOKUP_H
