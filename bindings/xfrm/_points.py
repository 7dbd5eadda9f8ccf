# SPDX-License-Identifier: GPL-2.0-only
"""Points of a sweep: changes to its base, as grids, lists and samples."""

import itertools
import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any, Union

__all__ = ["Grid", "Point", "Range", "cross", "grid", "latin_hypercube", "sobol", "to_points"]

MOST_POINTS = 10**6  # no sweep does more, and what has them has no room for more

Point = dict[str, Any]
Grid = Mapping[Any, Iterable[Any]]
Range = Union[tuple[float, float], tuple[float, float, str], list[Any]]


def grid(axes: Grid) -> list[Point]:
    """Make the points of a grid.

    Parameters
    ----------
    axes : mapping
        Values of each parameter, by its name.  A tuple of names has tuples of values, which go
        together: ``{("cores", "rate"): [(1, 1e6), (4, 4e6)]}``.

    Returns
    -------
    list of dict
        Every combination, the last parameter changing first.

    Raises
    ------
    ValueError
        For a text in place of values, a tuple of values of another length than its names, and a
        name that stands twice.

    Examples
    --------
    >>> xfrm.grid({"cores": [1, 2], "flows": [1000]})
    [{'cores': 1, 'flows': 1000}, {'cores': 2, 'flows': 1000}]
    """
    parts = [_list_axis(names, values) for names, values in axes.items()]
    return cross(*parts)


def cross(*parts: Iterable[Mapping[str, Any]]) -> list[Point]:
    """Combine each point of a list with each of the next.

    Parameters
    ----------
    *parts : iterable of mapping
        Lists of points, such as a sample and a grid.

    Returns
    -------
    list of dict
        Every combination, the last list's points changing first.

    Raises
    ------
    ValueError
        For a parameter that two lists have, and for more than a million points.
    """
    lists = [list(part) for part in parts]
    n_points = math.prod(map(len, lists))
    if n_points > MOST_POINTS:
        raise ValueError(f"grid of {n_points} points: must be of at most {MOST_POINTS}")
    points = []
    for combination in itertools.product(*lists):
        point: Point = {}
        for part in combination:
            for name in part:
                if name in point:
                    raise ValueError(f"{name}: must be in one part of a grid only")
            point.update(part)
        points.append(point)
    return points


def latin_hypercube(n: int, ranges: Mapping[str, Range], *, seed: int = 1) -> list[Point]:
    """Draw a Latin hypercube: each of n equal parts of each range has one point.

    Parameters
    ----------
    n : int
        Number of points, from 1 on.
    ranges : mapping
        By name of a parameter (low, high): whole numbers if both are, low and high included,
        else numbers.  (low, high, "log"): the logarithm is spread evenly.
    seed : int
        Choice of the sample.

    Returns
    -------
    list of dict
        n points.

    Raises
    ------
    ValueError
        For a range that is none, or less than one point.
    """
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=_check_sample(n, ranges), seed=seed)
    return _scale(sampler.random(n).tolist(), ranges)


def sobol(n: int, ranges: Mapping[str, Range], *, seed: int = 1) -> list[Point]:
    """Draw points of a scrambled Sobol sequence, which fill the ranges evenly.

    Parameters
    ----------
    n : int
        Number of points, a power of 2: others lose the sequence's balance.
    ranges, seed
        As of `latin_hypercube`.

    Returns
    -------
    list of dict
        n points.

    Raises
    ------
    ValueError
        For a range that is none, or a number of points that is no power of 2.
    """
    from scipy.stats import qmc

    n_parameters = _check_sample(n, ranges)
    if n & (n - 1):
        raise ValueError(f"n {n}: must be a power of 2")
    sampler = qmc.Sobol(d=n_parameters, seed=seed)
    return _scale(sampler.random(n).tolist(), ranges)


def to_points(source: Union[Grid, Iterable[Mapping[str, Any]], None]) -> list[Point]:
    """Take what `sweep` is given for its points.

    Parameters
    ----------
    source : mapping, iterable of mapping or None
        As of `grid`; points; None: the base alone.

    Returns
    -------
    list of dict
        The points.

    Raises
    ------
    ValueError
        For anything else.
    """
    if source is None:
        return [{}]
    if isinstance(source, Mapping):
        return grid(source)
    if not _is_several(source):
        raise ValueError(f"grid {source!r}: must be a dict of lists, or a list of dicts")
    points = list(source)
    for point in points:
        if not isinstance(point, Mapping):
            raise ValueError(f"point {point!r}: must be a dict of parameters")
    return [dict(point) for point in points]


def _list_axis(names: Any, values: Iterable[Any]) -> list[Point]:
    if not _is_several(values):
        raise ValueError(f"{names} {values!r}: must be a list of values")
    if isinstance(names, str):
        return [{names: value} for value in values]
    if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{names!r}: must be the name of a parameter, or a tuple of names")
    points = []
    for value in values:
        together = tuple(value) if _is_several(value) else ()
        if len(together) != len(names):
            raise ValueError(f"{names} {value!r}: must be {len(names)} values")
        points.append(dict(zip(names, together)))
    return points


def _is_several(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def _check_sample(n: int, ranges: Any) -> int:
    if not _is_whole(n) or not 1 <= n <= MOST_POINTS:
        raise ValueError(f"n {n}: must be a whole number from 1 to {MOST_POINTS}")
    if not isinstance(ranges, Mapping) or not ranges:
        raise ValueError("ranges: must be a dict, of one parameter or more")
    for name, limits in ranges.items():
        if not _is_range(limits):
            raise ValueError(
                f'{name} {limits!r}: must be (low, high), or (low, high, "log") from above 0 on'
            )
    return len(ranges)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral)


def _is_range(limits: Any) -> bool:
    if not isinstance(limits, (tuple, list)) or len(limits) not in (2, 3):
        return False
    low, high, *kind = limits
    if not all(isinstance(limit, Real) for limit in (low, high)) or not low < high:
        return False
    if math.isinf(low) or math.isinf(high):
        return False
    return not kind or (kind == ["log"] and low > 0)


def _scale(sample: list[list[float]], ranges: Mapping[str, Range]) -> list[Point]:
    return [
        {name: _scale_one(share, *limits) for share, (name, limits) in zip(row, ranges.items())}
        for row in sample
    ]


def _scale_one(share: float, low: float, high: float, kind: str = "linear") -> float:
    """Find the value below which a share of a range lies."""
    is_whole = _is_whole(low) and _is_whole(high)
    # Each whole number has the same room.
    first, last = (low - 0.5, high + 0.5) if is_whole else (low, high)
    if kind == "log":
        value = math.exp(math.log(first) + share * (math.log(last) - math.log(first)))
    else:
        value = first + share * (last - first)
    return min(max(round(value), int(low)), int(high)) if is_whole else value
