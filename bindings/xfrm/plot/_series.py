# SPDX-License-Identifier: GPL-2.0-only
"""What happens over simulated time."""

from collections.abc import Iterable
from typing import Any, Optional, Union

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .._run import RunResult
from ._data import (
    Table,
    Tables,
    check_numbers,
    choose_rows,
    find_edges,
    get_table,
    get_unit,
    name_tables,
    take_differences,
)
from ._names import name_column
from ._scales import begin_at_zero, check_scale, finish_axis, is_logarithmic
from ._style import COLOURS, get_axes, look_of, place_legend

__all__ = ["over_time", "time_line"]

_LATENCIES = ("latency_p50_ns", "latency_p99_ns", "latency_max_ns")
_EVENTS = ("shrinks", "reseeds")
_MARKS = 8  # of a line

#: What several columns have in common, by unit; others are called as their unit.
_QUANTITIES = {
    "1": "Share",
    "bit/s": "Rate",
    "ns": "Time",
    "packets/s": "Rate",
    "s": "Time",
}


def over_time(
    results: Tables,
    columns: Union[str, Iterable[str]] = _LATENCIES,
    *,
    of: Any = None,
    ax: Optional[Axes] = None,
    yscale: Optional[str] = None,
) -> Axes:
    """Draw columns of time series, by default percentiles of the latency.

    Parameters
    ----------
    results : StudyResult, RunResult, DataFrame, or mapping of these by name
        Results, or tables indexed by time_s such as ``store.series(run)``; of a mapping all are
        drawn, each in a colour of its own.
    columns : str or iterable of str
        Columns of one unit, several lines.
    of : str or int, optional
        Which node (of a RunResult) or flow (of its flow_series) is drawn.
    ax : Axes, optional
        Where to draw; by default in a figure of its own.
    yscale : {'linear', 'log'}, optional
        By default logarithmic if values are positive and differ by a factor of 20 or more.

    Returns
    -------
    Axes
        With steps: a value is that of the interval that ends at time_s.  Latencies of intervals
        in which no packet was carried are left out.

    Raises
    ------
    ValueError
        For a column that is not there, columns of several units, another scale, an `of` that is
        missing or not there.
    TypeError
        For something else than results and tables.

    Examples
    --------
    >>> result = xfrm.study(duration="50ms", interval="5ms")
    >>> axes = xfrm.plot.over_time({"a study": result}, ["offered", "carried"])
    >>> [line.get_label() for line in axes.lines]
    ['a study: Packets offered', 'a study: Packets carried']
    """
    names = [columns] if isinstance(columns, str) else list(columns)
    check_scale("yscale", yscale)
    tables = [(name, choose_rows(table, of)) for name, table in name_tables(results, "series")]
    unit = _find_unit([table for _, table in tables], names)
    axes = get_axes(ax)
    shown: list[float] = []
    for i, (label, table) in enumerate(tables):
        for j, name in enumerate(names):
            values = _get_values(table, name)
            shown += values.dropna().tolist()
            color = look_of(i if len(tables) > 1 else j).color
            line = _draw_steps(axes, values, _label(label, name, names), color)
            _mark_some(line, i * len(names) + j, len(tables) * len(names))
    is_log = is_logarithmic(shown, unit) if yscale is None else yscale == "log"
    axes.set_yscale("log" if is_log else "linear")
    begin_at_zero(axes.yaxis, unit)
    axes.margins(x=0)
    finish_axis(axes.xaxis, "Simulated time", "s")
    finish_axis(axes.yaxis, _name_axis(names, unit), unit)
    place_legend(axes)
    return axes


def _find_unit(tables: list[pd.DataFrame], names: list[str]) -> str:
    if not names:
        raise ValueError("columns: must be one or more")
    for table in tables:
        for name in names:
            check_numbers(table, name)
    units = {name: get_unit(tables[0], name) for name in names}
    if len(set(units.values())) > 1:
        said = ", ".join(f"{name} ({unit or 'no unit'})" for name, unit in units.items())
        raise ValueError(f"columns {said}: must have one unit")
    return units[names[0]]


def _get_values(table: pd.DataFrame, name: str) -> pd.Series:
    values = table[name].astype("float64")
    if name.startswith("latency") and "carried" in table:
        values = values.where(table["carried"] > 0)
    return values


def _label(label: str, name: str, names: list[str]) -> str:
    if len(names) == 1:
        return label
    return f"{label}: {_short(name, names)}" if label else _short(name, names)


def _short(name: str, names: list[str]) -> str:
    common = _find_common(names)
    return name_column(name).removeprefix(common) if common else name_column(name)


def _find_common(names: list[str]) -> str:
    """Return what the names of all columns begin with, such as "Latency, "; or nothing."""
    heads = {name_column(name).partition(", ")[0] for name in names}
    has_tails = all(", " in name_column(name) for name in names)
    return f"{heads.pop()}, " if len(heads) == 1 and has_tails else ""


