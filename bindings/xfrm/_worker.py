# SPDX-License-Identifier: GPL-2.0-only
"""The worker process of sweeps: reads jobs from standard input, does one after the other."""

import os
import platform
import queue
import sys
import threading
import time
from datetime import datetime, timezone
from typing import Any, BinaryIO

from . import _build
from ._configs import StudyConfig
from ._core import XfrmError
from ._frames import read_frame, write_frame
from ._payload import Result, make_payload
from ._records import Job, Maker, Outcome
from ._run import run
from ._study import study

__all__ = ["describe", "fail", "get_maker", "get_time", "main", "perform"]


def get_maker() -> Maker:
    """Tell where results of this process are made, and by what.

    Returns
    -------
    Maker
        This process's.
    """
    return Maker(_build.VERSION, _build.NS3_VERSION, _build.GIT_COMMIT, platform.node())


def perform(job: Job, maker: Maker) -> Outcome:
    """Do a job.

    Parameters
    ----------
    job : Job
        What to do; its timeout is the caller's matter.
    maker : Maker
        This process's.

    Returns
    -------
    Outcome
        Its result, or its error.
    """
    started = get_time()
    begin = time.perf_counter()

    def end(status: str, **rest: Any) -> Outcome:
        wall_s = time.perf_counter() - begin
        return Outcome(job.identity, status, maker, started, wall_s, **rest)

    try:
        result: Result
        result = study(job.config) if isinstance(job.config, StudyConfig) else run(job.config)
        if result.is_partial:
            return end("failed", error="interrupted")
        return end("done", payload=make_payload(result))
    except Exception as error:  # whatever it is, it is this run's, and the next may do
        return end("failed", error=describe(error))


def fail(job: Job, error: str, status: str = "failed", wall_s: float = 0.0) -> Outcome:
    """Make the outcome of a job that came to nothing.

    Parameters
    ----------
    job : Job
        The job.
    error : str
        What went wrong, one line.
    status : str
        "failed" or "timeout".
    wall_s : float
        Time that it took [s].

    Returns
    -------
    Outcome
        Of this process.
    """
    return Outcome(job.identity, status, get_maker(), get_time(), wall_s, error)


def describe(error: Exception) -> str:
    """Describe an error in one line.

    Parameters
    ----------
    error : Exception
        The error.

    Returns
    -------
    str
        What the command line says of a bad value or file; of others their class, too.
    """
    line = (str(error).splitlines() or [""])[0]
    is_plain = isinstance(error, (ValueError, OSError, XfrmError))
    return line if is_plain else f"{type(error).__name__}: {line}"


def get_time() -> str:
    """Return the time, in UTC as of ISO 8601, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def main() -> None:
    """Do jobs until standard input ends."""
    source, target = _take_pipes()
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(source, jobs), daemon=True).start()
    maker = get_maker()
    write_frame(target, maker)
    while True:
        write_frame(target, perform(jobs.get(), maker))


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes away from what prints and reads: that goes to standard error."""
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return source, target


def _read_jobs(source: BinaryIO, jobs: "queue.SimpleQueue[Job]") -> None:
    """Hand jobs on; end the process, in the midst of a run too, when nobody gives any more."""
    try:
        while True:
            jobs.put(read_frame(source))
    except EOFError:
        os._exit(0)
    except Exception as error:
        print(describe(error), file=sys.stderr, flush=True)
        os._exit(1)
