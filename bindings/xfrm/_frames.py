# SPDX-License-Identifier: GPL-2.0-only
"""Objects through pipes: a length, then the pickled object."""

import pickle
import struct
from typing import Any, BinaryIO

__all__ = ["read_frame", "write_frame"]

HEAD = struct.Struct("<Q")  # length of what follows [bytes]


def write_frame(file: BinaryIO, thing: Any) -> None:
    """Write an object.

    Parameters
    ----------
    file : binary file
        A pipe.
    thing
        Anything that can be pickled.

    Raises
    ------
    OSError
        If the other end is closed.
    """
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    file.write(HEAD.pack(len(data)) + data)
    file.flush()


def read_frame(file: BinaryIO) -> Any:
    """Wait for an object and read it.

    Parameters
    ----------
    file : binary file
        A pipe, buffered: it reads as much as is asked for.

    Returns
    -------
    object
        What `write_frame` was given.

    Raises
    ------
    EOFError
        If the other end is closed.
    """
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError("the other end is closed")
    (length,) = HEAD.unpack(head)
    data = file.read(length)
    if len(data) < length:
        raise EOFError("the other end is closed")
    return pickle.loads(data)
