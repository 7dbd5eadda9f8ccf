# SPDX-License-Identifier: GPL-2.0-only
"""Linux IPsec (XFRM) on simulated machines: its flow cache, studies, runs packet by packet."""

from ._config import seconds
from ._configs import RunConfig, StudyConfig
from ._flow_cache import CacheOutcome, CacheWork, FlowCache, FlushReport
from ._flow_keys import Direction, Family, flow_keys
from ._run import RunResult, RunSetting, run, run_settings
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
    "RunSetting",
    "StudyConfig",
    "StudyResult",
    "flow_keys",
    "run",
    "run_settings",
    "seconds",
    "study",
]
