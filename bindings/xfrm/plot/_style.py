# SPDX-License-Identifier: GPL-2.0-only
"""How figures look, and how they are written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .._files import write_whole

__all__ = ["COLOURS", "Look", "get_axes", "look_of", "place_legend", "save", "style"]

#: Of Okabe and Ito, which people of any colour vision tell apart; without yellow, which fades.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))

_WIDTHS = {"single": 3.4, "double": 7.0}
_HEIGHTS = {"single": 2.4, "double": 2.8}
_FORMATS = (".pdf", ".svg", ".png")

#: Same figure, same bytes; letters stay letters.
_OUTPUT = {"svg.hashsalt": "xfrm", "svg.fonttype": "none", "pdf.fonttype": 42, "savefig.dpi": 300}
_METADATA: dict[str, dict[str, Optional[str]]] = {
    ".pdf": {"CreationDate": None},
    ".svg": {"Date": None},
    ".png": {"Software": None},
}

_STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "errorbar.capsize": 2,
    "figure.constrained_layout.use": True,
    "grid.color": "#d8d8d8",
    "grid.linewidth": 0.4,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    **_OUTPUT,
}


class Look(NamedTuple):
    """What tells a line from others, also without colours."""

    color: str  #: its colour
    linestyle: Any  #: its dashes
    marker: str  #: its marks


def look_of(place: int) -> Look:
    """Choose how a line looks.

    Parameters
    ----------
    place : int
        Its number among the lines, from 0 on.

    Returns
    -------
    Look
        Of up to 56 lines, no two the same.
    """
    return Look(
        COLOURS[place % len(COLOURS)],
        _DASHES[place % len(_DASHES)],
        _MARKERS[place % len(_MARKERS)],
    )


@contextmanager
def style(
    *,
    width: Union[str, float] = "single",
    height: Optional[float] = None,
    font_size: float = 8,
) -> Iterator[None]:
    """Make figures fit for a paper while the block lasts.

    Parameters
    ----------
    width : {'single', 'double'} or float
        Of a figure: one column (3.4 inches), two (7 inches), or inches.
    height : float, optional
        Of a figure, in inches; by default as fits the width.
    font_size : float
        Of labels, in points; ticks and legends are one point smaller.

    Yields
    ------
    None

    Raises
    ------
    ValueError
        For another width, and sizes that are not above 0.

    Examples
    --------
    >>> with xfrm.plot.style(width="double"):
    ...     axes = xfrm.plot.over_time(xfrm.study(duration="50ms", interval="5ms"))
    >>> [float(inches) for inches in axes.figure.get_size_inches()]
    [7.0, 2.8]
    """
    size = _find_size(width, height)
    if not font_size > 0:
        raise ValueError(f"font_size {font_size}: must be points, above 0")
    small = font_size - 1 if font_size > 1 else font_size
    fonts: dict[str, Any] = {
        "font.size": font_size,
        "axes.titlesize": font_size,
        "xtick.labelsize": small,
        "ytick.labelsize": small,
        "legend.fontsize": small,
        "legend.title_fontsize": small,
    }
    with mpl.rc_context({**_STYLE, **fonts, "figure.figsize": size}):
        yield


def _find_size(width: Union[str, float], height: Optional[float]) -> tuple[float, float]:
    if isinstance(width, str):
        if width not in _WIDTHS:
            raise ValueError(f"width {width}: must be single, double or a number of inches")
        return _WIDTHS[width], _HEIGHTS[width] if height is None else _check_inches(height)
    wide = _check_inches(width)
    usual = min(0.7 * wide, _HEIGHTS["double"])
    return wide, usual if height is None else _check_inches(height)


def _check_inches(size: float) -> float:
    if not 0 < size < 100:
        raise ValueError(f"size {size}: must be inches, above 0 and below 100")
    return float(size)


def save(figure: Union[Figure, Axes], path: Union[str, "os.PathLike[str]"]) -> Path:
    """Write a figure, without the time: the same figure gives the same bytes.

    Letters stay letters in PDF and SVG, so that they can be searched and restyled; PNG has 300
    dots an inch.

    Parameters
    ----------
    figure : Figure or Axes
        The figure, or axes in it.
    path : str or path
        File that ends in .pdf, .svg or .png; it is replaced as a whole.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        For another ending.
    OSError
        If it can't be written.
    """
    file = Path(path)
    ending = file.suffix.lower()
    if ending not in _FORMATS:
        raise ValueError(f"path {file}: must end in one of {', '.join(_FORMATS)}")
    whole = figure if isinstance(figure, Figure) else figure.figure
    with mpl.rc_context(_OUTPUT):
        return write_whole(file, lambda part: whole.savefig(part, metadata=_METADATA[ending]))


def get_axes(ax: Optional[Axes]) -> Axes:
    """Return axes to draw on.

    Parameters
    ----------
    ax : Axes or None
        Those that the caller was given.

    Returns
    -------
    Axes
        These, or those of a new figure.
    """
    return plt.subplots()[1] if ax is None else ax


def place_legend(ax: Axes, title: str = "") -> None:
    """Put a legend above the axes, where no data is, if there is more than one line.

    Parameters
    ----------
    ax : Axes
        With labelled lines.
    title : str
        What the labels are values of; empty: they say it themselves.
    """
    handles, labels = ax.get_legend_handles_labels()
    if len(labels) < 2:
        return
    n_columns = _count_columns(ax, labels)
    order = _order_by_rows(len(labels), n_columns)
    ax.legend(
        [handles[i] for i in order],
        [labels[i] for i in order],
        title=title or None,
        alignment="left",
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.3,
        columnspacing=1.2,
        ncol=n_columns,
    )


def _count_columns(ax: Axes, labels: list[str]) -> int:
    """Return how many labels have room beside each other, at most."""
    size = mpl.font_manager.FontProperties(size=mpl.rcParams["legend.fontsize"])
    em = float(size.get_size_in_points()) / 72  # inches
    column = 5.5 * em + 0.55 * em * max(map(len, labels))
    wide = 1.1 * ax.get_position(original=True).width * ax.figure.get_size_inches()[0]
    return max(1, min(len(labels), int(wide / column)))


def _order_by_rows(n: int, n_columns: int) -> list[int]:
    """Return places of labels so that they are read row by row: legends go column by column."""
    return [i for column in range(n_columns) for i in range(column, n, n_columns)]
