# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps: many runs, of which only those are done that are not there yet."""

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Union

import pandas as pd

from . import _build
from ._config import Time, seconds
from ._configs import RunConfig, StudyConfig
from ._dask import Dask
from ._export import shorten
from ._executors import Executor, Processes
from ._html import to_html
from ._plan import Part, Seeds, make_configs, parse_part
from ._points import Grid
from ._progress import Progress, Watcher
from ._records import Config
from ._settings import get_kind
from ._sqlite import explain
from ._store import Store
from ._sweeper import Options, Point, Sweeper
from ._until import Until
from ._writer import Writer

__all__ = ["SweepResult", "get_part_path", "parse_executor", "parse_timeout", "sweep"]

MOST_TIMEOUT = 1e9  # 31 years [s]; the system can't wait for ever


@dataclass(frozen=True)
class SweepResult:
    """What a sweep came to."""

    store: Store  #: where its runs are
    kind: str  #: "study" or "run"
    identities: tuple[str, ...]  #: of its runs, point by point, seed by seed
    n_run: int  #: runs that were done now, failed ones among them
    n_kept: int  #: runs that were there
    n_failed: int  #: runs of this sweep, kept ones among them, that failed or took too long
    is_partial: bool  #: it was stopped before its end

    def runs(self) -> pd.DataFrame:
        """Return its runs that are done.

        Returns
        -------
        DataFrame
            As of `Store.runs`, the rows of this sweep only.
        """
        return self.store.select(self.identities, self.kind)

    def __repr__(self) -> str:
        partial = ", partial" if self.is_partial else ""
        return (
            f"<SweepResult of {len(self.identities)} runs: {self.n_run} done now,"
            f" {self.n_kept} kept, {self.n_failed} failed{partial}; {self.store!r}>"
        )

    def _repr_html_(self) -> str:
        return to_html(repr(self), shorten(self.runs()))


def sweep(
    base: Config,
    grid: Union[Grid, Iterable[Mapping[str, Any]], None] = None,
    *,
    seeds: Union[int, Iterable[int], None] = None,
    store: Union[str, "os.PathLike[str]", None] = None,
    executor: Union[Executor, str, int, None] = None,
    array: Optional[str] = None,
    timeout: Optional[Time] = None,
    until: Optional[Until] = None,
    retry: bool = False,
    progress: Watcher = None,
) -> SweepResult:
    """Do many runs, each point of a grid with each seed, and keep what they come to.

    Runs that the store has are not done again: a sweep that was stopped, in whatever way, is
    resumed by the same call, and a greater one takes over what is there.  A run that fails is a
    row with its error, and the others go on.  The longest runs begin first.  Ctrl-C ends the
    sweep; what it came to until then is the result.

    Parameters
    ----------
    base : StudyConfig or RunConfig
        Settings of all runs.
    grid : mapping or iterable of mapping, optional
        Values of parameters by name, of which all combinations are points (see `grid`), or the
        points themselves (see `latin_hypercube`, `sobol`, `cross`).
    seeds : int or iterable of int, optional
        Replications of each point: how many (seeds from 1 on), or which.  All points have the
        same, so that `stats.compare` has pairs.  By default the base's only.
    store : str or path, optional
        SQLite file, made if it is missing; by default the store is in memory.
    executor : Processes, Dask, str or int, optional
        Who does the runs; by default a process for each CPU.  A number: of processes.  Texts:
        "processes", "processes:4", "dask", "dask:4" or the address of a Dask scheduler.
    array : str, optional
        "K/N": do part K of N of the runs, K from 1 on, into a store of its own beside `store`,
        as a job of a batch system's job array.  `merge` puts the parts together.
    timeout : str or float, optional
        Time that a run may take: text such as "10min", or seconds.
    until : stats.Until, optional
        Rule that adds seeds to a point until the interval of a result is narrow enough.
    retry : bool
        Do runs again that failed or took too long before; the earlier rows stay.
    progress : bool or callable, optional
        True: a line on standard error; by default so if that is a terminal.  A function is
        called with a `SweepProgress` after each run.

    Returns
    -------
    SweepResult
        The store, and which of its runs are the sweep's.

    Raises
    ------
    ValueError
        For a setting that is not there or not allowed, before anything is run; for a store that
        is none or that another process writes.
    OSError
        If the store can't be written, no process be started, or there is no scheduler, or no
        longer one.  What was done until then is kept.
    TypeError
        If `base` is no config, `until` no rule, or `progress` something else.

    Warns
    -----
    UserWarning
        If runs are kept that another commit of the same version of the module did.

    Examples
    --------
    >>> base = xfrm.StudyConfig(duration="100ms")
    >>> result = xfrm.sweep(base, {"flows": [1000, 100_000]}, seeds=5, store="flows.db")
    >>> xfrm.stats.summarize(result.runs(), "hit_ratio").round(4)
              mean     low    high  n
    flows
    1000    0.9900  0.9899  0.9901  5
    100000  0.7085  0.7076  0.7095  5
    """
    if not isinstance(base, (StudyConfig, RunConfig)):
        raise TypeError(f"base: must be a StudyConfig or a RunConfig, not {type(base).__name__}")
    if not isinstance(until, (Until, type(None))):
        raise TypeError(f"until: must be a stats.Until, not {type(until).__name__}")
    workers = parse_executor(executor)
    part = parse_part(array)
    options = Options(parse_timeout(timeout), until, retry)
    points = _make_points(make_configs(base, grid), Seeds.parse(seeds, base.seed), until, part)
    whole, path = _get_paths(store, part)
    watcher = Progress(progress)
    name = "store in memory" if path is None else str(path)
    try:
        with explain(name), Writer(path) as writer, _open_earlier(whole) as earlier:
            sweeper = Sweeper(writer, earlier, options, watcher)
            sweeper.run(points, workers)
    finally:
        watcher.close()
    _warn_of_commits(sweeper)
    return SweepResult(
        store=Store._of(writer.connection) if path is None else Store(path),
        kind=get_kind(base),
        identities=tuple(sweeper.identities),
        n_run=sweeper.n_run,
        n_kept=len(sweeper.kept),
        n_failed=sweeper.n_failed,
        is_partial=sweeper.is_partial,
    )


