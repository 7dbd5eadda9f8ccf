/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_NETWORK_H
#define XFRM_TEST_NETWORK_H

#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// A device of a scripted host.
struct ScriptedDevice
{
    int32_t index{0};        //!< index, 0: no device
    uint32_t mtu{1500};      //!< largest packet [bytes]
    bool isUp{true};         //!< it is up
    bool hasNoXfrm{false};   //!< output policies don't apply
    IpAddress source;        //!< address of the host on it
    uint8_t hopLimit{0};     //!< hop limit of its routes, 0 unset
    bool isRouteRight{true}; //!< routes over it are what the table would give
    bool notesChanges{true}; //!< its routes say so
    uint32_t pathMtu{0};     //!< path MTU of its routes, 0 the device's [bytes]
};

class ScriptedRouteTable;

/// A route over a scripted device.
class ScriptedRoute : public Route
{
  public:
    /// @param table whose it is @param device its device; both must outlive the route
    ScriptedRoute(ScriptedRouteTable& table, ScriptedDevice& device);
    ~ScriptedRoute() override;
    ScriptedRoute(const ScriptedRoute&) = delete;
    ScriptedRoute& operator=(const ScriptedRoute&) = delete;
    ScriptedRoute(ScriptedRoute&&) = delete;
    ScriptedRoute& operator=(ScriptedRoute&&) = delete;

    uint32_t GetMtu() const override;
    uint32_t GetDeviceMtu() const override;
    int32_t GetDevice() const override;
    bool IsDeviceUp() const override;
    IpAddress GetSource() const override;
    uint8_t GetHopLimit() const override;
    bool HasNoXfrm() const override;
    bool NotesChanges() const override;

    /// Makes the device's first exception, which kills the route, or edits the one that it is of
    /// (R78).
    void NotePathMtu(uint32_t mtu) override;

  private:
    bool IsStillRight() const override;

    ScriptedRouteTable& m_table; //!< whose it is
    ScriptedDevice& m_device;    //!< its device
    bool m_isOfException;        //!< given when a path MTU was known
    bool m_isKilled{false};      //!< not to be used any more
};

/**
 * @ingroup xfrm-tests
 * @brief A host with two devices: inside (index 2, 10.1.0.1) and outside (index 3, 10.9.0.1).
 *
 * 10.1.0.0/16 lies inside, all else outside.  A source that is neither any nor one of the host's is
 * refused with -EINVAL, as is every lookup while @c failsWith is set.
 */
class ScriptedRouteTable : public RouteTable
{
  public:
    ScriptedRouteTable();

    RouteAnswer Lookup(const RouteRequest& request) override;

    /// @param address an address @return a route there
    Ptr<Route> MakeRoute(const std::string& address);

    ScriptedDevice inside;              //!< towards 10.1.0.0/16
    ScriptedDevice outside;             //!< towards everything else
    int32_t failsWith{0};               //!< error of each lookup, 0 none
    size_t nSpared{0};                  //!< lookups, from the first on, that it spares
    uint32_t nLive{0};                  //!< routes that exist
    std::vector<RouteRequest> requests; //!< what was asked

  private:
    ScriptedDevice& Choose(const IpAddress& destination);
};

/**
 * @ingroup xfrm-tests
 * @brief A namespace on such a host, with short words for what tests configure.
 *
 * The gateway of 10.1.0.0/16 towards 10.2.0.0/16 behind 10.9.0.2.
 */
class NamespaceFixture
{
  public:
    /// @param nCpus its CPUs @param kernel its kernel @param lastChains of the host; null: its own
    explicit NamespaceFixture(uint32_t nCpus = 1,
                              const Kernel& kernel = {},
                              const std::shared_ptr<LastChains>& lastChains = {});

    /// @return a UDP flow 10.1.0.2:5000 -> 10.2.0.2:6000
    static Flow MakeFlow();

    /// @param reqid its request id @return the template of an ESP tunnel 10.9.0.1 -> 10.9.0.2
    static Template MakeTemplate(uint32_t reqid = 1);

    /// @param templates its templates @return an Out policy 10.1.0.0/16 -> 10.2.0.0/16
    static PolicyConfig MakePolicy(std::vector<Template> templates = {});

    /// @param spi its SPI @param reqid its request id @return a GCM tunnel 10.9.0.1 -> 10.9.0.2
    static StateConfig MakeState(uint32_t spi = 0x1001, uint32_t reqid = 1);

    /// @return where code runs now: on CPU @c cpu, at @c now
    Context Here();

    /// @brief Add a policy.  @param config what @return it
    Ptr<Policy> Add(const PolicyConfig& config);

    /// @brief Add a state.  @param config what @return it
    Ptr<State> Add(const StateConfig& config);

    /// @brief Decide on a flow to outside (xfrm_lookup()).
    /// @param flow the flow @param purpose what for @return the decision
    OutputDecision Decide(const Flow& flow = MakeFlow(),
                          Lookup::Purpose purpose = Lookup::Purpose::Packet);

    /// @return counters that are not 0, in their order: "XfrmInError=1 XfrmOutError=2"
    std::string GetCounters() const;

    ScriptedRouteTable routes;    //!< its routing
    PolicyIndexGenerator indexes; //!< its host's policy indexes
    CpuId cpu{0};                 //!< CPU that runs
    Time now{0};                  //!< the time
    Work work;                    //!< all that was done
    Namespace net;                //!< the namespace
    Lookup lookup;                //!< its output decision
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_NETWORK_H
