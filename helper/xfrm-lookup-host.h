/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOOKUP_HOST_H
#define XFRM_LOOKUP_HOST_H

#include "ns3/nstime.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"
#include "ns3/xfrm-study-routes.h"

#include <cstdint>
#include <random>
#include <string>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A host of mechanism alone, which `ip xfrm` commands configure and flows are looked up on.
 *
 * There is no simulation and no node: time is what it is told.  All its packets go out by one
 * device, index StudyRoutes::DEVICE.  There is no key manager, so a state that is missing is an
 * error.  Not thread-safe.
 */
class LookupHost
{
  public:
    /// What it is like.
    struct Config
    {
        uint32_t nCpus{1};               //!< CPUs, 1 to FlowCache::MAX_CPUS
        std::string kernel{"linux-4.1"}; //!< one of Kernel::GetNames()
        uint32_t mtu{1500};              //!< of its device [bytes]
        uint64_t seed{1};                //!< of hash seeds and SPIs
    };

    /// @param config what it is like @throws std::invalid_argument for a value outside its range
    explicit LookupHost(const Config& config);

    ~LookupHost() = default;
    LookupHost(const LookupHost&) = delete;
    LookupHost& operator=(const LookupHost&) = delete;
    LookupHost(LookupHost&&) = delete;
    LookupHost& operator=(LookupHost&&) = delete;

    /**
     * @brief Carry out commands, each when its time has come ("# at TIME").
     * @param text the commands; all are read before the first is carried out
     * @param name what errors call the text
     * @throws IpXfrmError, std::invalid_argument for a command that is wrong or refused, naming
     *         line and errno; those before it stay carried out
     */
    void CarryOut(const std::string& text, const std::string& name);

    /// @brief Let time go on: limits are reached.  @param time since the start; nothing if past
    void WaitUntil(Time time);

    /// @brief Decide on a flow (xfrm_lookup()).  @param flow the flow @param cpu where
    /// @return what is done with its packet
    OutputDecision Decide(const Flow& flow, CpuId cpu);

    /// @brief Run the work that lookups left behind, as worker threads do.
    void RunWantedWork();

    /// @return its policies, states and flow cache
    Namespace& GetNamespace()
    {
        return m_net;
    }

    /// @return the present time, since the start
    Time GetNow() const
    {
        return m_now;
    }

    /// @return what it did
    Work& GetWork()
    {
        return m_work;
    }

  private:
    static Namespace::Config MakeConfig(const Config& config);

    Time m_now{0};                  //!< time since the start
    Work m_work;                    //!< what was done
    std::mt19937_64 m_random;       //!< source of hash seeds and SPIs
    StudyRoutes m_routes;           //!< its routing
    PolicyIndexGenerator m_indexes; //!< its policy indexes
    Namespace m_net;                //!< policies, states, flow cache
    Lookup m_lookup;                //!< looks up
};

} // namespace ns3::xfrm

#endif // XFRM_LOOKUP_HOST_H
