/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEMPLATE_RESOLVER_H
#define XFRM_TEMPLATE_RESOLVER_H

#include "xfrm-context.h"
#include "xfrm-namespace.h"

#include <vector>

namespace ns3::xfrm
{

/// States for all templates, or an error.
struct ResolvedTemplates
{
    std::vector<Ptr<State>> states; //!< innermost first; fewer than templates if some are optional
    int32_t error{0};               //!< 0 or a negative errno
};

/**
 * @ingroup xfrm
 * @brief Finds the states that some policies' templates ask for.
 *
 * Source: xfrm_tmpl_resolve() and xfrm_tmpl_resolve_one(), net/xfrm/xfrm_policy.c, Linux 4.1 (R34
 * to R38).  Deviation: with two policies the kernel sorts the states by a function that IPv4 does
 * not have, so that its result is undefined; here the states of the SUB policy come first (R35).
 *
 * @param net the namespace
 * @param policies the policies, SUB before MAIN
 * @param flow the flow
 * @param context where it runs
 * @return the states; or -EAGAIN: one is missing and may come; -ENOBUFS: too many templates;
 *         -EHOSTUNREACH: no source address; or another error of the search
 */
ResolvedTemplates ResolveTemplates(Namespace& net,
                                   const std::vector<Ptr<Policy>>& policies,
                                   const Flow& flow,
                                   const Context& context);

} // namespace ns3::xfrm

#endif // XFRM_TEMPLATE_RESOLVER_H
