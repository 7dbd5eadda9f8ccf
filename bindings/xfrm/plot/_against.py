# SPDX-License-Identifier: GPL-2.0-only
"""Results against parameters."""

from collections.abc import Iterable
from typing import Any, Optional, Union

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .._intervals import group_points, summarize, varied_parameters
from ._data import Runs, check_column, check_numbers, get_unit, to_runs
from ._names import name_column, name_value
from ._scales import (
    begin_at_zero,
    check_scale,
    finish_axis,
    is_geometric,
    is_logarithmic,
    tick_values,
)
from ._style import get_axes, look_of, place_legend

__all__ = ["against"]


def against(
    runs: Runs,
    value: str,
    x: str,
    *,
    by: Union[str, Iterable[str], None] = None,
    ax: Optional[Axes] = None,
    xscale: Optional[str] = None,
    yscale: Optional[str] = None,
    level: float = 0.95,
) -> Axes:
    """Draw a result against a parameter: means over the seeds, with confidence intervals.

    Parameters
    ----------
    runs : Store, SweepResult or DataFrame
        Runs, or some of them: ``store.runs(policies=10)``.
    value : str
        Result to draw, a column of numbers such as "carried_rate", "hit_ratio", "latency_p99_ns".
    x : str
        Parameter of the horizontal axis.  Numbers have their places; of texts each has one.
    by : str or iterable of str, optional
        Parameters for each of whose values, or combinations of them, there is a line.
    ax : Axes, optional
        Where to draw; by default in a figure of its own.
    xscale, yscale : {'linear', 'log'}, optional
        By default logarithmic where values ask for it: of `x` such as 1, 2, 4, 8; results that
        are positive and differ by a factor of 20 or more.
    level : float
        Confidence of the intervals, by Student's t; points of one seed have none.

    Returns
    -------
    Axes
        With a line for each value of `by`, in the units of the table.

    Raises
    ------
    ValueError
        For a column that is not there or has no numbers, another scale, a parameter that varies
        beside these (say which value is meant, or name it in `by`), and without runs.
    TypeError
        If `runs` is something else.

    Examples
    --------
    >>> base = xfrm.StudyConfig(duration="10ms")
    >>> result = xfrm.sweep(base, {"flows": [100, 10_000], "cores": [1, 2]}, seeds=2)
    >>> axes = xfrm.plot.against(result, "hit_ratio", "flows", by="cores")
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('Flows', 'Hit ratio (%)')
    """
    table = to_runs(runs)
    keys = [by] if isinstance(by, str) else list(by or ())
    _check(table, value, [*keys, x])
    check_scale("xscale", xscale)
    check_scale("yscale", yscale)
    means = summarize(table, value, by=[*keys, x], level=level).reset_index()
    is_text = not _has_numbers(table[x])
    if is_text:
        places = {each: i for i, each in enumerate(dict.fromkeys(means[x]))}
        means["place"] = means[x].map(places)
    else:
        means["place"] = means[x].astype("float64")
    axes = get_axes(ax)
    _draw_lines(axes, means, keys, table)
    unit = get_unit(table, value)
    is_log = is_logarithmic([*means["mean"], *means["low"].dropna()], unit)
    axes.set_yscale(yscale or ("log" if is_log else "linear"))
    if is_text:
        axes.set_xticks(list(places.values()), [name_value(each, "") for each in places])
        axes.set_xlabel(name_column(x))
    else:
        axes.set_xscale(xscale or ("log" if is_geometric(means["place"]) else "linear"))
        tick_values(axes.xaxis, means["place"])
        finish_axis(axes.xaxis, name_column(x), get_unit(table, x))
    begin_at_zero(axes.yaxis, unit)
    finish_axis(axes.yaxis, name_column(value), unit)
    place_legend(axes, ", ".join(map(name_column, keys)))
    return axes


def _has_numbers(column: pd.Series) -> bool:
    kind = pd.api.types
    return bool(kind.is_numeric_dtype(column) and not kind.is_bool_dtype(column))


def _check(table: pd.DataFrame, value: str, keys: list[str]) -> None:
    check_numbers(table, value)
    for key in keys:
        check_column(table, key)
    if len(set(keys)) < len(keys):
        raise ValueError(f"by {', '.join(keys[:-1])}: must be other parameters than x, each once")
    if table[value].isna().all():
        raise ValueError(f"column {value}: must have a number in one of these runs")
    if "parameters" not in table.attrs:
        return
    points = table.groupby(keys, dropna=False)
    for name in varied_parameters(table):
        # One that goes with these, such as a low watermark with the high one, makes no mixture.
        if name not in keys and points[name].nunique(dropna=False).max() > 1:
            some = ", ".join(map(str, table[name].unique()[:4]))
            raise ValueError(
                f"{name} varies, too ({some}): must be one value, as of store.runs({name}=...), or"
                " be in by"
            )


def _draw_lines(axes: Axes, means: pd.DataFrame, keys: list[str], table: pd.DataFrame) -> None:
    units = [get_unit(table, key) for key in keys]
    # Lines that are there already; caps of error bars are lines of marks only.
    begin = sum(line.get_linestyle() != "None" for line in axes.lines)
    for i, (values, rows) in enumerate(group_points(means, keys)):
        look = look_of(begin + i)
        label = ", ".join(name_value(each, unit) for each, unit in zip(values, units))
        _draw_line(axes, rows.sort_values("place"), label or None, look)


def _draw_line(axes: Axes, rows: pd.DataFrame, label: Optional[str], look: Any) -> None:
    axes.plot(
        rows["place"].to_numpy(),
        rows["mean"].to_numpy(),
        label=label,
        color=look.color,
        linestyle=look.linestyle,
        marker=look.marker,
    )
    sure = rows[rows["low"].notna()]  # those of one seed have no interval
    if sure.empty:
        return
    axes.errorbar(
        sure["place"].to_numpy(),
        sure["mean"].to_numpy(),
        yerr=np.stack([sure["mean"] - sure["low"], sure["high"] - sure["mean"]]),
        fmt="none",
        ecolor=look.color,
        elinewidth=0.8,
        capsize=2,
    )
