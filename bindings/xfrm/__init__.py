# SPDX-License-Identifier: GPL-2.0-only
"""Linux IPsec (XFRM) on simulated machines: its flow cache, studies, runs packet by packet."""

from . import stats
from ._config import seconds
from ._configs import RunConfig, StudyConfig
from ._core import XfrmError
from ._flow_cache import CacheOutcome, CacheWork, FlowCache, FlushReport
from ._flow_keys import Direction, Family, flow_keys
from ._points import cross, grid, latin_hypercube, sobol
from ._run import RunResult, run
from ._study import StudyResult, study

__all__ = [
    "CacheOutcome",
    "CacheWork",
    "Direction",
    "Family",
    "FlowCache",
    "FlushReport",
    "RunConfig",
    "RunResult",
    "StudyConfig",
    "StudyResult",
    "XfrmError",
    "cross",
    "flow_keys",
    "grid",
    "latin_hypercube",
    "run",
    "seconds",
    "sobol",
    "stats",
    "study",
]
