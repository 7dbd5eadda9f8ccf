/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-key-manager-model.h"

#include "xfrm-routing.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/ipv4.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmKeyManager);

namespace
{

constexpr uint32_t MAX_ICV_BITS{128}; //!< of combined algorithms [bits]
constexpr uint16_t ANY_KEY_BYTES{32}; //!< of algorithms that would take no key at all [bytes]

/// Words for XfrmKeyManager::Presence, in its order.
constexpr std::array<const char*, 3> PRESENCES{"answering", "silent", "absent"};

/// @return the routing protocol of a node that has IPsec, null if it has none, or no more
Ptr<XfrmRouting>
FindRouting(const Ptr<Node>& node)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    return DynamicCast<XfrmRouting>(ipv4 ? ipv4->GetRoutingProtocol() : nullptr);
}

/// @return the IPsec of a node, null if it has none, or no more
xfrm::Namespace*
FindNamespace(const Ptr<Node>& node)
{
    const Ptr<XfrmRouting> routing = FindRouting(node);
    return routing && routing->IsInstalled() ? &routing->GetNamespace() : nullptr;
}

/// @brief Delete a state, if it is still there.
void
Delete(xfrm::Namespace& net, const xfrm::StateId& id, const xfrm::Mark& mark)
{
    net.DeleteState(id, mark.Get(), xfrm::Family::Ipv4);
}

} // namespace

/// What a node's kernel sees of the manager.
class XfrmKeyManager::Daemon final : public xfrm::KeyManager
{
  public:
    /// @param manager the manager @param node the node; must have IPsec
    Daemon(XfrmKeyManager& manager, const Ptr<Node>& node)
        : m_manager(manager),
          m_node(node),
          m_routing(FindRouting(node))
    {
        m_routing->GetNamespace().AddKeyManager(*this);
    }

    ~Daemon() override
    {
        if (m_routing->IsInstalled())
        {
            m_routing->GetNamespace().RemoveKeyManager(*this);
        }
    }

    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    Daemon(Daemon&&) = delete;
    Daemon& operator=(Daemon&&) = delete;

    bool IsListening() const override
    {
        return m_manager.m_presence != Presence::Absent;
    }

    int32_t Acquire(const Ptr<xfrm::State>& larval,
                    const xfrm::Template& wanted,
                    const Ptr<xfrm::Policy>& /*policy*/) override
    {
        return m_manager.Acquire(m_node, larval, wanted);
    }

    void NotifyPolicyExpiry(const Ptr<xfrm::Policy>& /*policy*/, bool /*isHard*/) override
    {
    }

    void NotifyExpiry(const Ptr<xfrm::State>& state, xfrm::StateExpiry expiry) override
    {
        m_manager.NoteExpiry(state, expiry);
    }

    /// @return its node
    const Ptr<Node>& GetNode() const
    {
        return m_node;
    }

  private:
    XfrmKeyManager& m_manager;  //!< the manager
    Ptr<Node> m_node;           //!< the node
    Ptr<XfrmRouting> m_routing; //!< its IPsec, which may outlive the node's use of it
};

