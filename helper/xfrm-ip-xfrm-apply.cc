/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-apply.h"

#include <optional>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// Carries out one command; a function for each kind.
class Applier
{
  public:
    Applier(const IpXfrmCommand& command,
            Namespace& space,
            const DeviceIndexByName& findDevice,
            const Context& context,
            const IpXfrmOutput* output)
        : m_command(command),
          m_space(space),
          m_findDevice(findDevice),
          m_context(context),
          m_output(output)
    {
    }

    int32_t operator()(const StateAdd& command) const
    {
        return m_space.AddState(Resolve(command.config, command.device), m_context.now);
    }

    int32_t operator()(const StateUpdate& command) const
    {
        return m_space.UpdateState(Resolve(command.config, command.device), m_context.now);
    }

    int32_t operator()(const StateAllocSpi& command) const
    {
        const SpiAllocation allocation =
            m_space.AllocateSpi(command.config, command.minSpi, command.maxSpi, m_context.now);
        if (allocation.state && m_output != nullptr)
        {
            ShowState(m_output->os, *allocation.state, GetOptions());
        }
        return allocation.error;
    }

    int32_t operator()(const StateGet& command) const
    {
        StateWork work; // priced by nobody
        const auto state =
            m_space.GetStates().LookupBySpi(command.id, command.mark.Get(), command.family, work);
        if (!state)
        {
            return error::SRCH;
        }
        std::ostream& os = GetOutput();
        ShowState(os, *state, GetOptions());
        return 0;
    }

    int32_t operator()(const StateList& command) const
    {
        std::ostream& os = GetOutput();
        ShowOptions options = GetOptions();
        options.hidesKeys = command.hidesKeys;
        for (const auto& state : m_space.GetStates().GetAll())
        {
            if (command.filter.Takes(state->GetConfig()))
            {
                ShowState(os, *state, options);
            }
        }
        return 0;
    }

    int32_t operator()(const StateDeleteAll& command) const
    {
        int32_t first = 0;
        for (const auto& state : m_space.GetStates().GetAll())
        {
            const StateConfig& config = state->GetConfig();
            if (command.filter.Takes(config))
            {
                const int32_t error =
                    m_space.DeleteState(config.id, config.mark.Get(), config.family);
                first = first == 0 ? error : first;
            }
        }
        return first;
    }

    int32_t operator()(const StateDelete& command) const
    {
        return m_space.DeleteState(command.id, command.mark.Get(), command.family);
    }

    int32_t operator()(const StateFlush& command) const
    {
        m_space.FlushStates(command.proto);
        return 0;
    }

    int32_t operator()(const PolicyAdd& command) const
    {
        return m_space.AddPolicy(Resolve(command.config, command.device), false, m_context.now);
    }

    int32_t operator()(const PolicyUpdate& command) const
    {
        return m_space.AddPolicy(Resolve(command.config, command.device), true, m_context.now);
    }

    int32_t operator()(const PolicyDelete& command) const
    {
        if (command.index != 0)
        {
            return m_space.DeletePolicy(command.type,
                                        command.direction,
                                        command.index,
                                        command.mark,
                                        m_context);
        }
        const Selector selector = Resolve(command, command.device).selector;
        return m_space.DeletePolicy(command.type,
                                    command.direction,
                                    selector,
                                    command.mark,
                                    m_context);
    }

    int32_t operator()(const PolicyGet& command) const
    {
        const auto policy = Find(Resolve(command, command.device));
        if (!policy)
        {
            return error::NOENT;
        }
        std::ostream& os = GetOutput();
        ShowPolicy(os, *policy, GetOptions());
        return 0;
    }

    int32_t operator()(const PolicyList& command) const
    {
        std::ostream& os = GetOutput();
        const PolicyFilter filter = Resolve(command.filter, command.filter.device);
        for (const auto& policy : m_space.GetPolicies().GetAll())
        {
            if (filter.Takes(*policy))
            {
                ShowPolicy(os, *policy, GetOptions());
            }
        }
        return 0;
    }

