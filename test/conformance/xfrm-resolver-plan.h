/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RESOLVER_PLAN_H
#define XFRM_RESOLVER_PLAN_H

#include <cstdint>
#include <optional>
#include <string>

namespace ns3::xfrm::conformance
{

/**
 * @ingroup xfrm-tests
 * @brief What the resolver does in a recorded lookup (test/golden/flow-cache/README.md).
 */
struct ResolverPlan
{
    char kind{'N'};         //!< N new object, Z none, E error, K keep the old one
    int32_t error{0};       //!< number of the error of E
    bool bumpsGenid{false}; //!< adds 1 to the generation
    bool failsEntry{false}; //!< the entry's allocation fails

    /// The texts that Parse() takes, in words.
    static constexpr const char* ALLOWED{
        "N, Z, K or E and a number, then + or nothing, then ! or nothing"};

    /// @param text a plan as recorded @return the plan, nothing if the text is none
    static std::optional<ResolverPlan> Parse(const std::string& text);
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_RESOLVER_PLAN_H
