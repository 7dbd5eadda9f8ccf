/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_H
#define XFRM_IP_XFRM_H

#include "xfrm-ip-xfrm-error.h"

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state-config.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ns3::xfrm
{

/// A device that a selector names; its index is known only where the command is carried out.
struct DeviceName
{
    std::string name;        //!< the name, such as "eth0"
    SourcePosition position; //!< where it stands
};

/// `state add`.
struct StateAdd
{
    StateConfig config;               //!< the state; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `state update`.
struct StateUpdate
{
    StateConfig config;               //!< the state; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `state delete`.
struct StateDelete
{
    StateId id;                  //!< what names the state
    Family family{Family::Ipv4}; //!< family of its addresses
    IpAddress source;            //!< source address, any if not given
    Mark mark;                   //!< mark
};

/// `state flush`.
struct StateFlush
{
    uint8_t proto{PROTO_ANY}; //!< of this protocol only; PROTO_ANY: all
};

/// `policy add`.
struct PolicyAdd
{
    PolicyConfig config;              //!< the policy; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `policy update`.
struct PolicyUpdate
{
    PolicyConfig config;              //!< the policy; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `policy delete`.
struct PolicyDelete
{
    PolicyType type{PolicyType::Main};   //!< type
    Direction direction{Direction::Out}; //!< direction
    uint32_t index{0};                   //!< index; 0: the selector decides
    Selector selector;                   //!< selector; ifindex is 0
    std::optional<DeviceName> device;    //!< device of the selector, if it has one
    Mark mark;                           //!< mark
};

/// `policy flush`.
struct PolicyFlush
{
    PolicyType type{PolicyType::Main}; //!< type
};

/// `policy setdefault`, which Linux 4.1 refuses with EINVAL.
struct PolicySetDefault
{
    std::array<std::optional<PolicyAction>, 3> actions; //!< by Direction; unset: leave as it is
};

/// One command of an `ip xfrm` text.
struct IpXfrmCommand
{
    std::string nameSpace;   //!< network namespace it is for, empty if it names none
    SourcePosition position; //!< where its verb stands
    std::string verb;        //!< the verb as written, such as "add"

    /// What it does.
    std::variant<StateAdd,
                 StateUpdate,
                 StateDelete,
                 StateFlush,
                 PolicyAdd,
                 PolicyUpdate,
                 PolicyDelete,
                 PolicyFlush,
                 PolicySetDefault>
        action;
};

/**
 * @ingroup xfrm
 * @brief Reads `ip xfrm` commands as administrators have them in files and scripts.
 *
 * Source: the command line of iproute2 6.1, ip/ipxfrm.c, ip/xfrm_state.c and ip/xfrm_policy.c, and
 * the checks on a request in net/xfrm/xfrm_user.c, Linux 4.1, as far as they need nothing but the
 * command.  Left out, and refused: the verbs allocspi, get, list, deleteall, count, set and
 * getdefault, the object monitor, ctx, coa, offload, mode beet, and what Linux 4.1 does not have
 * (if_id, output-mark, espintcp, oseq-may-wrap).
 *
 * A line holds one command: `ip` with its options, or `ip netns exec NAME ip`, both also behind
 * sudo; then xfrm, the object, the verb and its words.  What is before the object may be missing,
 * as in a file for `ip -batch`.  The last namespace named counts.  How words are quoted, commented
 * and continued, and what is read of a recording, is said at SplitWords().
 *
 * Objects, verbs, options and modes may be abbreviated as iproute2 allows.  Numbers are decimal,
 * 0x.. or octal 0..  Differences to iproute2: "route2" and "hao" are no protocols here; a template
 * must name its protocol, which Linux 4.1 does not check; the words of a selector may be in any
 * order; words for protocols are those of a table.
 *
 * Nothing is carried out: the whole text is read first.
 */
class IpXfrm
{
  public:
    /**
     * @param text the text
     * @param name what errors call it
     * @return its commands, in order
     * @throws IpXfrmError for the first word that is wrong
     */
    static std::vector<IpXfrmCommand> Read(std::string_view text, const std::string& name);

    /**
     * @param file a file
     * @return its commands, in order
     * @throws IpXfrmError for the first word that is wrong
     * @throws std::system_error if the file can't be read
     */
    static std::vector<IpXfrmCommand> ReadFile(const std::filesystem::path& file);
};

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_H
