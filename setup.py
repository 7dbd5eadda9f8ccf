# SPDX-License-Identifier: GPL-2.0-only
"""Builds the Python package for pip, by CMake, whose lists tell what is in it.

XFRM_BUILD names the folder to build in, by default build/wheel; one of ./xfrm, such as
build/release, spares compiling again.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).parent.absolute()
FOLDER = ROOT / os.environ.get("XFRM_BUILD", "build/wheel")
OWN = FOLDER / "setuptools"  # files of setuptools

# Clones of the project share what ccache holds.
CCACHE = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}


def read_version():
    """Return the module's version, which CMakeLists.txt has."""
    return re.search(r"project\(xfrm VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]


class BuildByCMake(build_ext):
    """Builds the extension, and puts the whole package where wheels are made of it."""

    def run(self):
        if self.inplace or self.editable_mode:
            raise SystemExit("xfrm: can't be installed as editable: ./xfrm python has the tree")
        if Path(sys.base_prefix) != Path("/usr"):
            raise SystemExit(f"xfrm: {sys.executable}: must be Debian's /usr/bin/python3")
        if not (FOLDER / "build.ninja").exists():
            self.call("cmake", "-G", "Ninja", "-S", ROOT, "-B", FOLDER)
        self.call("cmake", "--build", FOLDER, "--target", "xfrm-python")
        package = Path(self.build_lib) / "xfrm"
        shutil.rmtree(package, ignore_errors=True)
        install = ["cmake", "--install", FOLDER, "--component", "python", "--strip"]
        self.call(*install, "--prefix", self.build_lib)

    def call(self, *words):
        """Run a program; stop if it fails."""
        command = [str(word) for word in words]
        try:
            subprocess.run(command, check=True, env={**os.environ, **CCACHE})
        except FileNotFoundError:
            raise SystemExit("xfrm: cmake is not there: ./xfrm deps installs what is needed")
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"xfrm: {' '.join(command)}: failed ({error.returncode})")


OWN.mkdir(parents=True, exist_ok=True)
setup(
    version=read_version(),
    packages=[],
    ext_modules=[Extension("xfrm._core", [])],
    cmdclass={"build_ext": BuildByCMake},
    options={"build": {"build_base": str(OWN)}, "egg_info": {"egg_base": str(OWN)}},
)
