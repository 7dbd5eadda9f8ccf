# SPDX-License-Identifier: GPL-2.0-only
"""Linux IPsec (XFRM) on simulated machines.

Simulations: `study` of packets that are numbers of flows, `run` packet by packet; their settings
`StudyConfig` and `RunConfig`.  Mechanism call by call: `FlowCache`, `PolicyDatabase`,
`StateDatabase`, `Lookup`, `ReplayWindow`, `EspSizes`.  Many runs: `sweep` into a `Store`, `stats`
of them, figures by `plot`.  Tools: `conform`, `validate`, `decap`, `show`.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from . import stats
from ._config import seconds
from ._configs import RunConfig, StudyConfig
from ._core import XfrmError
from ._dask import Dask
from ._esp import EspSizes
from ._executors import Processes
from ._flow_cache import CacheOutcome, CacheWork, FlowCache, FlushReport
from ._flow_keys import Direction, Family, flow_keys
from ._host import Decisions, Lookup, OutputVerdict, PolicyDatabase, StateDatabase
from ._merge import merge
from ._points import cross, grid, latin_hypercube, sobol
from ._progress import SweepProgress
from ._replay import ReplayVerdict, ReplayWindow
from ._report import report
from ._run import RunResult, run
from ._store import Store
from ._study import StudyResult, study
from ._sweep import SweepResult, sweep
from ._tools import (
    Conformance,
    DecapResult,
    Mismatch,
    ShowResult,
    Validation,
    conform,
    decap,
    show,
    validate,
)

if TYPE_CHECKING:
    from . import plot

__all__ = [
    "CacheOutcome",
    "CacheWork",
    "Conformance",
    "Dask",
    "DecapResult",
    "Decisions",
    "Direction",
    "EspSizes",
    "Family",
    "FlowCache",
    "FlushReport",
    "Lookup",
    "Mismatch",
    "OutputVerdict",
    "PolicyDatabase",
    "Processes",
    "ReplayVerdict",
    "ReplayWindow",
    "RunConfig",
    "RunResult",
    "ShowResult",
    "StateDatabase",
    "Store",
    "StudyConfig",
    "StudyResult",
    "SweepProgress",
    "SweepResult",
    "Validation",
    "XfrmError",
    "conform",
    "cross",
    "decap",
    "flow_keys",
    "grid",
    "latin_hypercube",
    "merge",
    "plot",
    "report",
    "run",
    "seconds",
    "show",
    "sobol",
    "stats",
    "study",
    "sweep",
    "validate",
]


def __getattr__(name: str) -> ModuleType:
    # Matplotlib takes longer to import than all else together, and many need no figures.
    if name == "plot":
        return import_module(".plot", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
