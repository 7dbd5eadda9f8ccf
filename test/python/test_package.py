# SPDX-License-Identifier: GPL-2.0-only
"""The package as a whole: hints, stubs, documents."""

import ast
import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import xfrm
from xfrm import _core

BINDINGS = Path(__file__).parents[2] / "bindings"


def list_public():
    """Return name -> object of all that is public, methods included."""
    found = {}
    for name in xfrm.__all__:
        thing = getattr(xfrm, name)
        found[name] = thing
        if inspect.isclass(thing):
            for member, value in inspect.getmembers(thing):
                is_own = any(member in vars(base) for base in thing.__mro__ if is_ours(base))
                if not member.startswith("_") and is_own:
                    found[f"{name}.{member}"] = value
    return found


def is_ours(kind):
    """Return whether a class is the package's."""
    return kind.__module__.startswith("xfrm")


def test_hints_are_right():
    config = ["--config-file", str(BINDINGS / "mypy.ini"), "--cache-dir=/dev/null"]
    command = [sys.executable, "-m", "mypy", *config, str(BINDINGS / "xfrm")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_stubs_have_what_the_extension_has():
    tree = ast.parse((BINDINGS / "xfrm" / "_core.pyi").read_text())
    stubs = {node.name: node for node in tree.body if hasattr(node, "name")}
    names = {name for name in vars(_core) if not name.startswith("__")}
    assert set(stubs) == names
    for name, node in stubs.items():
        if isinstance(node, ast.ClassDef) and name != "XfrmError":
            methods = {each.name for each in node.body}
            assert methods == {each for each in vars(getattr(_core, name)) if each[0] != "_"}, name


@pytest.mark.parametrize("name", [*list_public()])
def test_public_name_is_documented(name):
    thing = list_public()[name]
    document = inspect.getdoc(thing)
    if "." in name and not callable(thing) and not isinstance(thing, property):
        return  # an attribute, which its class documents
    assert document, name
    if inspect.isfunction(thing) and "." not in name:
        assert "Raises" in document and "Returns" in document
    parameters = inspect.signature(thing).parameters if inspect.isfunction(thing) else ()
    for parameter in parameters:
        if parameter != "self" and "Parameters and errors are those of" not in document:
            assert parameter in document, f"{name}: {parameter}"


def test_examples_of_documents_print_what_they_say(tmp_path, monkeypatch):
    finder = doctest.DocTestFinder()
    found = [test for thing in list_public().values() for test in finder.find(thing, "")]
    examples = [test for test in found if test.examples]
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for number, test in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        test.globs["xfrm"] = xfrm
        runner.run(test)
    assert len(examples) >= 5
    assert runner.summarize().failed == 0


def test_package_has_a_marker_for_hints():
    assert (Path(xfrm.__file__).parent / "py.typed").is_file()
