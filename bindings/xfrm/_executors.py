# SPDX-License-Identifier: GPL-2.0-only
"""Who does the runs of a sweep: processes of this computer."""

import os
import queue
import threading
from dataclasses import dataclass
from typing import Optional, Protocol, Union

from ._child import Child
from ._records import Job, Outcome

__all__ = ["Executor", "Pool", "Processes", "check_workers"]

MOST_WORKERS = 4096  # of one computer; each has a thread and open files


class Pool(Protocol):
    """Workers that are there."""

    @property
    def n_slots(self) -> int:
        """Jobs that may be under way at a time."""

    def submit(self, job: Job) -> None:
        """Have a job done."""

    def take(self) -> Outcome:
        """Wait for the next job that has been done; OSError if none can be any more."""

    def close(self) -> None:
        """End all workers and what they do."""


class Executor(Protocol):
    """What `sweep` takes as its executor."""

    def open(self) -> Pool:
        """Start the workers."""


@dataclass(frozen=True)
class Processes:
    """Processes of this computer, one for each run that is under way.

    A process does one run after the other: what a run comes to does not depend on those before.
    One that dies, or is ended by a timeout, is a failure of its run alone.

    Parameters
    ----------
    workers : int, optional
        Number of processes; by default one for each CPU that this process may use.

    Raises
    ------
    ValueError
        For less than one.
    """

    workers: Optional[int] = None  #: number of processes; None: one for each CPU

    def __post_init__(self) -> None:
        check_workers(self.workers)

    def open(self) -> Pool:
        """Start the workers.

        Returns
        -------
        Pool
            For `sweep`.
        """
        return _ProcessPool(self.workers or len(os.sched_getaffinity(0)))


def check_workers(workers: object) -> None:
    """See that a number of workers is one.

    Parameters
    ----------
    workers : int or None
        As users give it.

    Raises
    ------
    ValueError
        If it is something else.
    """
    if workers is None:
        return
    is_whole = isinstance(workers, int) and not isinstance(workers, bool)
    if not is_whole or workers not in range(1, MOST_WORKERS + 1):
        raise ValueError(f"workers {workers}: must be a whole number from 1 to {MOST_WORKERS}")


class _ProcessPool:
    """A thread for each process: it hands over a job and waits."""

    def __init__(self, n_workers: int) -> None:
        self._jobs: queue.SimpleQueue[Optional[Job]] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Union[Outcome, OSError]] = queue.SimpleQueue()
        self._children = [Child() for _ in range(n_workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(child,), daemon=True)
            for child in self._children
        ]
        for thread in self._threads:
            thread.start()

    @property
    def n_slots(self) -> int:
        return len(self._children)

    def submit(self, job: Job) -> None:
        self._jobs.put(job)

    def take(self) -> Outcome:
        outcome = self._outcomes.get()
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    def close(self) -> None:
        for child in self._children:
            child.kill()
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self, child: Child) -> None:
        with child:
            while (job := self._jobs.get()) is not None:
                self._outcomes.put(self._perform(child, job))

    @staticmethod
    def _perform(child: Child, job: Job) -> Union[Outcome, OSError]:
        try:
            return child.perform(job)
        except OSError as error:
            return error
