# SPDX-License-Identifier: GPL-2.0-only
"""When a point of a sweep has had seeds enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ._intervals import interval

__all__ = ["Until"]


@dataclass(frozen=True)
class Until:
    """A rule of `sweep`: add seeds until the confidence interval of a value is narrow enough.

    What it says depends on nothing but the values, in the order of their seeds: a sweep comes to
    the same seeds whatever computes it, and when it is resumed.

    Parameters
    ----------
    value : str
        Column of the results, such as "hit_ratio".
    within : float
        Half width of the interval that is narrow enough, as a share of the mean.
    level : float
        Confidence, 0 to 1.
    min_seeds, max_seeds : int
        Seeds that a point has at least (from 2 on) and at most.

    Raises
    ------
    ValueError
        For a value out of range.

    Notes
    -----
    To stop when an interval happens to be narrow favours narrow ones: the true level is a little
    below `level`, the less so the greater `min_seeds` (A. M. Law, Simulation Modeling and
    Analysis, 9.4.1).
    """

    value: str  #: column of the results
    within: float = 0.05  #: half width, as a share of the mean
    level: float = 0.95  #: confidence
    min_seeds: int = 5  #: least seeds of a point
    max_seeds: int = 100  #: most seeds of a point

    def __post_init__(self) -> None:
        if not isinstance(self.value, str):
            raise ValueError(f"value {self.value!r}: must be the name of a result")
        _check("within", self.within, 0, float("inf"), "a number above 0")
        _check("level", self.level, 0, 1, "a number between 0 and 1")
        _check_whole("min_seeds", self.min_seeds, 2)
        _check_whole("max_seeds", self.max_seeds, self.min_seeds)

    def count_seeds(self, values: Sequence[float]) -> int:
        """Tell how many seeds a point needs.

        Parameters
        ----------
        values : sequence of float
            Its value of the first seeds, in their order.

        Returns
        -------
        int
            As many as there are: enough.  More: as many as would do if their spread stayed, but
            at most twice as many as there are.
        """
        n = len(values)
        if n < self.min_seeds:
            return self.min_seeds
        relative = interval(values, level=self.level).relative
        if n >= self.max_seeds or relative <= self.within:
            return n
        needed = n * min((relative / self.within) ** 2, 2.0)
        return min(max(math.ceil(needed), n + 1), self.max_seeds)


def _check(name: str, value: object, above: float, below: float, allowed: str) -> None:
    if not isinstance(value, (int, float)) or not above < value < below:
        raise ValueError(f"{name} {value}: must be {allowed}")


def _check_whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise ValueError(f"{name} {value}: must be a whole number from {least} on")
