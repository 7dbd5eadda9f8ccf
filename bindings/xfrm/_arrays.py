# SPDX-License-Identifier: GPL-2.0-only
"""Arrays of whole numbers, as the extension takes them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["to_whole"]


def to_whole(name: str, value: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """Convert to an integer type without changing a value.

    Parameters
    ----------
    name : str
        What errors call it.
    value : array_like
        Whole numbers of any integer type; any shape, any strides.
    dtype : dtype_like
        Integer type to convert to.

    Returns
    -------
    ndarray
        The same shape; the same array if nothing has to be converted.

    Raises
    ------
    ValueError
        For numbers that are not whole or do not fit.
    """
    array = np.asarray(value)
    if array.dtype == dtype:
        return array
    limits = np.iinfo(dtype)
    # An object array holds integers beyond 64 bits, which fit nowhere.
    is_whole = array.dtype.kind in "iu" or array.size == 0
    if not is_whole or (array.size and (array.min() < limits.min or array.max() > limits.max)):
        shown = f" {array.reshape(-1)[0]}" if array.size == 1 else f" of type {array.dtype}"
        raise ValueError(
            f"{name}{shown}: must be whole numbers from {limits.min} to {limits.max}"
        )
    return array.astype(dtype)
