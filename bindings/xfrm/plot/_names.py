# SPDX-License-Identifier: GPL-2.0-only
"""Names of columns and values as people read them."""

import re
from typing import Any

from ._units import format_value

__all__ = ["name_column", "name_value"]

_NAMES = {
    "backlog_drops": "Backlog drops",
    "busy_ns": "Time busy",
    "cache_hash_shift": "Log2 of buckets",
    "carried": "Packets carried",
    "carried_rate": "Throughput",
    "chains_built": "Chains built",
    "drops": "Packets dropped",
    "duration": "Simulated time",
    "events_rekey": "Time between rekeys",
    "ipsec_seed_period": "Time between re-seeds",
    "lock_wait_ns": "Time waiting for locks",
    "offered": "Packets offered",
    "offered_rate": "Offered load",
    "policies_compared": "Policies compared",
    "rate": "Packet rate",
    "reseeds": "Re-seeds",
    "rss_queues": "Receive queues",
    "shrink_longest_ns": "Longest shrink",
    "spd_exact": "Exact policies",
    "spd_prefixed": "Prefixed policies",
    "spd_states": "States",
    "time_s": "Simulated time",
    "traffic_attack": "Share of attack",
    "traffic_size": "Packet size",
    "zipf": "Zipf exponent",
}

_LATENCY = re.compile(r"(?:(\w+)\.)?(latency|delay)[_.](p[\d.]+|mean|max)(?:_ns)?")
_UNIT_ENDING = re.compile(r"_(ns|s|bps|rate)$")
_UPPER = {"udp": "UDP", "tcp": "TCP", "sa": "SA"}


def name_column(name: str) -> str:
    """Return what a column is called on an axis.

    Parameters
    ----------
    name : str
        Of a column, such as "latency_p99_ns".

    Returns
    -------
    str
        Such as "Latency, p99".
    """
    if name in _NAMES:
        return _NAMES[name]
    if found := _LATENCY.fullmatch(name):
        words = f"{found[2]}, {found[3]}"
        kind = found[1]
        return f"{_UPPER.get(kind, kind)} {words}" if kind else words.capitalize()
    words = _UNIT_ENDING.sub("", name).strip("_").replace(".", ": ").replace("_", " ")
    first = re.split(r"\W", words, maxsplit=1)[0]
    return _UPPER.get(first, first[:1].upper() + first[1:]) + words[len(first) :]


def name_value(value: Any, unit: str) -> str:
    """Return what a value of a parameter is called in a legend.

    Parameters
    ----------
    value
        The value.
    unit : str
        Of the parameter; empty: none.

    Returns
    -------
    str
        Such as "10k" or "30 ms".
    """
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, (bool, str)):
        return str(value)
    try:
        return format_value(float(value), unit)
    except (TypeError, ValueError):
        return str(value)
