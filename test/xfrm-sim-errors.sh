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

tunnel=ip-xfrm.conf
gcm="aead 'rfc4106(gcm(aes))'"
state='ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 1'

# expect_commands WORDS TEXT: run with a file of commands for A.
expect_commands() {
    echo "$2" >"$folder/$tunnel"
    expect "$1" run --ip-xfrm "A=$folder/$tunnel"
}

expect 'unrecognised option' run --frobnicate
expect 'nowhere.conf' run --ip-xfrm "A=$folder/nowhere.conf"
expect 'udp.rate -5: must be packets per second' run --udp.rate=-5
expect 'line.hosts 65: must be' run --line.hosts 65
expect 'duration 0s: must be' run --duration 0s
expect 'unrecognised option' run --udp.rat 5
expect 'udp.rate "": must be' run --udp.rate ''
expect 'is missing' run --udp.rate
expect 'too many positional options' run file
expect 'json maybe: must be true or false' run --json=maybe
expect 'udp.port 65535: must be at most 65534' run --udp.port 65535 --udp.flows 2
expect 'udp.stop 1s: must be 0 or above udp.start' run --udp.start 1s --udp.stop 1s
expect 'interval 1ns: must give at most' run --interval 1ns
expect 'cores 65: must be a whole number from 0 to 64' run --cores 65
expect 'profile free: must come with cores' run --profile free
expect 'profile nowhere.json: must be free, ' run --cores 1 --profile nowhere.json
expect 'entry 1 names queue 2: must be 0 to 1' run --cores 2 --rss.table 0,2
expect 'must be a power of two' run --cores 2 --rss.table 0,1,0
expect 'queue 1 on core 7: must be 0 to 1' run --cores 2 --rss.affinity 0,7
expect 'must be 40 bytes as 6d:5a' run --cores 2 --rss.key 6d:5a
expect 'rss.table 0: must come with cores' run --rss.table 0
expect 'rss.spi true: must come with cores' run --rss.spi true
expect 'locks linux-9: must be one of none, linux-4.1, linux-4.2, linux-4.9' run --cores 2 --locks linux-9
expect 'locks none: must come with cores' run --locks none
expect 'napi.interrupt-delay 20: must be 0 or a time' run --cores 2 --napi.interrupt-delay 20
expect 'napi.interrupt-frames 8: must come with cores' run --napi.interrupt-frames 8
expect 'napi.poll-weight 0: must be a whole number from 1' run --cores 2 --napi.poll-weight 0
expect 'steering cores 0-1: must be numbers such as 0,1,2,3' run --cores 2 --rps.steering-cores 0-1
expect 'steered on core 2: must be 0 to 1' run --cores 2 --rps.steering-cores 2
expect 'rps.max-backlog -1: must be a whole number from 0' run --cores 2 --rps.max-backlog=-1
expect 'must be followed by show NAME, check NAME, fit SECTION or measure' profile
expect 'section V9: must be one of V1, V2, V2in' profile fit V9
expect '--row missing: must be one of Intel Skylake' profile fit V2
expect '--row Pentium: must be one of Intel Skylake' profile fit V2 --row Pentium
expect 'fit V6: no price is free there' profile fit V6
expect '--out' profile fit V7 --out "$folder/nowhere/profile.json"

# expect_tables WORDS ROW...: validate a file with these rows of a table.
expect_tables() {
    words=$1
    shift
    printf '## V2. List\n' >"$folder/tables.md"
    printf '%s\n' "$@" >>"$folder/tables.md"
    expect "tables.md$words" validate "$folder/tables.md"
}

