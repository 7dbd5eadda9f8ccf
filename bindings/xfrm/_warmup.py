# SPDX-License-Identifier: GPL-2.0-only
"""Where a time series has got over its beginning."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

__all__ = ["cut_warmup", "mser"]


def mser(values: ArrayLike, *, batch: int = 5) -> int:
    """Find how many values to cut so that the rest has the least standard error (MSER-5).

    K. P. White, "An effective truncation heuristic for bias reduction in simulation output",
    Simulation 69(6), 1997: of means of batches z, cut the first d that minimize the sum of
    (z - mean)^2 of the rest over the square of their number.

    Parameters
    ----------
    values : array_like, shape (n,)
        A series at equal distances, any unit.
    batch : int
        Values of which a mean is taken, from 1 on.

    Returns
    -------
    int
        Number of values to cut, a multiple of `batch`.

    Raises
    ------
    ValueError
        For less than four batches, values that are no finite numbers, and if the minimum is in
        the second half: then the series is too short to tell.
    """
    if batch < 1:
        raise ValueError(f"batch {batch}: must be a whole number from 1 on")
    array = np.asarray(values, dtype=np.float64)
    n_batches = array.size // batch
    if array.ndim != 1 or n_batches < 4 or not np.isfinite(array).all():
        raise ValueError(
            f"values, {array.size} of them: must be {4 * batch} finite numbers or more in a row"
        )
    means = array[: n_batches * batch].reshape(n_batches, batch).mean(axis=1)
    # The last two batches say nothing of spread.
    errors = [float(means[d:].var()) / (n_batches - d) for d in range(n_batches - 2)]
    cut = int(np.argmin(errors))
    if cut > n_batches // 2:
        raise ValueError(f"values, {array.size} of them: must be more, they are not steady yet")
    return cut * batch


def cut_warmup(series: pd.DataFrame, column: str, *, batch: int = 5) -> pd.DataFrame:
    """Cut the rows of a time series that `mser` takes for its warm-up.

    Parameters
    ----------
    series : DataFrame
        A time series, as `Store.series` gives it.
    column : str
        Column that tells.
    batch : int
        As of `mser`.

    Returns
    -------
    DataFrame
        The rest, with its units.

    Raises
    ------
    ValueError
        As of `mser`, and for a column that is not there.
    """
    if column not in series.columns:
        raise ValueError(f"column {column}: must be one of the table's")
    return series.iloc[mser(series[column], batch=batch) :]
