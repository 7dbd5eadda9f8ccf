#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# xfrm-sim study from outside: its files, equal settings give equal bytes in two processes and another
# seed gives others, config.ini with what it names does the same again, Ctrl-C keeps what there is.
#
# Usage: xfrm-sim-study.sh XFRM_SIM

set -u
sim=$(realpath "$1")
captures=$(dirname "$0")/golden/captures/linux-4.1.6
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
    echo "$*"
    failures=$((failures + 1))
}

# study NAME OPTION...: a study into a folder of this name, its tables beside it.
study() {
    name=$1
    shift
    "$sim" study --out "$folder/$name" "$@" >"$folder/$name.txt" || fail "study $*: status $?"
}

# same FIRST SECOND WORDS: two studies have the same files and tables.
same() {
    diff -r "$folder/$1" "$folder/$2" || fail "$3 gives other files"
    cmp "$folder/$1.txt" "$folder/$2.txt" || fail "$3 gives other tables"
}

set -- --duration 40ms --interval 10ms --rate 4e6 --flows 30000 --work forward --at '20ms insert' \
    --class 'name=voice share=0.3 flows=100' --class 'share=0.7 flows=20000 population=churn'
study first "$@"
study second "$@"
study other "$@" --seed 2
same first second "the same study"
for file in summary.json cores.csv series.csv; do
    cmp -s "$folder/first/$file" "$folder/other/$file" && fail "another seed gives the same $file"
done
"$sim" study "$@" --json | cmp - "$folder/first/summary.json" || fail "--json differs from summary.json"
/usr/bin/python3 -m json.tool "$folder/first/summary.json" >/dev/null || fail "summary.json is no JSON"
for words in '"partial": false' '"name": "voice"' '"latency_p99.999_ns"' '"shrinks"'; do
    grep -q "$words" "$folder/first/summary.json" || fail "summary.json: no $words"
done
[ "$(wc -l <"$folder/first/series.csv")" -eq 5 ] || fail "series.csv: not a heading and 4 rows"
[ "$(wc -l <"$folder/first/cores.csv")" -eq 5 ] || fail "cores.csv: not a heading and 4 cores"
[ "$(wc -l <"$folder/first/xfrm_stat")" -eq 28 ] || fail "xfrm_stat: not 28 counters"
for words in 'Classes of packets' 'Cores' 'Locks' 'Time series'; do
    grep -q "^$words" "$folder/first.txt" || fail "tables: no $words"
done

study locks --duration 10ms --work forward --locks linux-4.2-lines
for lock in policies states lines state transmit_queue; do
    grep -Eq "^  $lock +[1-9]" "$folder/locks.txt" || fail "locks: $lock was not taken"
done

(cd "$folder/first" && "$sim" study --config config.ini --out "$folder/again") >"$folder/again.txt" ||
    fail "config.ini: status $?"
diff -r "$folder/first" "$folder/again" || fail "config.ini gives other files"
study named --traffic.pcap "$captures/sizes-gcm128-tunnel.pcap" --duration 20s --spd.host nA \
    --ip-xfrm "$captures/sizes-gcm128-tunnel.txt"
study named-again --config "$folder/named/config.ini"
diff -r "$folder/named" "$folder/named-again" || fail "config.ini with files gives other files"

"$sim" study --duration 1000000s --rate 1e5 --interval 1000s --out "$folder/stopped" >"$folder/stopped.txt" &
process=$!
while ! ls -d "$folder"/stopped.part* >/dev/null 2>&1 && kill -0 "$process" 2>/dev/null; do
    : # until it is under way
done
kill -INT "$process"
wait "$process"
status=$?
[ "$status" -eq 130 ] || fail "Ctrl-C: status $status"
grep -q '"partial": true' "$folder/stopped/summary.json" || fail "Ctrl-C: no partial results"
grep -q 'partial, it was stopped' "$folder/stopped.txt" || fail "Ctrl-C: the tables do not say so"

[ "$failures" -eq 0 ] && echo "studies repeat, stop and can be read"
exit "$((failures > 0))"
