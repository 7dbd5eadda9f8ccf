#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What xfrm-sim show prints: sections, limits that run, commands with a time, lists within the
# commands, JSON.
#
# Usage: xfrm-sim-show.sh XFRM_SIM

set -u
sim=$1
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

cat >"$folder/conf" <<'CONF'
ip -n left xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x11 limit time-hard 3 enc cipher_null ''
ip -n left xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out priority 7 action block
ip -n right xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x22 enc cipher_null ''
# at 4s
ip -n left xfrm policy delete src 10.1.0.0/24 dst 10.2.0.0/24 dir out
ip -n left xfrm policy list
ip -n left xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x33 enc cipher_null ''
ip -n left xfrm state list spi 0x33
CONF

# spis ARGUMENT...: SPIs of the states shown
spis() {
    "$sim" show "$folder/conf" "$@" | sed -n 's/.* spi \(0x[0-9]*\).*/\1/p' | tr '\n' ' '
}

check 'of a host, before its limit' '0x00000011 ' "$(spis --host left --at 2s)"
check 'after it' '' "$(spis --host left --at 3500ms)"
check 'listed, then shown' '0x00000033 0x00000033 ' "$(spis --host left)"
check 'of the other host' '0x00000022 ' "$(spis --host right)"
check 'sections' '# ip xfrm policy|# ip xfrm state|# cat /proc/net/xfrm_stat|' \
    "$("$sim" show --brief --host right "$folder/conf" | grep '^#' | tr '\n' '|')"
check 'counters' 28 "$("$sim" show --host right "$folder/conf" | grep -c '^Xfrm')"
check 'JSON' 'listed policy state xfrm_stat 28 True' "$(
    "$sim" show --json --host left --at 1s "$folder/conf" | /usr/bin/python3 -c '
import json, sys
shown = json.load(sys.stdin)
print(*shown, len(shown["xfrm_stat"]), "priority 7" in shown["policy"])'
)"

[ "$failures" -eq 0 ]
