/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/abort.h"
#include "ns3/xfrm-transform.h"

#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a makeup that was changed
StateConfig
MakeChanged(uint32_t spi, const std::function<void(StateConfig&)>& change)
{
    StateConfig config = MakeStateConfig(spi);
    if (change)
    {
        change(config);
    }
    return config;
}

/// @return the SPIs of some states, in their order
template <typename States>
std::string
JoinSpis(const States& states)
{
    std::string spis;
    for (const Ptr<State>& state : states)
    {
        spis += (spis.empty() ? "" : " ") + std::to_string(state->GetConfig().id.spi);
    }
    return spis;
}

} // namespace

StateConfig
MakeStateConfig(uint32_t spi)
{
    StateConfig config;
    config.id = {Ipv4Address("203.0.113.2"), spi, PROTO_ESP};
    config.source = Ipv4Address("203.0.113.1");
    config.mode = Mode::Tunnel;
    config.reqid = 1;
    config.aead = MakeAlgorithm("rfc4106(gcm(aes))", 20, 128);
    return config;
}

void
UseAh(StateConfig& config)
{
    config.id.proto = PROTO_AH;
    config.aead.reset();
    config.auth = MakeAlgorithm("hmac(sha1)", 20);
}

Algorithm
MakeAlgorithm(const std::string& name, size_t nKeyBytes, uint32_t icvBits)
{
    return {name, std::vector<uint8_t>(nKeyBytes), icvBits};
}

StateConfig
MakePair(const Algorithm& encryption, const std::optional<Algorithm>& auth)
{
    StateConfig config = MakeStateConfig(1);
    config.aead.reset();
    config.encryption = encryption;
    config.auth = auth;
    return config;
}

StateConfig
MakeCbc(const Algorithm& auth)
{
    return MakePair(MakeAlgorithm("cbc(aes)", 16), auth);
}

Ptr<State>
MakeState(const StateConfig& config)
{
    const bool hasType = config.id.proto == PROTO_ESP || config.id.proto == PROTO_AH;
    return Create<State>(config, hasType ? MakeTransformType(config) : nullptr);
}

StateRequest
MakeStateRequest()
{
    StateRequest request;
    request.destination = Ipv4Address("203.0.113.2");
    request.source = Ipv4Address("203.0.113.1");
    request.reqid = 1;
    request.mode = Mode::Tunnel;
    return request;
}

Flow
MakeStateFlow()
{
    Flow flow;
    flow.common.proto = PROTO_UDP;
    flow.source = Ipv4Address("10.1.0.2");
    flow.destination = Ipv4Address("10.2.0.2");
    flow.upper = UpperLayer::Ports(5000, 6000);
    return flow;
}

Selector
MakeStateSelector()
{
    Selector selector;
    selector.family = static_cast<uint16_t>(Family::Ipv4);
    selector.source = Ipv4Address("10.1.0.2");
    selector.sourcePrefix = 32;
    selector.destination = Ipv4Address("10.2.0.2");
    selector.destinationPrefix = 32;
    selector.destinationPort = 6000;
    selector.destinationPortMask = 0xffff;
    return selector;
}

Ptr<State>
StateDatabaseFixture::Add(uint32_t spi,
                          uint64_t now,
                          const std::function<void(StateConfig&)>& change)
{
    Ptr<State> state = MakeState(MakeChanged(spi, change));
    NS_ABORT_MSG_IF(database.Add(state, now) != 0, "SPI " << spi << " was refused");
    return state;
}

Ptr<State>
StateDatabaseFixture::AddLarval(uint32_t spi,
                                const std::function<void(StateConfig&)>& change,
                                StateStatus status)
{
    Ptr<State> state = Create<State>(MakeChanged(spi, change), nullptr);
    database.InsertLarval(state, 1, status);
    return state;
}

StateDatabase::Found
StateDatabaseFixture::Find(const StateRequest& request)
{
    work = {};
    return database.Find(request, MakeStateFlow(), work);
}

int64_t
StateDatabaseFixture::FindSpi(const StateRequest& request)
{
    const StateDatabase::Found found = Find(request);
    return found.state ? int64_t{found.state->GetConfig().id.spi} : int64_t{found.error};
}

Ptr<State>
StateDatabaseFixture::LookUp(uint32_t spi, uint32_t mark)
{
    work = {};
    return database.LookupBySpi(MakeStateConfig(spi).id, mark, Family::Ipv4, work);
}

std::string
StateDatabaseFixture::GetSpis() const
{
    return JoinSpis(database.GetAll());
}

std::string
StateDatabaseFixture::GetSpis(const StateChain& chain)
{
    return JoinSpis(chain);
}

} // namespace ns3::xfrm::tests
