# SPDX-License-Identifier: GPL-2.0-only
"""Who does the runs of a sweep: the workers of Dask distributed, on any computers."""

import os
import queue
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Optional

from ._child import Child
from ._executors import Pool
from ._records import Job, Outcome
from ._worker import fail

__all__ = ["Dask"]


@dataclass(frozen=True)
class Dask:
    """Workers of Dask distributed.

    Each worker needs the package `xfrm` of the same version, and the files that settings name
    under the same paths.  It starts a process of its own for runs, as `Processes` does.

    Parameters
    ----------
    address : str, optional
        Of a scheduler, such as "tcp://10.0.0.1:8786"; by default a cluster on this computer is
        started.
    workers : int, optional
        Workers of such a cluster; by default one for each CPU.

    Raises
    ------
    ValueError
        For both, and for less than one worker.
    """

    address: Optional[str] = None  #: of a scheduler; None: a cluster on this computer
    workers: Optional[int] = None  #: workers of that cluster; None: one for each CPU

    def __post_init__(self) -> None:
        if self.workers is not None and (self.address is not None or self.workers < 1):
            raise ValueError(
                f"workers {self.workers}: must be a whole number from 1 on, without an address"
            )

    def open(self) -> Pool:
        """Connect to the scheduler, or start a cluster.

        Returns
        -------
        Pool
            For `sweep`.

        Raises
        ------
        OSError
            If there is no scheduler at the address.
        """
        distributed: Any = import_module("distributed")
        if self.address is not None:
            return _DaskPool(distributed.Client(self.address, set_as_default=False), None)
        # Its workers are threads of this process: runs are in processes of their own anyway.
        cluster = distributed.LocalCluster(
            n_workers=self.workers or len(os.sched_getaffinity(0)),
            threads_per_worker=1,
            processes=False,
            dashboard_address=None,
        )
        return _DaskPool(distributed.Client(cluster, set_as_default=False), cluster)


class _DaskPool:
    def __init__(self, client: Any, cluster: Any) -> None:
        distributed: Any = import_module("distributed")
        self._client = client
        self._cluster = cluster
        self._completed = distributed.as_completed(loop=client.loop)
        self._jobs: dict[str, Job] = {}
        self._futures: dict[str, Any] = {}

    @property
    def n_slots(self) -> int:
        # Twice as many as are done at a time: the next ones are there when these end.
        n_threads: int = sum(self._client.nthreads().values())
        return 2 * max(1, n_threads)

    def submit(self, job: Job) -> None:
        future = self._client.submit(_perform, job, pure=False)
        self._jobs[future.key] = job
        self._futures[future.key] = future
        self._completed.add(future)

    def take(self) -> Outcome:
        future = next(self._completed)
        job = self._jobs.pop(future.key)
        del self._futures[future.key]
        try:
            outcome: Outcome = future.result()
            return outcome
        except Exception as error:  # a worker was lost, or has another package
            return fail(job, f"{type(error).__name__}: {error}".splitlines()[0])

    def close(self) -> None:
        self._client.cancel(list(self._futures.values()), force=True)
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _perform(job: Job) -> Outcome:
    """Do a job on a Dask worker, in a process that the worker keeps for it."""
    distributed: Any = import_module("distributed")
    children: queue.SimpleQueue[Child]
    children = vars(distributed.get_worker()).setdefault("xfrm_children", queue.SimpleQueue())
    try:
        child = children.get_nowait()
    except queue.Empty:
        child = Child()
    outcome = child.perform(job)
    children.put(child)
    return outcome
