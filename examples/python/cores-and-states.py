# SPDX-License-Identifier: GPL-2.0-only
"""How many cores can share one SA, and what does one for each receive queue bring?

More packets come than cores can forward.  All take the lock of the one state (SA); or each receive
queue has packets of a policy of its own, and so a state.  Locks are those of Linux 4.1 (ticket
locks, whose hand-over gets dearer with each waiter) or of 4.2 (queued ones).

Run: ./xfrm python examples/python/cores-and-states.py [--quick] [--out DIR]
Writes cores-and-states.db, which a second run goes on with, and cores-and-states.svg.
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt

import xfrm

BASE = xfrm.StudyConfig(
    work="forward", traffic_population="uniform", duration="20ms", interval="10ms"
)
CORES = [1, 2, 4, 8, 12, 16, 24, 32]
LOCKS = ["linux-4.1", "linux-4.2"]


def parse_arguments():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few short runs, to see it work")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for what it writes")
    return parser.parse_args()


def make_points(all_cores):
    """Return points: of each number of cores, with one state and one a queue."""
    return [
        {
            "cores": cores,
            "flows": 100 * cores,
            "rate": 1e6 * cores,
            "policies": cores,
            "spd_states": states,
            "spd_own_queues": states == "each",
            "locks": locks,
        }
        for cores in all_cores
        for states in ("one", "each")
        for locks in LOCKS
    ]


def draw(runs, folder):
    """Write the figure: what is carried, and how much of their time cores wait for locks."""
    waits = runs.assign(time_waiting=runs["lock_wait_ns"] / runs["busy_ns"])
    waits.attrs = {**runs.attrs, "units": {**runs.attrs["units"], "time_waiting": "1"}}
    with xfrm.plot.style(width="double"):
        figure, panels = plt.subplots(1, 2)
        for axes, value in zip(panels, ("carried_rate", "time_waiting")):
            xfrm.plot.against(waits, value, "cores", by=["spd_states", "locks"], ax=axes)
        xfrm.plot.save(figure, folder / "cores-and-states.svg")
    plt.close(figure)


def answer(runs):
    """Print what came out."""
    table = xfrm.stats.summarize(runs, "carried_rate", by=["locks", "spd_states", "cores"])
    print("Packets forwarded [millions a second], means")
    print((table["mean"] / 1e6).unstack("cores").round(2).to_string(), "\n")
    for (locks, states), rates in table["mean"].groupby(["locks", "spd_states"]):
        cores = rates.idxmax()[-1]
        most, last = rates.max() / 1e6, rates.iloc[-1] / 1e6
        print(f"{locks}, states {states}: most with {cores} cores, {most:.2f} Mpps; ", end="")
        print(f"with {rates.index[-1][-1]}, {last:.2f} Mpps")


def main():
    """Do the study."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    points = make_points([1, 4, 16] if arguments.quick else CORES)
    base = BASE.replace(duration="5ms") if arguments.quick else BASE
    seeds = 2 if arguments.quick else 5
    store = arguments.out / "cores-and-states.db"
    runs = xfrm.sweep(base, points, seeds=seeds, store=store).runs()
    draw(runs, arguments.out)
    answer(runs)


if __name__ == "__main__":
    main()
