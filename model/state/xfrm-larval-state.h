/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LARVAL_STATE_H
#define XFRM_LARVAL_STATE_H

/**
 * @file
 * @ingroup xfrm
 * @brief Larval states: what stands in for a state that key managers were asked for.
 *
 * Source: xfrm_init_tempstate(), __xfrm4_init_tempsel() and what xfrm_state_find() and
 * __find_acq_core() do around them, Linux 4.1 (R148, R154).
 */

#include "xfrm-state.h"

#include "ns3/ptr.h"

#include <cstdint>

namespace ns3::xfrm
{

constexpr uint64_t ACQUIRE_SECONDS{30}; //!< life of a larval state (net.core.xfrm_acq_expires) [s]

/// What a template asks for, for one flow: the inputs of xfrm_state_find() (R140).
struct StateRequest
{
    IpAddress destination;       //!< remote end
    IpAddress source;            //!< local end
    Family family{Family::Ipv4}; //!< family of the outer header (the template's)
    uint32_t reqid{0};           //!< request id, matched exactly, 0 too (C22)
    Mode mode{Mode::Transport};  //!< mode
    uint8_t proto{PROTO_ESP};    //!< protocol
    uint32_t spi{0};             //!< SPI, host order, 0 any
    uint32_t mark{0};            //!< the policy's value & mask (R149)
};

/// What else a larval state is made of.
struct LarvalConfig
{
    Mark mark{};                             //!< the policy's mark
    IpAddress destination{};                 //!< the template's, any: the request's
    IpAddress source{};                      //!< the template's, any: the request's
    uint64_t expirySeconds{ACQUIRE_SECONDS}; //!< its life (acq_expires), 0 for ever [s]
};

/**
 * @brief Make the state that stands for a request while key managers work on it (R148).
 *
 * It takes no flow but this one.  Who makes it asks the key managers next, has their number of the
 * acquire noted by SetSequence(), and hands it to StateDatabase::InsertLarval() if one accepts.
 *
 * @param request what was not found
 * @param flow for which flow
 * @param config what else
 * @return a void state
 */
Ptr<State> MakeLarvalState(const StateRequest& request,
                           const Flow& flow,
                           const LarvalConfig& config);

/**
 * @brief Make the state that keeps an SPI for a state to come (R154).
 * @param wanted destination, source, protocol, family, mode, request id and mark of that one
 * @param expirySeconds its life (acq_expires), 0 for ever [s]
 * @return a void state without SPI, which takes any flow between the two addresses
 */
Ptr<State> MakeLarvalState(const StateConfig& wanted, uint64_t expirySeconds);

} // namespace ns3::xfrm

#endif // XFRM_LARVAL_STATE_H
