# SPDX-License-Identifier: GPL-2.0-only
"""Make the inputs that fuzzers start from, of what test/golden recorded.

Usage: xfrm-fuzz-corpus.py FOLDER.  Writes FOLDER/TARGET/NAME; the layouts are those of
test/fuzz/xfrm-fuzz-targets.h.  What is there stays.
"""

import gzip
import itertools
import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "test/golden"
MOST_OPERATIONS = 60  # of a flow-cache set, so that an input is a matter of milliseconds

# The hosts of xfrm-fuzz-decap.cc by the names of recordings.
HOSTS = {"gcm128-tunnel": 0, "natt-gcm128-transport": 1, "cbc128-sha1-tunnel": 2}


def read_frames(path: pathlib.Path) -> list[bytes]:
    """Return the IP packets of a pcap file with Ethernet frames."""
    data = path.read_bytes()
    frames, at = [], 24
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at + 8)
        frame = data[at + 16 : at + 16 + size]
        if frame[12:14] == b"\x08\x00":
            (total,) = struct.unpack_from(">H", frame, 16)
            frames.append(frame[14 : 14 + total])
        at += 16 + size
    return frames


def pack(host: int, packets: list[bytes]) -> bytes:
    """Return an input of target decap: packets one second apart."""
    return bytes([host]) + b"".join(struct.pack(">HB", len(p), 1) + p for p in packets)


def make_ip(
    proto: int, payload: bytes, source: str = "0a090001", target: str = "0a090002"
) -> bytes:
    """Return an IPv4 packet without checksum."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, proto, 0)
    return head + bytes.fromhex(source + target) + payload


def make_esp(spi: int, sequence: int, clear: bytes, following: int) -> bytes:
    """Return ESP without cipher and check value."""
    pad = -(len(clear) + 2) % 4
    trailer = bytes([*range(1, pad + 1), pad, following])
    return struct.pack(">II", spi, sequence) + clear + trailer


def make_udp(source: int, target: int, payload: bytes) -> bytes:
    """Return UDP without checksum."""
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def make_ah(sequence: int, clear: bytes, following: int) -> bytes:
    """Return AH without check value."""
    return struct.pack(">BBHII", following, 1, 0, 0x1003, sequence) + clear


def make_open_packets() -> list[bytes]:
    """Return packets that open without keys, for hosts 3 and 4."""
    udp = make_udp(5000, 6000, b"data")
    inner = make_ip(17, udp, "0a010002", "0a020002")
    tunnel = make_ip(50, make_esp(0x1001, 1, inner, 4))
    marked = bytes(8) + make_esp(0x1006, 1, udp, 17)
    return [
        tunnel,
        make_ip(50, make_esp(0x1002, 1, udp, 17)),
        make_ip(51, make_ah(1, udp, 17)),
        make_ip(51, make_ah(2, make_esp(0x1002, 2, udp, 17), 50)),
        make_ip(50, make_esp(0x1001, 2, tunnel, 4)),
        make_ip(17, make_udp(4500, 4500, make_esp(0x1005, 1, inner, 4))),
        make_ip(17, make_udp(500, 500, marked)),
        make_ip(4, inner),
    ]


def make_decap() -> dict[str, bytes]:
    inputs = {}
    for path in sorted((GOLDEN / "captures").glob("*/*.pcap")):
        packets = read_frames(path)
        for words, host in HOSTS.items():
            if words in path.name and not path.stem.endswith("-inner"):
                inputs[f"{path.parent.name}-{path.stem}"] = pack(host, packets[:6])
    for host in (3, 4):
        packets = make_open_packets()
        inputs[f"open-{host}"] = pack(host, packets)
        for number, packet in enumerate(packets):
            inputs[f"open-{host}-{number}"] = pack(host, [packet])
    return inputs


def make_ip_xfrm() -> dict[str, bytes]:
    inputs = {path.parent.name + "-" + path.stem: path.read_bytes().split(b"\n\n")[0]
              for path in sorted((GOLDEN / "captures").glob("*/*.txt"))}
    commands = set()
    with open(GOLDEN / "policy-scenarios/scenarios.jsonl") as lines:
        for line in lines:
            scenario = json.loads(line)
            setup = scenario.get("setup", [])
            commands.update("\n".join(setup[i : i + 2]) for i in range(0, len(setup), 2))
    inputs.update({f"scenario-{n}": text.encode() for n, text in enumerate(sorted(commands))})
    for path in (ROOT / "examples/configs").glob("*.ip-xfrm"):
        inputs[path.stem] = path.read_bytes()
    return inputs


def make_records() -> dict[str, bytes]:
    inputs = {}
    scenarios = GOLDEN / "policy-scenarios/scenarios.jsonl"
    results = sorted(scenarios.parent.glob("results-4.1*.jsonl"))[0]
    for number, (first, second) in enumerate(
        zip(scenarios.read_bytes().splitlines(), results.read_bytes().splitlines())
    ):
        inputs[f"scenario-{number}"] = b"s" + first + b"\0" + second
    for path in sorted((GOLDEN / "captures/linux-4.1.6").glob("*.jsonl")):
        inputs[path.stem] = b"c" + b"\n".join(path.read_bytes().splitlines()[:3])
    for path in sorted((GOLDEN / "captures/linux-4.1.6").glob("*.txt")):
        inputs[path.stem] = b"t" + path.read_bytes()
    return inputs


def make_flow_cache() -> dict[str, bytes]:
    inputs = {}
    for meta in sorted((GOLDEN / "flow-cache").glob("*.meta.json")):
        name = meta.name.removesuffix(".meta.json")
        fields = json.loads(meta.read_text())
        parts = []
        for part, most in (("flows", None), ("ops", MOST_OPERATIONS + 1), ("snap", 1)):
            with gzip.open(meta.with_name(f"{name}.{part}.csv.gz"), "rb") as file:
                parts.append(b"".join(itertools.islice(file, most)))
        fields["rows"] = parts[1].count(b"\n") - 1
        fields["hash_shift"] = min(fields["hash_shift"], 6)
        if len(parts[0]) < 100_000 and fields["ncpu"] <= 4:
            inputs[name] = b"\0".join([json.dumps(fields).encode(), *parts])
    return inputs


def make_pcap() -> dict[str, bytes]:
    return {f"{path.parent.name}-{path.stem}": path.read_bytes()[:3000]
            for path in sorted((GOLDEN / "captures/linux-4.1.6").glob("*.pcap"))}


def make_profile() -> dict[str, bytes]:
    profiles = sorted((ROOT / "model/cpu/profiles").glob("*.json"))
    return {path.stem: path.read_bytes() for path in profiles}


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for target, make in {
        "decap": make_decap,
        "flow-cache": make_flow_cache,
        "ip-xfrm": make_ip_xfrm,
        "pcap": make_pcap,
        "profile": make_profile,
        "records": make_records,
    }.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, content in make().items():
            (folder / target / name).write_bytes(content)


if __name__ == "__main__":
    main()
