# SPDX-License-Identifier: GPL-2.0-only
"""Reports: a store as one interactive page."""

import datetime
import html
import json
import os
from pathlib import Path
from string import Template
from typing import Any, Optional, Union

from ._build import VERSION
from ._files import write_whole
from ._report_rows import make_rows
from ._report_tables import make_details
from ._store import Store

__all__ = ["report"]

#: Size that a page has at most, where its rows alone have less [bytes].
MOST_BYTES = 4_800_000

#: What of a page's size is no data and not the plotting library [bytes].
_OWN_BYTES = 100_000

_PAGE = Path(__file__).parent / "_page"

#: In the order in which the page needs them.
_SCRIPTS = (
    "format",
    "statistics",
    "dataset",
    "state",
    "elements",
    "style",
    "filters",
    "figure",
    "latency",
    "series",
    "details",
    "table",
    "header",
    "report",
)


def report(
    store: Union[Store, str, "os.PathLike[str]"],
    path: Union[str, "os.PathLike[str]"],
    *,
    title: Optional[str] = None,
) -> Path:
    """Write an interactive page of a store: figures, tables, where the rows come from.

    The page is one file that needs no network: it can be mailed, and opened by any browser.  It
    has the rows of all runs; of latencies and time series as much as keeps it below 5 MB, and it
    says what is left out.

    Parameters
    ----------
    store : Store, str or path
        Whose runs it shows.
    path : str or path
        The page, an HTML file.  It is replaced at once and as a whole.
    title : str, optional
        Its title; by default the store's name.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    FileNotFoundError
        If there is no such store.
    ValueError
        If it is no store, or has no run that is done.
    OSError
        If the page can't be written.

    Examples
    --------
    >>> base = xfrm.StudyConfig(duration="20ms")
    >>> result = xfrm.sweep(base, {"flows": [1000, 10_000]}, seeds=3, store="flows.db")
    >>> xfrm.report(result.store, "flows.html", title="Too many flows")
    PosixPath('flows.html')
    """
    if isinstance(store, Store):
        return _write(path, make_page(store, title))
    with Store(store) as opened:
        return _write(path, make_page(opened, title))


def make_page(store: Store, title: Optional[str] = None) -> str:
    """Make the page of a store.

    Parameters
    ----------
    store : Store
        Whose runs it shows.
    title : str, optional
        As of `report`.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    ValueError, OSError
        As of `report`.
    """
    name = "a store in memory" if store.path is None else store.path.name
    if len(store) == 0:
        raise ValueError(f"{name if store.path is None else store.path}: no run of it is done")
    library = _read_library()
    data = {
        "title": title or name,
        "store": name,
        "made": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "datasets": _make_datasets(store, MOST_BYTES - _OWN_BYTES - len(library)),
    }
    scripts = [(_PAGE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS]
    return Template((_PAGE / "report.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(title or name),
        style=(_PAGE / "report.css").read_text(encoding="utf-8"),
        library=library,
        scripts="\n".join(f"<script>\n{script}</script>" for script in scripts),
        data=_write_json(data),
        made=html.escape(f"Made {data['made']} of {name} by xfrm {VERSION}, with plotly.js."),
    )


def _make_datasets(store: Store, most_bytes: int) -> list[dict[str, Any]]:
    """Make the data of each kind of runs, of at most so many bytes where rows allow it."""
    datasets = {kind: make_rows(store.runs(kind, status=None), kind) for kind in store.kinds}
    most_bytes -= len(_write_json(datasets))
    for kind, rows in datasets.items():
        room = max(0, most_bytes // len(datasets))
        details = make_details(store, store.runs(kind), rows["varied"], room)
        details["notes"] = rows["notes"] + details["notes"]
        rows.update(details)
    return list(datasets.values())


def _write_json(data: Any) -> str:
    """Write JSON that may stand within HTML."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _read_library() -> str:
    """Read plotly.js as it may stand in a script."""
    text = (_PAGE / "plotly.min.js").read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _write(path: Union[str, "os.PathLike[str]"], page: str) -> Path:
    return write_whole(path, lambda part: part.write_text(page, encoding="utf-8"))
