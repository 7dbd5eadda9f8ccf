# SPDX-License-Identifier: GPL-2.0-only
"""Examples of the documentation: they give what they show."""

import doctest
from pathlib import Path

import pytest

import xfrm

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "doc/python.md"])
def test_examples_of_a_page_give_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    examples = doctest.DocTestParser().get_doctest(text, {"xfrm": xfrm}, page, page, 0)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    found = runner.run(examples, out=told.append)
    assert found.attempted > 0 and found.failed == 0, "".join(told)
