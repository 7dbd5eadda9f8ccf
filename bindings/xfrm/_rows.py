# SPDX-License-Identifier: GPL-2.0-only
"""Rows of a store as a pandas table."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Optional

import pandas as pd

from ._schema import Column, from_sql, list_columns, quote

__all__ = ["filter_rows", "read_rows"]


def read_rows(
    connection: sqlite3.Connection, kind: str, status: Optional[str], columns: list[Column]
) -> pd.DataFrame:
    """Read runs.

    Parameters
    ----------
    connection : sqlite3.Connection
        The store.
    kind : str
        "study" or "run".
    status : str or None
        Only those of this status; None: every attempt.
    columns : list of Column
        What of them.

    Returns
    -------
    DataFrame
        Indexed by the number of the run, in the order of the parameters, then the seed.
    """
    parameters = list_columns(connection, kind, "parameters")
    if not parameters:
        return pd.DataFrame(columns=[c.name for c in columns], index=pd.Index([], name="run"))
    order = [quote(c.name) for c in parameters if c.name != "seed"] + ["seed", "attempt"]
    names = ", ".join(quote(column.name) for column in columns)
    rows = connection.execute(
        f"SELECT run, {names} FROM runs JOIN {quote(kind + '_parameters')} USING (run)"
        f" LEFT JOIN {quote(kind + '_results')} USING (run)"
        f" WHERE ? IS NULL OR status = ? ORDER BY {', '.join(order)}",
        (status, status),
    ).fetchall()
    index = pd.Index([row[0] for row in rows], name="run", dtype="int64")
    data = {
        column.name: _to_series(column, [row[i] for row in rows], index)
        for i, column in enumerate(columns, 1)
    }
    return pd.DataFrame(data, index=index)


def filter_rows(table: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """Choose rows by values of columns.

    Parameters
    ----------
    table : DataFrame
        Any.
    where : mapping
        By name of a column its value, or several, such as a list of values.

    Returns
    -------
    DataFrame
        Rows that fit all.

    Raises
    ------
    ValueError
        For a column that is not there.
    """
    for name, value in where.items():
        if name not in table.columns:
            raise ValueError(f"column {name}: must be one of the table's")
        # Of a setting that is a list, a value is a tuple.
        is_one = isinstance(value, tuple) and table[name].map(type).eq(tuple).any()
        values = [value] if is_one or not pd.api.types.is_list_like(value) else list(value)
        table = table[table[name].isin(values)]
    return table


def _to_series(column: Column, values: list[Any], index: pd.Index) -> pd.Series:
    series = pd.Series([from_sql(column, value) for value in values], index=index, dtype=object)
    if column.type in ("whole", "bool") and not series.isna().any():
        return series.astype("bool" if column.type == "bool" else "int64", errors="ignore")
    return series if column.type in ("text", "word", "list", "bool") else series.astype("float64")
