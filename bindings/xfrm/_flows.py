# SPDX-License-Identifier: GPL-2.0-only
"""Fields of IPv4 flows as arrays."""

from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._arrays import to_whole

__all__ = ["broadcast", "make_flows", "to_addresses"]

_TYPES: dict[str, DTypeLike] = {
    "saddr": np.uint32,
    "daddr": np.uint32,
    "sport": np.uint16,
    "dport": np.uint16,
    "proto": np.uint8,
    "tos": np.uint8,
    "scope": np.uint8,
    "flags": np.uint8,
    "oif": np.int32,
    "iif": np.int32,
    "mark": np.uint32,
    "secid": np.uint32,
    "tunnel_id": np.uint64,
    "user_id": np.uint32,
    "spi": np.uint32,
}


def to_addresses(name: str, value: ArrayLike) -> NDArray[np.uint32]:
    """Convert addresses, text or numbers, to numbers; ValueError for those that are none."""
    array = np.asarray(value)
    if array.dtype.kind not in "UO":
        return to_whole(name, array, np.uint32)
    numbers = np.empty(array.shape, np.uint32)
    for index, address in np.ndenumerate(array):
        try:
            numbers[index] = int(IPv4Address(address))
        except AddressValueError:
            raise ValueError(f"{name} {address}: must be IPv4 addresses") from None
    return numbers


def broadcast(fields: Mapping[str, ArrayLike]) -> tuple[dict[str, NDArray[Any]], tuple[int, ...]]:
    """Broadcast fields against each other.

    Parameters
    ----------
    fields : mapping of str to array_like
        Values by name of the field.

    Returns
    -------
    columns : dict of str to ndarray, shape (n,)
        Of the types that the extension takes.
    shape : tuple of int
        Their shape together, of size n.

    Raises
    ------
    ValueError
        For a value outside its range, and shapes that do not fit together.
    """
    arrays = {
        name: to_addresses(name, value)
        if name in ("saddr", "daddr")
        else to_whole(name, value, _TYPES[name])
        for name, value in fields.items()
    }
    shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    columns = {name: np.broadcast_to(array, shape).reshape(-1) for name, array in arrays.items()}
    return columns, shape


def make_flows(
    given: Mapping[str, ArrayLike],
) -> tuple[dict[str, NDArray[Any]], tuple[int, ...]]:
    """Do the same with all fields of flows, 0 if not given; `proto` 17."""
    names = [name for name in _TYPES if name != "spi"]
    return broadcast({name: given.get(name, 17 if name == "proto" else 0) for name in names})
