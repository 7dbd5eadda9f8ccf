/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STAGE_H
#define XFRM_STAGE_H

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ns3::xfrm
{

/**
 * @brief Parts of what is done for a packet, in their order; in each, a core may need a lock.
 *
 * Policies, and searches, of one packet that have the same stage are taken as one.
 */
enum class Stage : uint8_t
{
    Receive,      //!< up to the flow cache's answer
    PolicySearch, //!< in the policy database (xfrm_policy_lock)
    StateSearch,  //!< in the state database (xfrm_state_lock)
    Build,        //!< of a chain
    SharedUse,    //!< of what packets of several states write: lines, no lock (R22a, R223)
    StateUse,     //!< counts and sequence numbers of a state (the lock of struct xfrm_state)
    Transform,    //!< of the packet
    Collect,      //!< dropped entries change hands (flow_cache_gc_lock)
    Send,         //!< to the device, or to a socket
    Transmit      //!< by a queue of the device (netdev_queue's _xmit_lock)
};

inline constexpr size_t N_STAGES{10}; //!< stages

/// @param stage a stage @return what its lock protects, as results call it; empty: no lock
constexpr std::string_view
GetLockName(Stage stage)
{
    switch (stage)
    {
    case Stage::PolicySearch:
        return "policies";
    case Stage::StateSearch:
        return "states";
    case Stage::SharedUse:
        return "lines";
    case Stage::StateUse:
        return "state";
    case Stage::Collect:
        return "gc_list";
    case Stage::Transmit:
        return "transmit_queue";
    default:
        return "";
    }
}

} // namespace ns3::xfrm

#endif // XFRM_STAGE_H
