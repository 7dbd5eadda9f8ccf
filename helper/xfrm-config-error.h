/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CONFIG_ERROR_H
#define XFRM_CONFIG_ERROR_H

#include <stdexcept>

namespace ns3::xfrm
{

/// A setting that can't be: its name, the value, what is allowed.
class ConfigError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace ns3::xfrm

#endif // XFRM_CONFIG_ERROR_H
