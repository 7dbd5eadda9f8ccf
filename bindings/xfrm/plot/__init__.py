# SPDX-License-Identifier: GPL-2.0-only
"""Figures of results, on matplotlib, fit for a paper.

Each function takes what is at hand: a Store or SweepResult, the table of its runs, results of
`xfrm.study` and `xfrm.run`, or their tables.  It draws on the axes that it is given, or makes some,
and returns them.  Axes hold numbers in the units of the tables; ticks and labels show them with a
prefix (us, Mpps, Gbit/s).  Nothing is shown or written by itself.  For a paper:

    with xfrm.plot.style():
        axes = xfrm.plot.against(store, "hit_ratio", "flows", by="cores")
        xfrm.plot.save(axes, "hits.pdf")
"""

from ._against import against
from ._cores import core_load, core_shares
from ._latency import latency_distribution
from ._published import published
from ._series import over_time, time_line
from ._style import save, style

__all__ = [
    "against",
    "core_load",
    "core_shares",
    "latency_distribution",
    "over_time",
    "published",
    "save",
    "style",
    "time_line",
]
