/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_OBJECTS_H
#define XFRM_IP_XFRM_OBJECTS_H

/**
 * @file
 * @ingroup xfrm
 * @brief The verbs of the objects that `ip xfrm` knows.
 */

#include "xfrm-ip-xfrm-cursor.h"
#include "xfrm-ip-xfrm.h"

#include <span>
#include <string_view>

namespace ns3::xfrm
{

/// What a command does.
using IpXfrmAction = decltype(IpXfrmCommand::action);

/// A verb of an object.
struct Verb
{
    std::string_view name; //!< the verb

    /// Reads what follows the verb, which it gets, to the end; null: a verb that is not supported.
    IpXfrmAction (*read)(WordCursor&, const Word&);
};

/// @return the verbs of `ip xfrm state`, in iproute2's order
std::span<const Verb> GetStateVerbs();

/// @return the verbs of `ip xfrm policy`, in iproute2's order
std::span<const Verb> GetPolicyVerbs();

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_OBJECTS_H
