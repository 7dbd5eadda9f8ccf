# SPDX-License-Identifier: GPL-2.0-only
"""Comparisons of runs that drew the same random numbers."""

from typing import Any

import pandas as pd

from ._intervals import check_table, group_points, interval, make_index, varied_parameters

__all__ = ["compare"]


def compare(
    runs: pd.DataFrame,
    value: str,
    parameter: str,
    baseline: Any,
    *,
    level: float = 0.95,
    method: str = "t",
) -> pd.DataFrame:
    """Compare runs with those that differ from them in one parameter alone.

    A pair has the same seed, hence common random numbers, and the same other parameters: what
    both have in common drops out of their difference, whose interval is narrower than those of
    the two means.

    Parameters
    ----------
    runs : DataFrame
        As `Store.runs` gives them.
    value : str
        Column of numbers to compare.
    parameter : str
        Parameter whose values are compared.
    baseline
        Its value with which the others are compared.
    level, method
        As of `stats.interval`.

    Returns
    -------
    DataFrame
        A row for each other value of the parameter at each point of the other parameters that
        vary: difference (value minus the baseline's, in its unit), low, high, n (pairs),
        relative (difference as a share of the baseline's mean) and correlation (of the pairs'
        values; NaN of less than three pairs or without spread).

    Raises
    ------
    ValueError
        For columns that are not there or have no numbers, and if there is no pair.
    TypeError
        If `runs` is no table.
    """
    _check_columns(runs, value, parameter)
    others = [name for name in varied_parameters(runs) if name != parameter]
    keys = [*others, "seed"]
    known = runs[runs[value].notna()][[parameter, *keys, value]]
    base = known[known[parameter] == baseline].drop(columns=parameter)
    rest = known[known[parameter] != baseline]
    pairs = rest.merge(base, on=keys, suffixes=("", " of baseline"), validate="many_to_one")
    if pairs.empty:
        raise ValueError(
            f"{parameter} {baseline}: must be a value that runs have, with others of their seeds"
        )
    groups = dict(group_points(pairs, [*others, parameter]))
    rows = [_compare_group(group, value, level, method) for group in groups.values()]
    table = pd.DataFrame(rows, index=make_index(list(groups), [*others, parameter]))
    unit = runs.attrs.get("units", {}).get(value, "")
    table.attrs["units"] = dict.fromkeys(("difference", "low", "high"), unit)
    return table


def _check_columns(runs: pd.DataFrame, value: str, parameter: str) -> None:
    for name in (value, "seed"):
        check_table(runs, name)
    if value in runs.attrs.get("parameters", ()):
        raise ValueError(f"column {value}: must be a result, is a parameter")
    if parameter not in runs.attrs.get("parameters", ()) or parameter == "seed":
        raise ValueError(f"parameter {parameter}: must be one of the runs', and not the seed")


def _compare_group(
    group: pd.DataFrame, value: str, level: float, method: str
) -> dict[str, float]:
    base = group[f"{value} of baseline"]
    found = interval(group[value] - base, level=level, method=method)
    mean = float(base.mean())
    return {
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "relative": found.mean / mean if mean else float("nan"),
        "correlation": _correlate(group[value], base),
    }


def _correlate(some: pd.Series, others: pd.Series) -> float:
    if len(some) < 3 or some.nunique() == 1 or others.nunique() == 1:
        return float("nan")
    return float(some.corr(others))
