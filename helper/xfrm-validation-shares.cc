/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief V5: shares of functions, those below them included, in the time of a packet of 60 bytes
 * that a gateway encrypts by AES-GCM without AES-NI.
 */

#include "xfrm-validation-host.h"
#include "xfrm-validation-scenario.h"

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t PACKET_BYTES{60}; //!< length of a packet [bytes]

/// @return what a gateway does for a packet of a flow that it knows
Work
DoPacket()
{
    const ValidationTunnel tunnel{Ipv4Address("192.0.2.1"),
                                  Ipv4Address("192.0.2.2"),
                                  1,
                                  ValidationCipher::AesGcm};
    ValidationHost host({});
    host.Add(tunnel.MakeState());
    host.Add(tunnel.MakePolicy(Direction::Out, Ipv4Address("10.1.0.0"), Ipv4Address("10.2.0.0")));
    const Flow flow = MakeForwardedFlow(Ipv4Address("10.1.0.1"), Ipv4Address("10.2.0.1"), 1024);
    UsedObjects used;
    Work first;
    host.Forward(flow, PACKET_BYTES, {}, {0, Time(0), first}, used);
    Work work;
    ++work.packet.nReceived;
    host.Forward(flow, PACKET_BYTES, {}, {0, Time(0), work}, used);
    ++work.packet.nForwarded;
    ++work.packet.nTransmitted;
    return work;
}

/// @return the part of a packet's work that is done in a function and below it
Work
TakePart(const Work& all, const std::string& function)
{
    Work part;
    if (function == "ip_forward")
    {
        part = all;
        part.packet.nReceived = 0;
    }
    else if (function == "esp_output")
    {
        part.transform = all.transform;
    }
    else if (function == "crypto")
    {
        part.transform.nCipherBytes = all.transform.nCipherBytes;
    }
    else
    {
        part.cache = all.cache;
        part.nOutputLookups = function == "xfrm_lookup" ? all.nOutputLookups : 0;
    }
    return part;
}

double
SimulateShares(const TablePlace& place, const CostProfile& profile)
{
    const Work work = DoPacket();
    const double cycles = profile.GetCycles(work);
    return place.row == "all" ? cycles
                              : 100 * profile.GetCycles(TakePart(work, place.row)) / cycles;
}

} // namespace

ValidationScenario
MakeSharesScenario()
{
    ValidationScenario scenario;
    scenario.section = "V5";
    scenario.what = "cycles of a packet, and shares of functions in %";
    scenario
        .rows = {"all", "ip_forward", "esp_output", "crypto", "xfrm_lookup", "flow_cache_lookup"};
    scenario.columns = {"figure"};
    scenario.getBand = [](const TablePlace&) { return Band(); };
    scenario.getProfile = [](const std::string&) { return "linux-4.4-gcm-without-aes-ni"; };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_received",
                                             "packet_forwarded",
                                             "output_lookup",
                                             "cache_hit",
                                             "cipher_aes_gcm_byte"};
    };
    scenario.simulate = SimulateShares;
    return scenario;
}

} // namespace ns3::xfrm
