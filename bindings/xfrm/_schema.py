# SPDX-License-Identifier: GPL-2.0-only
"""What a store's file looks like: tables of SQLite, and their typed columns."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional, Union

__all__ = [
    "Column",
    "add_columns",
    "check_format",
    "create_schema",
    "from_sql",
    "list_columns",
    "quote",
    "to_sql",
]

FORMAT = "xfrm-store-1"

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- One row for each attempt at a run.  Its parameters are in KIND_parameters, its numbers in
-- KIND_results, of KIND study or run; the views studies and packet_runs have all of it.
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,        -- hash of parameters, seed, files that they name and version
    kind TEXT NOT NULL,
    attempt INTEGER NOT NULL,      -- from 1 on
    status TEXT NOT NULL,          -- done, failed or timeout
    error TEXT NOT NULL,           -- one line; empty of done
    module_version TEXT NOT NULL,
    ns3_version TEXT NOT NULL,
    git_commit TEXT NOT NULL,
    profile_hash TEXT NOT NULL,    -- SHA-256 of the cost profile
    host TEXT NOT NULL,
    started TEXT NOT NULL,         -- UTC
    wall_s REAL NOT NULL,
    UNIQUE (identity, attempt)
);
CREATE UNIQUE INDEX done_once ON runs (identity) WHERE status = 'done';

-- Columns of the tables above and of those in "tables".
CREATE TABLE columns (
    kind TEXT NOT NULL,
    place TEXT NOT NULL,           -- parameters, results, or a name in "tables"
    name TEXT NOT NULL,
    type TEXT NOT NULL,            -- whole, real, time, rate, bool, text, word or list
    unit TEXT NOT NULL,
    PRIMARY KEY (kind, place, name)
);

-- Series, histograms and the like: NumPy arrays (.npy) of records, first bytes of all first,
-- compressed by zlib.  The documentation of the Python class Store tells how to read them.
CREATE TABLE tables (
    run INTEGER NOT NULL REFERENCES runs,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run, name)
);
"""

_VIEWS = {"study": "studies", "run": "packet_runs"}

_SQL_TYPES = {"whole": "INTEGER", "bool": "INTEGER", "real": "REAL", "time": "REAL", "rate": "REAL"}


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str  #: its name
    type: str  #: "whole", "real", "time", "rate", "bool", "text", "word" or "list"
    unit: str  #: unit of its numbers; empty: none


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file, or see that they are this module's.

    Parameters
    ----------
    connection : sqlite3.Connection
        The file.

    Raises
    ------
    sqlite3.DatabaseError
        If it is no database, or one of something else.
    """
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        connection.executescript(f"BEGIN; {_SCHEMA}")
        connection.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        connection.commit()
    check_format(connection)


def check_format(connection: sqlite3.Connection) -> None:
    """See that a file is a store.

    Parameters
    ----------
    connection : sqlite3.Connection
        The file.

    Raises
    ------
    sqlite3.DatabaseError
        If it is no database, or one of something else.
    """
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    found = connection.execute("SELECT * FROM meta").fetchall() if "meta" in names else []
    if ("format", FORMAT) not in found:
        raise sqlite3.DatabaseError(f"must be a store of format {FORMAT}")


def add_columns(
    connection: sqlite3.Connection, kind: str, place: str, columns: Iterable[Column]
) -> None:
    """Make the table of a kind of runs, or add to it what it lacks.

    Parameters
    ----------
    connection : sqlite3.Connection
        The file.
    kind, place : str
        Whose columns; a table is there for "parameters" and "results".
    columns : iterable of Column
        What is to be there.
    """
    known = {column.name for column in list_columns(connection, kind, place)}
    table = quote(f"{kind}_{place}")
    if place in ("parameters", "results") and not known:
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {table} (run INTEGER PRIMARY KEY REFERENCES runs)"
        )
    if place == "results" and not known:
        connection.execute(
            f"CREATE VIEW IF NOT EXISTS {_VIEWS[kind]} AS SELECT * FROM runs"
            f" JOIN {kind}_parameters USING (run) LEFT JOIN {kind}_results USING (run)"
        )
    for column in columns:
        if column.name in known:
            continue
        if place in ("parameters", "results"):
            sql_type = _SQL_TYPES.get(column.type, "TEXT")
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quote(column.name)} {sql_type}")
        connection.execute(
            "INSERT INTO columns VALUES (?, ?, ?, ?, ?)",
            (kind, place, column.name, column.type, column.unit),
        )


def list_columns(connection: sqlite3.Connection, kind: str, place: str) -> list[Column]:
    """List the columns of a table, in the order in which they came.

    Parameters
    ----------
    connection : sqlite3.Connection
        The file.
    kind, place : str
        Whose columns.

    Returns
    -------
    list of Column
        Empty if there is no such table.
    """
    rows = connection.execute(
        "SELECT name, type, unit FROM columns WHERE kind = ? AND place = ? ORDER BY rowid",
        (kind, place),
    )
    return [Column(*row) for row in rows]


def quote(name: str) -> str:
    """Quote a name for SQL.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    str
        The name in double quotes.
    """
    return '"' + name.replace('"', '""') + '"'


def to_sql(column: Column, value: Any) -> Union[int, float, str, None]:
    """Write a parameter's or a result's value.

    Parameters
    ----------
    column : Column
        Where it goes.
    value
        As a config or a result has it; times in seconds, rates in bit/s.

    Returns
    -------
    int, float, str or None
        As SQLite keeps it.
    """
    if column.type == "list":
        return json.dumps(list(value))
    if column.type == "bool" and value is not None:
        return int(value)
    kept: Union[int, float, str, None] = value
    return kept


def from_sql(column: Column, value: Union[int, float, str, None]) -> Optional[Any]:
    """Read a value that `to_sql` wrote.

    Parameters
    ----------
    column : Column
        Where it was.
    value : int, float, str or None
        As SQLite keeps it.

    Returns
    -------
    object
        As it was; None: there was none.
    """
    if value is None:
        return None
    if column.type == "list":
        return tuple(json.loads(str(value)))
    return bool(value) if column.type == "bool" else value
