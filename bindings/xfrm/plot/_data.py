# SPDX-License-Identifier: GPL-2.0-only
"""What figures are made of, out of what users have at hand."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, Union

import numpy as np
import pandas as pd

from .._run import RunResult
from .._store import Store
from .._study import StudyResult
from .._sweep import SweepResult

__all__ = [
    "Named",
    "Runs",
    "Table",
    "Tables",
    "check_column",
    "check_numbers",
    "choose_rows",
    "find_edges",
    "get_table",
    "get_unit",
    "name_tables",
    "take_differences",
    "to_runs",
]

#: What `to_runs` takes.
Runs = Union[Store, SweepResult, pd.DataFrame]
#: A result or one of its tables.
Table = Union[StudyResult, RunResult, pd.DataFrame]
#: One or, by what they are called, several.
Tables = Union[Table, Mapping[Any, Table]]


def to_runs(source: Any) -> pd.DataFrame:
    """Return runs as a table.

    Parameters
    ----------
    source : Store, SweepResult or DataFrame
        Where they are.

    Returns
    -------
    DataFrame
        As of `Store.runs`.

    Raises
    ------
    ValueError
        If there are none.
    TypeError
        If it is something else.
    """
    if isinstance(source, (Store, SweepResult)):
        source = source.runs()
    if not isinstance(source, pd.DataFrame):
        raise TypeError(f"runs: must be a Store or its runs(), not {type(source).__name__}")
    if source.empty:
        raise ValueError("runs: must be one or more that are done")
    return source


def check_column(table: pd.DataFrame, name: str) -> None:
    """See that a table has a column of numbers.

    Parameters
    ----------
    table : DataFrame
        The table.
    name : str
        The column.

    Raises
    ------
    ValueError
        If it does not, with names that are near.
    """
    if name in table.columns:
        return
    columns = [str(column) for column in table.columns]
    near = get_close_matches(name, columns, 5, 0.5)
    near += [column for column in columns if name and name in column and column not in near]
    such = ", ".join(near[:5] or columns[:8])
    raise ValueError(f"column {name}: must be one of the table's, such as {such}")


def check_numbers(table: pd.DataFrame, name: str) -> None:
    """See that a column is there, and has numbers; raises as `check_column` does."""
    check_column(table, name)
    if not pd.api.types.is_numeric_dtype(table[name]):
        raise ValueError(f"column {name}: must have numbers, not {table[name].iloc[0]!r}")


def get_unit(table: pd.DataFrame, name: str) -> str:
    """Return the unit of a column, as the table tells; empty: it does not."""
    return str(table.attrs.get("units", {}).get(name, ""))


class Named(NamedTuple):
    """A table and what it is called."""

    name: str  #: empty: it is the only one
    table: pd.DataFrame  #: the table


def name_tables(source: Any, attribute: str) -> list[Named]:
    """Return tables with their names.

    Parameters
    ----------
    source : StudyResult, RunResult, DataFrame, or mapping of these by name
        Results, or the tables themselves.
    attribute : str
        Which table of results, such as "series".

    Returns
    -------
    list of Named
        In order.

    Raises
    ------
    ValueError
        If there are none, or a result has no such table.
    TypeError
        For something else.
    """
    if not isinstance(source, Mapping):
        return [Named("", get_table(source, attribute))]
    named = [Named(str(name), get_table(each, attribute)) for name, each in source.items()]
    if not named:
        raise ValueError("results: must be one or more")
    return named


def get_table(thing: Any, attribute: str) -> pd.DataFrame:
    """Return a table of a result.

    Parameters
    ----------
    thing : StudyResult, RunResult or DataFrame
        The result, or the table itself.
    attribute : str
        Which table of a result, such as "series".

    Returns
    -------
    DataFrame
        With rows.

    Raises
    ------
    ValueError
        If it has no rows, or the result no such table.
    TypeError
        For something else.
    """
    if isinstance(thing, pd.DataFrame):
        table = thing
    elif isinstance(thing, (StudyResult, RunResult)):
        table = getattr(thing, attribute, None)
        if table is None:
            raise ValueError(f"results: a {type(thing).__name__} has no {attribute}")
    else:
        what = type(thing).__name__
        raise TypeError(f"results: must be results, tables or a mapping of these, not {what}")
    if table.empty:
        raise ValueError(f"{attribute}: must have rows")
    return table


def choose_rows(table: pd.DataFrame, of: Any) -> pd.DataFrame:
    """Choose what rows of a time series are about.

    Parameters
    ----------
    table : DataFrame
        Indexed by time_s, or by time_s and one thing more, such as node.
    of
        Which of these; None if it is but one.

    Returns
    -------
    DataFrame
        Its rows, indexed by time_s.

    Raises
    ------
    ValueError
        If the table is no time series, there is a choice and none is made, or no such thing.
    """
    if "time_s" not in table.index.names:
        raise ValueError("series: must be indexed by time_s, as those of results are")
    levels = [name for name in table.index.names if name != "time_s"]
    # A row at the start is of nothing.
    table = table[table.index.get_level_values("time_s") > 0]
    if not levels:
        return table
    (level, *more) = levels
    if more:
        raise ValueError(f"series: must be indexed by time_s and {level} alone, not {more[0]}")
    things = table.index.get_level_values(level).unique()
    if of is None and len(things) == 1:
        of = things[0]
    if of not in things:
        allowed = ", ".join(map(str, things))
        raise ValueError(f"of {of}: must be a {level}, one of {allowed}")
    chosen = table.xs(of, level=level)
    chosen.attrs = table.attrs
    return chosen


def find_edges(times: Iterable[float]) -> Any:
    """Return where intervals begin and end.

    Parameters
    ----------
    times : iterable of float, shape (n,)
        Their ends [s], in order.

    Returns
    -------
    ndarray of float64, shape (n + 1,)
        Their edges [s]: the first begins at 0, or, of a part of a series, is as long as the second.
    """
    ends = np.asarray(list(times), dtype=np.float64)
    if ends.size < 2:
        return np.concatenate([[0.0], ends])
    first = ends[0] - (ends[1] - ends[0])
    # The last may be shorter; of two, the second may be.
    return np.concatenate([[0.0 if first < 1e-9 * ends[-1] else first], ends])


def take_differences(sums: pd.Series, edges: Any) -> pd.Series:
    """Return what happened in each interval.

    Parameters
    ----------
    sums : Series
        Sums since the start, at the end of each interval.
    edges : ndarray of float64
        As of `find_edges`.

    Returns
    -------
    Series of float64
        Of each interval; NaN of the first if it does not begin at the start.
    """
    counts = sums.diff()
    if edges[0] == 0:
        counts.iloc[0] = sums.iloc[0]
    return counts