expect 'must be a file that can be read' validate "$folder/nowhere.md"
expect 'must be a file that can be read' validate "$folder"
expect 'must be one file of tables' validate "$folder/a" "$folder/b"
expect 'must not be given with --json' validate --json --csv
expect_tables ': no table of numbers' 'Nothing.'
expect_tables ' line 3: | Intel Skylake | 1 P |: must be a line such as' '| index | 1 |' '| Intel Skylake | 1 P |'
expect_tables ' line 4: row Intel Skylake, column 1: 4.93: must be a number' '| i | 1 |' '|---|---|' '| Intel Skylake | 4.93 |'
expect_tables ' line 4: V2 row Pentium: must be one of Intel Skylake, Neo' '| i | 1 |' '|---|---|' '| Pentium | 4 P / 4 P |'
expect_tables ' line 4: V2 column 0: must be a whole number from 1' '| i | 0 |' '|---|---|' '| Intel Skylake | 4 P |'
expect_tables ' line 4: V2 row Intel Skylake, column 1: must have 2 numbers' '| i | 1 |' '|---|---|' '| Intel Skylake | 4 P / 4 P / 4 P |'
printf '## V9. New\n| a | 1 |\n|---|---|\n| b | 1 P |\n' >"$folder/unknown.md"
expect 'line 4: section V9: must be one of V1, V2, V2in' validate "$folder/unknown.md"
expect 'profile nowhere: must be' profile check nowhere
"$sim" profile show --json linux-4.1-default >"$folder/profile.json"
sed 's/"cycles": 325,/"cycles": -1,/' "$folder/profile.json" >"$folder/negative.json"
sed 's/"seal":/"sael":/' "$folder/profile.json" >"$folder/missing.json"
expect 'cycles -1: must be a number from 0' profile check "$folder/negative.json"
expect 'prices.seal missing' run --cores 2 --profile "$folder/missing.json"
expect 'Is a directory' run --ip-xfrm "A=$folder"
expect 'kernel linux-5.0: must be one of linux-4.1, linux-4.14, linux-4.19' run --kernel linux-5.0
expect 'must be one of H, A, B, K' run --ip-xfrm "Q=$sim"
expect 'must come with out' run --pcap
expect 'can be read' run --config "$folder/nowhere.ini"
expect_commands "$tunnel:1:86: 0x1011: key of rfc4106(gcm(aes)) has 2 bytes" "$state $gcm 0x1011 128"
expect_commands 'rot13' "$state enc rot13 0x10"
expect_commands 'is refused: EEXIST' "$state $gcm 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128
$state $gcm 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128"
mkdir "$folder/full" && touch "$folder/full/file"
expect 'must be a folder that is new or empty' run --out "$folder/full"
expect 'must be a folder that is new or empty' run --out "$folder/full/file/deeper"
expect 'must be a folder that is new or empty' run --out "$folder/nowhere/deeper"
printf 'seed = 1\n[udp]\nrate = fast\n' >"$folder/bad.ini"
expect 'bad.ini:3: udp.rate fast: must be' run --config "$folder/bad.ini"
printf '[udp]\nrtae = 5\n' >"$folder/unknown.ini"
expect 'unknown.ini:2: udp.rtae: no such setting' run --config "$folder/unknown.ini"
expect 'udp.rate -1: must be' run --out "$folder/new" --udp.rate=-1
expect 'nowhere.conf' run --out "$folder/new" --pcap --ip-xfrm "A=$folder/nowhere.conf"
[ -z "$(ls -d "$folder"/new* 2>/dev/null)" ] || { echo "run left $folder/new behind"; failures=$((failures + 1)); }

{ echo "ip -n left $state $gcm 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128" | sed 's/ip xfrm/xfrm/'
  echo 'ip -n right xfrm policy add dir out'
  echo 'ip -n right xfrm policy add dir out'; } >"$folder/hosts.conf"
expect 'FILE missing: must be' show
expect 'nowhere.conf' show "$folder/nowhere.conf"
expect 'several hosts: host must be one of left, right' show "$folder/hosts.conf"
expect 'host up: must be one of left, right' show --host up "$folder/hosts.conf"
expect 'hosts.conf:3: add is refused: EEXIST: a policy with' show --host right "$folder/hosts.conf"
expect '--at 5: must be a time from 0 with its unit' show --host left --at 5 "$folder/hosts.conf"

captures=$(dirname "$0")/golden/captures/linux-4.1.6
frag=$captures/frag-gcm128-tunnel-df0

# expect_decap WORDS ARGUMENT...: run on a capture with its commands.
expect_decap() {
    words=$1
    shift
    expect "$words" decap --host nB --pcap "$frag.pcap" --ip-xfrm "$frag.txt" "$@"
}

