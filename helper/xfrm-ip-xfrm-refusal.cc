/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-apply.h"

namespace ns3::xfrm
{

namespace
{

constexpr const char* NO_STATE{"no state has this destination, protocol, SPI and mark"};
constexpr const char* NO_POLICY{"no policy has this selector or index, direction, type and mark"};

/// Says what an error of a command means; a function for each kind, null where it says enough.
struct Explainer
{
    int32_t error; //!< the error

    const char* operator()(const StateAdd&) const
    {
        return error == error::EXIST ? "a state with this destination, protocol and SPI is there"
                                     : nullptr;
    }

    const char* operator()(const StateUpdate&) const
    {
        return error == error::SRCH    ? NO_STATE
               : error == error::EXIST ? "the state is the kernel's own"
               : error == error::INVAL ? "the state is at its end"
                                       : nullptr;
    }

    const char* operator()(const StateAllocSpi&) const
    {
        return error == error::NOENT ? "no SPI from min to max is free" : nullptr;
    }

    const char* operator()(const StateReference&) const
    {
        return error == error::SRCH ? NO_STATE : nullptr;
    }

    const char* operator()(const StateDeleteAll&) const
    {
        return error == error::SRCH ? "a state without SPI can't be named" : nullptr;
    }

    const char* operator()(const PolicyAdd&) const
    {
        return error == error::EXIST
                   ? "a policy with this selector, direction, type and mark is there"
                   : nullptr;
    }

    const char* operator()(const PolicyReference&) const
    {
        return error == error::NOENT ? NO_POLICY : nullptr;
    }

    const char* operator()(const PolicyDeleteAll&) const
    {
        return error == error::NOENT ? "ip deletes by index as of ptype main: flush the others"
                                     : nullptr;
    }

    const char* operator()(const PolicySetDefault&) const
    {
        return "Linux 4.1 does not have it";
    }

    template <typename Command>
    const char* operator()(const Command&) const
        requires(!std::is_base_of_v<StateReference, Command> &&
                 !std::is_base_of_v<PolicyReference, Command>)
    {
        return nullptr;
    }
};

} // namespace

std::string
DescribeRefusal(const IpXfrmCommand& command, int32_t error)
{
    const char* const meaning = std::visit(Explainer{error}, command.action);
    return error::GetName(error) + (meaning == nullptr ? "" : std::string(": ") + meaning);
}

} // namespace ns3::xfrm
