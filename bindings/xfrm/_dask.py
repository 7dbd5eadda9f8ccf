# SPDX-License-Identifier: GPL-2.0-only
"""Who does the runs of a sweep: the workers of Dask distributed, on any computers."""

import os
import socket
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Optional
from urllib.parse import urlsplit
from uuid import uuid4

from ._child import Child
from ._executors import Pool, check_workers
from ._records import Job, Outcome
from ._worker import fail

__all__ = ["Dask"]

_CONNECT_S = 10.0  # for a scheduler to answer


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
        check_workers(self.workers)
        if self.workers is not None and self.address is not None:
            raise ValueError(f"workers {self.workers}: must be without an address")

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
            _check_address(self.address)
            return _DaskPool(distributed.Client(self.address, set_as_default=False), None)
        # Its workers are threads of this process: runs are in processes of their own anyway.
        cluster = distributed.LocalCluster(
            n_workers=self.workers or len(os.sched_getaffinity(0)),
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",  # any port, for nobody else
        )
        return _DaskPool(distributed.Client(cluster, set_as_default=False), cluster)


def _check_address(address: str) -> None:
    """See that something listens: a client that found nothing does not end for a minute."""
    found = urlsplit(address)
    try:
        if found.scheme not in ("tcp", "tls") or not found.hostname or found.port is None:
            raise ValueError("must be as tcp://HOST:8786 or tls://HOST:8786")
        socket.create_connection((found.hostname, found.port), timeout=_CONNECT_S).close()
    except ValueError as error:
        raise ValueError(f"address {address}: {error}") from error
    except OSError as error:
        raise OSError(f"{address}: no Dask scheduler answers: {error}") from error


class _DaskPool:
    def __init__(self, client: Any, cluster: Any) -> None:
        distributed: Any = import_module("distributed")
        self._client = client
        self._cluster = cluster
        self._sweep = uuid4().hex
        self._completed = distributed.as_completed(loop=client.loop)
        self._jobs: dict[str, Job] = {}
        self._futures: dict[str, Any] = {}

    @property
    def n_slots(self) -> int:
        # Twice as many as are done at a time: the next ones are there when these end.
        try:
            n_threads: int = sum(self._client.nthreads().values())
        except OSError as error:
            raise self._lose() from error
        return 2 * max(1, n_threads)

    def submit(self, job: Job) -> None:
        future = self._client.submit(_perform, job, self._sweep, pure=False)
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
        except CancelledError as error:
            raise self._lose() from error
        except Exception as error:  # a worker was lost, or has another package
            return fail(job, f"{type(error).__name__}: {error}".splitlines()[0])

    def close(self) -> None:
        with suppress(Exception):  # if they are lost there is nothing to end
            self._client.cancel(list(self._futures.values()), force=True)
            self._client.run(_end, self._sweep, on_error="ignore")
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _lose(self) -> OSError:
        address = self._client.scheduler.address
        return OSError(f"{address}: the Dask scheduler was lost; what it did until then is kept")


class _Children:
    """The processes that a Dask worker keeps for a sweep, for all of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: list[Child] = []
        self._is_ended = False

    def perform(self, job: Job) -> Outcome:
        """Do a job in one of the processes, or in one more."""
        with self._lock:
            child = self._idle.pop() if self._idle else Child()
            self._busy.append(child)
            if self._is_ended:
                child.kill()
        try:
            return child.perform(job)
        finally:
            with self._lock:
                self._busy.remove(child)
                self._idle.append(child)
                if self._is_ended:
                    child.close()

    def end(self) -> None:
        """End all of them, in the midst of runs too."""
        with self._lock:
            self._is_ended = True
            for child in self._busy:
                child.kill()
            for child in self._idle:
                child.close()


def _get_children(worker: Any, sweep: str) -> _Children:
    sweeps: dict[str, _Children] = vars(worker).setdefault("xfrm_sweeps", {})
    return sweeps.setdefault(sweep, _Children())


def _perform(job: Job, sweep: str) -> Outcome:
    """Do a job on a Dask worker."""
    distributed: Any = import_module("distributed")
    return _get_children(distributed.get_worker(), sweep).perform(job)


def _end(sweep: str, dask_worker: Any) -> None:
    """End what a Dask worker does for a sweep."""
    _get_children(dask_worker, sweep).end()