expect '--ip-xfrm missing: must be a file' decap --pcap "$frag.pcap"
expect '--pcap missing: must be a capture' decap --ip-xfrm "$frag.txt"
expect 'several hosts: host must be one of nA, nB' decap --ip-xfrm "$frag.txt" --pcap "$frag.pcap"
expect_decap 'nowhere.txt' --ip-xfrm "$folder/nowhere.txt"
expect 'nowhere.pcap: No such file' decap --host nB --ip-xfrm "$frag.txt" --pcap "$folder/nowhere.pcap"
expect 'must be a pcap or pcapng file' decap --host nB --ip-xfrm "$frag.txt" --pcap "$frag.txt"
expect_decap 'filter "tpc": ' --filter tpc
expect_decap '--address 10.9: must be an IPv4 address' --address 10.9
expect_decap 'must be a file that can be written' --write "$folder/nowhere/inner.pcap"
head -c 2000 "$frag.pcap" >"$folder/damaged.pcap"
expect 'behind frame 1: ' decap --host nB --ip-xfrm "$frag.txt" --pcap "$folder/damaged.pcap" \
    --write "$folder/inner.pcap"
printf '# at 100ms\nip xfrm policy delete dir in index 1\n' >"$folder/late.conf"
expect 'late.conf:2: delete is refused: ENOENT' decap --ip-xfrm "$folder/late.conf" --pcap "$frag.pcap" \
    --write "$folder/inner.pcap"
[ -z "$(ls "$folder"/inner* 2>/dev/null)" ] || { echo "decap left a file behind"; failures=$((failures + 1)); }

expect 'unrecognised option' study --frobnicate
expect 'cores 1025: must be a whole number from 1 to 1024' study --cores 1025
expect 'kernel linux-5.0: must be one of linux-4.1, linux-4.6, linux-4.10, linux-4.14' study --kernel linux-5.0
expect 'profile nowhere.json: must be free, ' study --profile nowhere.json
expect 'interval 1ns: must give at most 1000000 rows' study --interval 1ns
expect 'events.rekey 1ns: must give at most 1000000 rekeys' study --events.rekey 1ns
expect 'policies 0: must be 1 or more' study --policies 0
expect '10 blocks of flows for queues of their own: must divide 4 queues' study --spd.own-queues true
expect 'spd.source 10.1: must be an IPv4 network' study --spd.source 10.1
expect 'queue 1 on core 7: must be 0 to 1' study --cores 2 --rss.affinity 0,7
expect 'class flows=3: must have either a rate or a share' study --class flows=3
expect 'class share=0.5 colour=red: colour=red: must be NAME=VALUE' study --class 'share=0.5 colour=red'
expect 'at 1s explode: must be a time, then flush' study --at '1s explode'
expect 'CPU = 9: must be 0 to 3' study --duration 2ms --at '1ms cpu-down 9'
expect 'CPU 0 is the last one on line' study --duration 2ms --cores 1 --at '1ms cpu-down 0'
expect 'traffic.list nowhere: must be a file that can be read' study --traffic.list nowhere
expect 'nowhere.pcap: No such file' study --traffic.pcap "$folder/nowhere.pcap"
printf '0 1 100\n5 1 27\n' >"$folder/short.list"
expect 'short.list:2: 5 1 27: must be a time in ns' study --traffic.list "$folder/short.list"
expect 'class rate=5: must not be given with packets of a file, a.pcap' study --class rate=5 --traffic.pcap a.pcap
expect 'several hosts: host must be one of nA, nB' study --ip-xfrm "$frag.txt"
expect 'hosts.conf:3: add is refused: EEXIST: a policy with' study --spd.host right --ip-xfrm "$folder/hosts.conf"
printf '[rss]\nrign = 5\n' >"$folder/study.ini"
expect 'study.ini:2: rss.rign: no such setting' study --config "$folder/study.ini"
expect 'must be a folder that is new or empty' study --duration 1ms --out "$folder/full"
expect 'CPU = 9: must be 0 to 3' study --out "$folder/new" --duration 2ms --at '1ms cpu-down 9'
[ -z "$(ls -d "$folder"/new* 2>/dev/null)" ] || { echo "study left $folder/new behind"; failures=$((failures + 1)); }

# The same settings give the same files.
"$sim" run --duration 300ms --tcp.flows 0 --out "$folder/first" >/dev/null &&
    "$sim" run --config "$folder/first/config.ini" --out "$folder/second" >/dev/null &&
    diff -r "$folder/first" "$folder/second" || failures=$((failures + 1))

"$sim" run --help >/dev/null && "$sim" study --help >/dev/null || failures=$((failures + 1))
"$sim" --help >/dev/null && "$sim" conform --help >/dev/null || failures=$((failures + 1))
[ "$failures" -eq 0 ] && echo "bad input is refused as it should be"
exit "$((failures > 0))"