def parse_executor(executor: Union[Executor, str, int, None]) -> Executor:
    """Take what `sweep` is given for its executor.

    Parameters
    ----------
    executor : Executor, str, int or None
        As of `sweep`.

    Returns
    -------
    Executor
        The executor.

    Raises
    ------
    ValueError
        For anything else.
    """
    if executor is None or isinstance(executor, int):
        return Processes(executor)
    if not isinstance(executor, (str, type)) and hasattr(executor, "open"):
        return executor
    if isinstance(executor, str) and "://" in executor:
        return Dask(executor)
    name, colon, digits = str(executor).partition(":")
    kinds: dict[str, Callable[[Optional[int]], Executor]]
    kinds = {"processes": Processes, "dask": lambda workers: Dask(workers=workers)}
    if name not in kinds or (colon and not digits.isdecimal()):
        raise ValueError(
            f"executor {executor}: must be processes, processes:N, dask, dask:N or the address"
            " of a Dask scheduler, such as tcp://HOST:8786"
        )
    return kinds[name](int(digits) if colon else None)


def get_part_path(store: Path, part: Part) -> Path:
    """Name the store of a part of a sweep.

    Parameters
    ----------
    store : Path
        Store of the whole.
    part : Part
        Which part.

    Returns
    -------
    Path
        Beside it: of study.db, study.3-of-8.db.
    """
    return store.with_name(f"{store.stem}.{part.number}-of-{part.n_parts}{store.suffix}")


def parse_timeout(timeout: Optional[Time]) -> Optional[float]:
    """Take what `sweep` is given for its timeout.

    Parameters
    ----------
    timeout : str, float or None
        As of `sweep`.

    Returns
    -------
    float or None
        Seconds.

    Raises
    ------
    ValueError
        Unless it is a time above 0.
    """
    if timeout is None:
        return None
    given: object = seconds(timeout) if isinstance(timeout, str) else timeout
    limit = 0.0
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        limit = given
    if not 0 < limit <= MOST_TIMEOUT:
        raise ValueError(f"timeout {timeout}: must be a time above 0, at most {MOST_TIMEOUT:g} s")
    return limit


def _get_paths(
    store: Union[str, "os.PathLike[str]", None], part: Optional[Part]
) -> tuple[Optional[Path], Optional[Path]]:
    """Return the store of the whole, if only a part goes elsewhere, and the one to write."""
    if part is None:
        return None, None if store is None else Path(store)
    if store is None:
        raise ValueError(f"array {part.number}/{part.n_parts}: must be with a store")
    return Path(store), get_part_path(Path(store), part)


@contextmanager
def _open_earlier(path: Optional[Path]) -> Iterator[Optional[sqlite3.Connection]]:
    if path is None or not path.exists():
        yield None
        return
    with Store(path) as store:
        yield store._connection


def _make_points(
    configs: list[Config], seeds: Seeds, until: Optional[Until], part: Optional[Part]
) -> list[Point]:
    """Make the points of a sweep, or of a part: of a rule whole points, else runs in turn."""
    n = len(seeds.given) if until is None else max(len(seeds.given), until.min_seeds)
    points = []
    for i, config in enumerate(configs):
        indices = list(range(n))
        if part is not None and until is None:
            indices = [index for index in indices if part.has(i * n + index)]
        if part is None or until is None or part.has(i):
            points.append(Point(config, seeds, indices))
    return points


def _warn_of_commits(sweeper: Sweeper) -> None:
    n = sum(found.git_commit != _build.GIT_COMMIT for found in sweeper.kept)
    if n:
        warnings.warn(
            f"{n} of {len(sweeper.kept)} runs that the store had are of another commit of this"
            f" version, {_build.VERSION}",
            stacklevel=3,
        )
