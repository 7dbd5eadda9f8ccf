# SPDX-License-Identifier: GPL-2.0-only
"""The package as pip installs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import xfrm

ROOT = Path(__file__).parents[2]
BUILD = Path(xfrm.__file__).parents[2]

SCRIPT = """
import xfrm
result = xfrm.sweep(xfrm.StudyConfig(duration="5ms"), {"cores": [1, 2]}, store="a.db", executor=1)
study = xfrm.study(duration="5ms", profile="vpp-skylake")
print(xfrm.__file__, len(result.store), study.is_partial)
"""


def run(*words, **environment):
    """Return what a program prints that gets nothing from the tests' environment but its PATH."""
    plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [str(word) for word in words], env={**plain, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return the Python of a new environment that the package is installed in."""
    folder = tmp_path_factory.mktemp("packaging") / "environment"
    run(sys.executable, "-m", "venv", "--system-site-packages", folder)
    python = folder / "bin" / "python"
    options = ["--no-index", "--no-build-isolation", "--no-cache-dir", "--quiet"]
    run(python, "-m", "pip", "install", *options, ROOT, XFRM_BUILD=str(BUILD))
    return python


def test_installed_package_works_anywhere(python, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place, count, is_partial = run(python, "-c", SCRIPT).split()
    assert Path(place).is_relative_to(python.parents[1]) and (count, is_partial) == ("2", "False")
    told = run(python.parent / "xfrm", "report", "a.db", "-o", "a.html")
    assert told.endswith(" MB: a.html\n") and (tmp_path / "a.html").stat().st_size > 1_000_000


def test_installed_package_has_all_files_and_its_own_library(python):
    (folder,) = python.parents[1].glob("lib/python3*/site-packages/xfrm")
    here = {path.relative_to(BUILD / "python/xfrm") for path in (BUILD / "python/xfrm").rglob("*")}
    there = {path.relative_to(folder) for path in folder.rglob("*")}
    extra = {path for path in here ^ there if "__pycache__" not in path.parts}
    assert extra == {Path("libxfrm.so")}
    (extension,) = folder.glob("_core.*.so")
    libraries = re.findall(r"(\S+) => (\S+)", run("ldd", extension))
    assert dict(libraries)["libxfrm.so"] == str(folder / "libxfrm.so")
    assert not any(place.startswith(str(BUILD)) for _, place in libraries)


def test_version_has_one_source(python):
    script = "from importlib.metadata import version; print(version('xfrm'))"
    assert run(python, "-c", script).strip() == xfrm._build.VERSION
