/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_REQUEST_H
#define XFRM_STATE_REQUEST_H

/**
 * @file
 * @ingroup xfrm
 * @brief What is asked of the state database, and what it answers.
 */

#include "xfrm-larval-state.h"
#include "xfrm-state.h"

#include "ns3/ptr.h"

#include <cstdint>

namespace ns3::xfrm
{

/// What get-SPI asks for (struct xfrm_userspi_info, R154).
struct SpiRequest
{
    StateConfig wanted; //!< of the state that is to come: destination, source, protocol, family,
        //!< mode, request id, mark, number of the acquire; the rest is not looked at
    uint32_t low{0};                         //!< least SPI, host order
    uint32_t high{0};                        //!< largest SPI, from low; to 65535 for IPcomp
    uint64_t expirySeconds{ACQUIRE_SECONDS}; //!< life of a state made for it (acq_expires) [s]
};

/// What StateDatabase::AllocateSpi() did.
struct SpiAllocation
{
    Ptr<State> state; //!< the larval state that has the SPI; null if there is an error
    int32_t error{0}; //!< error::INVAL for a request that makes no sense, error::NOENT if there is
                      //!< no free SPI
};

/// What StateDatabase::Find() found: a valid state, or an error.
struct FoundState
{
    Ptr<State> state;            //!< the state, or null
    int32_t error{0};            //!< with null: error::SRCH, error::AGAIN or error::EXIST
    bool isAcquireWanted{false}; //!< none and none under way: key managers may be asked; the error
                                 //!< is that of nobody listening (R147)
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_REQUEST_H
