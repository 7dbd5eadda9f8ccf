/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_LINE_H
#define XFRM_TEST_LINE_H

#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/packet.h"
#include "ns3/xfrm-packet-hook.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// What is installed on the nodes of a test network.
enum class Installed
{
    Nothing,     //!< plain ns-3
    Empty,       //!< the module, with nothing configured
    PassingHook, //!< the module, and a hook that wants every packet and lets it through
    FreeCores,   //!< the module, with four cores a node whose work takes no time
    Gateways     //!< the module, and A and B with four cores at the usual prices
};

/**
 * @ingroup xfrm-tests
 * @brief A hook that decides on every packet and changes none.
 */
class PassingHook : public PacketHook
{
  public:
    /// @param node the node
    explicit PassingHook(const Ptr<Node>& node);

    bool WantsLocal(const Ipv4Route& route) const override;
    int32_t DecideEarly(const Ptr<const Packet>& packet,
                        const Ipv4Header& header,
                        const Ptr<Ipv4Route>& route) override;
    void SendLocal(const Ptr<Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<Ipv4Route>& route) override;
    bool WantsReceived() const override;
    void Forward(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 const Ptr<Ipv4Route>& route,
                 const Ptr<const NetDevice>& input,
                 const ForwardCallback& forward) override;
    bool AllowsDelivery(const Ptr<const Packet>& packet,
                        const Ipv4Header& header,
                        uint32_t interface) override;

    /// What it was handed.
    struct Count
    {
        uint32_t nLocal{0};     //!< packets of its host
        uint32_t nForwarded{0}; //!< packets that its host forwards
    };

    /// @return what all hooks were handed so far
    static Count& Total();

  private:
    Ptr<Node> m_node; //!< the node
};

/// @brief Install on nodes that have their addresses.  @param nodes the nodes @param what what
void Install(const NodeContainer& nodes, Installed what);

/**
 * @ingroup xfrm-tests
 * @brief Four nodes in a line, like those of the recordings: H - A - B - K.
 *
 * H 10.1.0.2, A 10.1.0.1 and 10.9.0.1, B 10.9.0.2 and 10.2.0.1, K 10.2.0.2; 100 Mbps and 1 ms a
 * link, MTU 1500.
 */
class Line
{
  public:
    /// What the links are.
    enum class Link
    {
        PointToPoint,
        Csma
    };

    /// Where the routes come from.
    enum class Routes
    {
        Static, //!< set by hand
        Global, //!< PopulateRoutingTables(), after installing
        Rip,    //!< RIP on all nodes
        Olsr    //!< OLSR on all nodes
    };

    /// Makeup.
    struct Config
    {
        Link link{Link::PointToPoint};           //!< the links
        Routes routes{Routes::Static};           //!< the routes
        Installed installed{Installed::Nothing}; //!< what is on the nodes
    };

    /// @param config makeup
    explicit Line(const Config& config);

    /// @brief Ends what runs: Simulator::Destroy().
    ~Line();

    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    Line(Line&&) = delete;
    Line& operator=(Line&&) = delete;

    NodeContainer nodes; //!< H, A, B, K

    /// @brief UDP H to K and back, TCP H to K and ping H to K, at once.
    /// @param start when they start [s]
    void AddTraffic(double start = 1);

    /// @brief Run until a time.  @param seconds the time [s]
    void Run(double seconds);

    /// @return IP of a node @param node its number, 0 to 3
    Ptr<Ipv4> GetIpv4(uint32_t node) const;

    /// Address of K.
    static const Ipv4Address K;
    /// Address of H.
    static const Ipv4Address H;

  private:
    void InstallStack(Routes routes);
    void AddStaticRoutes();

    int64_t m_stream{1000}; //!< next random stream: others go on counting from run to run
};

/**
 * @ingroup xfrm-tests
 * @brief What the IP layers of some nodes did, with times, a line an event.
 *
 * Packet numbers are left out, since they go on counting from run to run; so is what the pseudo
 * interface sends, and the interface that a sent packet is meant for.
 */
class IpTrace
{
  public:
    /// @param nodes the nodes to listen to
    explicit IpTrace(const NodeContainer& nodes);

    /// @return the events so far
    const std::vector<std::string>& GetLines() const
    {
        return m_lines;
    }

    /**
     * @return the events so far as one text, sorted: RIP and OLSR go through interfaces in the
     *         order of pointers, which differs from run to run
     */
    std::string Join() const;

    /// @return how many events there were @param word what they hold, such as " Rx "
    size_t Count(const std::string& word) const;

  private:
    void Listen(const Ptr<Node>& node);
    void Add(const std::string& what, const Ipv4Header& header, uint32_t sizeBytes);
    static void OnWire(IpTrace* self,
                       const std::string& what,
                       Ptr<const Packet> packet,
                       Ptr<Ipv4> ipv4,
                       uint32_t interface);
    static void OnPacket(IpTrace* self,
                         const std::string& what,
                         const Ipv4Header& header,
                         Ptr<const Packet> packet,
                         uint32_t interface);

    std::vector<std::string> m_lines; //!< the events
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_LINE_H
