#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Published numbers: those of doc/validation.md pass, numbers that are wrong do not, and other columns
# of the same tables can be asked for.
#
# Usage: xfrm-sim-validate.sh XFRM_SIM TABLES

set -u
sim=$1
tables=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect STATUS WORDS ARGUMENT...: validate, with this exit status; stdout must hold WORDS.
expect() {
    wanted=$1
    words=$2
    shift 2
    "$sim" validate "$@" >"$folder/out" 2>"$folder/err"
    status=$?
    if [ "$status" -ne "$wanted" ] || ! grep -qF -e "$words" "$folder/out"; then
        echo "xfrm-sim validate $*: status $status, expected $wanted with \"$words\":"
        cat "$folder/out" "$folder/err"
        failures=$((failures + 1))
    fi
}

expect 0 passed
expect 0 passed "$tables"
expect 0 '"is_passed": true' --json
expect 0 'V4,plain router,1024,1,21.3,' --csv

sed 's/| 4.93 C/| 9.93 C/' "$tables" >"$folder/wrong.md"
expect 1 FAILED "$folder/wrong.md"

# What published tables do not have: 2 and 50 policies, 10 and 14 queues, 16 flows.
cat >"$folder/other.md" <<'END'
## V2. Other indexes
| policy index | 1 | 2 | 50 |
|---|---|---|---|
| Intel Skylake | 4.93 C / 4.48 C | 4.86 P / 4.47 P | 2.95 P |
## V3. Other numbers of queues
| queues | 2 | 10 | 14 |
|---|---|---|---|
| lock held over the whole input | 32.3 C | 20.4 P | |
| lock held shortly | 34.4 C | | 27.5 P |
## V4. Other numbers of flows
| flows | 1 | 16 |
|---|---|---|
| plain router | 1.006 C | 16 P |
END
expect 0 passed "$folder/other.md"
[ "$failures" -eq 0 ]
