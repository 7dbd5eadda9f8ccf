# SPDX-License-Identifier: GPL-2.0-only
"""Parts of a sweep put together."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Union

from ._config import Path
from ._queries import find_run
from ._records import Maker, Outcome, Payload
from ._schema import Column, from_sql, list_columns, quote
from ._sqlite import explain
from ._store import Store
from ._writer import Writer

__all__ = ["merge"]


def merge(store: Path, parts: Union[Path, Iterable[Path]]) -> int:
    """Add the runs of other stores to a store, but those that it has.

    Parameters
    ----------
    store : str or path
        Where they go; made if it is missing.
    parts : str, path or iterable of these
        Stores, such as those of the jobs of a job array.  They stay as they are.

    Returns
    -------
    int
        Number of rows added: attempts at runs that the store has not done.

    Raises
    ------
    FileNotFoundError
        If a part is missing.
    ValueError
        If a file is no store, or another process writes `store`.
    OSError
        If `store` can't be written.
    """
    given = [parts] if isinstance(parts, (str, os.PathLike)) else list(parts)
    for part in given:  # before anything is written
        Store(part).close()
    n_added = 0
    with Writer(store) as writer:
        for part in given:
            with Store(part) as source, explain(source._name):
                for row in _read(source._connection):
                    n_added += _add(writer, row)
    return n_added


@dataclass(frozen=True)
class _Row:
    run: int
    kind: str
    attempt: int
    profile_hash: str
    parameters: dict[Column, Any]
    outcome: Outcome


def _read(source: sqlite3.Connection) -> Iterator[_Row]:
    rows = source.execute(
        "SELECT run, kind, attempt, profile_hash, identity, status, module_version, ns3_version,"
        " git_commit, host, started, wall_s, error FROM runs ORDER BY run"
    )
    for run, kind, attempt, profile_hash, identity, status, *maker, started, wall_s, error in rows:
        payload = _read_payload(source, run, kind) if status == "done" else None
        outcome = Outcome(identity, status, Maker(*maker), started, wall_s, error, payload)
        parameters = _read_values(source, run, kind, "parameters")
        yield _Row(run, kind, attempt, profile_hash, parameters, outcome)


def _add(writer: Writer, row: _Row) -> bool:
    found = find_run(writer.connection, row.outcome.identity)
    # Done, or this attempt at it is there.
    if found is not None and (found.status == "done" or found.attempt >= row.attempt):
        return False
    writer.add(row.kind, row.parameters, row.profile_hash, row.outcome)
    return True


def _read_payload(source: sqlite3.Connection, run: int, kind: str) -> Payload:
    results = _read_values(source, run, kind, "results")
    tables = dict(source.execute("SELECT name, data FROM tables WHERE run = ?", (run,)))
    units = {
        place: {column.name: column.unit for column in list_columns(source, kind, place)}
        for place in ["results", *tables]
    }
    numbers = {column.name: float(value) for column, value in results.items()}
    return Payload(numbers, tables, units)


def _read_values(source: sqlite3.Connection, run: int, kind: str, place: str) -> dict[Column, Any]:
    columns = list_columns(source, kind, place)
    names = ", ".join(quote(column.name) for column in columns)
    row = source.execute(
        f"SELECT {names} FROM {quote(f'{kind}_{place}')} WHERE run = ?", (run,)
    ).fetchone()
    pairs = zip(columns, row)
    return {c: from_sql(c, value) for c, value in pairs if value is not None}
