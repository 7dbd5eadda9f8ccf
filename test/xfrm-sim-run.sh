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

# cores WORDS OPTION...: with these options, gateways of two cores show WORDS in their results.
cores() {
    words=$1
    shift
    "$sim" run --duration 20ms --udp.start 0 --udp.size 18 --tcp.flows 0 --ping.interval 0 --cores 2 --json "$@" \
        >"$folder/cores.json" || fail "run $*: status $?"
    grep -Eq "$words" "$folder/cores.json" || fail "run $*: no $words"
}

cores '"locks": \{\}' --locks none
cores '"kind": "queued"' --locks linux-4.9
cores '"bundles_reused": [1-9]' --kernel linux-4.14
cores '"cache_lookups": 0' --kernel linux-4.19
cores '"steered": [1-9]' --rps.steering-cores 1
cores '"wait_max_ns": 300000,' --udp.rate 100 --napi.interrupt-delay 300us
cores '"wait_max_ns": 0,' --udp.rate 100 --napi.interrupt-delay 300us --napi.interrupt-frames 1
cores '"napi.poll-weight": "1"' --napi.poll-weight 1
set -- --edge.rate 100Gbps --core.rate 100Gbps --udp.flows 64 --udp.rate 30000 # more than they can do
cores '"lock_wait_ns": [1-9]' "$@"
cores '"contended": [1-9]' --rps.steering-cores 0,1 "$@"
cores '"backlog_dropped": [1-9]' --rps.steering-cores 1 --rps.max-backlog 0 "$@"
cores '"backlog_drops": [1-9]' --rps.steering-cores 1 --rps.max-backlog 0 "$@"
"$sim" run --duration 20ms --cores 2 >"$folder/cores.txt" || fail "run with cores: status $?"
grep -q '^Locks' "$folder/cores.txt" || fail "the table of locks is missing"

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
