# SPDX-License-Identifier: GPL-2.0-only
"""The rows of a report: a store's table of runs, column by column, in little room."""

import math
import shlex
from typing import Any

import numpy as np
import pandas as pd

from ._config import list_options
from ._intervals import varied_parameters
from ._settings import get_config_class, to_values

__all__ = ["make_rows"]

_ABOUT = (
    "status error attempt module_version ns3_version git_commit profile_hash host started wall_s"
).split()

#: May tell apart runs of equal parameters.
_MAKERS = ("module_version", "profile_hash", "git_commit")

_MOST_EXACT = 2**53  # whole numbers that JavaScript keeps
_MOST_LEVELS = 3  # rows for each different value, from which on values are listed once

_PROGRAMS = {"study": "./xfrm study", "run": "./xfrm run"}


def make_rows(runs: pd.DataFrame, kind: str) -> dict[str, Any]:
    """Make what the page knows of runs.

    Parameters
    ----------
    runs : DataFrame
        As of `Store.runs`, every attempt.
    kind : str
        "study" or "run".

    Returns
    -------
    dict
        kind; runs, the numbers of the rows; columns, each with name, unit, role ("parameter",
        "result" or "about") and values (see `pack_column`); varied, names of the parameters that
        make a point; command, which does a run again if the varied parameters are added.
    """
    done = runs[runs["status"] == "done"]
    varied = _list_varied(runs, done)
    options = list_options(kind)
    columns = []
    for role, names in _list_roles(runs).items():
        for name in names:
            column = {"name": name, "unit": runs.attrs["units"].get(name, ""), "role": role}
            if name in options:
                column["option"] = options[name]
            columns.append({**column, **pack_column(runs[name])})
    return {
        "kind": kind,
        "runs": [int(run) for run in runs.index],
        "columns": columns,
        "varied": varied,
        "command": _write_command(kind, runs, varied),
        "notes": _note_equal_runs(done, varied),
    }


def pack_column(values: pd.Series) -> dict[str, Any]:
    """Write a column so that it needs little room.

    Parameters
    ----------
    values : Series, shape (n_rows,)
        Numbers, bools, text or tuples of text.

    Returns
    -------
    dict
        "constant", if all are the same; "levels" and "codes", numbers of levels; or "values".
        Tuples become lists, what is no finite number None.
    """
    plain = [_to_plain(value) for value in values]
    keys = [(type(value).__name__, str(value)) for value in plain]
    levels = dict(zip(reversed(keys), reversed(plain)))
    if len(levels) == 1:
        return {"constant": plain[0]}
    if len(levels) * _MOST_LEVELS > len(plain):
        return {"values": plain}
    order = list(dict.fromkeys(keys))
    codes = {key: code for code, key in enumerate(order)}
    return {"levels": [levels[key] for key in order], "codes": [codes[key] for key in keys]}


def _list_roles(runs: pd.DataFrame) -> dict[str, list[str]]:
    """List columns by what they are; of results those that any run has."""
    results = [name for name in runs.attrs["results"] if runs[name].notna().any()]
    return {"parameter": runs.attrs["parameters"], "result": results, "about": _ABOUT}


def _list_varied(runs: pd.DataFrame, done: pd.DataFrame) -> list[str]:
    """List what makes a point: parameters that vary, and what made equal ones if that differs."""
    varied = varied_parameters(runs)
    for name in _MAKERS:
        if done.duplicated([*varied, "seed"]).any() and done[name].nunique() > 1:
            varied.append(name)
    return varied


def _note_equal_runs(done: pd.DataFrame, varied: list[str]) -> list[str]:
    n_equal = int(done.duplicated([*varied, "seed"]).sum())
    if not n_equal:
        return []
    return [f"{n_equal} runs have the parameters and the seed of another: files changed between."]


def _write_command(kind: str, runs: pd.DataFrame, varied: list[str]) -> str:
    """Write the command line of the settings that all runs have, but those that are usual."""
    usual = to_values(get_config_class(kind)())
    words = _PROGRAMS[kind].split()
    for name, option in list_options(kind).items():
        if name in varied or name == "seed" or name not in runs.columns:
            continue
        value = runs[name].iloc[0]
        if value is not None and value != usual[name]:
            words += _write_option(option, value, runs.attrs["units"].get(name, ""))
    return " ".join(shlex.quote(word) for word in words)


def _write_option(option: str, value: Any, unit: str) -> list[str]:
    if isinstance(value, tuple):
        return [f"--{option}={each}" for each in value]
    if isinstance(value, (bool, np.bool_)):
        return [f"--{option}={'true' if value else 'false'}"]
    suffix = {"s": "s", "bit/s": "bps"}.get(unit, "")
    return [f"--{option}={_to_plain(value)}{suffix}"]


def _to_plain(value: Any) -> Any:
    """Turn a cell to what JSON has."""
    if isinstance(value, (tuple, list)):
        return list(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    if number.is_integer() and abs(number) < 1e21:
        whole = int(value)
        return whole if abs(whole) <= _MOST_EXACT else str(whole)
    return number
