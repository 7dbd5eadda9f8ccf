# SPDX-License-Identifier: GPL-2.0-only
"""Files that describe a sweep, in TOML."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Optional, TypeVar, Union

from . import _core
from ._plan import Seeds
from ._points import Point, cross, grid, latin_hypercube, sobol
from ._records import Config
from ._settings import get_config_class, resolve_files
from ._sweep import parse_executor, parse_timeout
from ._until import Until

__all__ = ["StudyFile", "read_study_file"]

Thing = TypeVar("Thing")

_SECTIONS = ("study", "run", "grid", "points", "sample", "sweep", "until")
_SWEEP = ("seeds", "store", "executor", "timeout")
_SAMPLERS: dict[str, Callable[..., list[Point]]]
_SAMPLERS = {"latin-hypercube": latin_hypercube, "sobol": sobol}


@dataclass(frozen=True)
class StudyFile:
    """What a file asks for; the fields are the arguments of `sweep`."""

    base: Config
    grid: list[Point]
    seeds: Union[int, list[int], None]
    store: Optional[Path]
    executor: Union[str, int, None]
    timeout: Union[str, float, None]
    until: Optional[Until]


def read_study_file(path: Union[str, "os.PathLike[str]"]) -> StudyFile:
    """Read a file that describes a sweep.

    Parameters
    ----------
    path : str or path
        TOML.  Section [study] or [run] has the settings of all runs, by their names in INI files
        or in Python; [grid] lists of values, [[points]] points, and [sample] method
        ("latin-hypercube" or "sobol"), n, seed and [sample.ranges]: what is there of these three
        is crossed; [sweep] seeds, store, executor and timeout; [until] value, within, level,
        min_seeds and max_seeds.  Files that it names lie beside it.

    Returns
    -------
    StudyFile
        Arguments of `sweep`.

    Raises
    ------
    ValueError
        For anything that is not allowed: file, section, name, value, and what is.
    OSError
        If it can't be read.
    """
    try:
        with open(path, "rb") as file:
            document = tomllib.load(file)
        return _Reader(document, Path(path).parent).read()
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


class _Reader:
    """Reads one document."""

    def __init__(self, document: dict[str, Any], folder: Path) -> None:
        _check_names("", document, _SECTIONS, "a section")
        self._document = document
        self._folder = folder
        kinds = [kind for kind in ("study", "run") if kind in document]
        if len(kinds) == 2:
            raise ValueError("[run]: must not be together with [study]")
        self._kind = kinds[0] if kinds else "study"
        options = _core.study_options() if self._kind == "study" else _core.run_options()
        rows = [row for row in options if not row["is_output"]]
        self._fields = {row[key]: row["field"] for row in rows for key in ("name", "field")}

    def read(self) -> StudyFile:
        base = self._read_base()
        sweep = self._get("sweep", dict)
        _check_names("sweep", sweep, _SWEEP, "a name")
        store = _get_text("sweep", sweep, "store")
        timeout = sweep.get("timeout")
        _attempt("sweep", lambda: parse_timeout(timeout))
        _attempt("sweep", lambda: parse_executor(sweep.get("executor")))
        _attempt("sweep", lambda: Seeds.parse(sweep.get("seeds"), base.seed))
        return StudyFile(
            base=base,
            grid=self._read_points(base),
            seeds=sweep.get("seeds"),
            store=None if store is None else self._folder / store,
            executor=sweep.get("executor"),
            timeout=timeout,
            until=self._read_until(),
        )

    def _get(self, section: str, kind: type) -> Any:
        value = self._document.get(section, kind())
        if not isinstance(value, kind):
            must = "[[points]], one for each point" if kind is list else f"a section [{section}]"
            raise ValueError(f"{section}: must be {must}")
        return value

    def _read_base(self) -> Config:
        values = self._read_values(self._kind, self._get(self._kind, dict))
        return _attempt(self._kind, lambda: get_config_class(self._kind)(**values))

    def _read_values(self, section: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """Read settings by their names in INI files or Python, sections as tables or by dots."""
        return {
            field: resolve_files(self._kind, field, value, self._folder)
            for field, value in self._find_fields(section, table).items()
        }

    def _find_fields(self, section: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a section has by the settings' names in Python."""
        flat = _flatten("", table)
        _check_names(section, flat, tuple(self._fields), f"a setting of {self._kind}")
        found: dict[str, Any] = {}
        for name, value in flat.items():
            if self._fields[name] in found:
                raise ValueError(f"[{section}] {name}: must be there once, in one way to write it")
            found[self._fields[name]] = value
        return found

    def _read_points(self, base: Config) -> list[Point]:
        parts = [self._read_grid(), self._read_sample()]
        listed = [
            self._read_values(f"points, number {i}", point)
            for i, point in enumerate(self._get("points", list), 1)
        ]
        points = _attempt("grid", lambda: cross(*parts, listed or [{}]))
        for name in points[0]:
            # By what they look like: what is not allowed may have no hash.
            for value in {repr(point.get(name)): point.get(name) for point in points}.values():
                self._check_value(base, name, value)
        return points

    def _check_value(self, base: Config, name: str, value: Any) -> None:
        if name == "seed":
            raise ValueError("[grid] seed: must be seeds in [sweep]")
        if value is not None:
            _attempt("grid", lambda: base.replace(**{name: value}))

    def _read_grid(self) -> list[Point]:
        axes = self._read_lists(self._get("grid", dict))
        return _attempt("grid", lambda: grid(axes))

    def _read_lists(self, table: Mapping[str, Any]) -> dict[str, list[Any]]:
        axes = {}
        for field, values in self._find_fields("grid", table).items():
            if not isinstance(values, list) or not values:
                raise ValueError(f"[grid] {field} {values!r}: must be a list of values")
            axes[field] = [
                resolve_files(self._kind, field, _freeze(x), self._folder) for x in values
            ]
        return axes

    def _read_sample(self) -> list[Point]:
        sample = self._get("sample", dict)
        if not sample:
            return [{}]
        _check_names("sample", sample, ("method", "n", "seed", "ranges"), "a name")
        method = sample.get("method", "latin-hypercube")
        if not isinstance(method, str) or method not in _SAMPLERS:
            raise ValueError(f"[sample] method {method}: must be one of {', '.join(_SAMPLERS)}")
        for name, least in (("n", 1), ("seed", 0)):
            value = sample.get(name, 1 if name == "seed" else None)
            if type(value) is not int or value < least:
                raise ValueError(f"[sample] {name} {value}: must be a whole number from {least} on")
        ranges = self._read_values("sample.ranges", sample.get("ranges", {}))
        sampler = _SAMPLERS[method]
        return _attempt("sample", lambda: sampler(sample["n"], ranges, seed=sample.get("seed", 1)))

    def _read_until(self) -> Optional[Until]:
        table = self._get("until", dict)
        if not table:
            return None
        _check_names("until", table, tuple(field.name for field in fields(Until)), "a name")
        _get_text("until", table, "value")
        if "value" not in table:
            raise ValueError("[until] value: missing, must be a number of the results")
        return _attempt("until", lambda: Until(**table))


def _attempt(section: str, make: Callable[[], Thing]) -> Thing:
    """Make something, and say in what section it was if it can't be made."""
    try:
        return make()
    except (TypeError, ValueError) as error:
        raise ValueError(f"[{section}] {error}") from error


def _check_names(
    section: str, table: Mapping[str, Any], allowed: tuple[str, ...], what: str
) -> None:
    for name in table:
        if name not in allowed:
            nearest = get_close_matches(name, allowed, 1, 0)[0]
            where = f"[{section}] {name}" if section else f"[{name}]"
            raise ValueError(f"{where}: is no {what.split(' ', 1)[1]}; {nearest}?")


def _get_text(section: str, table: Mapping[str, Any], name: str) -> Optional[str]:
    value = table.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"[{section}] {name} {value}: must be a text")
    return value


def _flatten(prefix: str, table: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(f"{prefix}{name}.", value))
        else:
            flat[prefix + name] = value
    return flat


def _freeze(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
