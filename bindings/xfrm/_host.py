# SPDX-License-Identifier: GPL-2.0-only
"""Policies, states and the output decision of a host, call by call."""

import os
from enum import IntEnum
from pathlib import Path as FilePath
from typing import NamedTuple, Optional, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._config import Path
from ._flow_keys import Direction
from ._flows import broadcast, make_flows
from ._tables import to_frame

__all__ = ["Decisions", "Lookup", "OutputVerdict", "PolicyDatabase", "StateDatabase"]


class OutputVerdict(IntEnum):
    """What output does with a packet."""

    PLAIN = 0  #: it goes out as it is
    TRANSFORM = 1  #: it goes through a chain of states
    HOLD = 2  #: it is held until a state is there
    BLACKHOLE = 3  #: it is discarded while its sender sees success
    ERROR = 4  #: it is refused


class Decisions(NamedTuple):
    """Output decisions, a value a flow in each array, all of the shape of the flows."""

    verdict: NDArray[np.uint8]  #: an `OutputVerdict`
    error: NDArray[np.int32]  #: Linux' errno, negative, of refused packets; else 0
    policy: NDArray[np.uint32]  #: index of the policy, 0 none
    state: NDArray[np.uint64]  #: number of the outermost state, 0 none
    n_states: NDArray[np.uint8]  #: states of the chain
    mtu: NDArray[np.uint32]  #: largest packet that the chain takes [bytes], 0 without a chain
    outcome: NDArray[np.uint8]  #: a `CacheOutcome`; 255: the flow cache was not asked


class _Configured:
    """What `ip xfrm` commands configure."""

    _host: _core.Host

    def apply(self, commands: str, *, name: str = "commands") -> None:
        """Carry out `ip xfrm` commands.

        Parameters
        ----------
        commands : str
            A line a command, as for ``ip -batch``; "ip xfrm" in front may be missing.  A comment
            ``# at 2.5s`` gives the commands behind it a time.
        name : str
            What errors call the text.

        Raises
        ------
        ValueError
            For the first command that is wrong or refused, with its line and errno; those before
            it stay carried out.
        """
        self._host.carry_out(commands, name)

    def apply_file(self, path: Path) -> None:
        """Carry out the commands of a file.

        Parameters
        ----------
        path : str or path
            The file.

        Raises
        ------
        ValueError
            As `apply`.
        OSError
            If it can't be read.
        """
        self._host.carry_out(FilePath(path).read_text(), os.fspath(path))

    def wait_until(self, now: float) -> None:
        """Let time go on, so that limits of policies and states are reached.

        Parameters
        ----------
        now : float
            Time since the start, up to 1e8 s; nothing happens if that is past.

        Raises
        ------
        ValueError
            For a time outside that range.
        """
        self._host.wait_until(now)

    @property
    def now(self) -> float:
        """The time since the start [s]."""
        return self._host.now()


class _Database(_Configured):
    """A database of a host: of one of its own, or of another's."""

    def __init__(self, commands: str = "") -> None:
        self._host = _core.make_host(1, "linux-4.1", 1500, 1)
        self.apply(commands)

    @classmethod
    def _of(cls, host: _core.Host) -> Self:
        database = cls.__new__(cls)
        database._host = host
        return database


class PolicyDatabase(_Database):
    """The policies of a host (SPD), as Linux 4.1 keeps and searches them.

    Several threads may use it; one call at a time works.

    Parameters
    ----------
    commands : str
        `ip xfrm` commands to begin with, as `apply` takes them.

    Raises
    ------
    ValueError
        For a command that is wrong or refused.

    Examples
    --------
    >>> policies = xfrm.PolicyDatabase("policy add dir out src 10.1.0.0/16 dst 10.2.0.0/16")
    >>> policies.lookup_batch("10.1.0.1", ["10.2.0.1", "10.3.0.1"])
    array([1, 0], dtype=uint32)
    """

    def lookup_batch(
        self,
        saddr: ArrayLike,
        daddr: ArrayLike,
        *,
        sport: ArrayLike = 0,
        dport: ArrayLike = 0,
        proto: ArrayLike = 17,
        oif: ArrayLike = 0,
        mark: ArrayLike = 0,
        direction: Direction = Direction.OUT,
    ) -> NDArray[np.uint32]:
        """Find the policies of IPv4 flows.

        Parameters
        ----------
        saddr, daddr : array_like
            Addresses: text, `ipaddress.IPv4Address`, or numbers of 32 bits; all arrays are
            broadcast against each other.
        sport, dport : array_like
            Ports, in host order; of ICMP type and code.
        proto : array_like
            IP protocol number.
        oif : array_like
            Index of the output device, 0 unknown.
        mark : array_like
            Packet mark, 32 bits.
        direction : Direction
            Direction of the policies.

        Returns
        -------
        ndarray of uint32, shape of the flows
            Index of the policy of each flow, as `to_frame` has it; 0: there is none.

        Raises
        ------
        ValueError
            For a value outside its range, and shapes that do not fit together.
        """
        columns, shape = make_flows(
            {
                "saddr": saddr,
                "daddr": daddr,
                "sport": sport,
                "dport": dport,
                "proto": proto,
                "oif": oif,
                "mark": mark,
            }
        )
        return self._host.find_policies(columns, direction).reshape(shape)

    def to_frame(self) -> pd.DataFrame:
        """List all policies, newest first.

        Returns
        -------
        pandas.DataFrame
            In the words of `ip xfrm policy`: dir, ptype, action, priority, src, dst, proto, sport,
            dport, mark, tmpl (a list of dicts) and so on; add_time and use_time in s since 1970, 0
            never.  Index: index.
        """
        return to_frame(self._host.list_policies(), "index")

    def __len__(self) -> int:
        return len(self._host.list_policies())

    def __repr__(self) -> str:
        return f"<PolicyDatabase: {len(self)} policies>"


