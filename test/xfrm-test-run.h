/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_RUN_H
#define XFRM_TEST_RUN_H

/**
 * @file
 * @ingroup xfrm-tests
 * @brief What the tests of packet-mode runs have in common.
 */

#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-run-config.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace ns3::xfrm::tests
{

/// @return the tunnel of the recordings, with little traffic
inline RunConfig
MakeTunnelRun()
{
    RunConfig config;
    config.ipXfrm = {std::string(XFRM_GOLDEN_DIR) +
                     "/captures/linux-4.1.6/sizes-gcm128-tunnel.txt"};
    config.duration = MilliSeconds(1100);
    config.interval = MilliSeconds(500);
    config.udpRate = 100;
    config.udpArrivals = Arrivals::Poisson;
    config.tcpBytes = 100000;
    return config;
}

/// @return hosts and gateways without IPsec that send nothing
inline RunConfig
MakeSilentRun()
{
    RunConfig config;
    config.ipXfrm = {NO_IP_XFRM};
    config.duration = MilliSeconds(600);
    config.udpFlows = 0;
    config.tcpFlows = 0;
    config.pingInterval = Time(0);
    return config;
}

/// @return a profile in which a packet that is forwarded takes 2 us, and all else no time
inline std::string
MakeTwoMicroseconds()
{
    std::string text = CostProfile::GetText("free");
    const std::string name = "\"packet_forwarded\": {\n      \"cycles\": 0";
    return text.replace(text.find(name), name.size(), name.substr(0, name.size() - 1) + "2000");
}

/// @return 256 UDP flows of 6 Mpps in all towards two gateways with cores, for 5 ms
inline RunConfig
MakeFloodRun(uint32_t nCores, const std::string& profile)
{
    RunConfig config = MakeSilentRun();
    config.duration = MilliSeconds(5);
    config.cores = nCores;
    config.profile = profile;
    config.udpFlows = 256;
    config.udpRate = 6e6 / 256;
    config.udpSize = 18;
    config.udpStart = Time(0);
    config.edgeRate = DataRate("100Gbps");
    config.coreRate = DataRate("100Gbps");
    config.edgeDelay = MicroSeconds(1);
    config.coreDelay = MicroSeconds(1);
    return config;
}

/// @return what a thing that must fail says
inline std::string
GetError(const std::function<void()>& fail)
{
    try
    {
        fail();
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

/// A name in the folder for scratch files, with nothing there before and after.
class ScratchPath
{
  public:
    /// @param mark tells it from others of this process
    ScratchPath(std::string_view mark, std::nullptr_t)
        : m_path(std::filesystem::temp_directory_path() /
                 ("xfrm run test " + std::to_string(getpid()) + std::string(mark)))
    {
        std::filesystem::remove_all(m_path);
    }

    ScratchPath()
        : ScratchPath("", nullptr)
    {
    }

    /// @param content content of a file to make there @param mark tells it from others
    explicit ScratchPath(const std::string& content, std::string_view mark = "")
        : ScratchPath(mark, nullptr)
    {
        std::ofstream(m_path) << content;
    }

    ~ScratchPath()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    ScratchPath(const ScratchPath&) = delete;
    ScratchPath& operator=(const ScratchPath&) = delete;
    ScratchPath(ScratchPath&&) = delete;
    ScratchPath& operator=(ScratchPath&&) = delete;

    /// @return the name, whole
    std::string Get() const
    {
        return m_path.string();
    }

  private:
    std::filesystem::path m_path; //!< the name
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_RUN_H
