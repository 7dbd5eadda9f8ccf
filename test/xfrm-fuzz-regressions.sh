#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What fuzzers start from, and what they once found, is no finding (any more).
#
# Usage: xfrm-fuzz-regressions.sh XFRM_FUZZ_REGRESSIONS

set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fuzz=$(dirname "$0")/fuzz
/usr/bin/python3 "$fuzz/xfrm-fuzz-corpus.py" "$folder"
"$1" "$folder" "$fuzz/regressions"
