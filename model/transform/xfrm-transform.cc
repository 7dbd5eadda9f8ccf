/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-transform.h"

#include "xfrm-ah.h"
#include "xfrm-esp.h"
#include "xfrm-ipcomp.h"

#include "ns3/hash.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

std::shared_ptr<const TransformType>
MakeTransformType(const StateConfig& config)
{
    if (config.mode == Mode::Beet)
    {
        throw std::invalid_argument("mode beet is not modelled: must be transport or tunnel");
    }
    if (config.mode != Mode::Transport && config.mode != Mode::Tunnel)
    {
        throw std::invalid_argument("mode " + std::to_string(static_cast<uint8_t>(config.mode)) +
                                    ": must be 0 (transport) or 1 (tunnel)");
    }
    switch (config.id.proto)
    {
    case PROTO_ESP:
        return std::make_shared<Esp>(config);
    case PROTO_AH:
        return std::make_shared<Ah>(config);
    case PROTO_COMP:
        return std::make_shared<Ipcomp>(config);
    default:
        throw std::invalid_argument("state of protocol " + std::to_string(config.id.proto) +
                                    ": must be 50 (esp), 51 (ah) or 108 (comp)");
    }
}

uint32_t
GetIpHeaderLength(Family family)
{
    return family == Family::Ipv6 ? 40 : 20;
}

uint32_t
GetOuterHeaderLength(const StateConfig& config)
{
    return config.mode == Mode::Tunnel ? GetIpHeaderLength(config.family) : 0;
}

uint64_t
HashKeys(const StateConfig& config)
{
    std::string text;
    for (const auto& algorithm : {config.aead, config.auth, config.encryption})
    {
        if (algorithm)
        {
            text += algorithm->name + '\0';
            text.append(algorithm->key.begin(), algorithm->key.end());
        }
    }
    return Hash64(text);
}

} // namespace ns3::xfrm
