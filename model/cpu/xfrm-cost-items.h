/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_COST_ITEMS_H
#define XFRM_COST_ITEMS_H

#include "xfrm-spin-lock.h"
#include "xfrm-stage.h"

#include "ns3/xfrm-work.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A unit of work that has a price.
 */
struct CostItem
{
    std::string_view name;  //!< its name in profiles
    std::string_view unit;  //!< what a price is for: "packet", "byte", "entry", ...
    std::string_view help;  //!< what the kernel does in it
    size_t offset;          //!< where its count is in a Work [bytes]
    Stage stage;            //!< when it is done
    bool isOptional{false}; //!< profiles may leave its price out: it is free then

    /// @param work what was done @return how often this was
    uint64_t Count(const Work& work) const
    {
        return Count(work, offset);
    }

    /// @param work what was done @param offset where a count is in it [bytes] @return the count
    static uint64_t Count(const Work& work, size_t offset)
    {
        return *reinterpret_cast<const uint64_t*>(reinterpret_cast<const std::byte*>(&work) +
                                                  offset);
    }
};

/// @return all units of work that have prices, in the order of profiles
std::span<const CostItem> GetCostItems();

/**
 * @ingroup xfrm
 * @brief Something that cores do to each other, and that has a price.
 */
struct ContentionItem
{
    std::string_view name;            //!< its name in profiles
    std::string_view unit;            //!< what a price is for
    std::string_view help;            //!< what happens
    double ContentionPrices::*member; //!< where its price goes
    bool isOptional{false};           //!< profiles may leave its price out: it is free then
};

/// @return all that cores do to each other, in the order of profiles
std::span<const ContentionItem> GetContentionItems();

} // namespace ns3::xfrm

#endif // XFRM_COST_ITEMS_H
