/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"

#include "ns3/xfrm-flow-key.h"

#include <algorithm>
#include <cstdint>
#include <pybind11/numpy.h>
#include <string>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// A column of fields; shape (n).
template <typename Number>
using Column = py::array_t<Number>;

/// Columns of the fields of IPv4 flows; all of shape (n), addresses in host order.
struct Columns
{
    /// @param dict name of a field -> array @param name the field's name @return its column
    template <typename Number>
    static Column<Number> Get(const py::dict& dict, const char* name)
    {
        return dict[name].cast<Column<Number>>();
    }

    /// @param dict every field
    explicit Columns(const py::dict& dict)
        : source(Get<uint32_t>(dict, "saddr")),
          destination(Get<uint32_t>(dict, "daddr")),
          sourcePort(Get<uint16_t>(dict, "sport")),
          destinationPort(Get<uint16_t>(dict, "dport")),
          proto(Get<uint8_t>(dict, "proto")),
          tos(Get<uint8_t>(dict, "tos")),
          scope(Get<uint8_t>(dict, "scope")),
          flags(Get<uint8_t>(dict, "flags")),
          oif(Get<int32_t>(dict, "oif")),
          iif(Get<int32_t>(dict, "iif")),
          mark(Get<uint32_t>(dict, "mark")),
          secid(Get<uint32_t>(dict, "secid")),
          tunnelId(Get<uint64_t>(dict, "tunnel_id")),
          userId(Get<uint32_t>(dict, "user_id"))
    {
    }

    /// @param i a row @return the key of its flow
    FlowKey MakeKey(py::ssize_t i, KeyLayout layout) const
    {
        const FlowFields common{.oif = oif.at(i),
                                .iif = iif.at(i),
                                .mark = mark.at(i),
                                .tos = tos.at(i),
                                .scope = scope.at(i),
                                .proto = proto.at(i),
                                .flags = flags.at(i),
                                .secid = secid.at(i),
                                .tunnelId = tunnelId.at(i),
                                .userId = userId.at(i)};
        return FlowKey::Ipv4(Direction::Out, // no part of the words
                             common,
                             Ipv4Address(source.at(i)),
                             Ipv4Address(destination.at(i)),
                             UpperLayer::Ports(sourcePort.at(i), destinationPort.at(i)),
                             layout);
    }

    Column<uint32_t> source;          //!< source address
    Column<uint32_t> destination;     //!< destination address
    Column<uint16_t> sourcePort;      //!< source port
    Column<uint16_t> destinationPort; //!< destination port
    Column<uint8_t> proto;            //!< IP protocol number
    Column<uint8_t> tos;              //!< type of service
    Column<uint8_t> scope;            //!< route scope
    Column<uint8_t> flags;            //!< flow flags
    Column<int32_t> oif;              //!< output device index
    Column<int32_t> iif;              //!< input device index
    Column<uint32_t> mark;            //!< packet mark
    Column<uint32_t> secid;           //!< security label
    Column<uint64_t> tunnelId;        //!< tunnel id
    Column<uint32_t> userId;          //!< user id
};

/// @return key words of n flows; shape (n, words)
py::array_t<uint32_t>
MakeFlowKeys(const py::dict& fields, const std::string& kernel)
{
    const KeyLayout layout = FindGeneration(kernel).layout;
    const Columns columns(fields);
    const py::ssize_t n = columns.source.shape(0);
    const auto nWords =
        static_cast<py::ssize_t>(GetKeyWords(static_cast<uint16_t>(Family::Ipv4), layout));
    py::array_t<uint32_t> keys({n, nWords});
    for (py::ssize_t i = 0; i < n; ++i)
    {
        const FlowKey key = columns.MakeKey(i, layout);
        std::copy_n(key.View().words, nWords, keys.mutable_data(i, 0));
    }
    return keys;
}

} // namespace

void
BindFlowKeys(py::module_& module)
{
    module.def("make_flow_keys",
               &MakeFlowKeys,
               py::arg("fields"),
               py::arg("kernel"),
               "Key words of IPv4 flows, shape (n, words), of columns of shape (n).");
}

} // namespace ns3::xfrm::python
