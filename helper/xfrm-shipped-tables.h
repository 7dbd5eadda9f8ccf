/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SHIPPED_TABLES_H
#define XFRM_SHIPPED_TABLES_H

#include <string_view>

namespace ns3::xfrm
{

/// @return doc/validation.md, which the build makes part of the library
std::string_view GetShippedTables();

} // namespace ns3::xfrm

#endif // XFRM_SHIPPED_TABLES_H
