# SPDX-License-Identifier: GPL-2.0-only
"""What the settings of studies and runs have in common."""

import math
import numbers
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar, NamedTuple, Optional, TypeVar, Union

import numpy as np

from . import _core

__all__ = [
    "Config",
    "Path",
    "Time",
    "list_options",
    "make_config",
    "name_file",
    "name_folder",
    "seconds",
]

#: A time: text with a unit, such as "10ms", or a number of seconds.
Time = Union[str, float]

#: The name of a file or folder.
Path = Union[str, "os.PathLike[str]"]

_Self = TypeVar("_Self", bound="Config")
_Pair = tuple[dict[str, str], dict[str, list[str]]]


class _Setting(NamedTuple):
    """A row of the table of settings."""

    field: str  # name in Python
    option: str  # name on the command line
    type: str  # "whole", "real", "time", "rate", "bool", "text", "word" or "list"


class _Functions(NamedTuple):
    """What the extension does for a kind of settings."""

    options: Callable[[], list[dict[str, Any]]]
    settings: Callable[[dict[str, str], dict[str, list[str]]], _Pair]
    read_ini: Callable[[str], _Pair]
    write_ini: Callable[[dict[str, str], dict[str, list[str]]], str]


_FUNCTIONS = {
    "study": _Functions(
        _core.study_options, _core.study_settings, _core.read_study_ini, _core.write_study_ini
    ),
    "run": _Functions(
        _core.run_options, _core.run_settings, _core.read_run_ini, _core.write_run_ini
    ),
}


@cache
def _table(kind: str) -> tuple[_Setting, ...]:
    return tuple(
        _Setting(row["field"], row["name"], row["type"])
        for row in _FUNCTIONS[kind].options()
        if not row["is_output"]
    )


def list_options(kind: str) -> dict[str, str]:
    """List the settings of a kind of runs.

    Parameters
    ----------
    kind : str
        "study" or "run".

    Returns
    -------
    dict
        Names on the command line by names in Python.
    """
    return {setting.field: setting.option for setting in _table(kind)}


def seconds(time: Time) -> float:
    """Return a time in seconds.

    Parameters
    ----------
    time : str or float
        Text with a unit, such as "10ms", or a number of seconds.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ValueError
        For text that is no time, and for a number that is not finite.
    TypeError
        For something else.
    """
    if isinstance(time, str):
        return _core.seconds(time)
    given: object = time  # whatever is promised
    if not isinstance(given, numbers.Real):
        raise TypeError(f"time: must be a str or a number, not {type(given).__name__}")
    if not _is_finite(given):
        raise ValueError(f"time {given}: must be a time such as 10s, or a number of seconds")
    return float(given)


def _is_finite(value: numbers.Real) -> bool:
    return abs(value) < math.inf


def _write_number(value: numbers.Real) -> str:
    if not isinstance(value, numbers.Integral):
        return repr(float(value))
    # Digits of greater ones are no help: nothing is as great.
    return str(int(value)) if abs(value) < 10**30 else f"{Decimal(int(value)):.3e}"


def _write_seconds(value: numbers.Real) -> str:
    if not _is_finite(value):
        return _write_number(value)
    if not abs(value) < 1e10:  # no time of a simulation
        return _write_number(value) + "s"
    return format(round(Decimal(_write_number(value)), 9).normalize(), "f") + "s"


def _check_text(name: str, text: str) -> str:
    """Return a text if the extension can take it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: must be text that is Unicode, not {text!r}") from None
    if "\0" in text:
        raise ValueError(f"{name}: must be text without NUL, not {text!r}")
    return text


def _to_text(setting: _Setting, value: object) -> str:
    """Write a value as the command line has it."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, numbers.Real):
        return _write_seconds(value) if setting.type == "time" else _write_number(value)
    if isinstance(value, (str, os.PathLike)):
        return _check_text(setting.field, os.fspath(value))
    kind = type(value).__name__
    raise TypeError(f"{setting.field}: must be a bool, a number, a str or a path, not {kind}")


def _to_texts(setting: _Setting, value: object) -> list[str]:
    if isinstance(value, (str, os.PathLike)) or not isinstance(value, Iterable):
        raise TypeError(f"{setting.field}: must be several texts, such as a tuple of str")
    texts = [os.fspath(each) if isinstance(each, os.PathLike) else each for each in value]
    for each in texts:
        if not isinstance(each, str):
            raise TypeError(f"{setting.field}: must be texts, not {type(each).__name__}")
    return [_check_text(setting.field, each) for each in texts]


