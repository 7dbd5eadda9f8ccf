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

/// A verb of an object: how it is called, what it takes and what is made of that.
struct Verb
{
    std::string_view name; //!< the verb

    /// Reads what follows the verb, which it gets, to the end; null: a verb that is refused.
    IpXfrmAction (*read)(WordCursor&, const Word&);

    std::string_view refusal{}; //!< why it is refused
};

/// @name Readers of the verbs of states, which take what is behind the verb.
/// @{
IpXfrmAction ReadStateAdd(WordCursor& cursor, const Word& verb);
IpXfrmAction ReadStateUpdate(WordCursor& cursor, const Word& verb);
/// @}

/// @name Readers of the verbs of policies, which take what is behind the verb.
/// @{
IpXfrmAction ReadPolicyAdd(WordCursor& cursor, const Word& verb);
IpXfrmAction ReadPolicyUpdate(WordCursor& cursor, const Word& verb);
IpXfrmAction ReadPolicyDelete(WordCursor& cursor, const Word& verb);
IpXfrmAction ReadPolicyGet(WordCursor& cursor, const Word& verb);
/// @}

/// @return the verbs of `ip xfrm state`, in iproute2's order
std::span<const Verb> GetStateVerbs();

/// @return the verbs of `ip xfrm policy`, in iproute2's order
std::span<const Verb> GetPolicyVerbs();

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_OBJECTS_H
