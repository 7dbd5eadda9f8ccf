/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_VALIDATION_HOST_H
#define XFRM_VALIDATION_HOST_H

#include "xfrm-saturated-cores.h"

#include "ns3/xfrm-input.h"
#include "ns3/xfrm-last-chain-cache.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"
#include "ns3/xfrm-output.h"
#include "ns3/xfrm-policy-check.h"
#include "ns3/xfrm-study-routes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// How states of a validation protect packets.
enum class ValidationCipher : uint8_t
{
    Null,  //!< null encryption without authentication
    AesGcm //!< AES-GCM-128
};

/// Where networks and tunnels of validations are.
namespace validation
{
inline const Ipv4Address NEAR_END("192.0.2.1");  //!< a tunnel's end
inline const Ipv4Address FAR_END("192.0.2.2");   //!< its other end
inline const Ipv4Address SOURCE_NET("10.1.0.0"); //!< network that flows are from, 24 bits
inline const Ipv4Address SOURCE("10.1.0.1");     //!< a host there
constexpr uint32_t FIRST_NETWORK{0x10000000};    //!< 16.0.0.0: networks that flows go to
constexpr uint32_t NETWORK_STEP{256};            //!< from a network to the next
} // namespace validation

/// A one-way tunnel.
struct ValidationTunnel
{
    Ipv4Address from;                                //!< near end
    Ipv4Address to;                                  //!< far end
    uint32_t number{0};                              //!< its SPI, from 1, is also its request id
    ValidationCipher cipher{ValidationCipher::Null}; //!< how it protects packets

    /// @return its state, as both ends have it
    StateConfig MakeState() const;

    /**
     * @param direction of the policy
     * @param source its flows' source network, 24 bits @param destination their destination network
     * @return a policy that sends flows into it, or wants them from it
     */
    PolicyConfig MakePolicy(Direction direction, Ipv4Address source, Ipv4Address destination) const;
};

/// @param source its source @param destination its destination @param port its source port
/// @return a flow of UDP that is forwarded
Flow MakeForwardedFlow(Ipv4Address source, Ipv4Address destination, uint16_t port);

/**
 * @ingroup xfrm
 * @brief A forwarding host without packets: the mechanism that published numbers are compared with.
 *
 * Every step is that of packet mode: policy checks, decisions, transformation and input count
 * their work, and profiles price it.
 */
class ValidationHost
{
  public:
    /// Makeup.
    struct Config
    {
        uint32_t nCpus{1};                        //!< CPUs
        std::string kernel{"linux-4.1"};          //!< which kernel is modelled
        std::shared_ptr<LastChains> lastChains{}; //!< of the machine; null: its own
        uint32_t mtu{1500};                       //!< of its devices [bytes]
    };

    /// A packet on the wire.
    struct Sealed
    {
        StateId id;           //!< whose it is
        uint32_t sequence{0}; //!< its number
        uint32_t inside{0};   //!< length of what is inside [bytes]
    };

    /// @param config makeup
    explicit ValidationHost(const Config& config);

    ~ValidationHost();
    ValidationHost(const ValidationHost&) = delete;
    ValidationHost& operator=(const ValidationHost&) = delete;
    ValidationHost(ValidationHost&&) = delete;
    ValidationHost& operator=(ValidationHost&&) = delete;

    /// @brief Install.  @param policy what
    void Add(const PolicyConfig& policy);

    /// @brief Install.  @param state what
    void Add(const StateConfig& state);

    /**
     * @brief Forward a packet: check, decision, transformation.
     * @param flow its flow @param length its length [bytes]
     * @param path states of the layers that it shed
     * @param context where it runs @param used what it used is added here
     * @return what it became, if it was transformed
     */
    std::optional<Sealed> Forward(const Flow& flow,
                                  uint32_t length,
                                  const SecPath& path,
                                  const Context& context,
                                  UsedObjects& used);

    /**
     * @brief Open a packet.
     * @param sealed it @param context where it runs @param used what it used is added here
     * @return states of the layers that it shed
     */
    SecPath Open(const Sealed& sealed, const Context& context, UsedObjects& used);

    /// @brief Check a packet that is for this host.  @param flow its flow
    /// @param path states of the layers that it shed @param context where it runs
    void Deliver(const Flow& flow, const SecPath& path, const Context& context);

    /// @brief Decide on a packet.  @param flow its flow @param context where it runs
    /// @return what is to be done
    OutputDecision Decide(const Flow& flow, const Context& context)
    {
        return m_lookup.DecideForwarded(&flow, m_routes.GetRoute(), context);
    }

    /// @return its namespace
    Namespace& GetNamespace()
    {
        return m_net;
    }

  private:
    uint32_t m_seed{1};             //!< state of the source of hash seeds
    StudyRoutes m_routes;           //!< routes
    PolicyIndexGenerator m_indexes; //!< indexes of policies
    Namespace m_net;                //!< the namespace
    Lookup m_lookup;                //!< output decisions
    PolicyCheck m_check;            //!< checks of forwarded packets
    Output m_output;                //!< transformations
    Input m_input;                  //!< opens packets
};

} // namespace ns3::xfrm

#endif // XFRM_VALIDATION_HOST_H
