/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-settings.h"

#include "ns3/xfrm-run-report.h"

#include <cmath>

namespace ns3::xfrm::sim
{

namespace
{

volatile std::sig_atomic_t g_signal{0}; //!< the signal that stops the simulation; 0: none came

} // namespace

int
GetSignal()
{
    return g_signal;
}

void
InterruptGuard::Note(int number)
{
    g_signal = number;
    std::signal(number, SIG_DFL);
}

bool
SimulationProgress::Tell(double share)
{
    const auto now = std::chrono::steady_clock::now();
    if (now - m_lastShown > std::chrono::milliseconds(200) && share > 0)
    {
        const double elapsed = std::chrono::duration<double>(now - m_begin).count();
        m_line.Show("simulated " + ToSeconds(NanoSeconds(GetReached(share))) + " s of " +
                    ToSeconds(m_duration) + " s, " + std::to_string(static_cast<int>(100 * share)) +
                    " %, " + std::to_string(std::lround(elapsed * (1 - share) / share)) +
                    " s left");
        m_lastShown = now;
    }
    return g_signal == 0;
}

int64_t
SimulationProgress::GetReached(double share) const
{
    return std::llround(m_duration.GetSeconds() * share * 1000) * 1000000;
}

} // namespace ns3::xfrm::sim
