#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Let the kernel of a network namespace of its own talk through simulated gateways.

Example xfrm-real-gateway makes the tap device, its --commands set up the namespace, and sockets
here are the traffic: ping, UDP whole and in fragments, TCP, and UDP with DF, which teaches the
kernel the tunnel's MTU by the gateway's ICMP error.  What goes between the gateways is captured,
opened with the keys and sealed again by xfrm-sim decap.  With --kernel the namespace's own ESP
talks to the gateway.

Skipped without a namespace to make, /dev/net/tun, or ip; the second part where the kernel has
no ESP with AES-GCM.

Usage: xfrm-real-gateway.py XFRM_REAL_GATEWAY XFRM_SIM
"""

import atexit
import errno
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77  # exit status of a test that could not be made
INSIDE = "XFRM_IN_NAMESPACE"
HOST = "10.2.0.2"
IP_MTU_DISCOVER, IP_PMTUDISC_DO, IP_MTU = 10, 2, 14  # linux/in.h; Python has no names

# ESP with AES-GCM in 1500 bytes: IP 20, SPI and sequence number 8, initialisation vector 8, check
# value 16; of the other 1448, a multiple of 4, pad length and next header take 2.
TUNNEL_MTU = 1446


def skip(reason):
    """End the test as one that could not be made."""
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def enter_namespace():
    """Run this program anew in a network namespace of its own."""
    if shutil.which("ip") is None:
        skip("no ip (iproute2)")
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        skip("no access to /dev/net/tun")
    os.environ[INSIDE] = "1"
    for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            os.execvp("unshare", [*words, "/usr/bin/python3", *sys.argv])
    skip("no privilege to make a network namespace")


def check(is_so, what):
    """End the test unless something is so."""
    if not is_so:
        sys.exit(f"failed: {what}")


def sum_up(data):
    """Return the checksum of RFC 1071."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def ping(sequence, size):
    """Send an echo request and return whether its answer is right; size is even, in bytes."""
    payload = bytes(i & 0xFF for i in range(size))
    request = struct.pack("!BBHHH", 8, 0, 0, 0x4E53, sequence) + payload
    request = request[:2] + struct.pack("!H", sum_up(request)) + request[4:]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        raw.settimeout(5)
        raw.sendto(request, (HOST, 0))
        answer = raw.recv(65536)[20:]
    return answer[0] == 0 and answer[4:] == request[4:] and sum_up(answer) == 0


def open_udp():
    """Return a UDP socket to the host that answers."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.settimeout(5)
    udp.connect((HOST, 7))
    return udp


def echo(udp, size):
    """Return whether a datagram comes back as it was."""
    payload = os.urandom(size)
    udp.send(payload)
    return udp.recv(65536) == payload


def learn_mtu():
    """Return the MTU that the kernel learns by a datagram with DF that is too long."""
    with open_udp() as udp:
        udp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
        udp.send(bytes(1472))
        try:
            udp.recv(65536)
        except OSError as error:
            check(error.errno == errno.EMSGSIZE, f"error of the ICMP message: {error}")
        mtu = udp.getsockopt(socket.IPPROTO_IP, IP_MTU)
        check(echo(udp, mtu - 28), "a datagram with DF that fills the tunnel")
        return mtu


def send_tcp(size):
    """Send bytes by TCP, and wait until the other side has them all."""
    with socket.create_connection((HOST, 9), timeout=10) as tcp:
        tcp.sendall(bytes(size))
        tcp.shutdown(socket.SHUT_WR)
        tcp.recv(1)  # the end of the other side


class Gateway:
    """The running example, with the namespace set up for it."""

    def __init__(self, program, *options):
        self.command = [program, "--duration=60s", *options]
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        if not self.process.stdout.readline():  # "tap device xfrm0 is there"
            check(self.process.wait() == 2, "exit status without the privileges")
            skip("no privilege to make a tap device")
        words = [program, "--commands", *options]
        self.commands = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout

    def set_up(self):
        """Carry out the commands; return what went wrong."""
        shell = subprocess.run(["sh", "-e"], input=self.commands, capture_output=True, text=True)
        time.sleep(0.2)  # the tap device has a carrier when the gateway reads from it
        return shell.stderr

    def end(self):
        """End it, and return its report."""
        self.process.send_signal(signal.SIGINT)
        report = self.process.communicate(timeout=10)[0]
        check(self.process.returncode == 0, f"exit status {self.process.returncode}")
        return report


def check_report(report, expected, tcp_bytes):
    """All came through in both directions, and these counters moved alone."""
    *gateways, host = report.splitlines()
    check(all(" sealed 0 " not in line for line in gateways), report)
    check([line for line in gateways if " sealed " not in line] == expected, report)
    check(host.endswith(f" and {tcp_bytes} of TCP"), report)


def talk():
    """Send all that is tried with either peer."""
    for sequence, size in enumerate((0, 56, 1000, 1400)):
        check(ping(sequence, size), f"ping of {size} bytes")
    with open_udp() as udp:
        for size in (1, 1000, 3000):
            check(echo(udp, size), f"UDP of {size} bytes")
    send_tcp(300000)


def check_bytes(sim, capture, commands, folder):
    """What was captured is ESP that opens, and is sealed again to the same bytes."""
    texts = folder / "b.txt"
    lines = commands.splitlines(keepends=True)
    texts.write_text("".join(line for line in lines if line.startswith("ip xfrm ")))
    words = [sim, "decap", "--ip-xfrm", texts, "--pcap", capture, "--reencap", "--no-policy"]
    words += ["--address", "10.9.0.2", "--address", "10.9.0.1"]
    result = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    last = result.splitlines()[-1].split()
    check(last[0] == "reencap" and int(last[1]) > 200 and last[1] == last[4], result[-500:])
    print(" ".join(last))


def main():
    """Run the test; returns nothing."""
    program, sim = sys.argv[1:]
    if INSIDE not in os.environ:
        enter_namespace()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gateway = Gateway(program, f"--pcap={folder}/b")
        second = subprocess.run(gateway.command, capture_output=True, text=True)
        check(second.returncode == 2 and second.stderr.count("\n") == 1, "a tap device twice")
        check(gateway.set_up() == "", "commands of the namespace")
        talk()
        mtu = learn_mtu()
        check(mtu == TUNNEL_MTU, f"MTU {mtu}")
        report = gateway.end()
        print(report, end="")
        # xfrm4_tunnel_check_size() refuses the datagram that is too long (R222).
        check_report(report, ["A XfrmOutStateModeError 1"], 300000)
        peer = Gateway(program, "--kernel", "--tap=xfrm1")
        check_bytes(sim, folder / "b-n1-i1.pcap", peer.commands, folder)
        refusal = peer.set_up()
        if refusal == "":
            talk()
            report = peer.end()
            print(report, end="")
            check_report(report, [], 300000)
        else:
            peer.end()
            print(f"the kernel as the peer: not tried: {refusal}", end="")


if __name__ == "__main__":
    main()
