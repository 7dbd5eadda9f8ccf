# SPDX-License-Identifier: GPL-2.0-only
"""The one that writes a store."""

import fcntl
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Optional, Union

from ._records import Outcome, Payload
from ._schema import Column, add_columns, create_schema, list_columns, quote, to_sql
from ._sqlite import connect, explain

__all__ = ["Writer"]

_COUNTED = frozenset({"packets", "entries", "count", "bytes"})


class Writer:
    """Adds runs to a store, each at once and as a whole; changes none.

    Each run is committed when it is added: whatever ends the process, those are there.  (SQLite
    in WAL mode; a loss of power may cost the last ones, but never more.)

    Parameters
    ----------
    path : str, path or None
        The file, made if it is missing; None: in memory.

    Raises
    ------
    ValueError
        If the file is no store, or another process writes it.
    OSError
        If it can't be made.
    """

    def __init__(self, path: Union[str, "os.PathLike[str]", None]) -> None:
        self._lock: Optional[IO[str]] = None
        self._name = "store in memory"
        if path is not None:
            self._name = os.fspath(path)
            self._lock = _lock(Path(path))
        try:
            with explain(self._name):
                self.connection = _open(None if path is None else Path(path))
        except BaseException:
            self._unlock()
            raise

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def add(
        self, kind: str, parameters: Mapping[Column, Any], profile_hash: str, outcome: Outcome
    ) -> None:
        """Add a run.

        Parameters
        ----------
        kind : str
            "study" or "run".
        parameters : mapping
            Values of its settings, as of `to_values`, by their columns.
        profile_hash : str
            SHA-256 of its cost profile.
        outcome : Outcome
            What became of it.

        Raises
        ------
        sqlite3.IntegrityError
            If it is there and done.
        OSError
            If there is no room and the like.
        ValueError
            If it has what a store can't keep, such as more numbers than a table has columns.
        """
        with explain(self._name), self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            run = self._add_run(kind, profile_hash, outcome)
            self._add_parameters(kind, run, parameters)
            if outcome.payload is not None:
                self._add_payload(kind, run, outcome.payload)

    def close(self) -> None:
        """Write what is left into the file itself, and let others write."""
        if self._lock is not None:
            try:
                # So that it can be read where nothing can be written.
                self.connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError:
                pass  # someone reads it, or there is no room
            self.connection.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _add_run(self, kind: str, profile_hash: str, outcome: Outcome) -> int:
        (attempts,) = self.connection.execute(
            "SELECT count(*) FROM runs WHERE identity = ?", (outcome.identity,)
        ).fetchone()
        maker = outcome.maker
        row = (
            outcome.identity,
            kind,
            attempts + 1,
            outcome.status,
            outcome.error,
            maker.module_version,
            maker.ns3_version,
            maker.git_commit,
            profile_hash,
            maker.host,
            outcome.started,
            outcome.wall_s,
        )
        cursor = self.connection.execute(
            "INSERT INTO runs (identity, kind, attempt, status, error, module_version,"
            " ns3_version, git_commit, profile_hash, host, started, wall_s)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return int(cursor.lastrowid or 0)

    def _add_parameters(self, kind: str, run: int, parameters: Mapping[Column, Any]) -> None:
        add_columns(self.connection, kind, "parameters", parameters)
        add_columns(self.connection, kind, "results", [])
        self._insert(f"{kind}_parameters", run, parameters)

    def _add_payload(self, kind: str, run: int, payload: Payload) -> None:
        known = {column.name: column for column in list_columns(self.connection, kind, "results")}
        units = payload.units["results"]
        missing = [name for name in payload.numbers if name not in known]
        if missing:
            new = {name: _make_column(name, units.get(name, "")) for name in missing}
            add_columns(self.connection, kind, "results", new.values())
            known.update(new)
        numbers = {known[name]: _to_whole(known[name], x) for name, x in payload.numbers.items()}
        self._insert(f"{kind}_results", run, numbers)
        for name, data in payload.tables.items():
            units = payload.units[name]
            columns = [Column(column, "real", unit) for column, unit in units.items()]
            add_columns(self.connection, kind, name, columns)
            self.connection.execute("INSERT INTO tables VALUES (?, ?, ?)", (run, name, data))

    def _insert(self, table: str, run: int, values: Mapping[Column, Any]) -> None:
        names = ", ".join(["run", *(quote(column.name) for column in values)])
        marks = ", ".join("?" * (len(values) + 1))
        row = [run, *(to_sql(column, value) for column, value in values.items())]
        self.connection.execute(f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})", row)


def _lock(path: Path) -> IO[str]:
    """Be the only one who writes a file; the system undoes it when the process ends."""
    if path.is_dir():
        raise IsADirectoryError(f"{path}: is a folder, must be a file")
    try:
        file = open(f"{path}.lock", "a+", encoding="utf-8")
    except OSError as error:
        raise type(error)(f"{path}: can't be written: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise ValueError(f"{path}: another process writes it") from error
    return file


def _open(path: Optional[Path]) -> sqlite3.Connection:
    if path is None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    else:
        connection = connect(path, "rwc")
    try:
        create_schema(connection)  # first: what is no store stays as it is
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_column(name: str, unit: str) -> Column:
    return Column(name, "whole" if unit in _COUNTED else "real", unit)


def _to_whole(column: Column, value: float) -> Any:
    return int(value) if column.type == "whole" and value.is_integer() else value
