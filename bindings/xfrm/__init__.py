# SPDX-License-Identifier: GPL-2.0-only
"""Linux IPsec (XFRM) on simulated machines: its flow cache, studies, runs packet by packet."""

from . import stats
from ._config import seconds
from ._configs import RunConfig, StudyConfig
from ._core import XfrmError
from ._dask import Dask
from ._executors import Processes
from ._flow_cache import CacheOutcome, CacheWork, FlowCache, FlushReport
from ._flow_keys import Direction, Family, flow_keys
from ._merge import merge
from ._points import cross, grid, latin_hypercube, sobol
from ._progress import SweepProgress
from ._run import RunResult, run
from ._store import Store
from ._study import StudyResult, study
from ._sweep import SweepResult, sweep

__all__ = [
    "CacheOutcome",
    "CacheWork",
    "Dask",
    "Direction",
    "Family",
    "FlowCache",
    "FlushReport",
    "Processes",
    "RunConfig",
    "RunResult",
    "Store",
    "StudyConfig",
    "StudyResult",
    "SweepProgress",
    "SweepResult",
    "XfrmError",
    "cross",
    "flow_keys",
    "grid",
    "latin_hypercube",
    "merge",
    "run",
    "seconds",
    "sobol",
    "stats",
    "study",
    "sweep",
]
