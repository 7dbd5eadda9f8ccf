/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"

#include "ns3/xfrm-esp.h"
#include "ns3/xfrm-ip-xfrm.h"
#include "ns3/xfrm-transform.h"

#include <cstdint>
#include <pybind11/numpy.h>
#include <stdexcept>
#include <string>
#include <variant>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// Lengths as Python brings them; shape (n) [bytes].
using Lengths = py::array_t<uint32_t, py::array::c_style | py::array::forcecast>;

/// @return the state of ESP that a text adds @throws std::invalid_argument for another text
StateConfig
ReadState(const std::string& text)
{
    const auto commands = IpXfrm::Read(text, "state");
    const auto* add =
        commands.size() == 1 ? std::get_if<StateAdd>(&commands.front().action) : nullptr;
    if (!add || add->config.id.proto != PROTO_ESP)
    {
        throw std::invalid_argument("state: must be one command that adds a state of ESP");
    }
    return add->config;
}

/// @return what a function says of each length, shape (n)
template <typename Function>
py::array_t<uint32_t>
Map(const Lengths& lengths, const Function& function)
{
    const auto n = static_cast<size_t>(lengths.size());
    const uint32_t* given = lengths.data();
    py::array_t<uint32_t> results(lengths.size());
    uint32_t* result = results.mutable_data();
    const py::gil_scoped_release released;
    for (size_t i = 0; i < n; ++i)
    {
        result[i] = function(given[i]);
    }
    return results;
}

/// @return the fixed lengths of a state of ESP
py::dict
GetParts(const std::string& state)
{
    using namespace py::literals;
    const Esp esp(ReadState(state));
    return py::dict("header_bytes"_a = esp.GetHeaderLength(),
                    "trailer_bytes"_a = esp.GetTrailerLength(),
                    "iv_bytes"_a = esp.GetIvLength(),
                    "block_bytes"_a = esp.GetBlockLength(),
                    "icv_bytes"_a = esp.GetIcvLength(),
                    "encap_bytes"_a = esp.GetEncapLength());
}

/// @param what "sealed", "cipher", "pad" or "mtu" @return lengths for lengths, shape (n) [bytes]
py::array_t<uint32_t>
MapLengths(const std::string& state, const std::string& what, const Lengths& lengths)
{
    const StateConfig config = ReadState(state);
    const Esp esp(config);
    const uint32_t padTo = config.tfcPad;
    if (what == "sealed")
    {
        const uint32_t outer = GetOuterHeaderLength(config);
        return Map(lengths, [&](uint32_t n) { return outer + esp.GetSealedLength(n, padTo); });
    }
    if (what == "cipher")
    {
        return Map(lengths, [&](uint32_t n) { return esp.GetCipherLength(n, padTo); });
    }
    if (what == "pad")
    {
        return Map(lengths, [&](uint32_t n) { return esp.GetPadLength(n, padTo); });
    }
    return Map(lengths, [&](uint32_t n) { return esp.GetMtu(n).value_or(0); });
}

} // namespace

void
BindEsp(py::module_& module)
{
    module.def("esp_parts", &GetParts, py::arg("state"), "Lengths of the parts of ESP.");
    module.def("esp_lengths",
               &MapLengths,
               py::arg("state"),
               py::arg("what"),
               py::arg("lengths"),
               "Lengths that ESP makes of lengths.");
}

} // namespace ns3::xfrm::python
