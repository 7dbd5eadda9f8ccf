/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-validation-host.h"

#include "ns3/xfrm-job-planner.h"
#include "ns3/xfrm-sized-packet.h"

#include <stdexcept>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr size_t GCM_KEY_SALT_BYTES{20};   //!< AES-128 key and salt (RFC 4106)
constexpr uint8_t NETWORK_BITS{24};        //!< prefix of networks [bits]
constexpr uint32_t PLAIN_HEADER_BYTES{20}; //!< IPv4 header without options [bytes]

Namespace::Config
MakeNetConfig(const ValidationHost::Config& config)
{
    Namespace::Config net;
    net.cache.nCpus = config.nCpus;
    net.kernel = Kernel::Find(config.kernel);
    net.lastChains = config.lastChains;
    return net;
}

/// @brief Refuse what a scenario can't come to.
void
RequireStep(bool isTrue, const char* what)
{
    if (!isTrue)
    {
        throw std::logic_error(std::string("validation host: ") + what);
    }
}

} // namespace

StateConfig
ValidationTunnel::MakeState() const
{
    StateConfig state;
    state.id = {.destination = to, .spi = number, .proto = PROTO_ESP};
    state.source = from;
    state.mode = Mode::Tunnel;
    state.reqid = number;
    if (cipher == ValidationCipher::AesGcm)
    {
        state.aead = Algorithm{.name = "rfc4106(gcm(aes))",
                               .key = std::vector<uint8_t>(GCM_KEY_SALT_BYTES, uint8_t{0x42}),
                               .icvBits = 128};
        return state;
    }
    state.encryption = Algorithm{.name = "ecb(cipher_null)", .key = {}};
    state.auth = Algorithm{.name = "digest_null", .key = {}};
    return state;
}

PolicyConfig
ValidationTunnel::MakePolicy(Direction direction, Ipv4Address source, Ipv4Address destination) const
{
    PolicyConfig policy;
    policy.direction = direction;
    policy.selector.source = source;
    policy.selector.sourcePrefix = NETWORK_BITS;
    policy.selector.destination = destination;
    policy.selector.destinationPrefix = NETWORK_BITS;
    Template wanted;
    wanted.source = from;
    wanted.destination = to;
    wanted.reqid = number;
    wanted.mode = Mode::Tunnel;
    policy.templates.push_back(wanted);
    return policy;
}

Flow
MakeForwardedFlow(Ipv4Address source, Ipv4Address destination, uint16_t port)
{
    Flow flow;
    flow.common.oif = StudyRoutes::DEVICE;
    flow.common.proto = PROTO_UDP;
    flow.source = source;
    flow.destination = destination;
    flow.upper = UpperLayer::Ports(port, 4096);
    return flow;
}

ValidationHost::ValidationHost(const Config& config)
    : m_routes(config.mtu),
      m_net(MakeNetConfig(config), m_routes, m_indexes, [this] { return m_seed++; }),
      m_lookup(m_net),
      m_check(m_net),
      m_output(m_net),
      m_input(m_net)
{
}

ValidationHost::~ValidationHost() = default;

void
ValidationHost::Add(const PolicyConfig& policy)
{
    RequireStep(m_net.AddPolicy(policy, false, Time(0)) == 0, "policy refused");
    m_net.RunTableWork();
}

void
ValidationHost::Add(const StateConfig& state)
{
    RequireStep(m_net.AddState(state, Time(0)) == 0, "state refused");
    m_net.RunTableWork();
}

std::optional<ValidationHost::Sealed>
ValidationHost::Forward(const Flow& flow,
                        uint32_t length,
                        const SecPath& path,
                        const Context& context,
                        UsedObjects& used)
{
    if (!m_check.PassesUnchecked(Direction::Forward, path, false))
    {
        const CheckResult check = m_check.Check(Direction::Forward, &flow, path, context);
        RequireStep(check.isAccepted, "packet not let through");
    }
    const OutputDecision decision = Decide(flow, context);
    if (decision.verdict == OutputVerdict::Plain)
    {
        return std::nullopt;
    }
    RequireStep(decision.verdict == OutputVerdict::Transform, "packet refused");
    OutputPacket packet;
    packet.header.lengthBytes = PLAIN_HEADER_BYTES;
    packet.header.protocol = PROTO_UDP;
    packet.length = length;
    RequireStep(m_output.Send(*decision.bundle, packet, context).error == 0, "packet not sealed");
    for (const BundleElement& element : decision.bundle->GetElements())
    {
        used.states.push_back(element.state->GetNumber());
    }
    AddLines(*decision.bundle, used.lines);
    const SealedLayer& outer = packet.layers.back();
    return Sealed{.id = outer.state->GetConfig().id,
                  .sequence = static_cast<uint32_t>(outer.sequence),
                  .inside = length};
}

void
ValidationHost::Deliver(const Flow& flow, const SecPath& path, const Context& context)
{
    const CheckResult check = m_check.Check(Direction::In, &flow, path, context);
    RequireStep(check.isAccepted, "packet not let in");
}

SecPath
ValidationHost::Open(const Sealed& sealed, const Context& context, UsedObjects& used)
{
    SizedPacket bytes({sealed.id.spi, sealed.sequence}, sealed.inside);
    SecPath path;
    const InputPacket packet{.destination = sealed.id.destination};
    const InputResult result = m_input.Receive(packet, bytes, path, context);
    RequireStep(result.verdict == InputVerdict::Decapsulated, "packet not opened");
    for (const Ptr<State>& state : path)
    {
        used.states.push_back(state->GetNumber());
    }
    return path;
}

} // namespace ns3::xfrm
