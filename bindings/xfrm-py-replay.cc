/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-class.h"
#include "xfrm-py-core.h"

#include "ns3/xfrm-replay-window.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// Low halves of sequence numbers as Python brings them; shape (n).
using Sequences = py::array_t<uint32_t, py::array::c_style | py::array::forcecast>;

/// A ReplayWindow for any thread of Python.
class SharedWindow
{
  public:
    /// @param config what is configured @throws std::invalid_argument for one outside its ranges
    explicit SharedWindow(const ReplayWindow::Config& config)
        : m_window(config)
    {
    }

    /// @brief Judge numbers.  @param sequences they @param advances note those that are accepted
    /// @return a ReplayVerdict for each, shape (n)
    py::array_t<uint8_t> Receive(const Sequences& sequences, bool advances)
    {
        const auto n = static_cast<size_t>(sequences.size());
        const uint32_t* given = sequences.data();
        py::array_t<uint8_t> verdicts(sequences.size());
        uint8_t* verdict = verdicts.mutable_data();
        const py::gil_scoped_release released;
        const std::lock_guard lock(m_mutex);
        for (size_t i = 0; i < n; ++i)
        {
            const ReplayVerdict judged = m_window.Check(given[i]);
            verdict[i] = static_cast<uint8_t>(judged);
            if (advances && judged == ReplayVerdict::Accepted)
            {
                m_window.Advance(given[i]);
            }
        }
        return verdicts;
    }

    /// @return high halves of numbers, shape (n)
    py::array_t<uint32_t> GuessHigh(const Sequences& sequences)
    {
        const auto n = static_cast<size_t>(sequences.size());
        const uint32_t* given = sequences.data();
        py::array_t<uint32_t> halves(sequences.size());
        uint32_t* half = halves.mutable_data();
        const py::gil_scoped_release released;
        const std::lock_guard lock(m_mutex);
        for (size_t i = 0; i < n; ++i)
        {
            half[i] = m_window.GuessHigh(given[i]);
        }
        return halves;
    }

    /// @return the next numbers to send, at most so many: fewer when they are used up
    py::array_t<uint64_t> NextOut(int64_t n)
    {
        constexpr int64_t MOST{int64_t{1} << 32};
        CheckWhole("n", n, 0, MOST);
        std::vector<uint64_t> numbers;
        {
            const py::gil_scoped_release released;
            const std::lock_guard lock(m_mutex);
            for (int64_t i = 0; i < n; ++i)
            {
                const auto next = m_window.NextOut();
                if (!next)
                {
                    break;
                }
                numbers.push_back(*next);
            }
        }
        return py::array_t<uint64_t>(static_cast<py::ssize_t>(numbers.size()), numbers.data());
    }

    /// @return highest number received, last number sent, bits seen
    std::tuple<uint64_t, uint64_t, std::vector<uint32_t>> GetContents()
    {
        const std::lock_guard lock(m_mutex);
        return {m_window.GetInSequence(), m_window.GetOutSequence(), m_window.GetBitmap()};
    }

  private:
    ReplayWindow m_window; //!< the window
    std::mutex m_mutex;    //!< held by the one call at work
};

/// @return a window
std::unique_ptr<SharedWindow>
MakeWindow(int64_t size, bool isExtended, bool isRing, uint64_t received, uint64_t sent)
{
    constexpr uint64_t LOW{UINT32_MAX};
    ReplayWindow::Config config;
    config.windowPackets =
        static_cast<uint32_t>(CheckWhole("size", size, 0, ReplayWindow::MAX_WINDOW));
    config.isExtended = isExtended;
    config.isRing = isRing;
    config.inSequence = static_cast<uint32_t>(received & LOW);
    config.inSequenceHigh = static_cast<uint32_t>(received >> 32);
    config.outSequence = static_cast<uint32_t>(sent & LOW);
    config.outSequenceHigh = static_cast<uint32_t>(sent >> 32);
    return std::make_unique<SharedWindow>(config);
}

} // namespace

void
BindReplay(py::module_& module)
{
    const py::class_<SharedWindow> bound =
        py::class_<SharedWindow>(module, "ReplayWindow", py::is_final())
            .def("receive", &SharedWindow::Receive, py::arg("sequences"), py::arg("advances"))
            .def("guess_high", &SharedWindow::GuessHigh, py::arg("sequences"))
            .def("next_out", &SharedWindow::NextOut, py::arg("n"))
            .def("contents", &SharedWindow::GetContents, py::call_guard<py::gil_scoped_release>());
    Seal(bound);
    module.def("make_replay_window",
               &MakeWindow,
               py::arg("size"),
               py::arg("is_extended"),
               py::arg("is_ring"),
               py::arg("received"),
               py::arg("sent"),
               "Make a ReplayWindow.");
}

} // namespace ns3::xfrm::python
