#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# xfrm-sim run from outside: equal settings give equal bytes in two processes, another seed gives
# others; Ctrl-C keeps what there is; Wireshark's tshark, where there is one, reads the packets as ESP.
#
# Usage: xfrm-sim-run.sh XFRM_SIM

set -u
sim=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
    echo "$*"
    failures=$((failures + 1))
}

# run NAME OPTION...: run into a folder of this name, its table beside it.
run() {
    name=$1
    shift
    "$sim" run --out "$folder/$name" "$@" >"$folder/$name.txt" || fail "run $*: status $?"
}

set -- --duration 600ms --udp.arrivals poisson --pcap
run first "$@"
run second "$@"
run other "$@" --seed 2
diff -r "$folder/first" "$folder/second" || fail "equal settings give different files"
cmp "$folder/first.txt" "$folder/second.txt" || fail "equal settings give different tables"
for file in summary.json flow-series.csv A-B.pcap; do
    cmp -s "$folder/first/$file" "$folder/other/$file" && fail "another seed gives the same $file"
done
run again --config "$folder/first/config.ini" --pcap
diff -r "$folder/first" "$folder/again" || fail "config.ini gives different files"
"$sim" run --duration 600ms --udp.arrivals poisson --json | cmp - "$folder/first/summary.json" ||
    fail "--json differs from summary.json"

"$sim" run --duration 1000h --ping.interval 1s --udp.flows 0 --tcp.flows 0 --interval 1h \
    --out "$folder/stopped" >"$folder/stopped.txt" &
process=$!
while ! ls -d "$folder"/stopped.part* >/dev/null 2>&1 && kill -0 "$process" 2>/dev/null; do
    : # until it is under way
done
kill -INT "$process"
wait "$process"
status=$?
[ "$status" -eq 130 ] || fail "Ctrl-C: status $status"
grep -q '"partial": true' "$folder/stopped/summary.json" || fail "Ctrl-C: no partial results"
grep -q 'INCOMPLETE' "$folder/stopped.txt" || fail "Ctrl-C: the table does not say so"

if command -v tshark >/dev/null; then
    tshark -r "$folder/first/A-B.pcap" -o ip.check_checksum:TRUE -Y 'ip.src == 10.9.0.1' -T fields \
        -e _ws.col.Protocol -e ip.checksum.status -e esp.spi -e esp.sequence \
        >"$folder/esp" 2>/dev/null
    [ -s "$folder/esp" ] || fail "tshark reads nothing"
    awk '$1 != "ESP" || $2 != 1 || $3 != "0x00001001" || $4 != NR' "$folder/esp" >"$folder/wrong"
    [ -s "$folder/wrong" ] && fail "tshark: $(head -n 1 "$folder/wrong")"
fi

[ "$failures" -eq 0 ] && echo "runs repeat, stop and can be read"
exit "$((failures > 0))"
