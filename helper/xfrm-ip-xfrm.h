/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_H
#define XFRM_IP_XFRM_H

#include "xfrm-ip-xfrm-commands.h"
#include "xfrm-ip-xfrm-error.h"

#include "ns3/nstime.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// One command of an `ip xfrm` text.
struct IpXfrmCommand
{
    Time time{0};            //!< when it is to be carried out, since the start
    std::string nameSpace;   //!< network namespace it is for, empty if it names none
    SourcePosition position; //!< where its verb stands
    std::string verb;        //!< the verb as written, such as "add"
    bool hasDetails{false};  //!< what it lists is wanted with details (option -s)
    bool isOneLine{false};   //!< what it lists is wanted in a line each (option -o)
    IpXfrmAction action;     //!< what it does
};

/**
 * @ingroup xfrm
 * @brief Reads `ip xfrm` commands as administrators have them in files and scripts.
 *
 * Source: the command line of iproute2 6.1 (its manual, ip-xfrm(8)), and the checks on a request in
 * net/xfrm/xfrm_user.c, Linux 4.1, as far as they need nothing but the command.  Left out, and
 * refused with the reason: the verbs count and getdefault, the object monitor, ctx, coa, offload,
 * modes other than transport and tunnel, and what Linux 4.1 does not have (if_id, output-mark,
 * espintcp, oseq-may-wrap).
 *
 * A comment "# at TIME" on a line of its own, as in "# at 2.5s", says when the commands behind it
 * are to be carried out; without one that is at the start.  Times have a unit (ns, us, ms, s, min,
 * h) and never go back.  For a shell and for `ip -batch` it is a comment.
 *
 * A line holds one command: `ip` with its options, or `ip netns exec NAME ip`, both also behind
 * sudo; then xfrm, the object, the verb and its words.  What is before the object may be missing,
 * as in a file for `ip -batch`; without a verb, list is meant.  The last namespace named counts.
 * How words are quoted, commented and continued, and what is read of a recording, is said at
 * SplitWords().
 *
 * Objects, verbs, options and modes may be abbreviated as iproute2 allows.  Numbers are decimal,
 * 0x.. or octal 0..  Differences to iproute2: "route2" and "hao" are no protocols here; a template
 * must name its protocol, and the value of a mark must lie within its mask, which Linux 4.1 does
 * not check; the words of a selector may be in any order; words for protocols are those of a
 * table.
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
