# SPDX-License-Identifier: GPL-2.0-only
"""Tables of results: pandas objects whose attrs["units"] name the unit of each column."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["make_frame", "make_latency", "make_series", "to_frame", "unit_of"]

#: Unit by the end of a name; the first that fits.
_ENDINGS = (
    ("_ns", "ns"),
    ("_s", "s"),
    ("bytes", "bytes"),
    ("_bps", "bit/s"),
    ("_rate", "packets/s"),
    ("ratio", "1"),
)

#: Names of packets.
_PACKETS = frozenset(
    "offered carried transformed ring_drops backlog_drops refused steered waiting in out sent"
    " received forwarded delivered dropped sealed opened in_flight to_ipsec kept ring_dropped"
    " backlog_dropped".split()
)

#: Names of entries of flow caches.
_ENTRIES = frozenset(
    "entries evicted flushed garbage cache_entries negative refused_entries stale".split()
)

#: Names of columns and levels that say what a row is about.
_THINGS = frozenset("bin core flow from kind node to".split())

_FRACTIONS = ("ratio", "_s", "mean_ns", "_rate", "_bps")


def unit_of(name: str) -> str:
    """Return the unit of a column or number by its name; empty: it says what a row is about."""
    if name in _THINGS:
        return ""
    last = name.rpartition(".")[2]
    for ending, unit in _ENDINGS:
        if last.endswith(ending):
            return unit
    if last in _PACKETS or name.startswith(("drops", "xfrm_stat.")):
        return "packets"
    return "entries" if last in _ENTRIES else "count"


def _to_column(name: str, values: Any) -> Any:
    is_fraction = name.endswith(_FRACTIONS) or name.startswith("delay_")
    return values if is_fraction or isinstance(values, list) else values.astype(np.int64)


def make_frame(
    columns: Mapping[str, Union[NDArray[np.float64], list[str]]], index: pd.Index
) -> pd.DataFrame:
    """Make a table: counts are int64, other numbers float64.

    Parameters
    ----------
    columns : mapping of str to ndarray of float64 or list of str, shape (n_rows,)
        Values by name, in order.
    index : pandas.Index, length n_rows
        What rows are about; its names have units, too.

    Returns
    -------
    pandas.DataFrame
        The table.
    """
    frame = pd.DataFrame(
        {name: _to_column(name, values) for name, values in columns.items()}, index=index
    )
    frame.attrs["units"] = {name: unit_of(name) for name in [*index.names, *columns]}
    return frame


def _flatten(prefix: str, value: object) -> Iterable[tuple[str, float]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flatten(f"{prefix}.{key}" if prefix else str(key), part)
    elif value is None:
        yield prefix, float("nan")
    elif isinstance(value, (int, float)):
        yield prefix, float(value)


def make_series(numbers: Mapping[str, object]) -> pd.Series:
    """Make a row of the numbers of nested mappings; names of levels are joined by dots."""
    values = dict(_flatten("", numbers))
    series = pd.Series(values, name="value", dtype=np.float64)
    series.attrs["units"] = {name: unit_of(name) for name in values}
    return series


def make_latency(columns: Mapping[str, Mapping[float, Optional[float]]]) -> pd.DataFrame:
    """Make a table of latencies [ns], a row a percentile, of percentile -> latency by column."""
    frame = pd.DataFrame(columns, dtype=np.float64)
    frame.index.name = "percentile"
    frame.attrs["units"] = {"percentile": "%", **{name: "ns" for name in columns}}
    return frame


def to_frame(rows: Iterable[str], index: str) -> pd.DataFrame:
    """Make a table of JSON objects, a row each; the column of a name is its index."""
    frame = pd.DataFrame([json.loads(row) for row in rows])
    return frame.set_index(index) if len(frame) else pd.DataFrame(index=pd.Index([], name=index))
