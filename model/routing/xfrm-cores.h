/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORES_H
#define XFRM_CORES_H

#include "xfrm-node-cores.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief What cores and receive queues a node has: settings, to be shared by any number of nodes.
 *
 * An XfrmRouting whose attribute Cores is one of these makes cores of its own by it.
 */
class XfrmCores : public Object
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    /**
     * @return the settings as one
     * @throws std::invalid_argument naming the setting, its value and what is allowed
     */
    xfrm::NodeCores::Config MakeConfig() const;

  private:
    uint32_t m_count{1};       //!< attribute Count
    std::string m_profile;     //!< attribute CostProfile
    uint32_t m_ringSize{512};  //!< attribute RingSize
    uint32_t m_queues{0};      //!< attribute Queues
    std::string m_hashKey;     //!< attribute HashKey
    std::string m_table;       //!< attribute IndirectionTable
    std::string m_affinity;    //!< attribute QueueAffinity
    Time m_delay;              //!< attribute InterruptDelay
    uint32_t m_frames{0};      //!< attribute InterruptFrames
    std::string m_steering;    //!< attribute SteeringCores
    uint32_t m_weight{64};     //!< attribute PollWeight
    uint32_t m_backlog{1000};  //!< attribute MaxBacklog
    std::string m_locks;       //!< attribute Locks
    bool m_usesUdpPorts{true}; //!< attribute HashUdpPorts
    bool m_usesSpi{false};     //!< attribute HashSpi
    uint32_t m_pinned{0};      //!< attribute PinnedCore
    std::string m_placement;   //!< attribute SocketPlacement
};

} // namespace ns3

#endif // XFRM_CORES_H