    int32_t operator()(const PolicyDeleteAll& command) const
    {
        PolicyFilter filter = Resolve(command.filter, command.filter.device);
        filter.hidesSockets = true;
        int32_t first = 0;
        for (const auto& policy : m_space.GetPolicies().GetAll())
        {
            const PolicyConfig& config = policy->GetConfig();
            if (filter.Takes(*policy))
            {
                const int32_t error = m_space.DeletePolicy(PolicyType::Main,
                                                           config.direction,
                                                           policy->GetIndex(),
                                                           config.mark,
                                                           m_context);
                first = first == 0 ? error : first;
            }
        }
        return first;
    }

    int32_t operator()(const PolicySet& command) const
    {
        for (const auto& [family, thresholds] :
             {std::pair(Family::Ipv4, command.ipv4), std::pair(Family::Ipv6, command.ipv6)})
        {
            if (thresholds)
            {
                m_space.SetPolicyThresholds(family, thresholds->localBits, thresholds->remoteBits);
            }
        }
        return 0;
    }

    int32_t operator()(const PolicyFlush& command) const
    {
        m_space.FlushPolicies(command.type);
        return 0;
    }

    /// Linux 4.1 does not have it.
    int32_t operator()(const PolicySetDefault&) const
    {
        return error::INVAL;
    }

  private:
    /// @return the same with the index of the device in its selector
    template <typename Config>
    Config Resolve(Config config, const std::optional<DeviceName>& device) const
    {
        if (device)
        {
            config.selector.ifindex = m_findDevice(device->name);
            if (config.selector.ifindex == 0)
            {
                throw IpXfrmError(device->position, device->name, "must be a device of the host");
            }
        }
        return config;
    }

    /// @return where to write
    std::ostream& GetOutput() const
    {
        if (m_output == nullptr)
        {
            Refuse("must not stand here: nothing takes what it lists");
        }
        return m_output->os;
    }

    /// @return how to write
    ShowOptions GetOptions() const
    {
        return {.hasDetails = m_command.hasDetails,
                .isOneLine = m_command.isOneLine,
                .nameDevice = m_output->nameDevice};
    }

    /// @return the policy that deletion would find (R121), or null
    Ptr<Policy> Find(const PolicyReference& wanted) const
    {
        Ptr<Policy> found;
        for (const auto& policy : m_space.GetPolicies().GetAll())
        {
            const PolicyConfig& config = policy->GetConfig();
            const bool isNamed = wanted.index != 0 ? policy->GetIndex() == wanted.index
                                                   : config.selector == wanted.selector;
            const bool isFirst = !found || config.priority <= found->GetConfig().priority;
            if (isNamed && isFirst && config.type == wanted.type &&
                config.direction == wanted.direction && config.mark.Takes(wanted.mark.Get()))
            {
                found = policy;
            }
        }
        return found;
    }

    /// @param why what is wrong with the verb @throws IpXfrmError
    [[noreturn]] void Refuse(const char* why) const
    {
        throw IpXfrmError(m_command.position, m_command.verb, why);
    }

    const IpXfrmCommand& m_command;        //!< the command
    Namespace& m_space;                    //!< where to carry it out
    const DeviceIndexByName& m_findDevice; //!< finds devices
    const Context& m_context;              //!< where it runs
    const IpXfrmOutput* m_output;          //!< where to write, or null
};

} // namespace

int32_t
Apply(const IpXfrmCommand& command,
      Namespace& space,
      const DeviceIndexByName& findDevice,
      const Context& context,
      const IpXfrmOutput* output)
{
    try
    {
        const int32_t error =
            std::visit(Applier(command, space, findDevice, context, output), command.action);
        space.RunTableWork();
        return error;
    }
    catch (const std::invalid_argument& error)
    {
        throw IpXfrmError(command.position, command.verb, error.what());
    }
}

} // namespace ns3::xfrm
