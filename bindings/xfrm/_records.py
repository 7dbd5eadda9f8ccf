# SPDX-License-Identifier: GPL-2.0-only
"""What goes to a worker process and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional, Union

from ._configs import RunConfig, StudyConfig

__all__ = ["STATUSES", "Config", "Job", "Maker", "Outcome", "Payload"]

#: What may become of a job.
STATUSES = ("done", "failed", "timeout")

Config = Union[StudyConfig, RunConfig]


@dataclass(frozen=True)
class Job:
    """A run to do."""

    identity: str  #: hash of all that its result depends on
    config: Config  #: its settings
    timeout: Optional[float]  #: time that it may take [s]; None: any


@dataclass(frozen=True)
class Maker:
    """Where a result was made, and by what."""

    module_version: str  #: of this module
    ns3_version: str  #: of ns-3
    git_commit: str  #: of the module's checkout; empty: none
    host: str  #: name of the computer


@dataclass(frozen=True)
class Payload:
    """A result, ready to be stored."""

    numbers: Mapping[str, float]  #: of the whole, by name
    tables: Mapping[str, bytes]  #: of pack_table(), by name
    units: Mapping[str, Mapping[str, str]]  #: by table, "results" that of the numbers, and column


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    identity: str  #: the job's
    status: str  #: "done", "failed" or "timeout"
    maker: Maker  #: who did it
    started: str  #: when, in UTC as of ISO 8601
    wall_s: float  #: time it took [s]
    error: str = ""  #: what went wrong, one line
    payload: Optional[Payload] = field(default=None, repr=False)  #: if done
