#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Bad input to the command line: exit status 2, one line on stderr that says what is wrong and what is
# allowed, nothing on stdout.
#
# Usage: xfrm-sim-errors.sh XFRM_SIM

set -u
sim=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect WORDS ARGUMENT...: run with these arguments; stderr must hold WORDS.
expect() {
    words=$1
    shift
    "$sim" "$@" >"$folder/out" 2>"$folder/err"
    status=$?
    lines=$(wc -l <"$folder/err")
    if [ "$status" -ne 2 ] || [ "$lines" -ne 1 ] || [ -s "$folder/out" ] ||
        ! grep -qF -e "$words" "$folder/err"; then
        echo "xfrm-sim $*: status $status, $lines lines on stderr, expected one with \"$words\":"
        cat "$folder/out" "$folder/err"
        failures=$((failures + 1))
    fi
}

mkdir "$folder/empty"
expect 'no such command: must be one of conform' frobnicate
expect 'PATH missing' conform
expect 'unrecognised option' conform --frobnicate "$folder/empty"
expect 'must be key or interned' conform --face hash "$folder/empty"
expect 'must be a folder of recordings' conform "$folder/nowhere"
expect 'no recordings: must hold' conform "$folder/empty"

"$sim" --help >/dev/null && "$sim" conform --help >/dev/null || failures=$((failures + 1))
[ "$failures" -eq 0 ] && echo "bad input is refused as it should be"
exit "$((failures > 0))"