def _name_axis(names: list[str], unit: str) -> str:
    if len(names) == 1:
        return name_column(names[0])
    if common := _find_common(names):
        return common.removesuffix(", ")
    heads = {name_column(name).partition(" ")[0] for name in names}
    return heads.pop() if len(heads) == 1 else _QUANTITIES.get(unit, unit.capitalize())


def _draw_steps(axes: Axes, values: pd.Series, label: str, color: str) -> Any:
    heights = values.to_numpy()
    (line,) = axes.plot(
        find_edges(values.index),
        np.concatenate([heights[:1], heights]),
        drawstyle="steps-pre",
        label=label or None,
        color=color,
    )
    return line


def _mark_some(line: Any, place: int, n_lines: int) -> None:
    """Put marks on a line here and there: dashes of many steps can't be told from each other."""
    if n_lines == 1:
        return
    step = max(1, len(line.get_xdata()) // _MARKS)
    line.set_marker(look_of(place).marker)
    line.set_markevery((1 + place * step // n_lines, step))


def time_line(
    result: Table,
    columns: Union[str, Iterable[str], None] = None,
    *,
    of: Any = None,
) -> Figure:
    """Draw what happened when: counts of each interval, a panel for each kind.

    Parameters
    ----------
    result : StudyResult, RunResult or DataFrame
        A result, or a table indexed by time_s such as ``store.series(run)``.
    columns : str or iterable of str, optional
        What to show; by default shrinks and re-seeds of flow caches.  Counts are bars, other
        columns, such as "latency_max_ns", steps.
    of : str or int, optional
        Which node of a RunResult.  Its sums since the start are shown as counts of intervals.

    Returns
    -------
    Figure
        With axes below each other, which share the time.

    Raises
    ------
    ValueError
        For a column that is not there, an `of` that is missing or not there.
    TypeError
        For something else than a result or a table.

    Examples
    --------
    >>> result = xfrm.study(duration="50ms", interval="5ms", zipf=0, ipsec_seed_period="20ms")
    >>> figure = xfrm.plot.time_line(result)
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['Shrinks', 'Re-seeds']
    """
    whole = get_table(result, "series")
    # Sums since the start are in tables that are indexed by a node, too.
    is_sum = isinstance(result, RunResult) or len(whole.index.names) > 1
    table = choose_rows(whole, of)
    names = _choose_events(table, columns, is_sum)
    for name in names:
        check_numbers(table, name)
    figure, panels = plt.subplots(
        len(names), 1, sharex=True, squeeze=False, constrained_layout=True, figsize=_size(names)
    )
    for i, (axes, name) in enumerate(zip(panels[:, 0], names)):
        _draw_panel(axes, table, name, is_sum, COLOURS[i % len(COLOURS)])
        axes.margins(x=0)
        if i < len(names) - 1:
            axes.tick_params(labelbottom=False)
    finish_axis(axes.xaxis, "Simulated time", "s")
    figure.align_ylabels()
    return figure


def _choose_events(
    table: pd.DataFrame, columns: Union[str, Iterable[str], None], is_sum: bool
) -> list[str]:
    if isinstance(columns, str):
        return [columns]
    if columns is None:
        return [f"cache_{name}" if is_sum else name for name in _EVENTS]
    names = list(columns)
    if not names:
        raise ValueError("columns: must be one or more")
    return names


def _size(names: list[str]) -> Any:
    wide, high = plt.rcParams["figure.figsize"]
    return wide, high * max(1.0, (0.4 + len(names)) / 2.6)


def _draw_panel(axes: Axes, table: pd.DataFrame, name: str, is_sum: bool, color: str) -> None:
    unit = get_unit(table, name)
    edges = find_edges(table.index)
    is_count = unit not in ("ns", "s", "1", "entries", "bit/s", "packets/s")
    if is_count:
        counts = take_differences(table[name], edges) if is_sum else table[name]
        _draw_counts(axes, counts, edges, color)
    else:
        values = _get_values(table, name)
        _draw_steps(axes, values, "", color)
        axes.set_yscale("log" if is_logarithmic(values, unit) else "linear")
        begin_at_zero(axes.yaxis, unit)
    finish_axis(axes.yaxis, name_column(name.removeprefix("cache_")).replace(", ", ",\n"), unit)


def _draw_counts(axes: Axes, counts: pd.Series, edges: Any, color: str) -> None:
    axes.stairs(counts.to_numpy(dtype=np.float64), edges, fill=True, color=color)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.set_ylim(bottom=0)
    if not counts.any():
        axes.set_ylim(top=1)
        axes.text(0.5, 0.5, "none", transform=axes.transAxes, ha="center", va="center")
