/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SEC_PATH_H
#define XFRM_SEC_PATH_H

#include "ns3/xfrm-state.h"

#include <boost/container/static_vector.hpp>

namespace ns3::xfrm
{

/// States whose layers a received packet shed, outermost first (struct sec_path).
using SecPath = boost::container::static_vector<Ptr<State>, MAX_DEPTH>;

} // namespace ns3::xfrm

#endif // XFRM_SEC_PATH_H
