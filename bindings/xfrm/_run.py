# SPDX-License-Identifier: GPL-2.0-only
"""Runs in packet mode: hosts and gateways in a line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from . import _core
from ._config import Path, make_config, name_folder
from ._configs import RunConfig
from ._html import describe, to_html
from ._study import Progress
from ._tables import make_frame, make_latency, make_series

__all__ = ["RunResult", "run"]

_PERCENTILES = (50, 90, 99, 99.9)


@dataclass(frozen=True, eq=False, repr=False)
class RunResult:
    """What a run came to.

    The tables' ``attrs["units"]`` is a dict from each column to its unit, empty of names.  Counts
    of tables with times are from the start of the run on, so that ``diff()`` gives those of
    intervals.

    Attributes
    ----------
    config : RunConfig
        What was asked for.
    is_partial : bool
        It was stopped before its end; the numbers are those up to then.
    summary : pandas.Series of float64
        Numbers of the whole run by name: of all flows of a kind, such as udp.received,
        tcp.throughput_bps and ping.delay.p99_ns; of all nodes, such as sealed, cache_misses and
        "drops.ring-full"; counters of the kernel as "xfrm_stat.XfrmOutNoStates".
    flows : pandas.DataFrame
        Figures of each flow; index flow, such as "udp H-K".
    nodes : pandas.DataFrame
        Figures of each node; index node, such as "A".
    per_core : pandas.DataFrame
        Figures of each core of gateways; index node, core.  Without cores it has no rows.
    series : pandas.DataFrame
        Figures of nodes over time; index time_s, node.
    flow_series : pandas.DataFrame
        Figures of flows over time; index time_s, flow.
    core_series : pandas.DataFrame
        Figures of cores over time; index time_s, node, core.
    latency : pandas.DataFrame
        Delays by percentile, 50 to 100, of columns udp_ns, one way; tcp_ns, the round trips that
        it measured; ping_ns, round trips.  NaN without any.
    """

    config: RunConfig
    is_partial: bool
    summary: pd.Series
    flows: pd.DataFrame
    nodes: pd.DataFrame
    per_core: pd.DataFrame
    series: pd.DataFrame
    flow_series: pd.DataFrame
    core_series: pd.DataFrame
    latency: pd.DataFrame
    _details: Mapping[str, Any] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return what xfrm-sim run --json prints, as json.loads() reads it.

        Returns
        -------
        dict
            Of dicts, lists, text, numbers and bools.
        """
        return dict(self._details)

    def __repr__(self) -> str:
        received = self.flows["received"].sum()
        what = f"received {received} packets and {self.flows['received_bytes'].sum()} bytes"
        return f"<RunResult of {describe(self)}: {what} of {len(self.flows)} flows>"

    def _repr_html_(self) -> str:
        return to_html(describe(self), self.flows, self.nodes)


def run(
    config: Optional[RunConfig] = None,
    /,
    *,
    out: Optional[Path] = None,
    pcap: bool = False,
    progress: Optional[Progress] = None,
    **changes: Any,
) -> RunResult:
    """Simulate hosts and gateways in a line, packet by packet.

    Does what xfrm-sim run does, in this process, and gives the same numbers for the same settings.
    Other threads go on meanwhile.  Ctrl-C ends it, and what it came to until then is the result.

    Parameters
    ----------
    config : RunConfig, optional
        What is asked for; without, the defaults.
    out : str or path, optional
        New or empty folder for the files that xfrm-sim run --out writes.
    pcap : bool
        Write the packets of each link into `out`, too.
    progress : callable, optional
        Called with the share that is done, 0 to 1, up to 20 times a second.  An exception of it
        ends the run.
    **changes
        Settings that differ from `config`, by their names in `RunConfig`.

    Returns
    -------
    RunResult
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
        If another run is under way, for a process has one simulator; and for anything else.

    Examples
    --------
    >>> result = xfrm.run(duration="1s", udp_rate=2000)
    >>> result.flows.loc["udp H-K", "received"], result.nodes.loc["A", "cache_misses"]
    (1776, 10)
    """
    asked = make_config(RunConfig, config, changes)
    texts, lists = asked._to_pair()
    folder = name_folder(out)
    if folder is not None:
        texts["out"] = folder
    if pcap:
        texts["pcap"] = "true"
    result = _read(asked, _core.run(texts, lists, folder, progress))
    if progress and not result.is_partial:
        progress(1.0)
    return result


