#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""List the rules of doc/spec with the tests that assert them.

A test asserts a rule when its comment or body names it (R116, R20-R24 or "R20 to R24").  The rules
that must have a test stand in test/xfrm-rules.txt; one without is an error.

Usage: xfrm-rules.py [--missing] [RULE...]
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
RULE = re.compile(r"\b([RC])(\d{1,3})([a-z]?)\b")
RANGE = re.compile(r"\b([RC])(\d{1,3})[a-z]?(?: to |-)\1(\d{1,3})\b")
CASE = re.compile(r"^class (\w+TestCase)\b")
DEFINITION = re.compile(r"^(?:\| )?([RC]\d{1,3}[a-z]?)(?:\.| \|) *(.*)")


def named_rules(text):
    """Return the rules that a text names, ranges spelt out."""
    rules = {kind + number + letter for kind, number, letter in RULE.findall(text)}
    for kind, first, last in RANGE.findall(text):
        rules.update(f"{kind}{number}" for number in range(int(first), int(last) + 1))
    return rules


def read_cases(path):
    """Yield (name of a test case, its comment and body) for each case of a suite."""
    comment, name, body = [], None, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("/**"):
            if name:
                yield name, "\n".join(body)
            comment, name, body = [], None, []
        match = CASE.match(line)
        if match:
            name, body = match.group(1), list(comment)
        (body if name else comment).append(line)
    if name:
        yield name, "\n".join(body)


def read_definitions():
    """Return rule -> first words of its text, in the order of the specification."""
    definitions = {}
    for path in sorted((TOP / "doc" / "spec").glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            match = DEFINITION.match(line)
            if match:
                definitions.setdefault(match.group(1), match.group(2)[:60])
    return definitions


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missing", action="store_true", help="show only rules without a test")
    parser.add_argument("rule", nargs="*", help="show only these, whether required or not")
    options = parser.parse_args()

    required = []
    for line in (TOP / "test" / "xfrm-rules.txt").read_text(encoding="utf-8").splitlines():
        required += line.split("#")[0].split()
    tests = defaultdict(list)
    for path in sorted((TOP / "test").glob("xfrm-*-test-suite.cc")):
        suite = path.name.removesuffix("-test-suite.cc")
        for case, text in read_cases(path):
            for rule in named_rules(text):
                tests[rule].append(f"{suite}:{case.removesuffix('TestCase')}")

    definitions = read_definitions()
    shown = options.rule or required
    unknown = [rule for rule in shown if rule not in definitions]
    if unknown:
        print(f"xfrm-rules.py: {unknown[0]}: no rule of doc/spec", file=sys.stderr)
        return 2
    missing = [rule for rule in shown if rule not in tests]
    for rule in missing if options.missing else shown:
        print(f"{rule:6} {' '.join(tests[rule]) or '-'}  # {definitions[rule]}")
    print(f"rules={len(shown)} missing={len(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
