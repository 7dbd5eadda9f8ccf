# SPDX-License-Identifier: GPL-2.0-only
"""Scripts and notebook of examples/python: they run, and the documentation shows what they draw."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import xfrm

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "python").glob("*.py"))
NOTEBOOK = ROOT / "examples" / "python" / "first-study.ipynb"
FIGURES = ROOT / "doc" / "figures"


def run_example(script, folder):
    """Run a script, and return what it prints."""
    command = [sys.executable, str(script), "--quick", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_example_draws_the_figures_that_are_shown(script, tmp_path):
    printed = run_example(script, tmp_path)
    figures = {path.name: path.read_bytes() for path in tmp_path.glob("*.svg")}
    assert printed and figures
    page = (ROOT / "doc" / "studies.md").read_text(encoding="utf-8")
    assert f"examples/python/{script.name}" in page
    for name in figures:
        assert name in script.read_text(encoding="utf-8") and f"(figures/{name})" in page
    # Once more: nothing is left to do, and it comes to the same.
    file = tmp_path / f"{script.stem}.db"
    with xfrm.Store(file) as store:
        n_runs = len(store)
    assert run_example(script, tmp_path) == printed
    assert figures == {path.name: path.read_bytes() for path in tmp_path.glob("*.svg")}
    with xfrm.Store(file) as store:
        assert len(store) == n_runs > 0


def test_figures_of_the_documentation_are_small_and_shown():
    pages = [ROOT / "README.md", *(ROOT / "doc").glob("*.md")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    shown = set(re.findall(r"\((?:doc/)?figures/([^)]+\.svg)\)", text))
    files = {path.name for path in FIGURES.glob("*.svg")}
    assert shown == files
    assert all((FIGURES / name).stat().st_size < 100_000 for name in files)


def test_notebook_runs_and_is_kept_without_outputs(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute()
    kinds = [output.get("data", {}).keys() for cell in code for output in cell.outputs]
    assert sum("image/png" in kind for kind in kinds) == 4
    assert sum("text/html" in kind for kind in kinds) >= 4
