#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Break rules of doc/spec in a copy of the code, and see that the tests that assert them fail.

test/xfrm-mutations.json has small edits: the rule that each breaks, a file, a text that stands in
it once, what replaces that, and the suites that must notice.  Rules are drawn by a seed, one edit
each; each edit is built and tested by itself in build/mutate, and taken back.

Exit status 0: each was caught.  1: one was not.  2: the table is wrong, or an edit does not build.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TABLE = TOP / "test" / "xfrm-mutations.json"
COPY = TOP / "build" / "mutate"
BUILD = COPY / "build" / "release"  # as deep as the usual one, so that ccache knows all files
RUNNER = "xfrm-test-runner"
COPIED = ("CMakeLists.txt", "bindings", "doc", "examples", "helper", "model", "test")
TIMEOUT = 120  # of a suite that an edit may have sent round in circles [s]


class TableError(Exception):
    """The table names what is not there, or an edit that does not build."""


def check(mutations):
    """Raise TableError unless each edit fits the sources as they are, and its suites assert it."""
    for mutation in mutations:
        name = f"{mutation['rule']} in {mutation['file']}"
        path = TOP / mutation["file"]
        if not path.is_file():
            raise TableError(f"{name}: no such file")
        count = path.read_text(encoding="utf-8").count(mutation["old"])
        if count != 1:
            raise TableError(f"{name}: the old text stands there {count} times: {mutation['old']}")
        if mutation["old"] == mutation["new"]:
            raise TableError(f"{name}: changes nothing")
        for suite in mutation["suites"]:
            source = TOP / "test" / f"{suite}-test-suite.cc"
            if not source.is_file():
                raise TableError(f"{name}: no suite {suite}")
        asserts = "\n".join(
            (TOP / "test" / f"{suite}-test-suite.cc").read_text(encoding="utf-8")
            for suite in mutation["suites"]
        )
        if not re.search(rf"\b{mutation['rule']}\b", asserts):
            raise TableError(f"{name}: none of its suites names the rule")


def draw(mutations, seed, count):
    """Return edits of `count` different rules (or of all, if they are fewer)."""
    by_rule = defaultdict(list)
    for mutation in mutations:
        by_rule[mutation["rule"]].append(mutation)
    generator = random.Random(seed)
    rules = generator.sample(sorted(by_rule), min(count, len(by_rule)))
    return [generator.choice(by_rule[rule]) for rule in rules]


def run(command, **options):
    """Run a command and return what subprocess.run() does, its output captured as text."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def prepare():
    """Bring the copy of the sources up to date, and build it."""
    COPY.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = TOP / name, COPY / name
        if source.is_dir():
            copy_changed(source, target)
        elif not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
    if not (BUILD / "build.ninja").exists():
        command = ["cmake", "-G", "Ninja", "-S", str(COPY), "-B", str(BUILD)]
        if run(command, env=environment()).returncode != 0:
            raise TableError(f"the copy in {COPY} can't be configured")
    if not build(RUNNER):
        raise TableError(f"the copy in {COPY} does not build as it is")


def copy_changed(source, target):
    """Copy a folder's files that differ, and delete those that have gone."""
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    if target.exists():
        for path in list(target.rglob("*")):
            if path.is_file() and path.relative_to(target) not in wanted:
                path.unlink()
    for path in wanted:
        content = (source / path).read_bytes()
        copied = target / path
        if not copied.exists() or copied.read_bytes() != content:
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(content)
            shutil.copymode(source / path, copied)


def environment():
    """Return the environment of builds, which lets ccache find what the usual one built."""
    return {**os.environ, "CCACHE_BASEDIR": str(COPY), "CCACHE_NOHASHDIR": "1"}


def build(target):
    """Build a target of the copy.  Return whether that worked."""
    return run(["ninja", "-C", str(BUILD), target], env=environment()).returncode == 0


def is_caught(suite):
    """Return whether a suite fails, crashes, or does not end."""
    try:
        return run([str(BUILD / RUNNER), f"--suite={suite}"], timeout=TIMEOUT).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def break_rule(mutation):
    """Make an edit in the copy.  Return the first of its suites that fails, or None."""
    path = COPY / mutation["file"]
    original = path.read_text(encoding="utf-8")
    path.write_text(original.replace(mutation["old"], mutation["new"]), encoding="utf-8")
    try:
        # The tests know the library by its headers alone.
        if not build("xfrm" if path.suffix == ".cc" else RUNNER):
            raise TableError(f"{mutation['rule']} in {mutation['file']}: the edit does not build")
        return next(filter(is_caught, mutation["suites"]), None)
    finally:
        path.write_text(original, encoding="utf-8")


def show(mutation, *words):
    """Print a row of the table."""
    print(f"{mutation['rule']:6} {mutation['file']:46}", *words, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="of the draw (default: 1)")
    parser.add_argument("--count", type=int, default=40, help="rules to break (default: 40)")
    parser.add_argument("--all", action="store_true", help="make every edit of the table")
    parser.add_argument("--list", action="store_true", help="show the edits, and make none")
    parser.add_argument("--check", action="store_true", help="only hold the table against the code")
    parser.add_argument("rule", nargs="*", help="break these, whatever is drawn")
    options = parser.parse_args()

    mutations = json.loads(TABLE.read_text(encoding="utf-8"))
    check(mutations)
    rules = len({mutation["rule"] for mutation in mutations})
    if options.check:
        print(f"edits={len(mutations)} rules={rules}")
        return 0
    if options.rule:
        mutations = [mutation for mutation in mutations if mutation["rule"] in options.rule]
    elif not options.all:
        mutations = draw(mutations, options.seed, options.count)
    if options.list:
        for mutation in mutations:
            show(mutation, *mutation["suites"])
        return 0

    print(f"seed={options.seed} edits={len(mutations)}, each is built in {COPY}", flush=True)
    prepare()
    for suite in sorted({suite for mutation in mutations for suite in mutation["suites"]}):
        if is_caught(suite):
            raise TableError(f"{suite} fails in the code as it is")
    caught, errors = 0, []
    for mutation in mutations:
        start = time.monotonic()
        try:
            suite = break_rule(mutation)
        except TableError as error:
            errors.append(str(error))
            show(mutation, "does not build")
            continue
        caught += suite is not None
        result = f"caught by {suite}" if suite else "NOT CAUGHT by " + " ".join(mutation["suites"])
        show(mutation, result, f"({time.monotonic() - start:.0f} s)")
    print(f"broken={len(mutations)} caught={caught}")
    if errors:
        raise TableError(errors[0])
    return 0 if caught == len(mutations) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TableError as problem:
        print(f"xfrm-mutations.py: {problem}", file=sys.stderr)
        sys.exit(2)
