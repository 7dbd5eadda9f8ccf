/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ipsec.h"

namespace ns3::xfrm::error
{

const char*
GetName(int32_t error)
{
    switch (error)
    {
    case 0:
        return "ok";
    case PERM:
        return "EPERM";
    case NOENT:
        return "ENOENT";
    case SRCH:
        return "ESRCH";
    case AGAIN:
        return "EAGAIN";
    case NOMEM:
        return "ENOMEM";
    case EXIST:
        return "EEXIST";
    case NODEV:
        return "ENODEV";
    case INVAL:
        return "EINVAL";
    case REMOTE:
        return "EREMOTE";
    case BADMSG:
        return "EBADMSG";
    case OVERRUN:
        return "EOVERFLOW";
    case MSGSIZE:
        return "EMSGSIZE";
    case AFNOSUPPORT:
        return "EAFNOSUPPORT";
    case NETUNREACH:
        return "ENETUNREACH";
    case NOBUFS:
        return "ENOBUFS";
    case HOSTUNREACH:
        return "EHOSTUNREACH";
    default:
        return "unknown error";
    }
}

} // namespace ns3::xfrm::error
