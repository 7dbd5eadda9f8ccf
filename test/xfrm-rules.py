#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""List the rules of doc/spec with the tests that assert them.

A test asserts a rule when its comment or body names it (R116, R20-R24 or "R20 to R24").  All that
the specification defines of R1 to R281 (numbers that it does not use are reserved) and of C1 to C50
must have a test, but for those that are left out, with the reason.  One without is an error, and so
is a test that names one that is not defined.

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
LAST = {"R": 281, "C": 50}  # rules of linux-4.1, and its corner cases: all are asserted
# What cannot happen on nodes of ns-3, and why.
LEFT_OUT = {
    "R201": "ns-3 hands down no packets that are to be segmented",
    "R251": "there are no tunnel devices (VTI)",
    "R253": "no cipher is asynchronous; R177 is asserted of the window",
    "R273": "ns-3 sends no redirects",
}
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


def get_number(rule):
    """Return the number of a rule."""
    return int(re.sub(r"\D", "", rule))


def is_decision(rule):
    """Return whether a rule is one of the decisions, or a corner case of theirs."""
    return get_number(rule) <= LAST[rule[0]]


def read_tests(definitions):
    """Return rule -> tests that name it; an item of a rule (R70g) stands for the rule."""
    tests = defaultdict(list)
    for path in sorted((TOP / "test").glob("xfrm-*-test-suite.cc")):
        suite = path.name.removesuffix("-test-suite.cc")
        for case, text in read_cases(path):
            named = {
                rule if rule in definitions else rule.rstrip("abcdefghij")
                for rule in named_rules(text)
            }
            for rule in named:
                tests[rule].append(f"{suite}:{case.removesuffix('TestCase')}")
    return tests


def get_family(rule, definitions):
    """Return a rule itself, and its parts if the specification has some (R22a to R22d for R22)."""
    parts = [part for part in definitions if re.fullmatch(rule + "[a-z]", part)]
    return {rule, *parts}


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

    definitions = read_definitions()
    tests = read_tests(definitions)
    required = [rule for rule in definitions if is_decision(rule)]
    required.sort(key=lambda rule: (rule[0] != "R", get_number(rule), rule))
    shown = options.rule or [rule for rule in required if rule not in LEFT_OUT]
    undefined = [rule for rule in shown if rule not in definitions]
    undefined += [
        f"{rule} ({where[0]})"
        for rule, where in tests.items()
        if is_decision(rule) and not definitions.keys() & get_family(rule, definitions)
    ]
    if undefined:
        print(f"xfrm-rules.py: {undefined[0]}: no rule of doc/spec", file=sys.stderr)
        return 2
    missing = [rule for rule in shown if rule not in tests]
    for rule in missing if options.missing else shown:
        print(f"{rule:6} {' '.join(tests[rule]) or '-'}  # {definitions[rule]}")
    if not options.rule:
        for rule, reason in LEFT_OUT.items():
            print(f"{rule:6} left out: {reason}")
    print(f"rules={len(shown)} missing={len(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
