# SPDX-License-Identifier: GPL-2.0-only
"""Runs in packet mode: hosts and gateways in a line."""

import json
import numbers
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Optional, Union

import numpy as np

from . import _core

__all__ = ["RunResult", "RunSetting", "run", "run_settings"]

Path = Union[str, "os.PathLike[str]"]
Value = Union[bool, int, float, str, "os.PathLike[str]"]


@dataclass(frozen=True)
class RunSetting:
    """A setting of a run."""

    name: str  #: keyword of `run`, such as "udp_rate"
    option: str  #: option of xfrm-sim run, such as "udp.rate"
    unit: str  #: kind of value, such as "TIME"
    help: str  #: one line
    allowed: str  #: which values are allowed
    default: str  #: value if not given, as text


@dataclass(frozen=True)
class RunResult:
    """What a run came to."""

    json: str = field(repr=False)  #: what xfrm-sim run --json prints
    summary: Mapping[str, Any] = field(repr=False)  #: the same, read
    config: Mapping[str, str]  #: every setting's value as text, by its option
    nodes: Mapping[str, Mapping[str, Any]] = field(repr=False)  #: figures of each node, by name
    flows: Mapping[str, Mapping[str, Any]] = field(repr=False)  #: figures of each flow, by name


def run_settings() -> tuple[RunSetting, ...]:
    """List what `run` takes beside `ip_xfrm`, `config`, `out` and `pcap`.

    Returns
    -------
    tuple of RunSetting
        In the order in which xfrm-sim run --help shows them.
    """
    return tuple(
        RunSetting(*(row[name] for name in "field name unit help allowed default".split()))
        for row in _core.run_options()
        if not row["is_output"] and row["type"] != "list"
    )


def run(
    *,
    ip_xfrm: Optional[Iterable[Path]] = None,
    config: Optional[Path] = None,
    out: Optional[Path] = None,
    pcap: Optional[bool] = None,
    **settings: Value,
) -> RunResult:
    """Simulate hosts and gateways in a line, packet by packet.

    Does what xfrm-sim run does, and gives the same for the same settings.  Ctrl-C raises
    `KeyboardInterrupt` within a thousandth of the run, and leaves no files.

    Parameters
    ----------
    ip_xfrm : iterable of path, optional
        Files of ip xfrm commands, FILE or NODE=FILE; ["none"]: no IPsec; without, a tunnel.
    config : path, optional
        INI file of settings; what is given here counts more.
    out : path, optional
        New or empty folder for files.
    pcap : bool, optional
        Write the packets of each link into `out`, too.
    **settings : bool, int, float, str or path
        Those that `run_settings` lists.  Times and rates are text with a unit, such as "10s".

    Returns
    -------
    RunResult
        Its result.

    Raises
    ------
    TypeError
        For a setting that is not there, or of another type.
    ValueError
        For a value that is not allowed, and a file that can't be used.
    OSError
        If a file can't be written.
    RuntimeError
        If another run is under way: a process has one simulator.
    """
    options = {setting.name: setting.option for setting in run_settings()}
    texts = {}
    for name, value in settings.items():
        if name not in options:
            raise TypeError(_describe_unknown(name, options))
        texts[options[name]] = _to_text(name, value)
    if isinstance(ip_xfrm, (str, os.PathLike)):
        raise TypeError("ip_xfrm: must be a list of files")
    files = None if ip_xfrm is None else [os.fspath(file) for file in ip_xfrm]
    if out is not None:
        texts["out"] = os.fspath(out)
    if pcap is not None:
        texts["pcap"] = _to_text("pcap", pcap)
    text = _core.run("" if config is None else os.fspath(config), texts, files)
    return _read_result(text)


def _describe_unknown(name: str, options: Mapping[str, str]) -> str:
    names = [*options, "ip_xfrm", "config", "out", "pcap"]
    nearest = get_close_matches(name, names, 1, 0)[0]
    return f"run() got an unexpected setting {name!r}: must be one of run_settings(); {nearest}?"


def _to_text(name: str, value: Value) -> str:
    """Write a value as the command line has it."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    kind = type(value).__name__
    raise TypeError(f"{name}: must be a bool, a number, a str or a path, not {kind}")


def _by_name(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({row["name"]: MappingProxyType(row) for row in rows})


def _read_result(text: str) -> RunResult:
    summary = json.loads(text)
    return RunResult(
        json=text,
        summary=summary,
        config=MappingProxyType(summary["config"]),
        nodes=_by_name(summary["nodes"]),
        flows=_by_name(summary["flows"]),
    )
