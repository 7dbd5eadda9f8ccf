# SPDX-License-Identifier: GPL-2.0-only
"""A worker process, seen from the one that started it."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Optional

from ._frames import read_frame, write_frame
from ._records import Job, Outcome
from ._worker import fail

__all__ = ["Child"]


class Child:
    """A process that does runs, one after the other.

    It is started when first needed, and again after it died of a run or was ended by a timeout.
    It ends with `close`, and when this process dies.  Not thread-safe, but `kill`.
    """

    def __init__(self) -> None:
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._errors: Optional[IO[bytes]] = None
        self._lock = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def perform(self, job: Job) -> Outcome:
        """Do a job.

        Parameters
        ----------
        job : Job
            What to do.

        Returns
        -------
        Outcome
            What became of it, whatever that is: a worker that dies is a failure of its job.

        Raises
        ------
        OSError
            If no process can be started, which says nothing of the job.
        """
        process = self._start()
        begin = time.perf_counter()
        try:
            write_frame(_get(process.stdin), job)
            if self._wait(process, job.timeout):
                outcome: Outcome = read_frame(_get(process.stdout))
                return outcome
            status, error = "timeout", f"took longer than {job.timeout:g} s"
        except Exception as problem:  # whatever it is, the sweep has to hear of its job
            status, error = "failed", self._describe_end(problem)
        self._end()
        wall_s = time.perf_counter() - begin
        return fail(job, error, status, wall_s)

    def kill(self) -> None:
        """End the process, in the midst of a run too, and let no other start.  For any thread."""
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process, and give back what it took.  When no `perform` is under way."""
        self.kill()
        self._end()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._is_closed:
                raise OSError("the sweep has ended")
            if self._process is not None:
                return self._process
            self._errors = tempfile.TemporaryFile()
            self._process = process = self._spawn(self._errors)
        try:
            read_frame(_get(process.stdout))  # it is ready
        except Exception as problem:
            words = self._describe_end(problem)
            self._end()
            raise OSError(f"no worker process can be started: {words}") from problem
        return process

    @staticmethod
    def _spawn(errors: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start a process that finds its modules where this one does."""
        places = [str(place) or os.getcwd() for place in sys.path]
        return subprocess.Popen(
            [sys.executable, "-P", "-c", "from xfrm._worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
            start_new_session=True,  # Ctrl-C is for the one who started the sweep
        )

    @staticmethod
    def _wait(process: "subprocess.Popen[bytes]", timeout: Optional[float]) -> bool:
        """Wait until the process says something, or is dead."""
        return bool(select.select([_get(process.stdout)], [], [], timeout)[0])

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            errors, self._errors = self._errors, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:  # which closes its pipes and waits for it
                pass
        if errors is not None:
            errors.close()

    def _describe_end(self, problem: Exception) -> str:
        """Say what a process died of, with its last words."""
        process, errors = _get(self._process), _get(self._errors)
        try:
            code = process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return f"the worker process stopped talking: {problem}"
        end = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit status {code}"
        errors.seek(0)
        words = errors.read().decode(errors="replace").split("\n")
        last = [word for word in words if word.strip()][-1:]
        return ": ".join([f"the worker process ended {end}", *last])


def _get(pipe: Any) -> Any:
    """Take a pipe or a process that is there: all of a process's pipes are asked for."""
    assert pipe is not None
    return pipe
