# SPDX-License-Identifier: GPL-2.0-only
"""Linux IPsec (XFRM) on simulated machines: its flow cache, and runs packet by packet."""

from ._flow_cache import CacheOutcome, CacheWork, FlowCache, FlushReport
from ._flow_keys import Direction, Family, flow_keys
from ._run import RunResult, RunSetting, run, run_settings

__all__ = [
    "CacheOutcome",
    "CacheWork",
    "Direction",
    "Family",
    "FlowCache",
    "FlushReport",
    "RunResult",
    "RunSetting",
    "flow_keys",
    "run",
    "run_settings",
]
