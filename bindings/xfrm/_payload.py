# SPDX-License-Identifier: GPL-2.0-only
"""A result made ready for a store, in the process where it was made."""

from typing import Union

import pandas as pd

from ._packing import pack_table
from ._records import Payload
from ._run import RunResult
from ._study import StudyResult

__all__ = ["Result", "make_payload"]

Result = Union[StudyResult, RunResult]


def make_payload(result: Result) -> Payload:
    """Take a result apart.

    Parameters
    ----------
    result : StudyResult or RunResult
        A whole result.

    Returns
    -------
    Payload
        Its numbers, and its tables as bytes.
    """
    tables = {
        name: table
        for name, table in vars(result).items()
        if isinstance(table, pd.DataFrame) and not name.startswith("_")
    }
    units = {name: _get_units(table) for name, table in tables.items()}
    units["results"] = _get_units(result.summary)
    numbers = {str(name): float(value) for name, value in result.summary.items()}
    return Payload(numbers, {name: pack_table(table) for name, table in tables.items()}, units)


def _get_units(table: Union[pd.DataFrame, pd.Series]) -> dict[str, str]:
    units = table.attrs.get("units", {})
    return {str(name): str(unit) for name, unit in units.items()}
