#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What xfrm-sim decap makes of every recorded capture: host B opens as many packets as its state
# counted, moves the counters that its xfrm_stat moved (both stand in NAME.txt), and what it opened is
# equal when it is sealed again.  Then its options.
#
# Usage: xfrm-sim-decap.sh XFRM_SIM GOLDEN

set -u
sim=$1
captures=$2/captures
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# check WHAT EXPECTED GOT
check() {
    if [ "$2" != "$3" ]; then
        printf '%s: expected "%s", got "%s"\n' "$1" "$2" "$3"
        failures=$((failures + 1))
    fi
}

# recorded_packets TEXT HOST: what the state 0x1001 of a host counted.
recorded_packets() {
    sed -n "/^# ip -n $2 -s xfrm state/,/^# ip -n $2 -s xfrm policy/p" "$1" |
        sed -n '/spi 0x00001001/,/stats:/s/.*(bytes), \([0-9]*\)(packets).*/\1/p' | tail -n 1
}

# recorded_counters TEXT: what moved of the xfrm_stat of host B, a line each.
recorded_counters() {
    sed -n '/^# xfrm_stat in nB/{n;p;}' "$1" | tr -d '{}":' | tr ',' '\n' | sed '/^$/d; s/^ //' | sort
}

# decap TEXT CAPTURE ARGUMENT...: totals of host B.
decap() {
    text=$1
    pcap=$2
    shift 2
    "$sim" decap --ip-xfrm "$text" --host nB --pcap "$pcap" --brief --reencap "$@"
}

nCaptures=0
for pcap in "$captures"/*/*.pcap; do
    name=$(basename "$(dirname "$pcap")")/$(basename "$pcap" .pcap)
    text=$captures/${name%-inner}.txt
    option='' # to be split: one or none
    counted=$(recorded_packets "$text" nB)
    case "$name" in
    *-inner) # captured where there is no ESP
        check "$name" 'opened 0' "$(decap "$text" "$pcap" | grep '^opened')"
        continue
        ;;
    */nobypass-natt-*) option=--no-bypass ;;
    esac
    totals=$(decap "$text" "$pcap" $option)
    check "$name: exit status" 0 $?
    check "$name: counters" "$(recorded_counters "$text")" "$(echo "$totals" | grep '^Xfrm' | sort)"
    check "$name: opened" "opened $counted" "$(echo "$totals" | grep '^opened')"
    check "$name: sealed again" "reencap $counted equal of $counted" \
        "$(echo "$totals" | grep '^reencap')"
    nCaptures=$((nCaptures + 1))
done
check 'captures of ESP' 56 "$nCaptures"

# B of these drops what its policies do not let in as UDP.  When IKE's socket lets it in, it opens what
# A sealed; the two IKE messages and the keepalive are not ESP.
for kernel in linux-4.1.6 linux-6.1; do
    name=$captures/$kernel/nobypass-natt-gcm128-transport
    sealed=$(($(recorded_packets "$name.txt" nA) - 3))
    check "$kernel: with a bypass" "opened $sealed keepalive 1 ike 2" "$(
        decap "$name.txt" "$name.pcap" | grep -E '^(opened|keepalive|ike)' | tr '\n' ' ' | sed 's/ $//'
    )"
done

frag=$captures/linux-4.1.6/frag-gcm128-tunnel-df0
decap "$frag.txt" "$frag.pcap" --write "$folder/inner.pcap" >"$folder/out"
check 'written' 'packets 26|opened 0|not for this host 26|reencap 0 equal of 0|' \
    "$(decap "$frag.txt" "$folder/inner.pcap" | tr '\n' '|')"
check 'nothing beside it' 'inner.pcap' "$(cd "$folder" && echo inner.pcap*)"
check 'written anew' "$(cat "$folder/out")" \
    "$(decap "$frag.txt" "$frag.pcap" --write "$folder/inner.pcap")"

check 'a packet' \
    '1 0.000000 10.9.0.1 > 10.9.0.2 esp 0x00001001 1 inner 1428 bytes 10.1.0.2 > 10.2.0.2 udp' \
    "$("$sim" decap --ip-xfrm "$frag.txt" --host nB --pcap "$frag.pcap" | head -n 1)"
