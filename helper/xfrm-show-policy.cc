/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-vocabulary.h"
#include "xfrm-show-text.h"

#include <sstream>

namespace ns3::xfrm
{

namespace
{

/// Writes the line of a policy's own words.
void
PrintWords(std::ostream& os, const Policy& policy, const ShowOptions& options)
{
    const PolicyConfig& config = policy.GetConfig();
    os << (policy.IsOfSocket() ? "\tsocket " : "\tdir ")
       << NameValue(vocabulary::DIRECTIONS, config.direction) << ' ';
    if (options.hasDetails || config.action != PolicyAction::Allow)
    {
        os << "action " << NameValue(vocabulary::ACTIONS, config.action) << ' ';
    }
    if (options.hasDetails)
    {
        os << "index " << policy.GetIndex() << ' ';
    }
    os << "priority " << config.priority << " ptype "
       << NameValue(vocabulary::POLICY_TYPES, config.type) << ' ';
    if (options.hasDetails)
    {
        os << "share any ";
    }
    if (options.hasDetails || config.flags != 0)
    {
        os << "flag " << show::NameFlags(config.flags, vocabulary::POLICY_FLAGS);
    }
    if (options.hasDetails)
    {
        os << " (" << show::ToBinary(config.flags) << ')';
    }
    os << '\n';
}

void
PrintTemplate(std::ostream& os, const Template& config, const ShowOptions& options)
{
    os << "\ttmpl src " << show::ToText(config.source, config.family) << " dst "
       << show::ToText(config.destination, config.family) << "\n\t\t";
    show::Print(os, {config.proto, config.spi, config.reqid, config.mode, false}, options);
    if (options.hasDetails || config.isOptional)
    {
        os << "\t\tlevel " << NameValue(vocabulary::LEVELS, config.isOptional) << ' '
           << (options.hasDetails ? "share any " : "") << '\n';
    }
    if (options.hasDetails)
    {
        os << "\t\tenc-mask " << show::ToHex(config.encryptionAlgorithms, 8) << " auth-mask "
           << show::ToHex(config.authAlgorithms, 8) << " comp-mask "
           << show::ToHex(config.compressionAlgorithms, 8) << '\n';
    }
}

} // namespace

void
ShowPolicy(std::ostream& os, const Policy& policy, const ShowOptions& options)
{
    const PolicyConfig& config = policy.GetConfig();
    std::ostringstream text;
    show::Print(text, config.selector, config.family, options);
    PrintWords(text, policy, options);
    if (options.hasDetails)
    {
        show::Print(text, config.limits, policy.GetUse());
    }
    show::Print(text, config.mark);
    for (const Template& each : config.templates)
    {
        PrintTemplate(text, each, options);
    }
    show::PrintLines(os, text.str(), options);
}

} // namespace ns3::xfrm
