# SPDX-License-Identifier: GPL-2.0-only
"""Tables of runs in other shapes."""

from collections.abc import Iterable
from typing import Any, Union

import pandas as pd

from ._intervals import varied_parameters

__all__ = ["shorten", "to_xarray"]

_MOST_EMPTY = 100  # cells of a grid for each run

_SHOWN = ("offered_rate", "carried_rate", "drops", "hit_ratio", "latency_p50_ns", "latency_p99_ns")


def to_xarray(runs: pd.DataFrame, value: Union[str, Iterable[str]]) -> Any:
    """Return results over parameters, as `Store.to_xarray` says.

    Parameters
    ----------
    runs : DataFrame
        As of `Store.runs`.
    value : str or iterable of str
        Columns.

    Returns
    -------
    xarray.DataArray or xarray.Dataset
        Of one value; of several.

    Raises
    ------
    ValueError
        As `Store.to_xarray` says.
    """
    names = [value] if isinstance(value, str) else list(value)
    for name in names:
        if name not in runs.columns:
            raise ValueError(f"column {name}: must be one of the table's")
    axes = [*varied_parameters(runs), "seed"]
    _check_grid(runs, axes)
    table = runs[[*axes, *(name for name in names if name not in axes)]].copy()
    for axis in axes:
        # An array of tuples would be one of more dimensions.
        table[axis] = [" ".join(x) if isinstance(x, tuple) else x for x in table[axis]]
    data = table.set_index(axes).to_xarray()
    for name in [*names, *axes]:
        if runs.attrs["units"].get(name):
            data[name].attrs["units"] = runs.attrs["units"][name]
    return data[value] if isinstance(value, str) else data[names]


def shorten(runs: pd.DataFrame) -> pd.DataFrame:
    """Choose columns to show: what varies, and what results are looked at first.

    Parameters
    ----------
    runs : DataFrame
        As of `Store.runs`.

    Returns
    -------
    DataFrame
        Some of its columns.
    """
    shown = [*varied_parameters(runs), "seed", *_SHOWN, "wall_s"]
    return runs[[name for name in shown if name in runs.columns]]


def _check_grid(runs: pd.DataFrame, axes: list[str]) -> None:
    n_cells = 1
    for axis in axes:
        n_cells *= int(runs[axis].nunique())
    if n_cells > _MOST_EMPTY * len(runs):
        raise ValueError(
            f"{len(runs)} runs of {n_cells} combinations of {', '.join(axes)}: must be a grid;"
            " Store.runs() has them as rows"
        )
    if runs.duplicated(axes).any():
        raise ValueError(
            "several runs have the same parameters: must be of one module_version, such as"
            f" module_version={runs['module_version'].iloc[-1]!r}"
        )
