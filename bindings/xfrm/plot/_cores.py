# SPDX-License-Identifier: GPL-2.0-only
"""What cores are busy with."""

from typing import Any, Optional

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes

from .._run import RunResult
from .._study import StudyResult
from ._data import Table, check_numbers, find_edges, get_table, take_differences
from ._scales import finish_axis
from ._style import COLOURS, get_axes, place_legend
from ._units import format_number

__all__ = ["core_load", "core_shares"]

_MOST_VECTORS = 5000  # cells; more are an image in the figure


def core_load(result: Table, *, node: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """Draw how busy each core is over time, as a map of cores and intervals.

    Parameters
    ----------
    result : StudyResult, RunResult or DataFrame
        A result with cores, or its core_series.
    node : str, optional
        Which node, if several have cores.
    ax : Axes, optional
        Where to draw; by default in a figure of its own.

    Returns
    -------
    Axes
        With a mesh of shares of time, 0 to 1, shape (n_cores, n_intervals).

    Raises
    ------
    ValueError
        For a run without cores, and a node that is missing or not there.
    TypeError
        For something else.

    Examples
    --------
    >>> result = xfrm.study(cores=4, duration="100ms", interval="10ms")
    >>> axes = xfrm.plot.core_load(result)
    >>> axes.collections[0].get_array().size
    40
    """
    if isinstance(result, RunResult) and result.core_series.empty:
        raise ValueError("result: a run without cores (cores=0): must have one or more")
    table = get_table(result, "core_series")
    check_numbers(table, "busy_ns")
    busy = _choose_node(table, node)["busy_ns"].unstack("core").sort_index()
    edges = find_edges(busy.index)
    if "node" in table.index.names:  # runs have sums since the start
        busy = busy.apply(lambda sums: take_differences(sums, edges))
    shares = busy.to_numpy().T / (np.diff(edges) * 1e9)
    axes = get_axes(ax)
    mesh = axes.pcolormesh(
        edges,
        np.arange(len(busy.columns) + 1) - 0.5,
        shares,
        cmap="cividis",
        vmin=0,
        vmax=1,
        rasterized=shares.size > _MOST_VECTORS,
    )
    axes.grid(False)
    axes.set_ylabel("Core")
    axes.yaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    if len(busy.columns) <= 16:
        axes.set_yticks(range(len(busy.columns)), [str(core) for core in busy.columns])
    finish_axis(axes.xaxis, "Simulated time", "s")
    bar = axes.figure.colorbar(mesh, ax=axes, label="Busy (%)")
    bar.ax.yaxis.set_major_formatter(lambda share, place: format_number(100 * share))
    bar.outline.set_visible(False)
    return axes


def _choose_node(table: pd.DataFrame, node: Optional[str]) -> pd.DataFrame:
    for level in ("time_s", "core"):
        if level not in table.index.names:
            raise ValueError(f"result: must be indexed by time_s and core, has no {level}")
    table = table[table.index.get_level_values("time_s") > 0]  # at the start nothing is done
    if "node" not in table.index.names:
        return table
    nodes = list(table.index.get_level_values("node").unique())
    if node is None and len(nodes) == 1:
        node = nodes[0]
    if node not in nodes:
        raise ValueError(f"node {node}: must be one of {', '.join(nodes)}")
    return table.xs(node, level="node")


def core_shares(result: StudyResult, *, ax: Optional[Axes] = None) -> Axes:
    """Draw what each core of a study did in all: work, waits for locks, nothing.

    Parameters
    ----------
    result : StudyResult
        The study.
    ax : Axes, optional
        Where to draw; by default in a figure of its own.

    Returns
    -------
    Axes
        With two bars a core, one on the other, in shares of the simulated time.

    Raises
    ------
    TypeError
        For something else than a study.

    Examples
    --------
    >>> axes = xfrm.plot.core_shares(xfrm.study(cores=8, duration="50ms"))
    >>> axes.get_ylabel(), len(axes.patches)
    ('Share of time (%)', 16)
    """
    if not isinstance(result, StudyResult):
        raise TypeError(f"result: must be a StudyResult, not {type(result).__name__}")
    time_ns = result.summary["simulated_s"] * 1e9
    waits = result.per_core["lock_wait_ns"] / time_ns
    works = result.per_core["busy_ns"] / time_ns - waits
    axes = get_axes(ax)
    cores = result.per_core.index.to_numpy()
    axes.bar(cores, works, width=0.8, label="Work", color=COLOURS[0])
    axes.bar(
        cores,
        waits,
        width=0.8,
        bottom=works,
        label="Waiting for locks",
        facecolor=COLOURS[4],
        edgecolor=COLOURS[6],
        hatch="////",
        linewidth=0.3,
    )
    axes.set_xlabel("Core")
    axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlim(cores[0] - 0.6, cores[-1] + 0.6)
    axes.set_ylim(0, 1)
    axes.set_ylabel("Share of time (%)")
    axes.yaxis.set_major_formatter(_in_percent)
    place_legend(axes)
    return axes


def _in_percent(share: float, place: Any) -> str:
    return format_number(100 * share)
