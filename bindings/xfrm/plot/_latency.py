# SPDX-License-Identifier: GPL-2.0-only
"""How latencies are distributed."""

import math
from typing import Any, Optional

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ._data import Tables, check_numbers, name_tables
from ._scales import check_scale, finish_axis, is_logarithmic
from ._style import get_axes, look_of, place_legend
from ._units import format_number

__all__ = ["latency_distribution"]

_KINDS = ("percentiles", "cdf", "ccdf")


def latency_distribution(
    results: Tables,
    kind: str = "percentiles",
    *,
    ax: Optional[Axes] = None,
    scale: Optional[str] = None,
) -> Axes:
    """Draw the distribution of latencies.

    Parameters
    ----------
    results : StudyResult, DataFrame, or mapping of these by name
        Results, or histograms such as ``store.histogram(run)``; of several runs, as
        ``store.tables(runs, "histogram")`` has them, one line is drawn of all of them together.
    kind : {'percentiles', 'cdf', 'ccdf'}
        Latency by percentile, on an axis that gives as much room to 99 to 99.9 % as to 90 to 99 %;
        share of packets that take at most so long; share that take longer, on a logarithmic axis.
    ax : Axes, optional
        Where to draw; by default in a figure of its own.
    scale : {'linear', 'log'}, optional
        Of latencies, by default logarithmic if they differ by a factor of 20 or more.

    Returns
    -------
    Axes
        Latencies are in seconds; shares from 0 to 1; of percentiles p the axis has 1 / (1 - p).

    Raises
    ------
    ValueError
        For another kind or scale, results of no packets, and a RunResult, which has none.
    TypeError
        For something else than results and tables.

    Examples
    --------
    >>> result = xfrm.study(duration="50ms")
    >>> axes = xfrm.plot.latency_distribution({"now": result, "later": result})
    >>> axes.get_xlabel(), len(axes.lines)
    ('Percentile', 2)
    """
    if kind not in _KINDS:
        raise ValueError(f"kind {kind}: must be one of {', '.join(_KINDS)}")
    check_scale("scale", scale)
    named = name_tables(results, "histogram")
    counts = [_add_up(table) for _, table in named]
    axes = get_axes(ax)
    latencies: list[float] = []
    for i, ((name, _), count) in enumerate(zip(named, counts)):
        latencies += [float(count.index[0]), float(count.index[-1])]
        x, y = _make_curve(count, kind)
        look = look_of(i)
        axes.plot(
            x,
            y,
            drawstyle="steps-post",
            label=name or None,
            color=look.color,
            linestyle=look.linestyle,
        )
    is_log = is_logarithmic(latencies, "s") if scale is None else scale == "log"
    shown, other = (axes.yaxis, axes.xaxis) if kind == "percentiles" else (axes.xaxis, axes.yaxis)
    axes.set(**{f"{shown.axis_name}scale": "log" if is_log else "linear"})
    finish_axis(shown, "Latency", "s")
    _finish_shares(other, kind, max(float(count.sum()) for count in counts))
    place_legend(axes)
    return axes


def _add_up(table: pd.DataFrame) -> pd.Series:
    """Return counts by lower bound, without bins of no packets."""
    for name in ("lower_s", "count"):
        check_numbers(table, name)
    counts = table.groupby("lower_s")["count"].sum()
    counts = counts[counts > 0]
    if counts.empty:
        raise ValueError("histogram: must have packets")
    return counts


def _make_curve(
    counts: pd.Series, kind: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of steps, of which each goes on until the next."""
    total = float(counts.sum())
    bounds = counts.index.to_numpy(dtype=np.float64)
    until = counts.cumsum().to_numpy(dtype=np.float64)  # packets up to each bin
    if kind == "cdf":
        return np.append(bounds[0], bounds), np.append(0.0, until / total)
    if kind == "ccdf":
        # The greatest has none above it, and no place on the axis.
        return bounds, np.append(1 - until[:-1] / total, 1 / total)
    before = np.append(0.0, until[:-1])
    places = total / (total - before)
    return np.append(places, total), np.append(bounds, bounds[-1])


def _finish_shares(axis: Any, kind: str, total: float) -> None:
    if kind == "cdf":
        axis.set_label_text("Share of packets (%)")
        axis.set_major_formatter(_in_percent)
        return
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_minor_locator(ticker.NullLocator())
    n_decades = max(1, math.ceil(math.log10(max(total, 10)) - 1e-9))
    powers = range(0, n_decades + 1, 1 if n_decades < 7 else 2)
    if kind == "ccdf":
        axis.set_major_locator(ticker.FixedLocator([10.0**-power for power in powers]))
        axis.set_major_formatter(_in_percent)
        axis.set_label_text("Share that takes longer (%)")
        return
    axis.set_major_locator(ticker.FixedLocator([10.0**power for power in powers]))
    axis.set_major_formatter(ticker.FuncFormatter(lambda x, place: _name_percentile(x)))
    axis.axes.set_xlim(left=1)
    axis.set_label_text("Percentile")


def _in_percent(share: float, place: Optional[int]) -> str:
    return format_number(100 * share)


def _name_percentile(place: float) -> str:
    """Name the percentile that is at 1 / (1 - p): 0, 90, 99, 99.9."""
    power = round(math.log10(place))
    if power < 2:
        return "90" if power else "0"
    return "99" + ("." + "9" * (power - 2) if power > 2 else "")
