/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-apply.h"

#include <optional>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

/// Carries out one command; a function for each kind.
class Applier
{
  public:
    Applier(Namespace& space, const DeviceIndexByName& findDevice, const Context& context)
        : m_space(space),
          m_findDevice(findDevice),
          m_context(context)
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

    int32_t operator()(const PolicyFlush& command) const
    {
        m_space.FlushPolicies(command.type);
        return 0;
    }

    /// Linux has it from 5.16 on.
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

    Namespace& m_space;                    //!< where to carry it out
    const DeviceIndexByName& m_findDevice; //!< finds devices
    const Context& m_context;              //!< where it runs
};

} // namespace

int32_t
Apply(const IpXfrmCommand& command,
      Namespace& space,
      const DeviceIndexByName& findDevice,
      const Context& context)
{
    try
    {
        return std::visit(Applier(space, findDevice, context), command.action);
    }
    catch (const std::invalid_argument& error)
    {
        throw IpXfrmError(command.position, command.verb, error.what());
    }
}

} // namespace ns3::xfrm
