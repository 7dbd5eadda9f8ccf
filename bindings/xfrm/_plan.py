# SPDX-License-Identifier: GPL-2.0-only
"""Which runs a sweep is made of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import Any, Optional, Union

from ._points import Grid, to_points
from ._records import Config
from ._settings import identify, make_absolute

__all__ = ["Part", "Seeds", "make_configs", "parse_part"]

MAX_SEED = 2**63 - 1  # what a column of whole numbers keeps
MOST_SEEDS = 10**6


@dataclass(frozen=True)
class Seeds:
    """The seeds of each point, in order: those given, then the numbers above them."""

    given: tuple[int, ...]  #: one or more, none twice

    @staticmethod
    def parse(seeds: Union[int, Iterable[int], None], usual: int) -> "Seeds":
        """Take what `sweep` is given for its seeds.

        Parameters
        ----------
        seeds : int, iterable of int or None
            How many, from 1 on; which; the usual one.
        usual : int
            The base's.

        Returns
        -------
        Seeds
            The seeds.

        Raises
        ------
        ValueError
            For no seeds, a seed twice, and those out of range.
        """
        if seeds is None:
            if not 0 <= usual <= MAX_SEED:
                raise ValueError(f"seed {usual}: must be at most 2^63 - 1 in a sweep")
            return Seeds((usual,))
        try:
            given = _list_whole(seeds)
        except (TypeError, OverflowError):
            given = ()
        is_fit = given and all(1 <= seed <= MAX_SEED for seed in given)
        if not is_fit or len(set(given)) != len(given):
            raise ValueError(
                f"seeds {seeds}: must be a number from 1 to {MOST_SEEDS}, or different seeds from"
                " 1 to 2^63 - 1"
            )
        return Seeds(given)

    def get(self, n: int) -> tuple[int, ...]:
        """Return the first n seeds.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        tuple of int
            n seeds.
        """
        more = range(max(self.given) + 1, max(self.given) + 1 + n - len(self.given))
        return (*self.given, *more)[:n]


def _list_whole(seeds: Union[int, Iterable[int]]) -> tuple[int, ...]:
    """List seeds as int; raise TypeError if they are no whole numbers, or more than any need."""
    if isinstance(seeds, bool):
        raise TypeError
    if isinstance(seeds, Iterable):
        return tuple(index(seed) for seed in seeds)
    if index(seeds) > MOST_SEEDS:
        raise OverflowError
    return tuple(range(1, index(seeds) + 1))


@dataclass(frozen=True)
class Part:
    """One of the equal parts of a sweep, for the job arrays of batch systems."""

    number: int  #: which, from 1 on
    n_parts: int  #: of how many

    def has(self, place: int) -> bool:
        """Tell whether a run, or a point, is in this part.

        Parameters
        ----------
        place : int
            Its place in the sweep, from 0 on.

        Returns
        -------
        bool
            Of one part only.
        """
        return place % self.n_parts == self.number - 1


def parse_part(text: Optional[str]) -> Optional[Part]:
    """Read "K/N".

    Parameters
    ----------
    text : str, optional
        The text.

    Returns
    -------
    Part or None
        The part; None: the whole.

    Raises
    ------
    ValueError
        For anything else.
    """
    if text is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,8})/([1-9]\d{0,8})", str(text))
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f"array {text}: must be K/N, part K from 1 to N of N")
    return Part(int(found[1]), int(found[2]))


def make_configs(
    base: Config, grid: Union[Grid, Iterable[Mapping[str, Any]], None]
) -> list[Config]:
    """Make the settings of each point.

    Parameters
    ----------
    base : StudyConfig or RunConfig
        Settings of all.
    grid : mapping, iterable of mapping or None
        What differs; as of `sweep`.

    Returns
    -------
    list of StudyConfig or RunConfig
        In the order of the points; those that are the same run once; files with their whole path.

    Raises
    ------
    ValueError
        For a setting that is not there, of another type or not allowed; for a seed in a point.
    """
    configs: dict[str, Config] = {}
    points: Sequence[Mapping[str, Any]] = to_points(grid)
    for point in points:
        if "seed" in point:
            raise ValueError(f"seed {point['seed']}: must be in seeds, not among the parameters")
        try:
            config = make_absolute(base.replace(**point))
        except (TypeError, ValueError) as error:
            raise ValueError(f"point {dict(point)}: {error}") from error
        configs.setdefault(identify(config), config)
    return list(configs.values())
