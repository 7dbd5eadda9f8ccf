# SPDX-License-Identifier: GPL-2.0-only
"""What a sweep asks a store for."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

from ._schema import from_sql, list_columns, quote

__all__ = ["Found", "find_number", "find_run", "list_kinds", "list_tables", "list_walls"]

_MOST_WALLS = 10000  # more don't make estimates better


@dataclass(frozen=True)
class Found:
    """The last attempt at a run."""

    run: int  #: its number
    kind: str  #: "study" or "run"
    status: str  #: "done", "failed" or "timeout"
    git_commit: str  #: which the module was made of
    attempt: int  #: how many there were, this one included


def find_run(connection: sqlite3.Connection, identity: str) -> Optional[Found]:
    """Look a run up.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.
    identity : str
        The run's.

    Returns
    -------
    Found or None
        Its last attempt; None: there is none.
    """
    row = connection.execute(
        "SELECT run, kind, status, git_commit, attempt FROM runs WHERE identity = ?"
        " ORDER BY attempt DESC LIMIT 1",
        (identity,),
    ).fetchone()
    return None if row is None else Found(*row)


def find_number(connection: sqlite3.Connection, found: Found, name: str) -> Optional[float]:
    """Read a number of a result.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.
    found : Found
        The run, done.
    name : str
        Of the number.

    Returns
    -------
    float or None
        The number; None: it has none.

    Raises
    ------
    KeyError
        If results have no such number.
    """
    names = [column.name for column in list_columns(connection, found.kind, "results")]
    if name not in names:
        raise KeyError(name)
    (value,) = connection.execute(
        f"SELECT {quote(name)} FROM {quote(found.kind + '_results')} WHERE run = ?", (found.run,)
    ).fetchone()
    return None if value is None else float(value)


def list_kinds(connection: sqlite3.Connection) -> list[str]:
    """List the kinds of runs that a store has.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.

    Returns
    -------
    list of str
        "run", "study" or both.
    """
    rows = connection.execute("SELECT DISTINCT kind FROM runs ORDER BY kind")
    return [kind for (kind,) in rows]


def list_tables(connection: sqlite3.Connection, name: str) -> set[int]:
    """List the runs that have a table.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.
    name : str
        Of the table, such as "series".

    Returns
    -------
    set of int
        Their numbers.
    """
    rows = connection.execute("SELECT run FROM tables WHERE name = ?", (name,))
    return {run for (run,) in rows}


def list_walls(connection: sqlite3.Connection, kind: str) -> Iterator[tuple[dict[str, Any], float]]:
    """List what the last runs took.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.
    kind : str
        "study" or "run".

    Yields
    ------
    (dict, float)
        Parameters by name, and the time that it took [s].
    """
    columns = list_columns(connection, kind, "parameters")
    if not columns:
        return
    names = ", ".join(quote(column.name) for column in columns)
    rows = connection.execute(
        f"SELECT wall_s, {names} FROM runs JOIN {quote(kind + '_parameters')} USING (run)"
        f" WHERE status = 'done' ORDER BY run DESC LIMIT {_MOST_WALLS}"
    )
    for wall_s, *values in rows:
        pairs = zip(columns, values)
        yield {column.name: from_sql(column, value) for column, value in pairs}, wall_s