TypeId
XfrmKeyManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::XfrmKeyManager")
            .SetParent<Object>()
            .SetGroupName("Xfrm")
            .AddConstructor<XfrmKeyManager>()
            .AddAttribute(
                "Presence",
                "What becomes of acquires: answering, silent (accepted, never answered), "
                "or absent (nobody listens, -ESRCH)",
                StringValue("answering"),
                MakeStringAccessor(&XfrmKeyManager::SetPresence, &XfrmKeyManager::GetPresence),
                MakeStringChecker())
            .AddAttribute(
                "Delay",
                "Time from an acquire or a limit until both ends have done what it takes (s)",
                StringValue("ns3::ConstantRandomVariable[Constant=0.1]"),
                MakePointerAccessor(&XfrmKeyManager::m_delay),
                MakePointerChecker<RandomVariableStream>())
            .AddAttribute("LossProbability",
                          "Probability that a negotiation comes to nothing, 0 to 1",
                          DoubleValue(0),
                          MakeDoubleAccessor(&XfrmKeyManager::m_lossProbability),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Grace",
                          "Time from a rekeying until the old states are deleted (charon's "
                          "delete_rekeyed_delay); 0: they stay until their hard limits",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&XfrmKeyManager::m_grace),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Aead",
                          "Combined algorithm of the states by its kernel name; empty: Encryption "
                          "and Authentication are used",
                          StringValue("rfc4106(gcm(aes))"),
                          MakeStringAccessor(&XfrmKeyManager::m_aead),
                          MakeStringChecker())
            .AddAttribute("Encryption",
                          "Cipher by its kernel name, without Aead",
                          StringValue("cbc(aes)"),
                          MakeStringAccessor(&XfrmKeyManager::m_encryption),
                          MakeStringChecker())
            .AddAttribute("Authentication",
                          "Authentication algorithm by its kernel name, without Aead",
                          StringValue("hmac(sha1)"),
                          MakeStringAccessor(&XfrmKeyManager::m_authentication),
                          MakeStringChecker())
            .AddAttribute(
                "KeyBytes",
                "Key length of Aead or Encryption, salt included; 0: the shortest (bytes)",
                UintegerValue(0),
                MakeUintegerAccessor(&XfrmKeyManager::m_keyBytes),
                MakeUintegerChecker<uint32_t>(0, 64))
            .AddAttribute("ReplayWindow",
                          "Replay window of the states, 0 none (packets)",
                          UintegerValue(32),
                          MakeUintegerAccessor(&XfrmKeyManager::m_replayWindow),
                          MakeUintegerChecker<uint32_t>(0, 32))
            .AddAttribute("MinSpi",
                          "Least SPI (charon's spi_min)",
                          UintegerValue(0xc0000000),
                          MakeUintegerAccessor(&XfrmKeyManager::m_minSpi),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxSpi",
                          "Largest SPI, from MinSpi (charon's spi_max)",
                          UintegerValue(0xcfffffff),
                          MakeUintegerAccessor(&XfrmKeyManager::m_maxSpi),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("SoftTime",
                          "Age at which states are rekeyed, in whole seconds, 0 never (soft_add)",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&XfrmKeyManager::m_softTime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("HardTime",
                          "Age at which states end, in whole seconds, 0 never (hard_add)",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&XfrmKeyManager::m_hardTime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SoftBytes",
                          "Bytes at which states are rekeyed (soft_byte_limit)",
                          UintegerValue(UINT64_MAX),
                          MakeUintegerAccessor(&XfrmKeyManager::m_softBytes),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("HardBytes",
                          "Bytes at which states end (hard_byte_limit)",
                          UintegerValue(UINT64_MAX),
                          MakeUintegerAccessor(&XfrmKeyManager::m_hardBytes),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("SoftPackets",
                          "Packets at which states are rekeyed (soft_packet_limit)",
                          UintegerValue(UINT64_MAX),
                          MakeUintegerAccessor(&XfrmKeyManager::m_softPackets),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("HardPackets",
                          "Packets at which states end (hard_packet_limit)",
                          UintegerValue(UINT64_MAX),
                          MakeUintegerAccessor(&XfrmKeyManager::m_hardPackets),
                          MakeUintegerChecker<uint64_t>())
            .AddTraceSource("Acquire",
                            "An acquire was accepted",
                            MakeTraceSourceAccessor(&XfrmKeyManager::m_acquireTrace),
                            "ns3::XfrmKeyManager::AcquireCallback")
            .AddTraceSource("Established",
                            "A pair of states that was asked for was installed",
                            MakeTraceSourceAccessor(&XfrmKeyManager::m_establishedTrace),
                            "ns3::XfrmKeyManager::PairCallback")
            .AddTraceSource("Rekeyed",
                            "A pair of states was installed to replace another",
                            MakeTraceSourceAccessor(&XfrmKeyManager::m_rekeyedTrace),
                            "ns3::XfrmKeyManager::PairCallback");
    return tid;
}

XfrmKeyManager::XfrmKeyManager()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

XfrmKeyManager::~XfrmKeyManager() = default;

void
XfrmKeyManager::DoDispose()
{
    m_daemons.clear();
    m_pairs.clear();
    m_delay = nullptr;
    m_random = nullptr;
    Object::DoDispose();
}

void
XfrmKeyManager::SetPresence(const std::string& presence)
{
    const auto found = std::find(PRESENCES.begin(), PRESENCES.end(), presence);
    NS_ABORT_MSG_IF(found == PRESENCES.end(),
                    "XfrmKeyManager: presence " << presence
                                                << ": must be answering, silent or absent");
    m_presence = static_cast<Presence>(found - PRESENCES.begin());
}

std::string
XfrmKeyManager::GetPresence() const
{
    return PRESENCES.at(static_cast<size_t>(m_presence));
}

int64_t
XfrmKeyManager::AssignStreams(int64_t stream)
{
    m_delay->SetStream(stream);
    m_random->SetStream(stream + 1);
    return 2;
}

void
XfrmKeyManager::Attach(const Ptr<Node>& node)
{
    NS_ABORT_MSG_UNLESS(FindNamespace(node),
                        "XfrmKeyManager: node " << node->GetId() << " must have IPsec");
    NS_ABORT_MSG_IF(m_minSpi > m_maxSpi,
                    "XfrmKeyManager: MinSpi " << m_minSpi << ": must be at most MaxSpi "
                                              << m_maxSpi);
    const auto isThis = [&](const auto& daemon) { return daemon->GetNode() == node; };
    NS_ABORT_MSG_IF(std::any_of(m_daemons.begin(), m_daemons.end(), isThis),
                    "XfrmKeyManager: node " << node->GetId() << " is attached already");
    if (m_daemons.empty())
    {
        Simulator::ScheduleDestroy(&XfrmKeyManager::Dispose, Ptr<XfrmKeyManager>(this));
    }
    m_daemons.push_back(std::make_unique<Daemon>(*this, node));
}

// What the kernels tell

int32_t
XfrmKeyManager::Acquire(const Ptr<Node>& node,
                        const Ptr<xfrm::State>& larval,
                        const xfrm::Template& wanted)
{
    if (m_presence == Presence::Absent)
    {
        return xfrm::error::SRCH; // as a message without a subscriber
    }
    if (wanted.spi != 0)
    {
        return xfrm::error::INVAL;
    }
    ++m_counts.nAcquires;
    m_acquireTrace(node, larval);
    const xfrm::StateConfig& asked = larval->GetConfig();
    const Ptr<Node> peer = FindNode(asked.id.destination);
    if (m_presence == Presence::Silent || !peer)
    {
        ++m_counts.nUnanswered;
        return 0;
    }
    Negotiation negotiation{node, peer, {}};
    negotiation.wanted.id = asked.id;
    negotiation.wanted.source = asked.source;
    negotiation.wanted.family = asked.family;
    negotiation.wanted.mode = asked.mode;
    negotiation.wanted.reqid = asked.reqid;
    negotiation.wanted.mark = asked.mark;
    negotiation.wanted.sequence = asked.sequence;
    Begin(negotiation);
    return 0;
}

void
XfrmKeyManager::NoteExpiry(const Ptr<xfrm::State>& state, xfrm::StateExpiry expiry)
{
    const xfrm::StateId& id = state->GetConfig().id;
    const auto found = std::find_if(m_pairs.begin(), m_pairs.end(), [&](const auto& entry) {
        return entry.second.pair.there == id || entry.second.pair.back == id;
    });
    if (found == m_pairs.end())
    {
        return; // larval, or somebody else's
    }
    auto& [number, record] = *found;
    if (expiry == xfrm::StateExpiry::Hard)
    {
        Simulator::Schedule(DrawDelay(), // as long as the peer has to be told
                            &XfrmKeyManager::Close,
                            Ptr<XfrmKeyManager>(this),
                            number);
    }
    else if (m_presence == Presence::Answering && !std::exchange(record.isRekeying, true))
    {
        ++m_counts.nRekeys;
        Begin({record.pair.initiator, record.pair.responder, record.wanted, number});
    }
}

Ptr<Node>
XfrmKeyManager::FindNode(const xfrm::IpAddress& address) const
{
    const Ipv4Address wanted = address.GetIpv4();
    const auto found = std::find_if(m_daemons.begin(), m_daemons.end(), [&](const auto& daemon) {
        return daemon->GetNode()->template GetObject<Ipv4>()->GetInterfaceForAddress(wanted) >= 0;
    });
    return found != m_daemons.end() ? (*found)->GetNode() : nullptr;
}

// Negotiations

Time
XfrmKeyManager::DrawDelay() const
{
    const double seconds = m_delay->GetValue();
    NS_ABORT_MSG_IF(seconds < 0, "XfrmKeyManager: delay of " << seconds << " s: must be 0 or more");
    return Seconds(seconds);
}

void
XfrmKeyManager::Begin(const Negotiation& negotiation)
{
    if (m_random->GetValue() < m_lossProbability)
    {
        ++m_counts.nLost;
        return;
    }
    Simulator::Schedule(DrawDelay(),
                        &XfrmKeyManager::Finish,
                        Ptr<XfrmKeyManager>(this),
                        negotiation);
}

void
XfrmKeyManager::Finish(const Negotiation& negotiation)
{
    xfrm::Namespace* const near = FindNamespace(negotiation.initiator);
    xfrm::Namespace* const far = FindNamespace(negotiation.responder);
    if (m_daemons.empty() || !near || !far)
    {
        return; // disposed of
    }
    Way there{*near, *far, negotiation.wanted};
    Way back{*far, *near, negotiation.wanted};
    std::swap(back.config.id.destination, back.config.source);
    back.config.sequence = 0;
    try
    {
        ChooseKeys(there.config);
        ChooseKeys(back.config);
        if (Install(there, back))
        {
            Enter(negotiation, there.config.id, back.config.id);
            return;
        }
    }
    catch (const std::invalid_argument& error)
    {
        NS_ABORT_MSG("XfrmKeyManager: " << error.what());
    }
    ++m_counts.nRefused;
}

int32_t
XfrmKeyManager::Reserve(Way& way) const
{
    xfrm::StateConfig wanted = way.config;
    wanted.mark = {};
    wanted.sequence = 0;
    const xfrm::SpiAllocation allocation =
        way.receiver.AllocateSpi(wanted, m_minSpi, m_maxSpi, Simulator::Now());
    way.config.id.spi = allocation.state ? allocation.state->GetConfig().id.spi : 0;
    return allocation.error;
}

bool
XfrmKeyManager::Install(Way& there, Way& back) const
{
    if (Reserve(there) != 0 || Reserve(back) != 0)
    {
        return false;
    }
    int32_t error = 0;
    const auto note = [&](int32_t result) { error = error != 0 ? error : result; };
    for (const Way* way : {&there, &back})
    {
        xfrm::StateConfig received = way->config;
        received.mark = {};
        received.sequence = 0;
        note(way->receiver.UpdateState(received, Simulator::Now()));
    }
    for (const Way* way : {&there, &back})
    {
        note(way->sender.AddState(way->config, Simulator::Now()));
    }
    return error == 0;
}

void
XfrmKeyManager::Enter(const Negotiation& negotiation,
                      const xfrm::StateId& there,
                      const xfrm::StateId& back)
{
    const Pair pair{++m_counts.nPairs,
                    negotiation.replaces,
                    negotiation.initiator,
                    negotiation.responder,
                    there,
                    back};
    Record& record = m_pairs.emplace(pair.number, Record{pair, negotiation.wanted}).first->second;
    record.wanted.sequence = 0; // nobody asks for the next one
    if (pair.replaces == 0)
    {
        m_establishedTrace(pair);
        return;
    }
    m_rekeyedTrace(pair);
    if (m_grace.IsStrictlyPositive())
    {
        Simulator::Schedule(m_grace,
                            &XfrmKeyManager::Close,
                            Ptr<XfrmKeyManager>(this),
                            pair.replaces);
    }
}

void
XfrmKeyManager::Close(uint64_t number)
{
    const auto found = m_pairs.find(number);
    if (found == m_pairs.end())
    {
        return;
    }
    const Record record = std::move(found->second);
    m_pairs.erase(found);
    ++m_counts.nClosed;
    xfrm::Namespace& near = *FindNamespace(record.pair.initiator);
    xfrm::Namespace& far = *FindNamespace(record.pair.responder);
    Delete(near, record.pair.there, record.wanted.mark);
    Delete(far, record.pair.back, record.wanted.mark);
    Delete(far, record.pair.there, {});
    Delete(near, record.pair.back, {});
}

// What states are made of

xfrm::LifetimeLimits
XfrmKeyManager::MakeLimits() const
{
    xfrm::LifetimeLimits limits;
    limits.softBytes = m_softBytes;
    limits.hardBytes = m_hardBytes;
    limits.softPackets = m_softPackets;
    limits.hardPackets = m_hardPackets;
    limits.softAddSeconds = static_cast<uint64_t>(m_softTime.ToInteger(Time::S));
    limits.hardAddSeconds = static_cast<uint64_t>(m_hardTime.ToInteger(Time::S));
    return limits;
}

xfrm::Algorithm
XfrmKeyManager::MakeAlgorithm(xfrm::AlgorithmKind kind, const std::string& name)
{
    const xfrm::KeyLengths& lengths = xfrm::FindAlgorithm(kind, name).key;
    const bool isFree = lengths.minBytes == 0 && lengths.maxBytes != 0;
    size_t nBytes = isFree ? ANY_KEY_BYTES : lengths.minBytes;
    if (m_keyBytes != 0 && kind != xfrm::AlgorithmKind::Auth)
    {
        nBytes = m_keyBytes;
    }
    xfrm::Algorithm algorithm{name, std::vector<uint8_t>(nBytes), 0};
    for (uint8_t& byte : algorithm.key)
    {
        byte = static_cast<uint8_t>(m_random->GetInteger(0, UINT8_MAX));
    }
    if (kind == xfrm::AlgorithmKind::Aead)
    {
        algorithm.icvBits = MAX_ICV_BITS;
    }
    return algorithm;
}

void
XfrmKeyManager::ChooseKeys(xfrm::StateConfig& config)
{
    config.limits = MakeLimits();
    config.replay.windowPackets = m_replayWindow;
    if (!m_aead.empty())
    {
        config.aead = MakeAlgorithm(xfrm::AlgorithmKind::Aead, m_aead);
        return;
    }
    config.encryption = MakeAlgorithm(xfrm::AlgorithmKind::Encryption, m_encryption);
    config.auth = MakeAlgorithm(xfrm::AlgorithmKind::Auth, m_authentication);
}

} // namespace ns3
