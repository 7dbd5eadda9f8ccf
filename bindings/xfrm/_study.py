# SPDX-License-Identifier: GPL-2.0-only
"""Lookup studies: a host of many cores and its packets, which are numbers of flows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from . import _core
from ._config import Path, make_config, name_folder
from ._configs import StudyConfig
from ._html import describe, to_html
from ._tables import make_frame, make_latency, make_series

__all__ = ["StudyResult", "study"]

#: Told how much of a simulation is over, 0 to 1.
Progress = Callable[[float], object]

_PERCENTILES = (50, 90, 99, 99.9, 99.99, 99.999)


@dataclass(frozen=True, eq=False, repr=False)
class StudyResult:
    """What a study came to.

    The tables' ``attrs["units"]`` is a dict from each column to its unit.  Latencies are from a
    packet's arrival to its end.

    Attributes
    ----------
    config : StudyConfig
        What was asked for.
    is_partial : bool
        It was stopped before its end; the numbers are those up to then.
    summary : pandas.Series of float64
        Numbers of the whole host by name: simulated_s, offered, carried, drops, hit_ratio, misses,
        latency_p99_ns and so on; drops by reason as "drops.ring full", locks as
        "locks.NAME.wait_ns", counters of the kernel as "xfrm_stat.XfrmOutNoStates", classes of
        packets as "classes.NAME.offered".
    per_core : pandas.DataFrame, shape (n_cores, n_columns)
        The same numbers of each core; index core.
    series : pandas.DataFrame, shape (n_intervals, n_columns)
        What happened in each interval of simulated time; index time_s, the end of the interval.
    core_series : pandas.DataFrame, shape (n_intervals * n_cores, n_columns)
        The same of each core; index time_s and core.  Stores of sweeps do not keep it.
    latency : pandas.DataFrame
        Column latency_ns by percentile, 50 to 100.
    histogram : pandas.DataFrame
        Latencies by their size: lower_s, the lower bound of a bin, which is at most 1/1024 of it
        wide, and count, the packets in it; bins without packets are left out.
    """

    config: StudyConfig
    is_partial: bool
    summary: pd.Series
    per_core: pd.DataFrame
    series: pd.DataFrame
    core_series: pd.DataFrame
    latency: pd.DataFrame
    histogram: pd.DataFrame
    _details: Mapping[str, Any] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return what xfrm-sim study --json prints, as json.loads() reads it.

        Returns
        -------
        dict
            Of dicts, lists, text, numbers and bools.
        """
        return {
            **self._details,
            "cores": self.per_core.to_dict("records"),
            "series": self.series.reset_index().to_dict("records"),
        }

    def __repr__(self) -> str:
        total = self.summary
        return (
            f"<StudyResult of {describe(self)}:"
            f" offered {total['offered_rate']:.6g}/s, carried {total['carried_rate']:.6g}/s,"
            f" hit ratio {total['hit_ratio']:.4f}, p99 {total['latency_p99_ns'] / 1e3:.4g} us>"
        )

    def _repr_html_(self) -> str:
        names = "offered_rate carried_rate drops hit_ratio misses shrinks latency_p50_ns"
        shown = self.summary[[*names.split(), "latency_p99_ns", "latency_max_ns"]].to_frame()
        shown["unit"] = [self.summary.attrs["units"][name] for name in shown.index]
        return to_html(describe(self), shown, self.per_core)


def study(
    config: Optional[StudyConfig] = None,
    /,
    *,
    out: Optional[Path] = None,
    progress: Optional[Progress] = None,
    **changes: Any,
) -> StudyResult:
    """Simulate a host of many cores that looks up, or forwards, packets.

    Does what xfrm-sim study does, in this process, and gives the same numbers for the same
    settings.  Other threads go on meanwhile, and may run studies, too.  Ctrl-C ends it, and what it
    came to until then is the result.

    Parameters
    ----------
    config : StudyConfig, optional
        What is asked for; without, the defaults.
    out : str or path, optional
        New or empty folder for the files that xfrm-sim study --out writes.
    progress : callable, optional
        Called with the share that is done, 0 to 1, up to 20 times a second.  An exception of it
        ends the study.
    **changes
        Settings that differ from `config`, by their names in `StudyConfig`.

    Returns
    -------
    StudyResult
        What it came to; see its `is_partial`.

    Raises
    ------
    TypeError
        For a setting that is not there, or of another type.
    ValueError
        For a value that is not allowed, and a file that can't be used.
    OSError
        If a file can't be written.
    XfrmError
        For anything else that goes wrong.

    Examples
    --------
    >>> result = xfrm.study(cores=8, flows=20_000, duration="500ms")
    >>> result.summary["hit_ratio"].round(3), result.latency.loc[99, "latency_ns"]
    (0.961, 1112.0)
    """
    asked = make_config(StudyConfig, config, changes)
    answer = _core.study(*asked._to_pair(), name_folder(out), progress)
    result = _read(asked, answer)
    if progress and not result.is_partial:
        progress(1.0)
    return result


def _read(config: StudyConfig, answer: Mapping[str, Any]) -> StudyResult:
    details = json.loads(answer["summary"])
    total = details["total"]
    latency = {each: total[f"latency_p{each}_ns"] for each in _PERCENTILES}
    cores = answer["cores"]
    series = dict(answer["series"])
    times = pd.Index(series.pop("time_s"), name="time_s")
    bins = answer["histogram"]
    histogram = {"lower_s": bins["lower_ns"] / 1e9, "count": bins["count"]}
    return StudyResult(
        config=config,
        is_partial=details["partial"],
        summary=make_series(_summarize(details)),
        per_core=make_frame(cores, pd.RangeIndex(len(cores["offered"]), name="core")),
        series=make_frame(series, times),
        core_series=_index_cores(answer["core_series"]),
        latency=make_latency({"latency_ns": {**latency, 100: total["latency_max_ns"]}}),
        histogram=make_frame(histogram, pd.RangeIndex(len(bins["count"]), name="bin")),
        _details=details,
    )


def _index_cores(columns: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """Make the table of cores over time of its columns."""
    rest = dict(columns)
    levels = [rest.pop("time_s"), rest.pop("core").astype(np.int64)]
    return make_frame(rest, pd.MultiIndex.from_arrays(levels, names=["time_s", "core"]))


def _summarize(details: Mapping[str, Any]) -> dict[str, object]:
    """Collect the numbers of the whole host."""
    drops = details["drops"]
    classes = {each["name"]: each for each in details["classes"]}
    return {
        "simulated_s": details["simulated_s"],
        "offered_rate": details["offered_rate"],
        "carried_rate": details["carried_rate"],
        **details["total"],
        "drops": sum(drops.values()),
        **{f"drops.{reason}": count for reason, count in drops.items()},
        "classes": classes if len(classes) > 1 else {},
        "locks": details["locks"],
        "xfrm_stat": details["xfrm_stat"],
    }
