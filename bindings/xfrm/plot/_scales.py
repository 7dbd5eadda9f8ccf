# SPDX-License-Identifier: GPL-2.0-only
"""Axes: linear or logarithmic, their ticks, and labels with units."""

import math
import re
from collections.abc import Iterable
from typing import Any, Optional

import numpy as np
from matplotlib import ticker

from ._units import Unit, find_unit, format_number, format_value, pick_exponent

__all__ = [
    "begin_at_zero",
    "check_scale",
    "finish_axis",
    "is_geometric",
    "is_logarithmic",
    "tick_values",
]

_SCALES = ("linear", "log")
_LOG_SPAN = 20  # greatest by least number, from which on an axis is logarithmic
_GEOMETRIC_SPAN = 4  # the same of values of a parameter
_MOST_TICKS = 8  # values that have a tick each
_LEAST_GAP = 0.07  # between such ticks, as a share of the axis
_MOST_DECADES = 3.5  # with one prefix for all ticks
_FEW_DECADES = 2  # in which 2 and 5 have ticks, too
_SYMBOL = re.compile(r" \([^()]*\)$")


def check_scale(name: str, scale: Optional[str]) -> None:
    """See that a scale is one.

    Parameters
    ----------
    name : str
        Of the argument.
    scale : str or None
        Its value.

    Raises
    ------
    ValueError
        Unless it is linear, log or None.
    """
    if scale is not None and scale not in _SCALES:
        raise ValueError(f"{name} {scale}: must be one of {', '.join(_SCALES)}")


def is_logarithmic(values: Iterable[float], unit: str) -> bool:
    """Choose between a linear and a logarithmic axis.

    Parameters
    ----------
    values : iterable of float
        What the axis shows.
    unit : str
        Of the values, as in tables.

    Returns
    -------
    bool
        Logarithmic: positive numbers that differ by a factor of 20 or more, and are no shares.
    """
    numbers = np.asarray([value for value in values if math.isfinite(value)], dtype=np.float64)
    if numbers.size < 2 or find_unit(unit).symbol == "%" or numbers.min() <= 0:
        return False
    return bool(numbers.max() / numbers.min() >= _LOG_SPAN)


def is_geometric(values: Iterable[float]) -> bool:
    """Choose between a linear and a logarithmic axis for values that somebody chose.

    Parameters
    ----------
    values : iterable of float
        Values of a parameter.

    Returns
    -------
    bool
        Logarithmic: positive numbers that differ by a factor of 4 or more, and whose ratios are
        more alike than their differences.
    """
    numbers = np.unique(np.asarray(list(values), dtype=np.float64))
    if numbers.size < 2 or numbers[0] <= 0 or numbers[-1] / numbers[0] < _GEOMETRIC_SPAN:
        return False
    if numbers.size == 2:
        return bool(numbers[1] / numbers[0] >= _LOG_SPAN)
    gaps, ratios = np.diff(numbers), np.diff(np.log(numbers))
    return bool(ratios.std() / ratios.mean() < gaps.std() / gaps.mean())


def begin_at_zero(axis: Any, unit: str) -> None:
    """Show 0 on a linear axis of sizes; on one of shares, if it is not far from them.

    Parameters
    ----------
    axis : Axis
        The vertical one, with its data.
    unit : str
        Of the data, as in tables.
    """
    low, high = _get_limits(axis)
    is_share = find_unit(unit).symbol == "%"
    if axis.get_scale() == "linear" and 0 <= low and (not is_share or low < high / 2):
        axis.axes.set_ylim(0, 1.05 * high if high > 0 else 1)


def tick_values(axis: Any, values: Iterable[float]) -> None:
    """Put ticks at values if they are few and lie apart.

    Parameters
    ----------
    axis : Axis
        With its scale set.
    values : iterable of float
        Values that have been measured.
    """
    ticks = sorted(set(values))
    if not 2 <= len(ticks) <= _MOST_TICKS:
        return
    places = np.log(ticks) if axis.get_scale() == "log" else np.asarray(ticks)
    if np.diff(places).min() >= _LEAST_GAP * (places[-1] - places[0]):
        axis.set_major_locator(ticker.FixedLocator(ticks))
        axis.set_minor_locator(ticker.NullLocator())


def finish_axis(axis: Any, name: str, unit: str) -> None:
    """Write the label and the numbers of an axis, behind all that is drawn.

    Numbers stay in the unit of the table, to which more may be drawn; what is written has a prefix.

    Parameters
    ----------
    axis : Axis
        With its scale and its data.
    name : str
        What it shows.
    unit : str
        As in tables.
    """
    kind = find_unit(unit)
    low, high = _get_limits(axis)
    largest = max(abs(low), abs(high))
    is_each = not kind.symbol
    if axis.get_scale() == "log":
        n_decades = math.log10(high / low) if 0 < low < high else 1.0
        _place_log_ticks(axis, n_decades)
        is_each = is_each or (kind.is_prefixed and n_decades > _MOST_DECADES)
        # Most numbers have no zeros behind the point with the prefix of the middle.
        largest = math.sqrt(low * high) if low > 0 else 1.0
    exponent = pick_exponent(kind, largest)
    axis.set_major_formatter(_each_prefixed(unit) if is_each else _all_prefixed(kind, exponent))
    _write_labels(axis, name, unit, "" if is_each else kind.name(exponent))


def _list_shared(axis: Any) -> list[Any]:
    """Return the axes of all panels that share an axis, itself among them."""
    grouper = getattr(axis.axes, f"get_shared_{axis.axis_name}_axes")()
    panels = grouper.get_siblings(axis.axes)
    return [getattr(panel, f"{axis.axis_name}axis") for panel in panels]


def _get_limits(axis: Any) -> tuple[float, float]:
    """Return the least and the greatest number of what is drawn, of all panels that share it."""
    ends = [float(end) for each in _list_shared(axis) for end in each.get_data_interval()]
    known = [end for end in ends if math.isfinite(end)]
    return (min(known), max(known)) if known else (0.0, 1.0)


def _place_log_ticks(axis: Any, n_decades: float) -> None:
    if not isinstance(axis.get_major_locator(), ticker.FixedLocator):
        subs = (1.0, 2.0, 5.0) if n_decades < _FEW_DECADES else (1.0,)
        axis.set_major_locator(ticker.LogLocator(subs=subs, numticks=10))
    axis.set_minor_formatter(ticker.NullFormatter())


def _write_labels(axis: Any, name: str, unit: str, symbol: str) -> None:
    axis.set_label_text(_label(name, unit, symbol))
    shared = _list_shared(axis)
    if len(shared) < 2:
        return
    # All have the same numbers, so the same prefix; inner panels need no label.
    for each in shared:
        place = each.axes.get_subplotspec()
        is_y = axis.axis_name == "y"
        is_outer = place is None or (place.is_first_col() if is_y else place.is_last_row())
        text = _SYMBOL.sub("", each.get_label_text())
        each.set_label_text(_label(text, unit, symbol) if text and is_outer else "")


def _each_prefixed(unit: str) -> Any:
    return ticker.FuncFormatter(lambda value, place: format_value(value, unit))


def _all_prefixed(kind: Unit, exponent: int) -> Any:
    factor = 10.0 ** (kind.exponent - exponent)
    return ticker.FuncFormatter(lambda value, place: format_number(value * factor))


def _label(name: str, unit: str, symbol: str) -> str:
    is_said = unit in ("", "count") or unit in name.lower() or find_unit(unit).symbol
    shown = symbol or ("" if is_said else unit)
    return f"{name} ({shown})" if shown else name
