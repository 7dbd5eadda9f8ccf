# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps that are killed, and those on Dask."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import dask
import pytest
from sweeping import BASE, GRID, read_all

import xfrm

STUDY = """
[study]
duration = "200ms"
interval = "10ms"
[grid]
flows = [100, 1000, 10000]
cores = [1, 2, 4, 8]
[sweep]
seeds = 4
store = "a.db"
executor = 2
"""


def count_done(store):
    """Return how many runs are in a store, which may not be there yet."""
    try:
        connection = sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
        connection.close()
        return count
    except sqlite3.OperationalError:
        return 0


def list_children(pid):
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


def wait_for(is_so):
    for _ in range(3000):
        if is_so():
            return
        time.sleep(0.01)
    pytest.fail("waited for 30 s")


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_sweep_killed_three_times_and_resumed_equals_one_that_was_not(tmp_path):
    file, store = tmp_path / "study.toml", tmp_path / "a.db"
    file.write_text(STUDY)
    command = [sys.executable, "-m", "xfrm", "sweep", "--quiet", file]
    draw = random.Random(1)
    counts = [0]
    for more in (3, 8, 12):
        process = subprocess.Popen(command)
        wait_for(lambda: count_done(store) >= counts[-1] + more)
        time.sleep(0.05 * draw.random())
        workers = list_children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(workers) == 2
        wait_for(lambda: not any(is_alive(worker) for worker in workers))
        counts.append(count_done(store))
        assert counts[-1] >= counts[-2] + more
    assert counts[-1] < 48, "it was killed before its end"
    last = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert last.startswith(f"{48 - counts[-1]} runs done, {counts[-1]} were there, 0 failed")
    base = xfrm.StudyConfig(duration="200ms", interval="10ms")
    grid = {"flows": [100, 1000, 10000], "cores": [1, 2, 4, 8]}
    whole = xfrm.sweep(base, grid, seeds=4, executor=2)
    assert read_all(xfrm.Store(store)) == read_all(whole.store)


@contextmanager
def start_dask(folder, n_workers):
    """Start a scheduler and workers, and give the scheduler's address."""
    file = folder / "scheduler.json"
    cli = [sys.executable, "-m", "distributed.cli."]
    scheduler = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    processes = []
    with open(folder / "dask.log", "w", encoding="utf-8") as log:
        for words in [scheduler] + n_workers * [worker]:
            command = [*cli[:-1], cli[-1] + words[0], *words[1:], "--scheduler-file", file]
            processes.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log))
        try:
            wait_for(lambda: file.exists() and file.stat().st_size > 0)
            yield json.loads(file.read_text())["address"]
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait()


def test_sweep_on_a_dask_scheduler_equals_one_on_processes(tmp_path):
    with start_dask(tmp_path, 2) as address:
        result = xfrm.sweep(BASE, GRID, seeds=2, executor=address)
    alone = xfrm.sweep(BASE, GRID, seeds=2, executor=1)
    assert (result.n_run, result.n_failed) == (8, 0)
    assert read_all(result.store) == read_all(alone.store)


def test_sweep_on_a_dask_cluster_of_this_computer_equals_one_on_processes():
    grid = [{"flows": 100}, {"traffic_pcap": "nowhere.pcap"}]
    result = xfrm.sweep(BASE, grid, executor="dask:2", timeout=60)
    alone = xfrm.sweep(BASE, grid, executor=1)
    assert (result.n_run, result.n_failed) == (2, 1)
    assert read_all(result.store) == read_all(alone.store)


def test_dask_without_a_scheduler_is_an_os_error():
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        with pytest.raises(OSError, match="127.0.0.1:1"):
            xfrm.sweep(BASE, executor=xfrm.Dask("tcp://127.0.0.1:1"))
