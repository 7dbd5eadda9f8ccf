# SPDX-License-Identifier: GPL-2.0-only
"""Tables of a result as bytes, the same bytes for the same table everywhere."""

import io
import json
import zlib
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["pack_table", "unpack_table"]

_LEVEL = "index "  # before the name of a level, which is JSON: there may be none


def pack_table(table: pd.DataFrame) -> bytes:
    """Write a table as NumPy arrays in the .npy format, compressed by zlib.

    First is an empty array of the records' type, then the bytes of the records: first bytes of
    all, second bytes of all and so on, which compresses to half of what records do.

    Parameters
    ----------
    table : DataFrame
        Columns of numbers, bools or text; the levels of the index become the first fields.

    Returns
    -------
    bytes
        With ``file = io.BytesIO(zlib.decompress(data))`` and ``type_ = numpy.load(file).dtype``,
        ``numpy.load(file).T.copy().view(type_)[:, 0]`` are the records.
    """
    index = table.index
    columns = [
        (f"{_LEVEL}{json.dumps(name)}", index.get_level_values(i).to_numpy())
        for i, name in enumerate(index.names)
    ]
    columns += [(str(name), table[name].to_numpy()) for name in table.columns]
    plain = [(name, _to_plain(column)) for name, column in columns]
    records = np.empty(len(table), dtype=[(name, column.dtype) for name, column in plain])
    for name, column in plain:
        records[name] = column
    file = io.BytesIO()
    np.save(file, records[:0], allow_pickle=False)
    rows = records.view(np.uint8).reshape(len(records), records.dtype.itemsize)
    np.save(file, np.ascontiguousarray(rows.T), allow_pickle=False)
    return zlib.compress(file.getvalue(), 6)


def unpack_table(data: bytes, units: dict[str, str]) -> pd.DataFrame:
    """Read what `pack_table` wrote.

    Parameters
    ----------
    data : bytes
        From `pack_table`.
    units : dict
        Units of columns, which become ``attrs["units"]``.

    Returns
    -------
    DataFrame
        As it was.
    """
    file = io.BytesIO(zlib.decompress(data))
    kind = np.load(file, allow_pickle=False).dtype
    rows = np.load(file, allow_pickle=False).T.copy()
    records = rows.view(kind)[:, 0] if len(rows) else np.empty(0, kind)
    values = {name: _to_objects(records[name]) for name in kind.names or ()}
    levels = {
        json.loads(name.removeprefix(_LEVEL)): values.pop(name)
        for name in list(values)
        if name.startswith(_LEVEL)
    }
    table = pd.DataFrame(values, index=_make_index(levels))
    known = [name for name in (*levels, *values) if name in units]
    table.attrs["units"] = {name: units[name] for name in known}
    return table


def _make_index(levels: dict[Any, Any]) -> pd.Index:
    if len(levels) == 1:
        return pd.Index(*levels.values(), name=next(iter(levels)))
    return pd.MultiIndex.from_arrays(list(levels.values()), names=list(levels))


def _to_plain(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Turn objects to text; arrays in the byte order of this format."""
    if column.dtype.kind == "O":
        column = column.astype(str)
    return column.astype(column.dtype.newbyteorder("<"))


def _to_objects(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return column.astype(object) if column.dtype.kind == "U" else column
