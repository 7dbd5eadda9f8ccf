/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SHIPPED_PROFILES_H
#define XFRM_SHIPPED_PROFILES_H

#include <span>
#include <string_view>

namespace ns3::xfrm
{

/// A cost profile that comes with the module.
struct ShippedProfile
{
    std::string_view name; //!< its name
    std::string_view text; //!< its JSON
};

/// @return those of model/cpu/profiles, which the build makes part of the library
std::span<const ShippedProfile> GetShippedProfiles();

} // namespace ns3::xfrm

#endif // XFRM_SHIPPED_PROFILES_H
