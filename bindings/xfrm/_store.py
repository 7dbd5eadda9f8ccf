# SPDX-License-Identifier: GPL-2.0-only
"""Stores: files of runs, and what they came to."""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Optional, Union

import pandas as pd

from ._export import shorten, to_xarray
from ._files import write_whole
from ._html import to_html
from ._packing import unpack_table
from ._queries import list_kinds, list_tables
from ._records import STATUSES, Config
from ._rows import filter_rows, read_rows
from ._schema import Column, check_format, from_sql, list_columns, quote
from ._settings import to_config
from ._sqlite import connect, explain, explained

__all__ = ["Store"]

_ABOUT = (
    "identity attempt status error module_version ns3_version git_commit profile_hash host"
    " started wall_s"
).split()


class Store:
    """A file of runs, to read.  `sweep` writes it, and may do so meanwhile.

    Parameters
    ----------
    path : str or path
        SQLite file that `sweep` made.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is no store.  Its methods raise it, too, when the file is damaged or closed.
    OSError
        If it can't be read.

    Notes
    -----
    Any program that reads SQLite reads it: table `runs` has a row for each attempt at a run,
    `study_parameters` and `study_results` (`run_...` of packet mode) its typed parameters and
    numbers, views `studies` and `packet_runs` all of it, `columns` the units, and `tables`
    compressed tables: with ``file = io.BytesIO(zlib.decompress(data))`` and ``type_ =
    numpy.load(file).dtype``, ``numpy.load(file).T.copy().view(type_)[:, 0]`` are their records.

    Examples
    --------
    >>> base = xfrm.StudyConfig(duration="100ms")
    >>> _ = xfrm.sweep(base, {"flows": [1000, 100_000]}, seeds=5, store="flows.db")
    >>> store = xfrm.Store("flows.db")
    >>> runs = store.runs(flows=[1000])
    >>> len(runs), runs.attrs["units"]["latency_p99_ns"], len(store.series(runs.index[0]))
    (5, 'ns', 1)
    >>> store.to_xarray("hit_ratio").mean("seed").values.round(4)
    array([0.99  , 0.7085])
    """

    path: Optional[Path]  #: the file; None: in memory

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise FileNotFoundError(f"{self.path}: there is no such store")
        if self.path.is_dir():
            raise IsADirectoryError(f"{self.path}: is a folder, must be a file")
        with explain(str(self.path)):
            self._connection = connect(self.path, "ro")
            try:
                check_format(self._connection)
            except BaseException:
                self._connection.close()
                raise

    @classmethod
    def _of(cls, connection: sqlite3.Connection) -> "Store":
        store = cls.__new__(cls)
        store.path = None
        store._connection = connection
        return store

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    @explained
    def kinds(self) -> list[str]:
        """Kinds of its runs: "run" (packet by packet), "study", both, or none."""
        return list_kinds(self._connection)

    def runs(
        self, kind: Optional[str] = None, *, status: Optional[str] = "done", **where: Any
    ) -> pd.DataFrame:
        """Return runs with all that is known of each.

        Parameters
        ----------
        kind : str, optional
            "study" or "run"; needed if the store has both.
        status : str, optional
            "done", "failed" or "timeout"; None: every attempt at every run.
        **where
            Values of columns: rows have this value, or one of several, such as a list of values.

        Returns
        -------
        DataFrame, shape (n_runs, n_columns)
            Indexed by the number of the run, in the order of the parameters, then the seed.
            Columns: every parameter by its name in `StudyConfig` or `RunConfig`, with times in
            seconds, rates in bit/s and lists as tuples; every number of the result's `summary`;
            then identity, attempt, status, error, module_version, ns3_version, git_commit,
            profile_hash (SHA-256), host, started (UTC) and wall_s.  ``attrs`` has "units"
            (column -> unit), "parameters" and "results" (names of columns).

        Raises
        ------
        ValueError
            For a kind, status or column that is not there.
        """
        kind = self._get_kind(kind)
        if status not in (*STATUSES, None):
            raise ValueError(f"status {status}: must be one of {', '.join(STATUSES)}, or None")
        parameters = self._list_columns(kind, "parameters")
        results = self._list_columns(kind, "results")
        about = [Column(name, "text", "") for name in _ABOUT[:-1]] + [Column("wall_s", "real", "s")]
        table = self._read_rows(kind, status, [*parameters, *results, *about])
        table.attrs = {
            "units": {c.name: c.unit for c in [*parameters, *results, *about] if c.unit},
            "parameters": [column.name for column in parameters],
            "results": [column.name for column in results],
        }
        return filter_rows(table, where)

    def select(self, identities: Iterable[str], kind: Optional[str] = None) -> pd.DataFrame:
        """Return runs by what identifies them.

        Parameters
        ----------
        identities : iterable of str
            Of the runs, such as those of a `SweepResult`.
        kind : str, optional
            As of `runs`.

        Returns
        -------
        DataFrame
            As of `runs`, those that are done, in the order of the identities.
        """
        runs = self.runs(kind)
        places = {identity: i for i, identity in enumerate(runs["identity"])}
        return runs.iloc[[places[each] for each in identities if each in places]]

    @explained
    def config(self, run: int) -> Config:
        """Return the settings of a run.

        Parameters
        ----------
        run : int
            Its number.

        Returns
        -------
        StudyConfig or RunConfig
            With which `study` or `run` does the same again.

        Raises
        ------
        KeyError
            If there is no such run.
        """
        row = self._connection.execute(
            "SELECT kind FROM runs WHERE run = ?", (int(run),)
        ).fetchone()
        if row is None:
            raise KeyError(run)
        kind = str(row[0])
        columns = self._list_columns(kind, "parameters")
        names = ", ".join(quote(column.name) for column in columns)
        values = self._connection.execute(
            f"SELECT {names} FROM {quote(kind + '_parameters')} WHERE run = ?", (int(run),)
        ).fetchone()
        return to_config(kind, {c.name: from_sql(c, x) for c, x in zip(columns, values)})

    @explained
    def table(self, run: int, name: str) -> pd.DataFrame:
        """Return a table of a run's result.

        Parameters
        ----------
        run : int
            Its number.
        name : str
            "series", "histogram", "per_core", "latency", or another table of its result.

        Returns
        -------
        DataFrame
            As the result had it, with ``attrs["units"]``.

        Raises
        ------
        KeyError
            If there is no such run, or it has no such table.
        """
        row = self._connection.execute(
            "SELECT kind, data FROM tables JOIN runs USING (run) WHERE run = ? AND name = ?",
            (int(run), name),
        ).fetchone()
        if row is None:
            raise KeyError(f"{name} of run {run}")
        units = {column.name: column.unit for column in self._list_columns(row[0], name)}
        try:
            return unpack_table(row[1], units)
        except Exception as error:  # of zlib, NumPy or pandas
            raise ValueError(f"{self._name}: {name} of run {run} is damaged: {error}") from error

    def tables(self, runs: Iterable[int], name: str) -> pd.DataFrame:
        """Return the same table of several runs.

        Parameters
        ----------
        runs : iterable of int
            Their numbers.
        name : str
            As of `table`.

        Returns
        -------
        DataFrame
            One below the other, with the number of the run as the first level of the index.

        Raises
        ------
        KeyError
            As of `table`.
        ValueError
            Without runs.
        """
        parts = {run: self.table(run, name) for run in runs}
        if not parts:
            raise ValueError("runs: must be one or more")
        whole = pd.concat(parts, names=["run"])
        whole.attrs = next(iter(parts.values())).attrs
        return whole

    def series(self, run: int) -> pd.DataFrame:
        """Return the time series of a run, as of `StudyResult.series`; run as `table`."""
        return self.table(run, "series")

    def histogram(self, run: int) -> pd.DataFrame:
        """Return the latencies of a study by size: lower_s [s], count; run as `table`."""
        return self.table(run, "histogram")

    def per_core(self, run: int) -> pd.DataFrame:
        """Return what each core did in a run, as of `StudyResult.per_core`; run as `table`."""
        return self.table(run, "per_core")

    def latency(self, run: int) -> pd.DataFrame:
        """Return latencies [ns] of a run by percentile; run as `table`."""
        return self.table(run, "latency")

    def to_xarray(
        self, value: Union[str, Iterable[str]], kind: Optional[str] = None, **where: Any
    ) -> Any:
        """Return results over the parameters that vary, and the seeds.

        Parameters
        ----------
        value : str or iterable of str
            Columns of `runs`.
        kind, **where
            As of `runs`.

        Returns
        -------
        xarray.DataArray or xarray.Dataset
            Of one value; of several.  A dimension for each parameter that varies, and `seed`;
            NaN where no run is done; units in ``attrs["units"]``.

        Raises
        ------
        ValueError
            For a column that is not there, if the points are no grid (less than one in 100 of
            its combinations is there), and if several runs, of different versions of the module,
            have the same parameters.
        """
        return to_xarray(self.runs(kind, **where), value)

    def to_csv(
        self, path: Union[str, "os.PathLike[str]"], kind: Optional[str] = None, **where: Any
    ) -> None:
        """Write `runs` as a CSV file, as a whole or not at all.

        Parameters
        ----------
        path : str or path
            The file.
        kind, **where
            As of `runs`.

        Raises
        ------
        OSError
            If it can't be written.
        """
        write_whole(path, self.runs(kind, **where).to_csv)

    @explained
    def __len__(self) -> int:
        (count,) = self._connection.execute(
            "SELECT count(*) FROM runs WHERE status = 'done'"
        ).fetchone()
        return int(count)

    def __repr__(self) -> str:
        name = "in memory" if self.path is None else str(self.path)
        try:
            return f"<Store {name}: {len(self)} runs done>"
        except (OSError, ValueError):
            return f"<Store {name}: closed, or damaged>"

    def _repr_html_(self) -> str:
        return to_html(repr(self), *(shorten(self.runs(kind)) for kind in self.kinds))

    @property
    def _name(self) -> str:
        """What errors call it."""
        return "store in memory" if self.path is None else str(self.path)

    def _get_kind(self, kind: Optional[str]) -> str:
        kinds = self.kinds
        if kind is None and len(kinds) < 2:
            return kinds[0] if kinds else "study"
        if kind is None:
            raise ValueError("kind missing: must be study or run, the store has both")
        if kind not in ("study", "run"):
            raise ValueError(f"kind {kind}: must be study or run")
        return kind

    @explained
    def _read_rows(
        self, kind: str, status: Optional[str], columns: list[Column]
    ) -> pd.DataFrame:
        return read_rows(self._connection, kind, status, columns)

    @explained
    def _list_with(self, table: str) -> set[int]:
        return list_tables(self._connection, table)

    @explained
    def _list_columns(self, kind: str, place: str) -> list[Column]:
        return list_columns(self._connection, kind, place)
