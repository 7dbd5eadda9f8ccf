# SPDX-License-Identifier: GPL-2.0-only
"""How far a sweep is."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional, Union

__all__ = ["Progress", "SweepProgress", "Watcher"]


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep is."""

    n_done: int  #: runs that came to an end, failed ones among them
    n_failed: int  #: those that failed or took too long
    n_total: int  #: runs to do; a stopping rule may add to them
    elapsed_s: float  #: time since the beginning [s]
    left_s: Optional[float]  #: estimate of the time left [s]; None: nothing is known yet


Watcher = Union[bool, Callable[[SweepProgress], object], None]


class Progress:
    """Counts runs, and tells of them.

    Parameters
    ----------
    watcher : bool, callable or None
        True: a line on standard error; None: so if that is a terminal; a function: is told.

    Raises
    ------
    TypeError
        If it is something else.
    """

    def __init__(self, watcher: Watcher) -> None:
        if not callable(watcher) and not isinstance(watcher, (bool, type(None))):
            raise TypeError(f"progress: must be a bool or callable, not {type(watcher).__name__}")
        self._begin = time.monotonic()
        self._n_done = self._n_failed = self._n_total = 0
        self._done_s = self._left_s = 0.0
        self._call = watcher if callable(watcher) else None
        self._bar: Any = None
        if watcher is True or (watcher is None and sys.stderr.isatty()):
            from tqdm import tqdm

            layout = "{n_fmt}/{total_fmt} runs |{bar:30}| {elapsed}, {rate_fmt}{postfix}"
            self._bar = tqdm(total=0, unit="run", bar_format=layout, mininterval=0.2)

    def expect(self, estimate_s: float) -> None:
        """Take note of a run to do.

        Parameters
        ----------
        estimate_s : float
            What it is going to take [s].
        """
        self._n_total += 1
        self._left_s += estimate_s
        if self._bar is not None:
            self._bar.total = self._n_total

    def tell(self, status: str, estimate_s: float) -> None:
        """Take note of a run that came to an end.

        Parameters
        ----------
        status : str
            "done", "failed" or "timeout".
        estimate_s : float
            As it was expected.
        """
        self._n_done += 1
        self._n_failed += status != "done"
        self._left_s -= estimate_s
        self._done_s += estimate_s
        state = self._get_state()
        if self._call is not None:
            self._call(state)
        if self._bar is not None:
            failed = f", {state.n_failed} failed" if state.n_failed else ""
            self._bar.set_postfix_str(f"{_write_time(state.left_s)} left{failed}", refresh=False)
            self._bar.update()

    def close(self) -> None:
        """Leave the line as it is."""
        if self._bar is not None:
            self._bar.close()

    def _get_state(self) -> SweepProgress:
        elapsed_s = time.monotonic() - self._begin
        # Estimates may be wrong by a factor; so far they were wrong by this one.
        factor = elapsed_s / self._done_s if self._done_s > 0 else None
        left_s = None if factor is None else max(0.0, self._left_s) * factor
        return SweepProgress(self._n_done, self._n_failed, self._n_total, elapsed_s, left_s)


def _write_time(time_s: Optional[float]) -> str:
    if time_s is None:
        return "?"
    minutes, seconds = divmod(round(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
