# SPDX-License-Identifier: GPL-2.0-only
"""Settings as a store keeps them: typed, times in seconds, and what identifies a run."""

import hashlib
import json
import os
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from . import _build, _core
from ._config import seconds
from ._configs import RunConfig, StudyConfig
from ._records import Config
from ._schema import Column

__all__ = [
    "get_columns",
    "get_config_class",
    "get_kind",
    "get_profile_hash",
    "identify",
    "make_absolute",
    "resolve_files",
    "to_config",
    "to_values",
]

_UNITS = {"time": "s", "rate": "bit/s"}
_NONE = "none"  # of ip_xfrm: no commands
_FILES = ("profile", "traffic_pcap", "traffic_list")
_BITS = {"bps": 1, "kbps": 10**3, "Mbps": 10**6, "Gbps": 10**9}


def get_kind(config: Config) -> str:
    """Return the kind of a run.

    Parameters
    ----------
    config : StudyConfig or RunConfig
        Its settings.

    Returns
    -------
    str
        "study" or "run".
    """
    return "study" if isinstance(config, StudyConfig) else "run"


def get_config_class(kind: str) -> type[Config]:
    """Return the class of settings of a kind of runs.

    Parameters
    ----------
    kind : str
        "study" or "run".

    Returns
    -------
    type
        StudyConfig or RunConfig.
    """
    return StudyConfig if kind == "study" else RunConfig


@cache
def get_columns(kind: str) -> tuple[Column, ...]:
    """List the settings of a kind of runs.

    Parameters
    ----------
    kind : str
        "study" or "run".

    Returns
    -------
    tuple of Column
        In the order of the table of settings.
    """
    options = _core.study_options() if kind == "study" else _core.run_options()
    return tuple(
        Column(row["field"], row["type"], _UNITS.get(row["type"], _name_unit(row)))
        for row in options
        if not row["is_output"]
    )


def _name_unit(row: dict[str, Any]) -> str:
    """Return the unit of a number, as the option's value is called: PPS is packets/s."""
    if row["type"] not in ("whole", "real"):
        return ""
    names = {"PPS": "packets/s", "BYTES": "bytes", "PACKETS": "packets", "ENTRIES": "entries"}
    return names.get(row["unit"], "")


def to_values(config: Config) -> dict[str, Any]:
    """Return all settings, times in seconds and rates in bit/s.

    Parameters
    ----------
    config : StudyConfig or RunConfig
        The settings.

    Returns
    -------
    dict
        By name.
    """
    values = {}
    for column in get_columns(get_kind(config)):
        value = getattr(config, column.name)
        if column.type == "time":
            value = seconds(value)
        elif column.type == "rate":
            value = _read_rate(value)
        values[column.name] = value
    return values


def to_config(kind: str, values: dict[str, Any]) -> Config:
    """Make settings of what `to_values` gave.

    Parameters
    ----------
    kind : str
        "study" or "run".
    values : dict
        By name; others stay as usual.

    Returns
    -------
    StudyConfig or RunConfig
        The settings.
    """
    types = {column.name: column.type for column in get_columns(kind)}
    known = {name: value for name, value in values.items() if name in types and value is not None}
    for name, value in known.items():
        if types[name] == "rate":
            known[name] = f"{value:.0f}bps"
    return get_config_class(kind)(**known)


def make_absolute(config: Config) -> Config:
    """Give files their whole path: workers may be in another folder.

    Parameters
    ----------
    config : StudyConfig or RunConfig
        The settings.

    Returns
    -------
    StudyConfig or RunConfig
        The same but for paths.
    """
    names = [column.name for column in get_columns(get_kind(config))]
    values = {name: getattr(config, name) for name in (*_FILES, "ip_xfrm") if name in names}
    changes = {
        name: resolve_files(get_kind(config), name, value, Path.cwd())
        for name, value in values.items()
    }
    return config if changes == values else config.replace(**changes)


def resolve_files(kind: str, name: str, value: Any, folder: Path) -> Any:
    """Give the files of a setting their whole path.

    Parameters
    ----------
    kind : str
        "study" or "run".
    name : str
        Any setting.
    value
        Its value.
    folder : Path
        Where files lie whose path is none from the root on.

    Returns
    -------
    object
        The value, changed if it names files.
    """
    if name == "ip_xfrm" and isinstance(value, (list, tuple)):
        parts = [_split_node(kind, str(text)) for text in value]
        return tuple(
            node + (file if file == _NONE else str(folder.absolute() / file))
            for node, file in parts
        )
    is_file = name in _FILES and isinstance(value, str) and value and not _is_shipped(name, value)
    return str(folder.absolute() / value) if is_file else value


def identify(config: Config) -> str:
    """Compute what identifies a run: all that its result depends on.

    Parameters
    ----------
    config : StudyConfig or RunConfig
        Its settings, the seed among them.

    Returns
    -------
    str
        SHA-256 of the settings, the version of the module and the content of files that the
        settings name, whatever these are called; 64 hexadecimal digits.
    """
    values = {column.name: getattr(config, column.name) for column in get_columns(get_kind(config))}
    for name in _FILES:
        if values.get(name):
            values[name] = _hash_setting(name, values[name])
    parts = [_split_node(get_kind(config), text) for text in config.ip_xfrm]
    values["ip_xfrm"] = [[node, _hash_file(file)] for node, file in parts]
    whole = {"kind": get_kind(config), "version": _build.VERSION, "settings": values}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def get_profile_hash(config: Config) -> str:
    """Compute the SHA-256 of a run's cost profile.

    Parameters
    ----------
    config : StudyConfig or RunConfig
        Its settings.

    Returns
    -------
    str
        64 hexadecimal digits, or its name if its file can't be read.
    """
    return _hash_setting("profile", config.profile)


def _is_shipped(name: str, file: str) -> bool:
    return name == "profile" and file in _build.PROFILES


def _hash_setting(name: str, file: str) -> str:
    return _build.PROFILES[file] if _is_shipped(name, file) else _hash_file(file)


def _hash_file(file: str) -> str:
    if file == _NONE:
        return file
    try:
        state = os.stat(file)
        return _hash_content(file, state.st_mtime_ns, state.st_size)
    except OSError:
        return f"unread {file}"  # the run itself will tell


@lru_cache
def _hash_content(file: str, mtime_ns: int, size: int) -> str:
    """Hash a file once, as long as it does not change."""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _split_node(kind: str, text: str) -> tuple[str, str]:
    """Split NODE=FILE of a run's ip xfrm commands, as C++ does."""
    found = re.search("[=/]", text) if kind == "run" else None
    if found is None or found[0] == "/":
        return "", text
    return text[: found.end()], text[found.end() :]


def _read_rate(text: str) -> int:
    """Read a data rate as a config has it: a whole number and its unit."""
    digits = text.rstrip("kMGbps")
    return int(digits) * _BITS[text[len(digits) :]]
