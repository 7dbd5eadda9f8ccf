# SPDX-License-Identifier: GPL-2.0-only
"""What is a larger flow cache worth, and where should its low watermark be, as flows are skewed?

A core looks up 50,000 flows, of which the one of rank k has a share as k^-zipf.  Its flow cache
shrinks at the high watermark, by default 4096 entries, and keeps no more than the low one, 2048.
Two sweeps: the size with the low watermark at half of it; and the low watermark of caches of 4096.

Run: ./xfrm python examples/python/cache-size.py [--quick] [--out DIR]
Writes cache-size.db, which a second run goes on with, cache-size.svg and cache-watermarks.svg.
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt

import xfrm

BASE = xfrm.StudyConfig(cores=1, flows=50_000, rate=5e5, policies=100, duration="1s")
SIZES = [1024, 2048, 4096, 8192, 16384, 32768, 65536]
LOWS = [0, 1024, 2048, 3072, 4096]
SKEWS = [0.6, 0.8, 1.0, 1.2, 1.4]


def parse_arguments():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few short runs, to see it work")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for what it writes")
    return parser.parse_args()


def sweep(store, quick):
    """Return the runs over sizes, and those over low watermarks."""
    base = BASE.replace(duration="50ms") if quick else BASE
    skews = xfrm.grid({"zipf": [0.8, 1.2] if quick else SKEWS})
    sizes = SIZES[1:4] if quick else SIZES
    points = [{"cache_high_watermark": size, "cache_low_watermark": size // 2} for size in sizes]
    options = {"seeds": 2 if quick else 5, "store": store}
    by_size = xfrm.sweep(base, xfrm.cross(points, skews), **options)
    lows = xfrm.grid({"cache_low_watermark": LOWS[1:4] if quick else LOWS})
    by_low = xfrm.sweep(base, xfrm.cross(lows, skews), **options)
    return by_size.runs(), by_low.runs()


def draw(by_size, by_low, folder):
    """Write the figures."""
    with xfrm.plot.style(width="double"):
        figure, (left, right) = plt.subplots(1, 2)
        for axes, value in ((left, "hit_ratio"), (right, "carried_rate")):
            xfrm.plot.against(by_size, value, "cache_high_watermark", by="zipf", ax=axes)
        xfrm.plot.save(figure, folder / "cache-size.svg")
        figure, (left, right) = plt.subplots(1, 2)
        for axes, value in ((left, "hit_ratio"), (right, "latency_p99_ns")):
            xfrm.plot.against(by_low, value, "cache_low_watermark", by="zipf", ax=axes)
        xfrm.plot.save(figure, folder / "cache-watermarks.svg")
    plt.close("all")


def answer(by_size, by_low):
    """Print what came out."""
    for runs, parameter in ((by_size, "cache_high_watermark"), (by_low, "cache_low_watermark")):
        for value in ("hit_ratio", "carried_rate", "latency_p99_ns"):
            table = xfrm.stats.summarize(runs, value, by=[parameter, "zipf"])
            print(f"{value} [{table.attrs['units']['mean']}], means")
            print(table["mean"].unstack("zipf").to_string(float_format="{:.6g}".format), "\n")
    means = by_size.groupby(["zipf", "cache_high_watermark"])["carried_rate"].mean()
    for skew, rates in means.groupby("zipf"):
        rates = rates.droplevel("zipf")
        least = rates.index[rates >= 0.999 * rates.max()][0]
        print(f"zipf {skew:g}: {least} entries carry as much as any, {rates.max() / 1e3:.0f} kpps;")
        print(f"          {rates.index[-1]} entries, {rates.iloc[-1] / 1e3:.0f} kpps")


def main():
    """Do the study."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    by_size, by_low = sweep(arguments.out / "cache-size.db", arguments.quick)
    draw(by_size, by_low, arguments.out)
    answer(by_size, by_low)


if __name__ == "__main__":
    main()
