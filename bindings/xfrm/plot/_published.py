# SPDX-License-Identifier: GPL-2.0-only
"""Published numbers beside simulated ones."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ._data import check_column
from ._scales import finish_axis
from ._style import COLOURS, get_axes
from ._units import format_number

__all__ = ["published"]

_COLUMNS = ("section", "row", "column", "part", "error", "band", "kind", "is_exact", "is_inside")
_GREY = "#e6e6e6"
_LANE = 0.36  # half of what the numbers of a section are spread over
_FAR = 4.0  # bands away, beyond which an error is drawn at the edge

_KINDS = {"C": "calibrated", "P": "predicted"}


def published(report: Any, section: Optional[str] = None, *, ax: Optional[Axes] = None) -> Axes:
    """Draw how far simulated numbers are from published ones.

    Parameters
    ----------
    report : Validation, DataFrame, mapping, str or path
        What `validate` gives, its cells, or what xfrm-sim validate --json writes, or the name of
        such a file.
    section : str, optional
        Section of the tables, such as "V1": each of its numbers has a line, the error in percent of
        the published number (or as a difference, where the band is one), and its band as a bar.
        Without, all sections have a line each, and errors are in bands.
    ax : Axes, optional
        Where to draw; by default in a figure of its own, as high as it needs.

    Returns
    -------
    Axes
        Numbers that profiles are calibrated on are open circles, predicted ones filled; those
        outside their band are squares, with their names in the picture of all sections.

    Raises
    ------
    ValueError
        For a section or columns that are not there, and a file that is no JSON.
    TypeError
        For something else than a report.
    OSError
        For a file that can't be read.
    """
    cells = _read(report)
    if section is None:
        return _draw_all(cells, ax)
    sections = list(cells["section"].unique())
    if section not in sections:
        raise ValueError(f"section {section}: must be one of {', '.join(sections)}")
    return _draw_section(cells[cells["section"] == section], ax)


def _read(report: Any) -> pd.DataFrame:
    cells = getattr(report, "cells", report)
    if isinstance(cells, (str, os.PathLike)):
        cells = _read_file(Path(cells))
    if isinstance(cells, Mapping):
        cells = pd.DataFrame(cells.get("cells", []))
    if not isinstance(cells, pd.DataFrame):
        raise TypeError(f"report: must be of validate(), not {type(report).__name__}")
    if cells.empty:
        raise ValueError("report: must have cells")
    for name in _COLUMNS:
        check_column(cells, name)
    return cells


def _read_file(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: must be JSON of xfrm-sim validate: {error}") from error


def _draw_all(cells: pd.DataFrame, ax: Optional[Axes]) -> Axes:
    sections = list(cells["section"].unique())
    axes = _make_axes(ax, 0.75 + 0.28 * len(sections))
    axes.axvspan(-1, 1, color=_GREY, linewidth=0, zorder=0)
    for border in range(1, len(sections)):
        axes.axhline(border - 0.5, color="white", linewidth=1.5, zorder=1)
    for lane, section in enumerate(sections):
        rows = cells[cells["section"] == section]
        places = lane + np.linspace(-_LANE, _LANE, len(rows))
        errors = [_in_bands(row) for _, row in rows.iterrows()]
        _mark(axes, rows, errors, places)
        for (_, row), error, place in zip(rows.iterrows(), errors, places):
            if not row["is_inside"]:
                _name_miss(axes, row, (error, float(place)))
    _list_lanes(axes, sections)
    axes.set_xlim(-_FAR - 0.15, _FAR + 0.15)
    axes.set_xlabel("Error, as a multiple of what its band allows")
    axes.xaxis.set_major_formatter(lambda value, place: format_number(value))
    _explain(axes)
    return axes


def _in_bands(row: Any) -> float:
    """Return the error of a number by its band, cut where it would leave the picture."""
    if row["is_exact"]:
        return 0.0 if row["is_inside"] else _FAR
    return float(np.clip(row["error"] / row["band"], -_FAR, _FAR))


def _draw_section(rows: pd.DataFrame, ax: Optional[Axes]) -> Axes:
    axes = _make_axes(ax, 0.75 + 0.16 * len(rows))
    is_absolute = bool(rows["is_absolute"].any()) if "is_absolute" in rows else False
    axes.use_sticky_edges = False
    places = np.arange(len(rows), dtype=np.float64)
    bands = np.where(rows["is_exact"], 0.0, rows["band"])
    axes.barh(places, 2 * bands, left=-bands, height=0.7, color=_GREY, label="band", zorder=0)
    errors = rows["error"].astype("float64").fillna(0.0).tolist()
    _mark(axes, rows, errors, places)
    _list_lanes(axes, [_name(row) for _, row in rows.iterrows()])
    axes.axvline(0, color="#808080", linewidth=0.6, zorder=1)
    if is_absolute:
        axes.set_xlabel("Simulated less published ratio")
        axes.xaxis.set_major_formatter(lambda value, place: format_number(value))
    else:
        finish_axis(axes.xaxis, "Error", "1")
    _explain(axes)
    return axes


def _make_axes(ax: Optional[Axes], height: float) -> Axes:
    axes = get_axes(ax)
    if ax is None:
        axes.figure.set_figheight(height)
    axes.grid(False, axis="y")
    return axes


def _mark(axes: Axes, rows: pd.DataFrame, errors: Any, places: Any) -> None:
    for is_calibrated in (True, False):
        for is_inside in (True, False):
            chosen = (rows["kind"].eq("C") == is_calibrated) & (rows["is_inside"] == is_inside)
            if not chosen.any():
                continue
            color = COLOURS[0] if is_inside else COLOURS[1]
            axes.plot(
                np.asarray(errors)[chosen],
                np.asarray(places)[chosen],
                linestyle="none",
                marker="o" if is_inside else "s",
                markersize=3.5 if is_inside else 4.5,
                markerfacecolor="white" if is_calibrated else color,
                markeredgecolor=color,
                markeredgewidth=0.9,
                zorder=3,
                label=_KINDS["C" if is_calibrated else "P"]
                + ("" if is_inside else ", outside its band"),
            )


def _name(row: Any) -> str:
    part = f" /{row['part']}" if row["part"] > 1 else ""
    return f"{row['row']}, {row['column']}{part}"


def _name_miss(axes: Axes, row: Any, at: tuple[float, float]) -> None:
    is_left = at[0] > _FAR / 2 or -_FAR / 2 < at[0] < 0
    axes.annotate(
        _name(row),
        at,
        xytext=(-5 if is_left else 5, 0),
        textcoords="offset points",
        horizontalalignment="right" if is_left else "left",
        verticalalignment="center",
        fontsize="x-small",
    )


def _list_lanes(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def _explain(axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles))
    axes.legend(
        list(unique.values()),
        list(unique),
        loc="lower right",
        bbox_to_anchor=(1, 1),
        borderaxespad=0.3,
        ncol=2,
        columnspacing=1.2,
        handletextpad=0.4,
    )
