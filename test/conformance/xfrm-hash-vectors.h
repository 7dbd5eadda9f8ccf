/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_HASH_VECTORS_H
#define XFRM_HASH_VECTORS_H

#include "xfrm-conformance.h"

#include <filesystem>

namespace ns3::xfrm::conformance
{

/// @brief Compare Jhash2() with recorded values.
/// @param file a jhash2.csv.gz @return the report @throws InputError if the file is malformed
SetReport ReplayJhash2(const std::filesystem::path& file);

/// @brief Compare FlowKey's bytes and hash with recorded keys.
/// @param file a keylayout.csv.gz @return the report @throws InputError if the file is malformed
SetReport ReplayKeyLayout(const std::filesystem::path& file);

} // namespace ns3::xfrm::conformance

#endif // XFRM_HASH_VECTORS_H
