# SPDX-License-Identifier: GPL-2.0-only
"""Flow keys: the bytes that Linux hashes and compares."""

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._flows import make_flows

__all__ = ["Direction", "Family", "flow_keys"]


class Direction(IntEnum):
    """Direction of a flow, with the kernel's numbers."""

    IN = 0
    OUT = 1
    FORWARD = 2


class Family(IntEnum):
    """Address families that have a flow key, with Linux' numbers."""

    IPV4 = 2
    IPV6 = 10
    DECNET = 12


def flow_keys(
    saddr: ArrayLike,
    daddr: ArrayLike,
    *,
    sport: ArrayLike = 0,
    dport: ArrayLike = 0,
    proto: ArrayLike = 17,
    tos: ArrayLike = 0,
    scope: ArrayLike = 0,
    flags: ArrayLike = 0,
    oif: ArrayLike = 0,
    iif: ArrayLike = 0,
    mark: ArrayLike = 0,
    secid: ArrayLike = 0,
    tunnel_id: ArrayLike = 0,
    user_id: ArrayLike = 0,
    kernel: str = "linux-4.1",
) -> NDArray[np.uint32]:
    """Make the flow keys of IPv4 flows.

    All fields but `kernel` are broadcast against each other.  The direction of a flow is compared
    but is no part of its key's words: see `FlowCache.lookup_batch`.

    Parameters
    ----------
    saddr, daddr : array_like
        Addresses: text, `ipaddress.IPv4Address`, or numbers of 32 bits (10.0.0.1 is 0x0a000001).
    sport, dport : array_like
        Ports, in host order.
    proto : array_like
        IP protocol number.
    tos, scope, flags : array_like
        Type of service, route scope, flow flags; 8 bits.
    oif, iif : array_like
        Indexes of the output and input device, 0 unknown; `iif` is 1 for local output.
    mark, secid : array_like
        Packet mark, security label; 32 bits.
    tunnel_id, user_id : array_like
        64 bits, in keys from Linux 4.3 on; 32 bits, from 4.10 on.  Earlier keys are without.
    kernel : str
        First of the kernels with the same keys, as in `FlowCache`.

    Returns
    -------
    ndarray of uint32, shape (..., n_words)
        Key words as a little-endian machine has them; 8, 12 or 14 of them.

    Raises
    ------
    ValueError
        For a value outside its range, shapes that do not fit together, an unknown kernel.
    """
    columns, shape = make_flows(
        {
            "saddr": saddr,
            "daddr": daddr,
            "sport": sport,
            "dport": dport,
            "proto": proto,
            "tos": tos,
            "scope": scope,
            "flags": flags,
            "oif": oif,
            "iif": iif,
            "mark": mark,
            "secid": secid,
            "tunnel_id": tunnel_id,
            "user_id": user_id,
        }
    )
    keys = _core.make_flow_keys(columns, kernel)
    return keys.reshape(*shape, keys.shape[1])
