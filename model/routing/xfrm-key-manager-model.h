/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_KEY_MANAGER_MODEL_H
#define XFRM_KEY_MANAGER_MODEL_H

#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"
#include "ns3/xfrm-algorithms.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-key-manager.h"
#include "ns3/xfrm-namespace.h"
#include "ns3/xfrm-state.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief The IKE daemons of some nodes that trust each other: they answer their kernels' acquires.
 *
 * An acquire of an attached node for one that has the wanted address is answered after a random
 * time, or never if the negotiation is lost.  The answer is a pair of states, one a direction, on
 * both nodes: first each receiver reserves an SPI (ALLOCSPI, R154) and replaces the larval state
 * that has it (UPDSA, R151), then each sender adds its state (NEWSA, R150), the asking one with the
 * number of the acquire, which deletes the larval state that asked.  Nothing is sent meanwhile, so
 * no packet meets half a pair.
 *
 * At the first soft limit of any of the four states another pair is negotiated; once it is there
 * the old one is deleted after a grace time, which lets in what is on its way.  When a state ends
 * by a hard limit, the rest of its pair is deleted too, after the time of a negotiation.
 *
 * Source: what charon, strongSwan's daemon, asks of the kernel (RFC 7296: Child SAs).  Left out:
 * the messages, so a lost negotiation is one that all retransmissions did not save; proposals, so
 * the algorithms are those of the attributes whatever the template allows; templates that name an
 * SPI, which are refused; packets' marks, so states for input take any mark.  Two nodes that ask
 * for each other at a time get two pairs.
 *
 * Alive from the first attachment to Simulator::Destroy().
 */
class XfrmKeyManager : public Object
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmKeyManager();
    XfrmKeyManager(const XfrmKeyManager&) = delete;
    XfrmKeyManager& operator=(const XfrmKeyManager&) = delete;
    ~XfrmKeyManager() override;

    /// What becomes of acquires.
    enum class Presence : uint8_t
    {
        Answering, //!< accepted, and negotiated
        Silent,    //!< accepted, and nothing else: larval states live to their end
        Absent     //!< nobody listens: the kernel learns at once that no state will come (R181)
    };

    /// Two states, each on both nodes.
    struct Pair
    {
        uint64_t number{0};   //!< how manieth pair this is, from 1
        uint64_t replaces{0}; //!< number of the pair that this one replaces, 0 none
        Ptr<Node> initiator;  //!< whose kernel asked
        Ptr<Node> responder;  //!< the other end
        xfrm::StateId there;  //!< names the state from initiator to responder
        xfrm::StateId back;   //!< names the state from responder to initiator
    };

    /**
     * What it did so far: what was begun, nAcquires + nRekeys, ended as one of nUnanswered, nLost,
     * nRefused or nPairs, or is under way.
     */
    struct Counts
    {
        uint64_t nAcquires{0};   //!< acquires that it accepted
        uint64_t nRekeys{0};     //!< negotiations that soft limits began
        uint64_t nUnanswered{0}; //!< acquires while it was silent, or for nobody it knows
        uint64_t nLost{0};       //!< negotiations that were lost
        uint64_t nRefused{0};    //!< negotiations whose states a kernel did not take
        uint64_t nPairs{0};      //!< pairs installed
        uint64_t nClosed{0};     //!< pairs deleted
    };

    /// @brief An acquire was accepted.  @param node whose kernel asks @param larval for which state
    using AcquireCallback = void (*)(Ptr<const Node> node, Ptr<const xfrm::State> larval);

    /// @brief A pair was installed.  @param pair the pair
    using PairCallback = void (*)(const Pair& pair);

    /// @brief Run a daemon on a node.
    /// @param node the node; aborts if it has no IPsec, or a daemon of this manager already
    void Attach(const Ptr<Node>& node);

    /// @return what it did so far
    const Counts& GetCounts() const
    {
        return m_counts;
    }

    /// @brief Fix the random numbers.  @param stream first stream to use @return streams used
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    class Daemon;

    /// What is being negotiated.
    struct Negotiation
    {
        Ptr<Node> initiator;      //!< whose kernel asked
        Ptr<Node> responder;      //!< the other end
        xfrm::StateConfig wanted; //!< what the template says of the state between them
        uint64_t replaces{0};     //!< number of the pair that is to be replaced, 0 none
    };

    /// A state that is about to be installed.
    struct Way
    {
        xfrm::Namespace& sender;   //!< where packets are transformed by it
        xfrm::Namespace& receiver; //!< where they are opened by it
        xfrm::StateConfig config;  //!< what it is
    };

    /// A pair in service.
    struct Record
    {
        Pair pair;                //!< the pair
        xfrm::StateConfig wanted; //!< what the template said
        bool isRekeying{false};   //!< another was asked for
    };

    void SetPresence(const std::string& presence);
    std::string GetPresence() const;

    int32_t Acquire(const Ptr<Node>& node,
                    const Ptr<xfrm::State>& larval,
                    const xfrm::Template& wanted);
    void NoteExpiry(const Ptr<xfrm::State>& state, xfrm::StateExpiry expiry);
    Ptr<Node> FindNode(const xfrm::IpAddress& address) const;
    Time DrawDelay() const;
    void Begin(const Negotiation& negotiation);
    void Finish(const Negotiation& negotiation);
    bool Install(Way& there, Way& back) const;
    int32_t Reserve(Way& way) const;
    void Enter(const Negotiation& negotiation,
               const xfrm::StateId& there,
               const xfrm::StateId& back);
    void Close(uint64_t number);
    xfrm::LifetimeLimits MakeLimits() const;
    void ChooseKeys(xfrm::StateConfig& config);
    xfrm::Algorithm MakeAlgorithm(xfrm::AlgorithmKind kind, const std::string& name);

    Presence m_presence{Presence::Answering};       //!< attribute Presence
    Ptr<RandomVariableStream> m_delay;              //!< attribute Delay [s]
    double m_lossProbability{0};                    //!< attribute LossProbability
    Time m_grace;                                   //!< attribute Grace
    std::string m_aead;                             //!< attribute Aead
    std::string m_encryption;                       //!< attribute Encryption
    std::string m_authentication;                   //!< attribute Authentication
    uint32_t m_keyBytes{0};                         //!< attribute KeyBytes [bytes]
    uint32_t m_replayWindow{0};                     //!< attribute ReplayWindow [packets]
    uint32_t m_minSpi{0};                           //!< attribute MinSpi
    uint32_t m_maxSpi{0};                           //!< attribute MaxSpi
    Time m_softTime;                                //!< attribute SoftTime
    Time m_hardTime;                                //!< attribute HardTime
    uint64_t m_softBytes{0};                        //!< attribute SoftBytes [bytes]
    uint64_t m_hardBytes{0};                        //!< attribute HardBytes [bytes]
    uint64_t m_softPackets{0};                      //!< attribute SoftPackets
    uint64_t m_hardPackets{0};                      //!< attribute HardPackets
    Ptr<UniformRandomVariable> m_random;            //!< losses and keys
    std::vector<std::unique_ptr<Daemon>> m_daemons; //!< one a node
    std::map<uint64_t, Record> m_pairs;             //!< pairs in service by number
    Counts m_counts;                                //!< what was done

    TracedCallback<Ptr<const Node>, Ptr<const xfrm::State>> m_acquireTrace; //!< "Acquire"
    TracedCallback<const Pair&> m_establishedTrace;                         //!< "Established"
    TracedCallback<const Pair&> m_rekeyedTrace;                             //!< "Rekeyed"
};

} // namespace ns3

#endif // XFRM_KEY_MANAGER_MODEL_H
