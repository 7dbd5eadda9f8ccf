/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-show-json.h"

#include "xfrm-ip-xfrm-vocabulary.h"
#include "xfrm-show-text.h"

#include <nlohmann/json.hpp>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

/// @return an address and its prefix length
std::string
ToPrefix(const IpAddress& address, uint8_t nBits, Family family)
{
    return show::ToText(address, family) + "/" + std::to_string(nBits);
}

/// @return flags by their names, with blanks between
std::string
ListFlags(uint32_t flags, std::span<const NamedValue<uint32_t>> names)
{
    std::string text = show::NameFlags(flags, names);
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

/// @brief Add a selector.  @param selector it @param family of its addresses @param json added to
void
Add(const Selector& selector, Family family, Json& json)
{
    json["src"] = ToPrefix(selector.source, selector.sourcePrefix, family);
    json["dst"] = ToPrefix(selector.destination, selector.destinationPrefix, family);
    json["proto"] = selector.proto;
    json["sport"] = selector.sourcePort;
    json["sport_mask"] = selector.sourcePortMask;
    json["dport"] = selector.destinationPort;
    json["dport_mask"] = selector.destinationPortMask;
    json["dev"] = selector.ifindex;
}

Json
ToJson(const Template& wanted)
{
    return {{"src", show::ToText(wanted.source, wanted.family)},
            {"dst", show::ToText(wanted.destination, wanted.family)},
            {"proto", NameValue(vocabulary::IPSEC_PROTOCOLS, wanted.proto)},
            {"spi", wanted.spi},
            {"reqid", wanted.reqid},
            {"mode", NameValue(vocabulary::MODES, wanted.mode)},
            {"level", NameValue(vocabulary::LEVELS, wanted.isOptional)}};
}

/// @brief Add what was used.  @param use it @param json added to
void
Add(const LifetimeUse& use, Json& json)
{
    json["bytes"] = use.bytes;
    json["packets"] = use.packets;
    json["add_time"] = use.addTime;
    json["use_time"] = use.useTime;
}

/// @brief Add the names of algorithms.  @param config of a state @param json added to
void
AddAlgorithms(const StateConfig& config, Json& json)
{
    const auto add = [&](const char* kind, const std::optional<Algorithm>& algorithm) {
        json[kind] = algorithm ? Json(algorithm->name) : Json();
    };
    add("aead", config.aead);
    add("auth", config.auth);
    add("enc", config.encryption);
    add("comp", config.compression);
}

/// @return where a state is in its life
const char*
GetName(StateStatus status)
{
    switch (status)
    {
    case StateStatus::Void:
        return "void";
    case StateStatus::Acquire:
        return "acquire";
    case StateStatus::Valid:
        return "valid";
    case StateStatus::Error:
        return "error";
    case StateStatus::Expired:
        return "expired";
    case StateStatus::Dead:
        break;
    }
    return "dead";
}

} // namespace

std::string
MakePolicyJson(const Policy& policy)
{
    const PolicyConfig& config = policy.GetConfig();
    Json json{{"index", policy.GetIndex()},
              {"dir", NameValue(vocabulary::DIRECTIONS, config.direction)},
              {"ptype", NameValue(vocabulary::POLICY_TYPES, config.type)},
              {"action", NameValue(vocabulary::ACTIONS, config.action)},
              {"priority", config.priority}};
    Add(config.selector, config.family, json);
    json["mark"] = config.mark.value;
    json["mask"] = config.mark.mask;
    json["flag"] = ListFlags(config.flags, vocabulary::POLICY_FLAGS);
    json["tmpl"] = Json::array();
    for (const Template& each : config.templates)
    {
        json["tmpl"].push_back(ToJson(each));
    }
    Add(policy.GetUse(), json);
    return json.dump();
}

std::string
MakeStateJson(const State& state)
{
    const StateConfig& config = state.GetConfig();
    Json json{{"number", state.GetNumber()},
              {"src", show::ToText(config.source, config.family)},
              {"dst", show::ToText(config.id.destination, config.family)},
              {"proto", NameValue(vocabulary::IPSEC_PROTOCOLS, config.id.proto)},
              {"spi", config.id.spi},
              {"reqid", config.reqid},
              {"mode", NameValue(vocabulary::MODES, config.mode)},
              {"status", GetName(state.GetStatus())},
              {"flag", ListFlags(config.flags, vocabulary::STATE_FLAGS)},
              {"mark", config.mark.value},
              {"mask", config.mark.mask}};
    AddAlgorithms(config, json);
    json["encap"] = config.encapType == EncapType::None
                        ? Json()
                        : Json(NameValue(vocabulary::ENCAP_TYPES, config.encapType));
    json["sport"] = config.encapSourcePort;
    json["dport"] = config.encapDestinationPort;
    json["replay_window"] = state.GetReplay().GetWindow();
    json["seq"] = state.GetReplay().GetInSequence();
    json["oseq"] = state.GetReplay().GetOutSequence();
    json["header_bytes"] = state.GetHeaderLength();
    json["trailer_bytes"] = state.GetTrailerLength();
    json["sel"] = Json();
    if (config.selector.family != 0)
    {
        Add(config.selector, static_cast<Family>(config.selector.family), json["sel"]);
    }
    Add(state.GetUse(), json);
    json["failed"] = state.statistics.nIntegrityFailed;
    json["replay"] = state.statistics.nReplay;
    return json.dump();
}

std::vector<std::string>
ListPolicies(const PolicyDatabase& policies)
{
    std::vector<std::string> list;
    for (const auto& policy : policies.GetAll())
    {
        list.push_back(MakePolicyJson(*policy));
    }
    return list;
}

std::vector<std::string>
ListStates(const StateDatabase& states)
{
    std::vector<std::string> list;
    for (const auto& state : states.GetAll())
    {
        list.push_back(MakeStateJson(*state));
    }
    return list;
}

} // namespace ns3::xfrm
