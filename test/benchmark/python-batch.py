# SPDX-License-Identifier: GPL-2.0-only
"""Hits by key in batches, from Python beside the C++ benchmark of the same name.

    ./xfrm python test/benchmark/python-batch.py build/release/xfrm-bench

A million keys of 64 and of 4000 flows, all flows in turn as the program takes them, and at
random; medians in thread CPU time, in turns with the program.
"""

import json
import statistics
import subprocess
import sys
import time

import numpy as np

import xfrm

TURNS = 5
N_KEYS = 1_000_000


def make_flows(n_flows: int) -> np.ndarray:
    sources = np.arange(n_flows, dtype=np.uint64) * 0x9E3779B1 % 2**32
    return xfrm.flow_keys(saddr=sources, daddr="10.2.0.1", sport=1000, dport=80)


def make_orders(n_flows: int) -> dict[str, np.ndarray]:
    return {
        "in turn": np.arange(N_KEYS) % n_flows,
        "at random": np.random.default_rng(1).integers(0, n_flows, N_KEYS),
    }


def time_lookups(cache: xfrm.FlowCache, keys: np.ndarray) -> float:
    begin = time.thread_time_ns()
    cache.lookup_batch(keys)
    return (time.thread_time_ns() - begin) / len(keys)


def time_program(program: str, name: str) -> float:
    command = [program, "--json", "--turns", "5", "--filter", name]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(json.loads(output)["median"][name])


def compare(name: str, order: str, keys: np.ndarray) -> None:
    cache = xfrm.FlowCache()
    time_lookups(cache, keys)
    pairs = [(time_lookups(cache, keys), time_program(sys.argv[1], name)) for _ in range(TURNS)]
    python, program = (statistics.median(column) for column in zip(*pairs))
    print(
        f"{name}, {order}: Python {python:.2f} ns, C++ {program:.2f} ns, "
        f"ratio {python / program:.3f}"
    )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: ./xfrm python test/benchmark/python-batch.py PATH/TO/xfrm-bench")
    for n_flows in (64, 4000):
        flows = make_flows(n_flows)
        for order, numbers in make_orders(n_flows).items():
            compare(f"hit_batch_{n_flows}_ns", order, flows[numbers])


if __name__ == "__main__":
    main()
