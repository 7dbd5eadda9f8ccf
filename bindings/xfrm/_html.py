# SPDX-License-Identifier: GPL-2.0-only
"""How results show themselves."""

from html import escape
from typing import Any

import pandas as pd

__all__ = ["describe", "to_html"]


def describe(result: Any) -> str:
    """Say what a StudyResult or RunResult is of."""
    partial = " (partial)" if result.is_partial else ""
    return f"{result.config!r}, {result.summary['simulated_s']:g} s{partial}"


def to_html(head: str, *tables: pd.DataFrame) -> str:
    """Show a text above tables, of long ones their beginning and end."""
    return f"<p>{escape(head)}</p>" + "".join(table.to_html(max_rows=20) for table in tables)
