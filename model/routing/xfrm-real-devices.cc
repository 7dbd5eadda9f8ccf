/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-real-devices.h"

#include "ns3/channel.h"

#include <algorithm>
#include <vector>

namespace ns3::xfrm
{

namespace
{

/// @return the types of devices of the host that simulates, those that there are in this program
std::vector<TypeId>
FindRealTypes()
{
    std::vector<TypeId> types;
    for (const char* name :
         {"ns3::DpdkNetDevice", "ns3::FdNetDevice", "ns3::NetmapNetDevice", "ns3::TapBridge"})
    {
        TypeId type;
        if (TypeId::LookupByNameFailSafe(name, &type))
        {
            types.push_back(type);
        }
    }
    return types;
}

/// @return whether a node has a device of one of some types
bool
HasDevice(const Node& node, const std::vector<TypeId>& types)
{
    for (uint32_t i = 0; i < node.GetNDevices(); ++i)
    {
        if (std::find(types.begin(), types.end(), node.GetDevice(i)->GetInstanceTypeId()) !=
            types.end())
        {
            return true;
        }
    }
    return false;
}

/// @return whether a node on the channel of a device has a device of one of some types
bool
HasDeviceNextTo(const NetDevice& device, const std::vector<TypeId>& types)
{
    const Ptr<Channel> channel = device.GetChannel();
    const size_t nDevices = channel ? channel->GetNDevices() : 0;
    for (size_t i = 0; i < nDevices; ++i)
    {
        const Ptr<NetDevice> other = channel->GetDevice(i); // null of one that only interferes
        const Ptr<Node> node = other ? other->GetNode() : nullptr;
        if (node && HasDevice(*node, types))
        {
            return true;
        }
    }
    return false;
}

} // namespace

bool
IsRealNear(const Node& node)
{
    const std::vector<TypeId> types = FindRealTypes();
    if (types.empty())
    {
        return false; // the usual case, in which no channel is looked at
    }
    for (uint32_t i = 0; i < node.GetNDevices(); ++i)
    {
        if (HasDeviceNextTo(*node.GetDevice(i), types))
        {
            return true;
        }
    }
    return HasDevice(node, types);
}

} // namespace ns3::xfrm
