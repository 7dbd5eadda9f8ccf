# SPDX-License-Identifier: GPL-2.0-only
"""Statistics of replications: runs that differ in nothing but their seed."""

from ._intervals import Interval, interval, summarize
from ._pairs import compare
from ._until import Until
from ._warmup import cut_warmup, mser

__all__ = ["Interval", "Until", "compare", "cut_warmup", "interval", "mser", "summarize"]