class StateDatabase(_Database):
    """The states of a host (SAD), as Linux 4.1 keeps and searches them.

    Several threads may use it; one call at a time works.

    Parameters
    ----------
    commands : str
        `ip xfrm` commands to begin with, as `apply` takes them.

    Raises
    ------
    ValueError
        For a command that is wrong or refused.
    """

    def lookup_batch(
        self,
        daddr: ArrayLike,
        spi: ArrayLike,
        *,
        proto: ArrayLike = 50,
        mark: ArrayLike = 0,
    ) -> NDArray[np.uint64]:
        """Find the states of received packets.

        Parameters
        ----------
        daddr : array_like
            Destination of the outer header, as in `PolicyDatabase.lookup_batch`.
        spi : array_like
            SPI, 32 bits in host order.
        proto : array_like
            50 (ESP), 51 (AH) or 108 (IPcomp).
        mark : array_like
            Packet mark, 32 bits.

        Returns
        -------
        ndarray of uint64, shape of all arrays together
            Number of the state of each packet, as `to_frame` has it; 0: there is none.

        Raises
        ------
        ValueError
            For a value outside its range, and shapes that do not fit together.
        """
        columns, shape = broadcast({"daddr": daddr, "spi": spi, "proto": proto, "mark": mark})
        return self._host.find_states(columns).reshape(shape)

    def to_frame(self) -> pd.DataFrame:
        """List all states, newest first.

        Returns
        -------
        pandas.DataFrame
            In the words of `ip xfrm state`, without keys: src, dst, proto, spi, reqid, mode,
            status, algorithms, seq and oseq (the highest numbers received and sent), what was
            counted (bytes, packets), header_bytes and trailer_bytes and so on; times in s since
            1970, 0 never.  Index: number, from 1 in the order in which they came.
        """
        return to_frame(self._host.list_states(), "number")

    def __len__(self) -> int:
        return len(self._host.list_states())

    def __repr__(self) -> str:
        return f"<StateDatabase: {len(self)} states>"


class Lookup(_Configured):
    """The output decision of a host: let through, refuse, or transform, and how (xfrm_lookup).

    Policies are searched, states chosen, chains built, and all that is remembered in the flow
    cache, as the kernel does it.  Packets go out by one device of index 2.  There is no key
    manager: a state that is missing is an error.  Several threads may use it; one call at a time
    works.

    Parameters
    ----------
    commands : str
        `ip xfrm` commands to begin with, as `apply` takes them.
    n_cpus : int
        CPUs, 1 to 65536; each has a flow cache.
    kernel : str
        linux-4.1, linux-4.14 or linux-4.19.
    mtu : int
        Of the device, 68 to 65535 bytes.
    seed : int
        Of the hash seeds of flow caches, 0 or more.

    Raises
    ------
    ValueError
        For a value outside its range, and a command that is wrong or refused.

    Attributes
    ----------
    policies : PolicyDatabase
        Its policies.
    states : StateDatabase
        Its states.
    """

    def __init__(
        self,
        commands: str = "",
        *,
        n_cpus: int = 1,
        kernel: str = "linux-4.1",
        mtu: int = 1500,
        seed: int = 1,
    ) -> None:
        if not 0 <= seed < 2**64:
            raise ValueError(f"seed {seed}: must be a whole number from 0 to {2**64 - 1}")
        self._host = _core.make_host(n_cpus, kernel, mtu, seed)
        self.policies = PolicyDatabase._of(self._host)
        self.states = StateDatabase._of(self._host)
        self.apply(commands)

    def lookup_batch(
        self,
        saddr: ArrayLike,
        daddr: ArrayLike,
        *,
        sport: ArrayLike = 0,
        dport: ArrayLike = 0,
        proto: ArrayLike = 17,
        tos: ArrayLike = 0,
        oif: ArrayLike = 0,
        iif: ArrayLike = 0,
        mark: ArrayLike = 0,
        cpu: int = 0,
        now: Optional[float] = None,
    ) -> Decisions:
        """Decide on a packet of each of some IPv4 flows, in order, on one CPU.

        Parameters
        ----------
        saddr, daddr, sport, dport, proto, oif, mark
            As in `PolicyDatabase.lookup_batch`.
        tos : array_like
            Type of service, 8 bits.
        iif : array_like
            Index of the input device, 1 for local output, 0 unknown.
        cpu : int
            The CPU that decides.
        now : float, optional
            Time since the start, up to 1e8 s, which goes on first; without, it is what it was.

        Returns
        -------
        Decisions
            Arrays of the shape of the flows.

        Raises
        ------
        ValueError
            For a value outside its range, and shapes that do not fit together.
        """
        columns, shape = make_flows(
            {
                "saddr": saddr,
                "daddr": daddr,
                "sport": sport,
                "dport": dport,
                "proto": proto,
                "tos": tos,
                "oif": oif,
                "iif": iif,
                "mark": mark,
            }
        )
        decided = self._host.decide(columns, cpu, self.now if now is None else now)
        return Decisions(**{name: array.reshape(shape) for name, array in decided.items()})

    def counters(self) -> pd.Series:
        """Return the counters of /proc/net/xfrm_stat by label, such as XfrmOutNoStates."""
        return pd.Series(dict(self._host.statistics()), name="value")

    def __repr__(self) -> str:
        return f"<Lookup: {len(self.policies)} policies, {len(self.states)} states>"
