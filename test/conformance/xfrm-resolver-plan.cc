/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-resolver-plan.h"

#include <charconv>

namespace ns3::xfrm::conformance
{

namespace
{

/// Takes a sign from the front of a text. @return whether it was there
bool
Take(const char*& next, const char* end, char sign)
{
    if (next == end || *next != sign)
    {
        return false;
    }
    ++next;
    return true;
}

} // namespace

std::optional<ResolverPlan>
ResolverPlan::Parse(const std::string& text)
{
    const char* next = text.data();
    const char* end = next + text.size();
    ResolverPlan plan;
    for (const char kind : {'N', 'Z', 'K', 'E'})
    {
        if (Take(next, end, kind))
        {
            plan.kind = kind;
            break;
        }
    }
    if (next == text.data())
    {
        return std::nullopt;
    }
    if (plan.kind == 'E')
    {
        const auto number = std::from_chars(next, end, plan.error);
        if (number.ec != std::errc() || plan.error <= 0)
        {
            return std::nullopt;
        }
        next = number.ptr;
    }
    plan.bumpsGenid = Take(next, end, '+');
    plan.failsEntry = Take(next, end, '!');
    return next == end ? std::optional(plan) : std::nullopt;
}

} // namespace ns3::xfrm::conformance