class _Rows:
    """What the rows of a run's tables are about."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.flows = [flow["name"] for flow in details["flows"]]
        self.nodes = [node["name"] for node in details["nodes"]]
        self.cores = [
            (node["name"], core)
            for node in details["nodes"]
            for core in range(len(node.get("cores", ())))
        ]

    def of_nodes(self, times: list[float]) -> "pd.MultiIndex":
        return pd.MultiIndex.from_product([times, self.nodes], names=["time_s", "node"])

    def of_flows(self, times: list[float]) -> "pd.MultiIndex":
        return pd.MultiIndex.from_product([times, self.flows], names=["time_s", "flow"])

    def of_cores(self, times: list[float]) -> "pd.MultiIndex":
        rows = [(time, node, core) for time in times for node, core in self.cores]
        return _index_of(rows, ["time_s", "node", "core"])


def _index_of(rows: list[Any], names: list[str]) -> "pd.MultiIndex":
    columns = [list(column) for column in zip(*rows)] or [[] for _ in names]
    return pd.MultiIndex.from_arrays(columns, names=names)


def _read(config: RunConfig, answer: Mapping[str, Any]) -> RunResult:
    details = json.loads(answer["summary"])
    rows = _Rows(details)
    last, series = answer["last"], answer["series"]
    times = series["times"]
    return RunResult(
        config=config,
        is_partial=details["partial"],
        summary=make_series(_summarize(details)),
        flows=_read_flows(details["flows"], last["flows"]),
        nodes=make_frame(last["nodes"], pd.Index(rows.nodes, name="node")),
        per_core=make_frame(last["cores"], _index_of(rows.cores, ["node", "core"])),
        series=make_frame(series["nodes"], rows.of_nodes(times)),
        flow_series=make_frame(series["flows"], rows.of_flows(times)),
        core_series=make_frame(series["cores"], rows.of_cores(times)),
        latency=_read_latency(details["total"]),
        _details=details,
    )


def _summarize(details: Mapping[str, Any]) -> dict[str, object]:
    total = dict(details["total"])
    drops = total.pop("drops")
    return {
        "simulated_s": details["simulated_s"],
        **total,
        "drops": sum(drops.values()),
        **{f"drops.{reason}": count for reason, count in drops.items()},
    }


def _read_flows(
    flows: list[dict[str, Any]], counts: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in ("kind", "from", "to"):
        columns[name] = [flow[name] for flow in flows]
    columns.update(counts)
    columns["throughput_bps"] = np.array([flow["throughput_bps"] for flow in flows], np.float64)
    for name in ("mean_ns", "p50_ns", "p90_ns", "p99_ns", "p99.9_ns", "max_ns"):
        delays = [(flow["delay"] or {}).get(name) for flow in flows]
        columns[f"delay_{name}"] = np.array(delays, np.float64)
    return make_frame(columns, pd.Index([flow["name"] for flow in flows], name="flow"))


def _read_latency(total: Mapping[str, Any]) -> pd.DataFrame:
    columns: dict[str, dict[float, Optional[float]]] = {}
    for kind in ("udp", "tcp", "ping"):
        delay = total[kind]["delay"] or {}
        percentiles: dict[float, Optional[float]] = {
            each: delay.get(f"p{each}_ns") for each in _PERCENTILES
        }
        columns[f"{kind}_ns"] = {**percentiles, 100: delay.get("max_ns")}
    return make_latency(columns)
