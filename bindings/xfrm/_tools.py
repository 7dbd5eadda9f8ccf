# SPDX-License-Identifier: GPL-2.0-only
"""What the command line has besides simulations: conform, validate, decap, show."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional, Union

import pandas as pd

from . import _core
from ._config import Path, name_file
from ._flows import to_addresses
from ._tables import to_frame

__all__ = [
    "Conformance",
    "DecapResult",
    "Mismatch",
    "ShowResult",
    "Validation",
    "conform",
    "decap",
    "show",
    "validate",
]

#: Told what is being done.
Tell = Callable[[str], object]


def _paths(name: str, paths: Union[Path, Iterable[Path]]) -> list[str]:
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not given:
        raise ValueError(f"{name} missing: must be one or more")
    return [name_file(path) for path in given]


class Mismatch(NamedTuple):
    """A recorded value that the model does not reproduce."""

    row: int  #: row behind the header, from 0
    column: str  #: name of the column
    expected: str  #: what was recorded
    got: str  #: what the model gives


@dataclass(frozen=True)
class Conformance:
    """Outcome of a set of recordings."""

    name: str  #: name of the set
    n_rows: int  #: rows replayed
    mismatches: tuple[Mismatch, ...]  #: all mismatches, by row
    left_out: tuple[tuple[str, str], ...]  #: what of it is not compared, and why


def conform(
    paths: Union[Path, Iterable[Path]],
    *,
    face: str = "key",
    progress: Optional[Tell] = None,
) -> list[Conformance]:
    """Replay recorded behaviour of real kernels, and compare every recorded value.

    Ctrl-C is looked after between two sets.

    Parameters
    ----------
    paths : path or iterable of path
        Folders of recordings.
    face : {'key', 'interned'}
        How the flow cache is called.
    progress : callable, optional
        Called with the name of each set before it is replayed.

    Returns
    -------
    list of Conformance
        One for each set.

    Raises
    ------
    ValueError
        For another face, and recordings that are missing or malformed.
    XfrmError
        If a run is under way.
    """
    return [
        Conformance(name, n_rows, tuple(Mismatch(*each) for each in mismatches), tuple(left_out))
        for name, n_rows, mismatches, left_out in _core.conform(
            _paths("paths", paths), face, progress
        )
    ]


@dataclass(frozen=True, eq=False)
class Validation:
    """Published numbers beside simulated ones.

    Attributes
    ----------
    cells : pandas.DataFrame
        A row a number: section, row, column, part, published, simulated, published_compared and
        simulated_compared (ratios, where ratios are compared), error, band (a share unless
        is_absolute), is_exact, kind (C: calibrated on, P: predicted), is_inside.
    is_passed : bool
        All of C are within 5 %, at most a tenth of P is outside its band.
    """

    cells: pd.DataFrame
    is_passed: bool


def validate(file: Optional[Path] = None, *, progress: Optional[Tell] = None) -> Validation:
    """Simulate published measurements.

    It takes some seconds to minutes; Ctrl-C is looked after between two numbers.

    Parameters
    ----------
    file : path, optional
        Markdown with tables like those of doc/validation.md; without, those are taken.
    progress : callable, optional
        Called with the place of each number before it is simulated.

    Returns
    -------
    Validation
        The numbers.

    Raises
    ------
    ValueError
        For tables that can't be read, and places that no scenario knows.
    XfrmError
        If a run is under way.
    """
    report = json.loads(_core.validate("" if file is None else name_file(file), progress))
    return Validation(pd.DataFrame(report["cells"]), report["is_passed"])


@dataclass(frozen=True, eq=False)
class DecapResult:
    """What became of the packets of a capture.

    Attributes
    ----------
    packets : pandas.DataFrame
        A row a packet, index number, from 1: time_ns (since 1970), source, destination, protocol,
        spi and sequence (NaN without), verdict, counter (that moved, or None), and of what was
        inside inner_bytes, inner_source, inner_destination, inner_protocol, inner (bytes, or None);
        with `reencap` is_equal.
    totals : pandas.Series of int64
        How often what happened: packets, opened, each verdict and counter.
    """

    packets: pd.DataFrame
    totals: pd.Series


def decap(
    pcap: Path,
    ip_xfrm: Union[Path, Iterable[Path]],
    *,
    host: str = "",
    filter: str = "",
    addresses: Iterable[Any] = (),
    policy: bool = True,
    bypass: bool = True,
    reencap: bool = False,
    write: Optional[Path] = None,
) -> DecapResult:
    """Let a host with `ip xfrm` commands receive the packets of a capture.

    Parameters
    ----------
    pcap : path
        The capture, pcap or pcapng.
    ip_xfrm : path or iterable of path
        Files of commands.
    host : str
        Whose commands, if they name several network namespaces.
    filter : str
        Only packets that this expression of pcap-filter(7) takes.
    addresses : iterable of str, int or ipaddress.IPv4Address
        Addresses of the host; without, what policies tell.
    policy : bool
        Policies are asked; else what opens is let in.
    bypass : bool
        Sockets that ESP comes to by UDP let everything in.
    reencap : bool
        Seal what was opened again, and compare.
    write : path, optional
        Write what was inside to this capture.

    Returns
    -------
    DecapResult
        What became of them.

    Raises
    ------
    ValueError
        For a capture or command that is wrong or refused.
    OSError
        For a file that can't be read or written.
    """
    packets, totals = _core.decap(
        name_file(pcap),
        _paths("ip_xfrm", ip_xfrm),
        host,
        [int(to_addresses("addresses", each)) for each in addresses],
        filter,
        policy,
        bypass,
        reencap,
        "" if write is None else name_file(write),
    )
    sums = json.loads(totals)
    again = sums.pop("reencap", None)
    if again:
        sums.update({"reencap equal": again["equal"], "reencap": again["of"]})
    rows = [_read_packet(json.loads(packet)) for packet in packets]
    return DecapResult(
        pd.DataFrame(rows, columns=_COLUMNS if not rows else None).set_index("number"),
        pd.Series(sums, name="value", dtype="int64"),
    )


_COLUMNS = ["number", "time_ns", "source", "destination", "protocol", "spi", "sequence", "verdict"]
_COLUMNS += ["counter", "inner_bytes", "inner_source", "inner_destination", "inner_protocol"]
_COLUMNS += ["inner", "is_equal"]


def _read_packet(packet: dict[str, Any]) -> dict[str, Any]:
    inner = packet.pop("inner", {})
    again = packet.pop("reencap", {})
    named = {f"inner_{name}": inner.get(name) for name in ("bytes", "source", "destination")}
    return {
        **packet,
        **named,
        "inner_protocol": inner.get("protocol"),
        "inner": bytes.fromhex(inner["hex"]) if inner else None,
        "is_equal": again.get("equal"),
    }


@dataclass(frozen=True, eq=False)
class ShowResult:
    """A host after `ip xfrm` commands.

    Attributes
    ----------
    policies : pandas.DataFrame
        As `PolicyDatabase.to_frame` has them.
    states : pandas.DataFrame
        As `StateDatabase.to_frame` has them.
    xfrm_stat : pandas.Series of int64
        The counters of /proc/net/xfrm_stat, by label.
    listed : str
        What commands list and get wrote.
    """

    policies: pd.DataFrame
    states: pd.DataFrame
    xfrm_stat: pd.Series
    listed: str


def show(
    ip_xfrm: Union[Path, Iterable[Path]], *, host: str = "", at: Union[str, float] = ""
) -> ShowResult:
    """Carry out the `ip xfrm` commands of files on a host, and look.

    Parameters
    ----------
    ip_xfrm : path or iterable of path
        Files of commands.
    host : str
        Whose commands, if they name several network namespaces.
    at : str or float, optional
        When to look, "90s" or seconds; without, behind the last command.

    Returns
    -------
    ShowResult
        What is there.

    Raises
    ------
    ValueError
        For a command that is wrong or refused, with its line and errno.
    OSError
        For a file that can't be read.
    XfrmError
        If a run is under way.
    """
    when = at if isinstance(at, str) else f"{at:.9f}s"
    shown = _core.show(_paths("ip_xfrm", ip_xfrm), host, when)
    return ShowResult(
        policies=to_frame(shown["policies"], "index"),
        states=to_frame(shown["states"], "number"),
        xfrm_stat=pd.Series(shown["xfrm_stat"], name="value", dtype="int64"),
        listed=shown["listed"],
    )