check 'its bytes' 1428 \
    "$("$sim" decap -v --ip-xfrm "$frag.txt" --host nB --pcap "$frag.pcap" --filter 'len == 1498' |
        grep '^    ' | tr -d ' \n' | wc -c | awk '{print $1 / 2}')"
check 'of the other host' 'packets 45|opened 0|not for this host 45|' \
    "$("$sim" decap --brief --ip-xfrm "$frag.txt" --host nA --pcap "$frag.pcap" | tr '\n' '|')"
check 'fragments that are missing' 'packets 26|opened 7|inner 7|fragment 19|incomplete 19|' \
    "$("$sim" decap --brief --ip-xfrm "$frag.txt" --host nB --pcap "$frag.pcap" \
        --filter 'ip[6:2] & 0x1fff == 0' | tr '\n' '|')"
check 'JSON' '45 26 26 19 4097 [1, 1428, True] XfrmInStateSeqError' "$(
    replay=$captures/linux-4.1.6/replay-w32-esn0
    { "$sim" decap --json --reencap --ip-xfrm "$frag.txt" --host nB --pcap "$frag.pcap"
      "$sim" decap --json --ip-xfrm "$replay.txt" --host nB --pcap "$replay.pcap"; } |
        /usr/bin/python3 -c '
import json, sys
decoder = json.JSONDecoder()
text = sys.stdin.read()
frag, end = decoder.raw_decode(text)
replay, _ = decoder.raw_decode(text[end:].lstrip())
totals, first = frag["totals"], frag["packets"][0]
dropped = {each["counter"] for each in replay["packets"]} - {None, "XfrmInNoStates", "XfrmInStateProtoError"}
print(totals["packets"], totals["opened"], totals["reencap"]["equal"], totals["fragment"], first["spi"],
      [first["sequence"], first["inner"]["bytes"], first["reencap"]["equal"]], *dropped)'
)"

# States alone: nobody says which tunnels are wanted, so policies would drop what came by them.
sed -n 's/^ip -n nB xfrm state/ip xfrm state/p' "$frag.txt" >"$folder/states"
check 'without policies' 'XfrmInNoPols 26' \
    "$("$sim" decap --brief --ip-xfrm "$folder/states" --pcap "$frag.pcap" | grep '^Xfrm')"
check 'policies not asked' 'inner 26' \
    "$("$sim" decap --brief --no-policy --ip-xfrm "$folder/states" --pcap "$frag.pcap" | grep '^inner')"
check 'another address' 'not for this host 45' \
    "$("$sim" decap --brief --address 10.9.0.3 --ip-xfrm "$folder/states" --pcap "$frag.pcap" |
        grep '^not')"

# A limit runs on the capture's clock: 1 s behind the first packet the state is gone.
sizes=$captures/linux-4.1.6/sizes-gcm128-tunnel
sed 's/mode tunnel replay/limit time-hard 1 &/' "$sizes.txt" >"$folder/limited"
check 'a limit' 'before inner, after XfrmInNoStates, ' \
    "$("$sim" decap --ip-xfrm "$folder/limited" --host nB --pcap "$sizes.pcap" |
        awk '$4 == ">" {print ($2 < 1 ? "before" : "after"), $9}' | uniq | tr '\n' ',' | sed 's/,/, /g')"
{ cat "$folder/states"; echo '# at 200ms'; echo 'ip xfrm state flush'; } >"$folder/flushed"
check 'a command with a time' 'before inner, after XfrmInNoStates, ' \
    "$("$sim" decap --no-policy --ip-xfrm "$folder/flushed" --pcap "$frag.pcap" |
        awk '$9 != "fragment" && $4 == ">" {print ($2 < 0.2 ? "before" : "after"), $9}' | uniq |
        tr '\n' ',' | sed 's/,/, /g')"

# With another key nothing opens; what opens and differs is exit status 1 only of --reencap.
sed 's/0x1011/0x1111/' "$frag.txt" >"$folder/other"
check 'another key' 'XfrmInStateProtoError 26' "$(decap "$folder/other" "$frag.pcap" | grep '^Xfrm')"

[ "$failures" -eq 0 ]
