# SPDX-License-Identifier: GPL-2.0-only
"""Means of replications, with confidence intervals."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Interval",
    "check_table",
    "group_points",
    "interval",
    "make_index",
    "summarize",
    "varied_parameters",
]

METHODS = ("t", "bootstrap")


@dataclass(frozen=True)
class Interval:
    """A mean and the limits between which the expected value lies."""

    mean: float  #: mean of the values, in their unit
    low: float  #: lower limit, in their unit; NaN of one value
    high: float  #: upper limit, in their unit; NaN of one value
    n: int  #: number of values
    level: float  #: confidence, 0 to 1
    method: str  #: "t" or "bootstrap"

    @property
    def half_width(self) -> float:
        """Half of the distance between the limits, in the values' unit."""
        return (self.high - self.low) / 2

    @property
    def relative(self) -> float:
        """The half width as a share of the mean's size; 0 if both are 0."""
        if self.half_width == 0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else math.inf

    def __str__(self) -> str:
        return (
            f"{self.mean:.6g} +- {self.half_width:.2g} ({100 * self.level:g} %, n = {self.n})"
        )


def interval(
    values: ArrayLike, *, level: float = 0.95, method: str = "t", resamples: int = 9999
) -> Interval:
    """Compute the mean of independent values and its confidence interval.

    Parameters
    ----------
    values : array_like, shape (n,)
        One number of each replication, any unit; n from 1 on.
    level : float
        Probability that such an interval holds the expected value, between 0 and 1.
    method : {"t", "bootstrap"}
        Student's t distribution, exact of normal values; or the bias-corrected and accelerated
        bootstrap of scipy, which asks for no distribution but for ten values or more.
    resamples : int
        Samples of the bootstrap, drawn by a fixed seed.

    Returns
    -------
    Interval
        In the unit of the values; without limits (NaN) if there is one value.

    Raises
    ------
    ValueError
        Without values, for values that are no finite numbers, a level out of range, or an
        unknown method.
    """
    array = _to_numbers(values)
    _check("level", level, 0 < level < 1, "a number between 0 and 1")
    _check("method", method, method in METHODS, "one of " + ", ".join(METHODS))
    _check("resamples", resamples, resamples >= 1, "a whole number from 1 on")
    mean = float(array.mean())
    if array.size == 1:
        low = high = math.nan
    elif np.ptp(array) == 0:
        mean = low = high = float(array[0])
    elif method == "t":
        low, high = _limit_by_t(array, mean, level)
    else:
        low, high = _limit_by_bootstrap(array, level, resamples)
    return Interval(mean, low, high, array.size, level, method)


def summarize(
    runs: pd.DataFrame,
    value: str,
    *,
    by: Union[str, Sequence[str], None] = None,
    level: float = 0.95,
    method: str = "t",
) -> pd.DataFrame:
    """Compute means with confidence intervals over the seeds of each point.

    Parameters
    ----------
    runs : DataFrame
        Rows of runs, as `Store.runs` gives them.
    value : str
        Column of numbers.
    by : str or sequence of str, optional
        Columns whose values make a point; by default the parameters that vary, but the seed.
        Runs that differ in another one count as replications of a point.
    level, method
        As of `interval`.

    Returns
    -------
    DataFrame
        A row a point, in order, indexed by `by`: mean, low, high (unit of the value) and n.
        Runs without the value don't count.

    Raises
    ------
    ValueError
        For a column that is not there, a value without numbers, or what `interval` refuses.
    TypeError
        If `runs` is no table.
    """
    check_table(runs, value)
    keys = varied_parameters(runs) if by is None else [by] if isinstance(by, str) else list(by)
    for name in keys:
        _check("column", name, name in runs.columns, "one of the table's")
    rows = {
        point: interval(group[value], level=level, method=method)
        for point, group in group_points(runs[runs[value].notna()], keys)
    }
    table = pd.DataFrame(
        [(row.mean, row.low, row.high, row.n) for row in rows.values()],
        columns=["mean", "low", "high", "n"],
        index=make_index(list(rows), keys),
    )
    unit = runs.attrs.get("units", {}).get(value, "")
    table.attrs["units"] = dict.fromkeys(("mean", "low", "high"), unit)
    return table


def check_table(runs: object, value: str) -> None:
    """See that runs are a table, and a column of it has numbers.

    Parameters
    ----------
    runs : DataFrame
        What users give for it.
    value : str
        The column.

    Raises
    ------
    TypeError
        If it is no table.
    ValueError
        If the column is not there, or has no numbers.
    """
    if not isinstance(runs, pd.DataFrame):
        kind = type(runs).__name__
        raise TypeError(f"runs: must be a table such as runs() of a Store has, not {kind}")
    _check("column", value, value in runs.columns, "one of the table's")
    if not pd.api.types.is_numeric_dtype(runs[value]):
        raise ValueError(f"column {value}: must have numbers")


def varied_parameters(runs: pd.DataFrame) -> list[str]:
    """List parameters with more than one value, but the seed.

    Parameters
    ----------
    runs : DataFrame
        As `Store.runs` gives them, which tells parameters from results in
        ``attrs["parameters"]``.

    Returns
    -------
    list of str
        In the order of the settings.

    Raises
    ------
    ValueError
        If the table does not tell its parameters.
    """
    if "parameters" not in runs.attrs:
        raise ValueError("runs: must be a table of Store.runs(), or name the columns (by=)")
    names = [name for name in runs.attrs["parameters"] if name != "seed"]
    return [name for name in names if runs[name].nunique(dropna=False) > 1]


def group_points(runs: pd.DataFrame, keys: list[str]) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Group rows of runs.

    Parameters
    ----------
    runs : DataFrame
        Rows.
    keys : list of str
        Columns whose values make a group; none: all is one.

    Yields
    ------
    (tuple, DataFrame)
        Values of the columns, in order, and the rows.
    """
    if not keys:
        yield (), runs
    elif len(keys) == 1:
        for value, group in runs.groupby(keys[0], dropna=False):
            yield (value,), group
    else:
        yield from runs.groupby(keys, dropna=False)


def make_index(points: list[Any], keys: list[str]) -> pd.Index:
    """Make the index of a table of groups.

    Parameters
    ----------
    points, keys
        Of `group_points`.

    Returns
    -------
    Index
        With a level for each key.
    """
    if not keys:
        return pd.RangeIndex(len(points))
    if len(keys) == 1:
        return pd.Index([point[0] for point in points], name=keys[0], tupleize_cols=False)
    return pd.MultiIndex.from_tuples(points, names=keys)


def _to_numbers(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    is_fit = array.ndim == 1 and array.size > 0 and bool(np.isfinite(array).all())
    _check("values", array.tolist(), is_fit, "one or more finite numbers in a row")
    return array


def _check(name: str, value: Any, is_allowed: bool, allowed: str) -> None:
    if not is_allowed:
        raise ValueError(f"{name} {value}: must be {allowed}")


def _limit_by_t(array: NDArray[np.float64], mean: float, level: float) -> tuple[float, float]:
    from scipy import stats

    factor = float(stats.t.ppf((1 + level) / 2, array.size - 1))
    half = factor * float(array.std(ddof=1)) / math.sqrt(array.size)
    return mean - half, mean + half


def _limit_by_bootstrap(
    array: NDArray[np.float64], level: float, resamples: int
) -> tuple[float, float]:
    from scipy import stats

    found = stats.bootstrap(
        (array,),
        np.mean,
        confidence_level=level,
        n_resamples=resamples,
        random_state=np.random.default_rng(1),
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
