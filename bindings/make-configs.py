# SPDX-License-Identifier: GPL-2.0-only
"""Write bindings/xfrm/_configs.py: dataclasses of the tables of settings of the C++ code.

Usage: ./xfrm python bindings/make-configs.py >bindings/xfrm/_configs.py
"""

import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from textwrap import wrap

__all__ = ["make_configs"]

HEAD = '''\
# SPDX-License-Identifier: GPL-2.0-only
#
# Made by bindings/make-configs.py of the tables of settings in C++: change those, and make it anew.
"""The settings of studies and runs."""

from dataclasses import dataclass
from typing import ClassVar

from ._config import Config, Time

__all__ = ["RunConfig", "StudyConfig"]
'''

TYPES = {"whole": "int", "real": "float", "time": "Time", "bool": "bool", "list": "tuple[str, ...]"}
DOCUMENTED = {**TYPES, "time": "str or float", "list": "tuple of str"}
UNITS = {
    "BYTES": "bytes",
    "DSTS": "dsts",
    "ENTRIES": "entries",
    "PACKETS": "packets",
    "PPS": "packets/s",
}


def load_core():
    """Return the extension module alone: the package around it may wait for what is made here."""
    for folder in sys.path:
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder) / "xfrm" / f"_core{suffix}"
            if path.is_file():
                loader = ExtensionFileLoader("_core", str(path))
                module = module_from_spec(spec_from_loader("_core", loader))
                loader.exec_module(module)
                return module
    raise SystemExit("make-configs: no package xfrm on the path: ./xfrm python has it")


def to_default(row):
    """Return the default of a setting as an expression."""
    text = row["default"]
    if row["type"] == "list":
        return "()"
    if row["type"] == "bool":
        return str(text == "true")
    if row["type"] == "real":
        return repr(float(text))
    return text if row["type"] == "whole" else f'"{text}"'


def describe(row):
    """Return help, allowed values, unit and option of a setting as sentences."""
    words = row["help"][0].upper() + row["help"][1:]
    words += "" if words.endswith("]") else "."
    if row["type"] in ("whole", "real", "time", "rate"):
        words += f"  {row['allowed'][0].upper()}{row['allowed'][1:]}"
        words += f" [{UNITS[row['unit']]}]." if row["unit"] in UNITS else "."
    if row["field"] != row["name"]:
        words += f"  Option {row['name']}."
    return words


def document(row):
    """Return what the docstring says of a setting."""
    lines = wrap(describe(row), 92, break_long_words=False, break_on_hyphens=False)
    kind = DOCUMENTED.get(row["type"], "str")
    return [f"    {row['field']} : {kind}"] + [f"        {line}" for line in lines]


def make_class(name, kind, what, rows):
    """Return the lines of a dataclass."""
    lines = ["", "", "@dataclass(frozen=True, kw_only=True, repr=False)", f"class {name}(Config):"]
    lines += [f'    """Settings of {what}.', ""]
    lines += ["    Times are kept as text with the largest unit that needs no fraction.", ""]
    lines += ["    Parameters", "    ----------"]
    for row in rows:
        lines += document(row)
    lines += ["", "    Raises", "    ------", "    ValueError"]
    lines += ["        For a value that is not allowed.", '    """', ""]
    lines += [f'    _kind: ClassVar[str] = "{kind}"', ""]
    for row in rows:
        type_ = TYPES.get(row["type"], "str")
        lines.append(f"    {row['field']}: {type_} = {to_default(row)}")
    return lines


def make_configs(core):
    """Return the text of _configs.py."""
    lines = HEAD.splitlines()
    for name, kind, what, table in (
        ("StudyConfig", "study", "a lookup study (xfrm-sim study)", core.study_options()),
        ("RunConfig", "run", "a run packet by packet (xfrm-sim run)", core.run_options()),
    ):
        lines += make_class(name, kind, what, [row for row in table if not row["is_output"]])
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(make_configs(load_core()))