def _from_text(type_: str, text: str) -> Union[bool, int, float, str]:
    if type_ == "bool":
        return text == "true"
    if type_ == "whole":
        return int(text)
    return float(text) if type_ == "real" else text


class Config:
    """Settings that are checked when they are made, and do not change."""

    _kind: ClassVar[str]

    def __post_init__(self) -> None:
        texts, lists = _FUNCTIONS[self._kind].settings(*self._to_pair())
        for name, value in _from_pair(self._kind, texts, lists).items():
            object.__setattr__(self, name, value)

    def _to_pair(self) -> _Pair:
        texts: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        for setting in _table(self._kind):
            value = getattr(self, setting.field)
            if setting.type == "list":
                lists[setting.option] = _to_texts(setting, value)
            else:
                texts[setting.option] = _to_text(setting, value)
        return texts, lists

    def replace(self: _Self, **changes: Any) -> _Self:
        """Return the same settings but for some.

        Parameters
        ----------
        **changes
            New values by name.

        Returns
        -------
        StudyConfig or RunConfig
            Of the same class.

        Raises
        ------
        TypeError
            For a setting that is not there.
        ValueError
            For a value that is not allowed.
        """
        names = [setting.field for setting in _table(self._kind)]
        for name in changes:
            if name not in names:
                nearest = get_close_matches(name, names, 1, 0)[0]
                kind = type(self).__name__
                raise TypeError(f"{kind} has no setting {name!r}; {nearest}?")
        values = {name: getattr(self, name) for name in names}
        return type(self)(**{**values, **changes})

    @classmethod
    def from_ini(cls: type[_Self], path: Path) -> _Self:
        """Read settings from an INI file, as option --config does.

        Parameters
        ----------
        path : str or path
            The file.  Files that it names lie beside it.

        Returns
        -------
        StudyConfig or RunConfig
            The settings; those that the file has not are as usual.

        Raises
        ------
        ValueError
            For a file that can't be read, an unknown setting, a value that is not allowed.
        """
        return cls(**_from_pair(cls._kind, *_FUNCTIONS[cls._kind].read_ini(name_file(path))))

    def to_ini(self) -> str:
        """Return the text of an INI file with all settings, for option --config.

        Returns
        -------
        str
            Lines that end in newlines.
        """
        return _FUNCTIONS[self._kind].write_ini(*self._to_pair())

    def __repr__(self) -> str:
        usual = type(self)()
        shown = ", ".join(
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != getattr(usual, field.name)
        )
        return f"{type(self).__name__}({shown})"


def _from_pair(
    kind: str, texts: Mapping[str, str], lists: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    return {
        setting.field: tuple(lists[setting.option])
        if setting.type == "list"
        else _from_text(setting.type, texts[setting.option])
        for setting in _table(kind)
    }


def make_config(kind: type[_Self], config: Optional[_Self], changes: Mapping[str, Any]) -> _Self:
    """Make the settings that a function is given.

    Parameters
    ----------
    kind : type
        StudyConfig or RunConfig.
    config : StudyConfig or RunConfig, optional
        Settings; without, the defaults.
    changes : mapping
        What differs from them, by name.

    Returns
    -------
    StudyConfig or RunConfig
        Of the class `kind`.

    Raises
    ------
    TypeError
        For settings of another class, and a setting that is not there.
    ValueError
        For a value that is not allowed.
    """
    if not isinstance(config, (kind, type(None))):
        raise TypeError(f"config: must be a {kind.__name__}, not {type(config).__name__}")
    return (kind() if config is None else config).replace(**changes)


def name_file(path: Path) -> str:
    """Return the name of a file as the extension takes it.

    Parameters
    ----------
    path : str or path
        As users give it.

    Returns
    -------
    str
        Its name.

    Raises
    ------
    TypeError
        If it is something else.
    ValueError
        If no file can have this name.
    """
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"path: must be a str or a path, not {type(name).__name__}")
    return _check_text("path", name)


def name_folder(out: Optional[Path]) -> Optional[str]:
    """Return the name of the folder for a simulation's files.

    Parameters
    ----------
    out : str, path or None
        As users give it.

    Returns
    -------
    str or None
        Its name; None: no files.

    Raises
    ------
    TypeError
        If it is something else.
    ValueError
        If no folder can have this name.
    """
    if out is None:
        return None
    name = name_file(out)
    if not name:
        raise ValueError('out "": must be the name of a folder')
    return name
