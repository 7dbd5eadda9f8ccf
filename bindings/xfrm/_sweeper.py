# SPDX-License-Identifier: GPL-2.0-only
"""The work of a sweep: finds what is missing, has it done, and keeps it."""

import heapq
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Optional

from . import _build
from ._estimate import Estimator
from ._executors import Executor, Pool
from ._plan import Seeds
from ._progress import Progress
from ._queries import Found, find_number, find_run, list_walls
from ._records import Config, Job, Outcome
from ._schema import list_columns
from ._settings import get_columns, get_kind, get_profile_hash, identify, to_values
from ._until import Until
from ._worker import fail
from ._writer import Writer

__all__ = ["Options", "Point", "Sweeper"]


@dataclass(frozen=True)
class Options:
    """How a sweep goes about its runs."""

    timeout: Optional[float] = None  #: time that a run may take [s]; None: any
    until: Optional[Until] = None  #: rule that adds seeds
    retry: bool = False  #: do again what failed before


@dataclass
class Point:
    """A point of a sweep, and what became of its runs."""

    config: Config  #: its settings, with any seed
    seeds: Seeds  #: its seeds
    indices: list[int]  #: which of them are asked for
    n_open: int = 0  #: runs that are not over
    is_whole: bool = True  #: no run failed, and each has the value that the rule asks for
    values: dict[int, float] = field(default_factory=dict)  #: by index of the seed, for the rule


@dataclass(frozen=True)
class _Task:
    job: Job
    point: Point
    index: int  #: of its seed
    estimate_s: float


class Sweeper:
    """Does one sweep.

    Parameters
    ----------
    writer : Writer
        Where results go.
    earlier : Connection, optional
        Another store, whose runs are not done again either.
    options : Options
        How to go about it.
    progress : Progress
        Is told of it.
    """

    def __init__(
        self,
        writer: Writer,
        earlier: Optional[sqlite3.Connection],
        options: Options,
        progress: Progress,
    ) -> None:
        self._writer = writer
        self._sources = [writer.connection] + ([] if earlier is None else [earlier])
        self._options = options
        self._progress = progress
        self._estimators: dict[str, Estimator] = {}
        self._waiting: list[tuple[float, int, _Task]] = []  # a heap, the longest on top
        self._running: dict[str, _Task] = {}
        self.identities: list[str] = []  #: of all runs
        self.kept: list[Found] = []  #: runs that were there
        self.n_run = 0  #: runs that were done now
        self.n_failed = 0  #: runs that failed, kept ones among them
        self.is_partial = False  #: it was stopped before its end

    def run(self, points: Sequence[Point], executor: Executor) -> None:
        """Do what is missing.

        Parameters
        ----------
        points : sequence of Point
            What the sweep is made of.
        executor : Executor
            Who does it.
        """
        try:
            for point in points:
                self._ask(point, point.indices)
            if self._waiting:
                self._work(executor.open())
        except KeyboardInterrupt:
            self.is_partial = True

    def _work(self, pool: Pool) -> None:
        try:
            while self._waiting or self._running:
                n_slots = pool.n_slots
                while self._waiting and len(self._running) < n_slots:
                    _, _, task = heapq.heappop(self._waiting)
                    self._running[task.job.identity] = task
                    pool.submit(task.job)
                self._finish(pool.take())
        finally:
            pool.close()

    def _ask(self, point: Point, indices: Sequence[int]) -> None:
        """Take runs of a point from the store, or put them on the list."""
        seeds = point.seeds.get(max(indices, default=-1) + 1)
        point.n_open += len(indices)
        for index in indices:
            config = point.config.replace(seed=seeds[index])
            identity = identify(config)
            self.identities.append(identity)
            if not self._keep(point, index, identity):
                self._put(point, index, Job(identity, config, self._options.timeout))
        self._apply_rule(point)

    def _put(self, point: Point, index: int, job: Job) -> None:
        estimate_s = self._get_estimator(job.config).estimate(job.config)
        task = _Task(job, point, index, estimate_s)
        heapq.heappush(self._waiting, (-estimate_s, len(self.identities), task))
        self._progress.expect(estimate_s)

    def _keep(self, point: Point, index: int, identity: str) -> bool:
        """Take a run from a store, if it is there."""
        pairs = [(source, find_run(source, identity)) for source in self._sources]
        known = [(source, found) for source, found in pairs if found is not None]
        done = [(source, found) for source, found in known if found.status == "done"]
        for source, found in done or ([] if self._options.retry else known):
            self.kept.append(found)
            self._note(point, index, source, found)
            return True
        return False

    def _finish(self, outcome: Outcome) -> None:
        task = self._running.pop(outcome.identity)
        config = task.job.config
        outcome = _check_maker(task.job, outcome)
        found = self._store(task.job, outcome)
        self.n_run += 1
        if found.status == "done":
            self._get_estimator(config).add(config, outcome.wall_s)
        self._note(task.point, task.index, self._writer.connection, found)
        self._progress.tell(found.status, task.estimate_s)
        self._apply_rule(task.point)

    def _store(self, job: Job, outcome: Outcome) -> Found:
        values = to_values(job.config)
        kind = get_kind(job.config)
        parameters = {column: values[column.name] for column in get_columns(kind)}
        profile_hash = get_profile_hash(job.config)
        try:
            self._writer.add(kind, parameters, profile_hash, outcome)
        except ValueError as error:  # it is this run's, and the next may do
            outcome = fail(job, f"can't be stored: {error}", wall_s=outcome.wall_s)
            self._writer.add(kind, parameters, profile_hash, outcome)
        found = find_run(self._writer.connection, job.identity)
        assert found is not None  # it has just been added
        return found

    def _note(self, point: Point, index: int, source: sqlite3.Connection, found: Found) -> None:
        """Take down what became of a run of a point."""
        point.n_open -= 1
        self.n_failed += found.status != "done"
        if found.status != "done":
            point.is_whole = False
        elif self._options.until is not None:
            value = _get_value(source, found, self._options.until.value)
            if value is None:
                point.is_whole = False
            else:
                point.values[index] = value

    def _apply_rule(self, point: Point) -> None:
        """Ask for more seeds of a point if its rule wants them, all those before being over."""
        rule = self._options.until
        if rule is None or point.n_open > 0 or not point.is_whole:
            return
        n = len(point.values)
        wanted = rule.count_seeds([point.values[index] for index in range(n)])
        if wanted > n:
            self._ask(point, range(n, wanted))

    def _get_estimator(self, config: Config) -> Estimator:
        kind = get_kind(config)
        if kind not in self._estimators:
            rows = [row for source in self._sources for row in list_walls(source, kind)]
            self._estimators[kind] = Estimator(rows)
        return self._estimators[kind]


def _check_maker(job: Job, outcome: Outcome) -> Outcome:
    """See that another computer has the same versions: what it did is another run's otherwise."""
    maker = outcome.maker
    if (maker.module_version, maker.ns3_version) == (_build.VERSION, _build.NS3_VERSION):
        return outcome
    return fail(
        job,
        f"{maker.host} has version {maker.module_version} with ns-3 {maker.ns3_version},"
        f" must be {_build.VERSION} with ns-3 {_build.NS3_VERSION}",
    )


def _get_value(source: sqlite3.Connection, found: Found, name: str) -> Optional[float]:
    try:
        return find_number(source, found, name)
    except KeyError as error:
        names = [column.name for column in list_columns(source, found.kind, "results")]
        nearest = get_close_matches(name, names, 1, 0)[0]
        raise ValueError(f"until {name}: must be a number of the results; {nearest}?") from error
