#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# An example's output is the one that its opening comment and the README show.
#
# Usage: xfrm-example.sh PROGRAM SOURCE

set -eu
program=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sed -n '/Expected output:/,/\*\//p' "$source" | sed -n 's/^ \*   //p' >"$folder/expected"
[ -s "$folder/expected" ] || { echo "$source: no expected output"; exit 1; }
"$program" >"$folder/got"
diff "$folder/expected" "$folder/got"
while read -r line; do
    grep -qF -e "$line" "$(dirname "$source")/../README.md" || { echo "not in README.md: $line"; exit 1; }
done <"$folder/expected"
echo "the output is as shown"
