/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"
#include "xfrm-py-flows.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace py = pybind11;

namespace ns3::xfrm::python
{

FlowColumns::FlowColumns(const py::dict& dict)
    : m_source(dict, "saddr"),
      m_destination(dict, "daddr"),
      m_sourcePort(dict, "sport"),
      m_destinationPort(dict, "dport"),
      m_proto(dict, "proto"),
      m_tos(dict, "tos"),
      m_scope(dict, "scope"),
      m_flags(dict, "flags"),
      m_oif(dict, "oif"),
      m_iif(dict, "iif"),
      m_mark(dict, "mark"),
      m_secid(dict, "secid"),
      m_tunnelId(dict, "tunnel_id"),
      m_userId(dict, "user_id")
{
    for (const auto& [name, column] : dict)
    {
        if (py::len(column) != GetSize())
        {
            throw std::invalid_argument(
                std::string(py::str(name)) + " of " + std::to_string(py::len(column)) +
                " numbers: must have as many as saddr, " + std::to_string(GetSize()));
        }
    }
}

FlowFields
FlowColumns::MakeFields(size_t i) const
{
    return {.oif = m_oif[i],
            .iif = m_iif[i],
            .mark = m_mark[i],
            .tos = m_tos[i],
            .scope = m_scope[i],
            .proto = m_proto[i],
            .flags = m_flags[i],
            .secid = m_secid[i],
            .tunnelId = m_tunnelId[i],
            .userId = m_userId[i]};
}

FlowKey
FlowColumns::MakeKey(size_t i, KeyLayout layout) const
{
    return FlowKey::Ipv4(Direction::Out, // no part of the words
                         MakeFields(i),
                         Ipv4Address(m_source[i]),
                         Ipv4Address(m_destination[i]),
                         UpperLayer::Ports(m_sourcePort[i], m_destinationPort[i]),
                         layout);
}

Flow
FlowColumns::MakeFlow(size_t i) const
{
    const bool isIcmp = m_proto[i] == PROTO_ICMP;
    return {.family = Family::Ipv4,
            .common = MakeFields(i),
            .source = Ipv4Address(m_source[i]),
            .destination = Ipv4Address(m_destination[i]),
            .upper = isIcmp ? UpperLayer::Icmp(static_cast<uint8_t>(m_sourcePort[i]),
                                               static_cast<uint8_t>(m_destinationPort[i]))
                            : UpperLayer::Ports(m_sourcePort[i], m_destinationPort[i])};
}

namespace
{

/// @return key words of n flows; shape (n, words)
py::array_t<uint32_t>
MakeFlowKeys(const py::dict& fields, const std::string& kernel)
{
    const KeyLayout layout = FindGeneration(kernel).layout;
    const FlowColumns columns(fields);
    const size_t nWords = GetKeyWords(static_cast<uint16_t>(Family::Ipv4), layout);
    py::array_t<uint32_t> keys({columns.GetSize(), nWords});
    uint32_t* words = keys.mutable_data();
    const py::gil_scoped_release released;
    for (size_t i = 0; i < columns.GetSize(); ++i, words += nWords)
    {
        std::copy_n(columns.MakeKey(i, layout).View().words, nWords, words);
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
