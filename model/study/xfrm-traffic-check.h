/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TRAFFIC_CHECK_H
#define XFRM_TRAFFIC_CHECK_H

#include <sstream>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

/**
 * @param isAllowed whether a value is allowed
 * @param name what it is, with its unit
 * @param value the value
 * @param allowed which values are
 * @throws std::invalid_argument "NAME VALUE: must be ALLOWED", unless it is
 */
template <typename T>
void
CheckTraffic(bool isAllowed, const std::string& name, const T& value, const std::string& allowed)
{
    if (!isAllowed)
    {
        std::ostringstream text;
        text << name << " " << value << ": must be " << allowed;
        throw std::invalid_argument(text.str());
    }
}

} // namespace ns3::xfrm

#endif // XFRM_TRAFFIC_CHECK_H
