# SPDX-License-Identifier: GPL-2.0-only
"""Latencies and time series of a report, thinned until they fit."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ._store import Store

__all__ = ["make_details"]

#: Of the latencies of studies [%].
PERCENTILES = (
    *(1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9),
    *(99.95, 99.98, 99.99, 99.995, 99.998, 99.999, 100),
)

#: Rows of a series: the most that leave room for a run of each point are taken.
LENGTHS = (200, 100, 50, 25)

_DIGITS = 4  # of latencies and of numbers in series


def make_details(
    store: Store, done: pd.DataFrame, varied: list[str], most_bytes: int
) -> dict[str, Any]:
    """Make latencies and time series of runs.

    Parameters
    ----------
    store : Store
        Where they are.
    done : DataFrame
        Runs of a kind, as of `Store.runs`.
    varied : list of str
        Columns whose values make a point.
    most_bytes : int
        Room that they may take, as JSON [bytes].

    Returns
    -------
    dict
        latency and series, each of names of columns and, by run, what of them is there; notes,
        sentences on what is left out.
    """
    order = _order_runs(done, varied)
    n_points = len(done.groupby(varied, dropna=False)) if varied else 1
    notes: list[str] = []
    latency = _Latency(store)
    latency.collect(order, most_bytes)
    notes += _note_missing("Latencies", latency, len(order), "histogram")
    for length in LENGTHS:
        series = _Series(store, length)
        series.collect(order, most_bytes - latency.n_bytes)
        if len(series.runs) >= min(n_points, series.n_there):
            break
    notes += _note_missing("Time series", series, len(order), "series")
    if series.n_joined > 1:
        notes.append(f"Values of time series stand for up to {series.n_joined} rows of the store.")
    return {"latency": latency.to_json(), "series": series.to_json(), "notes": notes}


class _Collection:
    """What there is of runs, as long as there is room for it."""

    def __init__(self, store: Store, table: str) -> None:
        self.store = store
        self.table = table  # that all runs have which have it at all
        self.names: list[str] = []
        self.units: dict[str, str] = {}
        self.runs: dict[int, Any] = {}
        self.n_bytes = 0
        self.n_there = 0  # runs that the store has it of

    def collect(self, order: Iterable[int], most_bytes: int) -> None:
        """Take what the first runs have, until there is no room."""
        with_table = self.store._list_with(self.table)
        there = [run for run in order if run in with_table]
        self.n_there = len(there)
        for run in there:
            table = self.read(run)
            if len(table) == 0:
                self.n_there -= 1
                continue
            piece = self.make_piece(table)
            size = len(json.dumps(piece, separators=(",", ":"))) + len(str(run)) + 4
            if self.n_bytes + size > most_bytes:
                break
            self.runs[run] = piece
            self.n_bytes += size

    def read(self, run: int) -> pd.DataFrame:
        """Return the table of a run."""
        raise NotImplementedError

    def make_piece(self, table: pd.DataFrame) -> Any:
        """Return what the page has of the table."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return all of it."""
        units = [self.units.get(name, "") for name in self.names]
        return {"names": self.names, "units": units, "runs": self.runs}

    def add(self, values: dict[str, Any]) -> list[Any]:
        """Put values in the order of all names."""
        self.names += [name for name in values if name not in self.names]
        return [values.get(name) for name in self.names]


class _Latency(_Collection):
    """Latencies at percentiles, of histograms where there are some."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "latency")
        self.with_histogram = store._list_with("histogram")
        self.percentiles: list[float] = []

    def read(self, run: int) -> pd.DataFrame:
        if run not in self.with_histogram:
            return self.store.latency(run)
        histogram = self.store.histogram(run)
        if len(histogram) == 0:
            return histogram
        counts = histogram["count"].to_numpy()
        latencies = _find_percentiles(histogram["lower_s"].to_numpy() * 1e9, counts)
        table = pd.DataFrame({"latency_ns": latencies}, index=pd.Index(PERCENTILES))
        table.attrs["units"] = {"latency_ns": "ns"}
        return table

    def make_piece(self, table: pd.DataFrame) -> Any:
        self.percentiles = [float(each) for each in table.index]
        self.units.update(table.attrs["units"])
        return self.add({str(name): _shorten(table[name].to_numpy()) for name in table.columns})

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "percentiles": self.percentiles}


class _Series(_Collection):
    """Time series, of columns of numbers; of several nodes each has its columns."""

    def __init__(self, store: Store, length: int) -> None:
        super().__init__(store, "series")
        self.length = length
        self.n_joined = 1  # rows that became one

    def read(self, run: int) -> pd.DataFrame:
        return self.store.series(run)

    def make_piece(self, table: pd.DataFrame) -> Any:
        units = dict(table.attrs["units"])
        is_total = table.index.nlevels > 1  # counts from the start on
        if is_total:
            table = table.unstack(list(range(1, table.index.nlevels)))
            names = [(str(name[0]), " ".join(map(str, name))) for name in table.columns]
            units = {whole: units.get(name, "") for name, whole in names}
            table.columns = pd.Index([whole for _, whole in names])
        self.units.update(units)
        n_joined = -(-len(table) // self.length)
        self.n_joined = max(self.n_joined, n_joined)
        joined = _join_rows(table, n_joined, is_total)
        times = [float(f"{time:.6g}") for time in joined.index]
        columns = {str(name): _fold(_shorten(joined[name].to_numpy())) for name in joined.columns}
        return [times, *self.add(columns)]


def _order_runs(done: pd.DataFrame, varied: list[str]) -> list[int]:
    """List runs, the first of each point before the second ones."""
    if not varied:
        return [int(run) for run in done.index]
    ranks = done.groupby(varied, dropna=False).cumcount().to_numpy()
    return [int(run) for run in done.index[np.argsort(ranks, kind="stable")]]


def _note_missing(what: str, found: _Collection, n_runs: int, table: str) -> list[str]:
    notes = []
    if len(found.runs) < found.n_there:
        notes.append(
            f"{what} of {len(found.runs)} of {found.n_there} runs are here, to keep the page"
            f" small; Store.{table}(run) has the others."
        )
    if found.n_there < n_runs:
        notes.append(f"{what}: {n_runs - found.n_there} runs have none.")
    return notes


def _find_percentiles(
    values: NDArray[np.float64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the smallest value that so many percent of all don't exceed."""
    sums = np.cumsum(counts)
    ranks = np.ceil(np.array(PERCENTILES) / 100 * sums[-1] - 1e-9).clip(1)
    found: NDArray[np.float64] = values[np.searchsorted(sums, ranks)]
    return found


def _join_rows(table: pd.DataFrame, n_joined: int, is_total: bool) -> pd.DataFrame:
    """Make one row of several: their mean, or of what counts from the start on their last."""
    if n_joined == 1:
        return table
    groups = table.groupby(np.arange(len(table)) // n_joined)
    joined = groups.last() if is_total else groups.mean()
    ends = [*range(n_joined - 1, len(table), n_joined), len(table) - 1]
    return joined.set_axis(table.index[ends[: len(joined)]], axis=0)


def _shorten(values: NDArray[Any]) -> list[Any]:
    """Write numbers with few digits; None if there is none."""
    return [_shorten_number(float(value)) for value in values]


def _shorten_number(value: float) -> Any:
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def _fold(values: list[Any]) -> Any:
    """Write equal values once."""
    return values[0] if all(value == values[0] for value in values) else values
