#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Let Wireshark's tshark decrypt what simulated gateways write, suite by suite.

For every suite that tshark knows, xfrm-sim run writes the packets of the link between two gateways.
tshark, given the keys, must find every integrity check value right, and inside every ESP packet an
IPv4 packet whose header and transport checksums are right.

Usage: xfrm-tshark.py XFRM_SIM
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SALT = "a0a1a2a3"
SKIPPED = 77  # exit status of a test that could not be made


def key(first, size):
    """Return a test key of some bytes as hexadecimal digits."""
    return bytes(range(first, first + size)).hex()


# What tshark calls an algorithm, and ip xfrm words with its key.
GCM = [
    (
        f"AES-GCM with {icv} octet ICV [RFC4106]",
        key(1, size) + SALT,
        "aead 'rfc4106(gcm(aes))' 0x{} " + str(icv * 8),
    )
    for size in (16, 24, 32)
    for icv in (8, 12, 16)
]
CIPHERS = [
    *(("AES-CBC [RFC3602]", key(1, size), "enc 'cbc(aes)' 0x{}") for size in (16, 24, 32)),
    *(
        ("AES-CTR [RFC3686]", key(1, size) + SALT, "enc 'rfc3686(ctr(aes))' 0x{}")
        for size in (16, 24, 32)
    ),
    ("TripleDES-CBC [RFC2451]", key(1, 24), "enc 'cbc(des3_ede)' 0x{}"),
    ("NULL", "", "enc cipher_null ''"),
]
DIGESTS = [
    ("HMAC-MD5-96 [RFC2403]", key(64, 16), "auth 'hmac(md5)' 0x{}"),
    ("HMAC-SHA-1-96 [RFC2404]", key(64, 20), "auth 'hmac(sha1)' 0x{}"),
    (
        "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]",
        key(64, 32),
        "auth 'hmac(sha256)' 0x{}",
    ),
    ("HMAC-SHA-256-128 [RFC4868]", key(64, 32), "auth-trunc 'hmac(sha256)' 0x{} 128"),
    ("HMAC-SHA-384-192 [RFC4868]", key(64, 48), "auth 'hmac(sha384)' 0x{}"),
    ("HMAC-SHA-512-256 [RFC4868]", key(64, 64), "auth 'hmac(sha512)' 0x{}"),
]


def list_suites():
    """Return ((name, key) of the cipher, (name, key) of the digest, ip xfrm words) of each suite.

    Each cipher comes with SHA-1, and each digest with AES-CBC.
    """
    suites = [
        ((name, secret), ("NULL", ""), words.format(secret)) for name, secret, words in GCM
    ]
    sha1, cbc = DIGESTS[1], CIPHERS[0]
    pairs = [(cipher, sha1) for cipher in CIPHERS] + [(cbc, digest) for digest in DIGESTS]
    suites += [
        (cipher[:2], digest[:2], f"{cipher[2].format(cipher[1])} {digest[2].format(digest[1])}")
        for cipher, digest in pairs
    ]
    return suites


def make_commands(words):
    """Return ip xfrm commands for a tunnel between two gateways, with such algorithms."""
    lines = []
    for node, near, far in (("A", 1, 2), ("B", 2, 1)):
        for source, target, spi in ((1, 2, 0x1001), (2, 1, 0x2001)):
            lines.append(
                f"ip -n {node} xfrm state add src 10.9.0.{source} dst 10.9.0.{target} proto esp"
                f" spi {spi} reqid 1 mode tunnel {words}"
            )
        for direction, here, there in (("out", near, far), ("in", far, near), ("fwd", far, near)):
            lines.append(
                f"ip -n {node} xfrm policy add src 10.{here}.0.0/24 dst 10.{there}.0.0/24"
                f" dir {direction} tmpl src 10.9.0.{here} dst 10.9.0.{there}"
                " proto esp reqid 1 mode tunnel"
            )
    return "\n".join(lines) + "\n"


def read_packets(pcap, cipher, digest):
    """Return what tshark says of each ESP packet: a dict of fields."""
    fields = ["esp.icv_good", "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status"]
    command = ["tshark", "-n", "-r", str(pcap), "-Y", "esp", "-T", "fields"]
    for setting in (
        "esp.enable_encryption_decode:TRUE",
        "esp.enable_authentication_check:TRUE",
        "ip.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
        "tcp.check_checksum:TRUE",
    ):
        command += ["-o", setting]
    for source, target, spi in ((1, 2, 0x1001), (2, 1, 0x2001)):
        values = [
            "IPv4",
            f"10.9.0.{source}",
            f"10.9.0.{target}",
            hex(spi),
            cipher[0],
            "0x" + cipher[1] if cipher[1] else "",
            digest[0],
            "0x" + digest[1] if digest[1] else "",
        ]
        entry = ",".join(f'"{value}"' for value in values)
        command += ["-o", f"uat:esp_sa:{entry}"]
    for field in fields:
        command += ["-e", field]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return [dict(zip(fields, line.split("\t"))) for line in result.stdout.splitlines()]


def find_faults(packets):
    """Return what is wrong with the packets of a suite, in words."""
    faults = []
    if len(packets) < 50:
        faults.append(f"only {len(packets)} ESP packets")
    for number, packet in enumerate(packets, 1):
        # tshark checks the value of combined algorithms as it decrypts, and tells it the same way.
        if packet["esp.icv_good"] not in ("1", "True"):
            faults.append(f"packet {number}: integrity check value {packet['esp.icv_good']!r}")
        if packet["ip.checksum.status"] != "1,1":
            faults.append(f"packet {number}: IP checksums {packet['ip.checksum.status']!r}")
        transport = packet["udp.checksum.status"] or packet["tcp.checksum.status"]
        if transport != "1":
            faults.append(f"packet {number}: transport checksum {transport!r}")
    return faults


def write_packets(sim, folder, words):
    """Return the pcap of the link between two gateways whose states have some algorithms."""
    commands = folder / "commands.txt"
    commands.write_text(make_commands(words), encoding="ascii")
    out = folder / str(len(list(folder.iterdir())))
    subprocess.run(
        [
            sim,
            "run",
            *("--ip-xfrm", str(commands), "--out", str(out), "--pcap"),
            *("--duration", "300ms", "--udp.rate", "400", "--tcp.bytes", "20000"),
            *("--ping.interval", "0s"),
        ],
        check=True,
        capture_output=True,
    )
    return out / "A-B.pcap"


def main():
    """Check all suites; return the exit status."""
    sim = sys.argv[1]
    status = 0
    if not shutil.which("tshark"):
        print("there is no tshark to ask")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        for cipher, digest, words in list_suites():
            pcap = write_packets(sim, Path(name), words)
            faults = find_faults(read_packets(pcap, cipher, digest))
            label = f"{cipher[0]}, {digest[0]}, key of {len(cipher[1]) // 2} bytes"
            print(f"{label}: {faults[0] if faults else 'ok'}")
            status = status or bool(faults)
        if not find_faults(read_packets(pcap, cipher, (digest[0], key(65, 64)))):
            print("a wrong key goes unnoticed")
            status = True
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
