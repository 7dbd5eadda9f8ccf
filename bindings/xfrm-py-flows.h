/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_FLOWS_H
#define XFRM_PY_FLOWS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Columns of the fields of IPv4 flows, as Python brings them.
 */

#include "ns3/xfrm-flow.h"

#include <cstddef>
#include <cstdint>
#include <pybind11/numpy.h>

namespace ns3::xfrm::python
{

/// A column of fields; shape (n).  Its numbers can be read without the GIL.
template <typename Number>
class Column
{
  public:
    /// @param dict name of a field -> array @param name the field's name
    Column(const pybind11::dict& dict, const char* name)
        : m_array(dict[name].cast<Array>()),
          m_numbers(m_array.data()),
          m_size(static_cast<size_t>(m_array.size()))
    {
    }

    /// @param i a row @return its field
    Number operator[](size_t i) const
    {
        return m_numbers[i];
    }

    /// @return rows
    size_t GetSize() const
    {
        return m_size;
    }

  private:
    using Array = pybind11::array_t<Number, pybind11::array::c_style | pybind11::array::forcecast>;

    Array m_array;           //!< owner of the numbers
    const Number* m_numbers; //!< the numbers
    size_t m_size;           //!< how many
};

/// Columns of the fields of IPv4 flows; all of one size, addresses in host order.
class FlowColumns
{
  public:
    /// @param dict every field -> array
    /// @throws std::invalid_argument unless all have one size
    explicit FlowColumns(const pybind11::dict& dict);

    /// @return flows
    size_t GetSize() const
    {
        return m_source.GetSize();
    }

    /// @param i a row @param layout a kernel's key layout @return the key of its flow
    FlowKey MakeKey(size_t i, KeyLayout layout) const;

    /// @param i a row @return its flow; of ICMP ports are type and code
    Flow MakeFlow(size_t i) const;

  private:
    FlowFields MakeFields(size_t i) const;

    Column<uint32_t> m_source;          //!< source address
    Column<uint32_t> m_destination;     //!< destination address
    Column<uint16_t> m_sourcePort;      //!< source port
    Column<uint16_t> m_destinationPort; //!< destination port
    Column<uint8_t> m_proto;            //!< IP protocol number
    Column<uint8_t> m_tos;              //!< type of service
    Column<uint8_t> m_scope;            //!< route scope
    Column<uint8_t> m_flags;            //!< flow flags
    Column<int32_t> m_oif;              //!< output device index
    Column<int32_t> m_iif;              //!< input device index
    Column<uint32_t> m_mark;            //!< packet mark
    Column<uint32_t> m_secid;           //!< security label
    Column<uint64_t> m_tunnelId;        //!< tunnel id
    Column<uint32_t> m_userId;          //!< user id
};

} // namespace ns3::xfrm::python

#endif // XFRM_PY_FLOWS_H
