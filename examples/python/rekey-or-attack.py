# SPDX-License-Identifier: GPL-2.0-only
"""What does it cost to rekey tunnels often, and what to be sprayed with packets of new flows?

Four cores look up 12,000 flows at 2 million packets a second.  A rekey replaces the state of a
tunnel, and with it go the chains that use it; a packet of the spray is of a flow that never comes
again, and searches all policies.  Both are priced by the time that cores need for a packet.

Run: ./xfrm python examples/python/rekey-or-attack.py [--quick] [--out DIR]
Writes rekey-or-attack.db, which a second run goes on with, rekey-or-attack.svg, attack-time.svg and
attack-latency.svg.
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt

import xfrm

BASE = xfrm.StudyConfig(
    cores=4, flows=12_000, zipf=0.8, rate=2e6, duration="400ms", interval="10ms"
)
SPRAYS = [0, 0.001, 0.003, 0.01, 0.03, 0.1]
REKEYS = ["0s", "300ms", "100ms", "30ms", "10ms"]
POLICIES = [10, 100, 300]
USERS = "name=users rate=2e6 flows=12000 zipf=0.8"
SPRAY = "name=spray rate=1e5 population=once start=400ms stop=700ms"


def parse_arguments():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few short runs, to see it work")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for what it writes")
    return parser.parse_args()


def price(runs):
    """Return runs with the time of cores that a packet takes, in ns."""
    priced = runs.assign(core_time_per_packet=runs["busy_ns"] / runs["carried"])
    priced.attrs = {**runs.attrs, "units": {**runs.attrs["units"], "core_time_per_packet": "ns"}}
    return priced


def sweep(store, quick):
    """Return the runs over shares of the spray, and those over times between rekeys."""
    base = BASE.replace(duration="50ms") if quick else BASE
    options = {"seeds": 2 if quick else 5, "store": store}
    policies = POLICIES[:2] if quick else POLICIES
    sprays, rekeys = (SPRAYS[::3], REKEYS[::2]) if quick else (SPRAYS, REKEYS)
    attack = xfrm.sweep(base, {"traffic_attack": sprays, "policies": policies}, **options)
    rekey = xfrm.sweep(base, {"events_rekey": rekeys, "policies": policies}, **options)
    return price(attack.runs()), price(rekey.runs())


def draw(attack, rekey, folder):
    """Write the figures of the sweeps."""
    with xfrm.plot.style(width="double"):
        figure, (left, right) = plt.subplots(1, 2, sharey=True)
        for runs, parameter, axes in (
            (attack, "traffic_attack", left),
            (rekey, "events_rekey", right),
        ):
            some = runs[runs[parameter] > 0]
            xfrm.plot.against(some, "core_time_per_packet", parameter, by="policies", ax=axes)
        xfrm.plot.save(figure, folder / "rekey-or-attack.svg")


def draw_attack(folder):
    """Write the figures of one spray, 5 % of what comes, from 0.4 to 0.7 s."""
    config = BASE.replace(policies=300, duration="1s", class_=[USERS, SPRAY])
    sprayed, calm = xfrm.study(config), xfrm.study(config, class_=[USERS])
    with xfrm.plot.style():
        figure = xfrm.plot.time_line(sprayed, ["misses", "shrinks", "latency_p99_ns"])
        xfrm.plot.save(figure, folder / "attack-time.svg")
        axes = xfrm.plot.latency_distribution({"sprayed": sprayed, "calm": calm})
        xfrm.plot.save(axes, folder / "attack-latency.svg")
    plt.close("all")


def answer(attack, rekey):
    """Print what came out, as differences of runs with the same seeds."""
    for runs, parameter in ((attack, "traffic_attack"), (rekey, "events_rekey")):
        added = xfrm.stats.compare(runs, "core_time_per_packet", parameter, 0)
        print(f"Time of cores per packet beside that without, ns, by {parameter}")
        print(added[["difference", "low", "high", "relative"]].round(2).to_string(), "\n")


def main():
    """Do the study."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    attack, rekey = sweep(arguments.out / "rekey-or-attack.db", arguments.quick)
    draw(attack, rekey, arguments.out)
    draw_attack(arguments.out)
    answer(attack, rekey)


if __name__ == "__main__":
    main()
