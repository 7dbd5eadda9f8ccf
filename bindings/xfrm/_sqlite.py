# SPDX-License-Identifier: GPL-2.0-only
"""SQLite's files and errors, in this package's words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

__all__ = ["connect", "explain", "explained", "is_of_system"]

_Rest = ParamSpec("_Rest")
_Found = TypeVar("_Found")
_Self = TypeVar("_Self", bound="_Named")


class _Named(Protocol):
    @property
    def _name(self) -> str:
        """What errors call it."""


#: What the system refused; other errors are of the file.
_SYSTEM = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file, whatever its name looks like.

    Parameters
    ----------
    path : Path
        The file.
    mode : str
        "ro": to read; "rwc": to write, and made if it is missing.

    Returns
    -------
    sqlite3.Connection
        For any thread, one at a time.  It commits by itself.

    Raises
    ------
    sqlite3.Error
        If it can't be opened.
    """
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def explain(name: str) -> Iterator[None]:
    """Turn errors of SQLite into those of this package.

    Parameters
    ----------
    name : str
        What errors call the file.

    Raises
    ------
    OSError
        If the system refuses: no room, no right to write and the like.
    ValueError
        If the file is damaged or something else, or has been closed.
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        kind = OSError if is_of_system(error) else ValueError
        raise kind(f"{name}: {error}") from error


def explained(
    method: Callable[Concatenate[_Self, _Rest], _Found]
) -> Callable[Concatenate[_Self, _Rest], _Found]:
    """Let a method raise errors as of `explain`, with its object's `_name`."""

    @wraps(method)
    def call(thing: _Self, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> _Found:
        with explain(thing._name):
            return method(thing, *args, **kwargs)

    return call


def is_of_system(error: sqlite3.Error) -> bool:
    """Tell whether the system refused something.

    Parameters
    ----------
    error : sqlite3.Error
        Any error.

    Returns
    -------
    bool
        False: it is of the file, or of what was asked.
    """
    code = getattr(error, "sqlite_errorcode", None)  # errors of Python's module have none
    return code is not None and code & 0xFF in _SYSTEM
