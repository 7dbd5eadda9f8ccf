# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps: what they do, and what they leave alone."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from sweeping import BASE, GRID, read_all

import xfrm
from xfrm import _build
from xfrm._child import Child
from xfrm._records import Job
from xfrm._settings import identify
from xfrm._writer import Writer


def make_job(config, timeout=None):
    return Job(identify(config), config, timeout)


def test_sweep_gives_what_studies_give():
    result = xfrm.sweep(BASE, GRID, seeds=2, executor=1)
    runs = result.runs()
    assert (result.n_run, result.n_kept, result.n_failed) == (8, 0, 0)
    points = runs[["flows", "cores", "seed"]].values.tolist()
    assert points == [[f, c, s] for f in (1000, 10000) for c in (1, 2) for s in (1, 2)]
    for run, row in runs.iterrows():
        alone = xfrm.study(BASE, flows=row["flows"], cores=row["cores"], seed=row["seed"])
        assert {name: row[name] for name in alone.summary.index} == alone.summary.to_dict()
        for name in ("series", "histogram", "per_core", "latency"):
            stored, given = result.store.table(run, name), getattr(alone, name)
            assert stored.equals(given) and stored.index.equals(given.index), name
            assert stored.attrs == given.attrs
        assert result.store.config(run) == alone.config


def test_sweep_does_only_what_is_missing(tmp_path):
    store = tmp_path / "a.db"
    first = xfrm.sweep(BASE, {"flows": [1000, 10000], "cores": [2]}, store=store).runs()
    result = xfrm.sweep(BASE, GRID, seeds=2, store=store)
    assert (result.n_run, result.n_kept) == (6, 2)
    again = xfrm.sweep(BASE, GRID, seeds=2, store=store)
    assert (again.n_run, again.n_kept) == (0, 8)
    kept = xfrm.Store(store).select(first["identity"])
    assert kept["started"].tolist() == first["started"].tolist()


def test_sweep_of_equal_points_does_them_once():
    points = [{"duration": "20ms"}, {"duration": 0.02}, {"duration": "20000us"}]
    assert xfrm.sweep(BASE, points, executor=1).n_run == 1


def test_sweep_of_a_bad_point_is_a_value_error_before_anything_runs(tmp_path):
    for grid, words in [
        ({"cores": [1, 0]}, r"point \{'cores': 0\}: cores 0: must be"),
        ({"core": [1]}, "point .* has no setting 'core'; cores"),
        ({"cores": [[1]]}, "point .* cores: must be a bool, a number"),
        ({"seed": [1, 2]}, "seed 1: must be in seeds"),
        (5, "grid 5: must be a dict of lists, or a list of dicts"),
        ("flows", "grid 'flows': must be a dict of lists, or a list of dicts"),
    ]:
        with pytest.raises(ValueError, match=words):
            xfrm.sweep(BASE, grid, store=tmp_path / "a.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options, words",
    [
        ({"seeds": 0}, "seeds 0: must be"),
        ({"seeds": [1, 1]}, "must be a number from 1 to 1000000, or different seeds"),
        ({"seeds": 2**64}, "seeds 18446744073709551616: must be"),
        ({"seeds": 10**12}, "seeds 1000000000000: must be"),
        ({"seeds": [1.5]}, "seeds \\[1.5\\]: must be"),
        ({"seeds": [2**63]}, "seeds from 1 to 2\\^63 - 1"),
        ({"timeout": 0}, "timeout 0: must be a time above 0"),
        ({"timeout": float("inf")}, "timeout inf: must be a time above 0, at most 1e\\+09 s"),
        ({"timeout": float("nan")}, "timeout nan: must be a time above 0"),
        ({"timeout": [1]}, "timeout \\[1\\]: must be a time above 0"),
        ({"timeout": "soon"}, "time soon: must be a time"),
        ({"executor": "threads"}, "executor threads: must be processes"),
        ({"executor": 0}, "workers 0: must be"),
        ({"executor": True}, "workers True: must be"),
        ({"executor": 10**6}, "workers 1000000: must be a whole number from 1 to 4096"),
        ({"executor": xfrm.Processes}, "executor <class .*: must be processes"),
        ({"array": 5, "store": "a.db"}, "array 5: must be K/N"),
        ({"array": "3/2", "store": "a.db"}, "array 3/2: must be K/N"),
        ({"array": "1/2"}, "array 1/2: must be with a store"),
    ],
)
def test_sweep_with_a_bad_option_is_a_value_error(options, words):
    with pytest.raises(ValueError, match=words):
        xfrm.sweep(BASE, GRID, **options)


def test_seed_of_the_base_that_a_store_can_not_keep_is_a_value_error():
    with pytest.raises(ValueError, match="seed 9223372036854775808: must be at most"):
        xfrm.sweep(BASE.replace(seed=2**63), GRID)


def test_failing_run_is_a_row_with_its_error_and_others_go_on(tmp_path):
    store, file = tmp_path / "a.db", tmp_path / "nowhere.pcap"
    grid = {"traffic_pcap": ["", str(file)]}
    result = xfrm.sweep(BASE, grid, store=store)
    assert (result.n_run, result.n_failed, len(result.runs())) == (2, 1, 1)
    failed = result.store.runs(status="failed")
    assert failed["traffic_pcap"].tolist() == [str(file)]
    assert "nowhere.pcap" in failed["error"].iloc[0]
    again = xfrm.sweep(BASE, grid, store=store)
    assert (again.n_run, again.n_kept, again.n_failed) == (0, 2, 1)
    xfrm.sweep(BASE, grid, store=store, retry=True)
    attempts = xfrm.Store(store).runs(status="failed")
    assert attempts["attempt"].tolist() == [1, 2]
    assert attempts["started"].iloc[0] == failed["started"].iloc[0]


def test_run_that_takes_too_long_is_a_row_and_may_be_retried(tmp_path):
    store = tmp_path / "a.db"
    base = BASE.replace(duration="1s", rate=1e7)
    result = xfrm.sweep(base, store=store, timeout=0.01)
    assert result.n_failed == 1
    row = result.store.runs(status=None).iloc[0]
    assert (row["status"], row["error"]) == ("timeout", "took longer than 0.01 s")
    short = xfrm.sweep(base, store=store, timeout=600, retry=True)
    assert short.n_failed == 0
    rows = short.store.runs(status=None)
    assert rows[["attempt", "status"]].values.tolist() == [[1, "timeout"], [2, "done"]]


@pytest.mark.parametrize(
    "config",
    [
        BASE.replace(flows=5000, cores=3, traffic_attack=0.1),
        xfrm.RunConfig(duration="200ms", tcp_flows=0),
    ],
)
def test_result_of_a_run_does_not_depend_on_the_runs_before(config):
    others = [
        BASE.replace(work="forward", spd_exact=100),
        BASE.replace(traffic_pcap="nowhere.pcap"),
        xfrm.RunConfig(duration="200ms", seed=3),
        BASE.replace(kernel="linux-4.19", seed=9),
    ]
    with Child() as fresh, Child() as used:
        first = fresh.perform(make_job(config))
        outcomes = [used.perform(make_job(other)).status for other in others]
        later = used.perform(make_job(config))
    assert outcomes == ["done", "failed", "done", "done"]
    assert first.status == later.status == "done"
    assert repr(first.payload) == repr(later.payload)


def test_worker_that_dies_is_a_failure_of_its_run_alone():
    long = make_job(BASE.replace(duration="1000s"))
    with Child() as child:
        assert child.perform(make_job(BASE)).status == "done"
        timer = threading.Timer(0.3, lambda: os.kill(child._process.pid, signal.SIGKILL))
        timer.start()
        outcome = child.perform(long)
        assert (outcome.status, outcome.error) == ("failed", "the worker process ended by SIGKILL")
        assert child.perform(make_job(BASE)).status == "done"


def test_interrupted_sweep_keeps_what_is_done(tmp_path):
    grid = [{"duration": "20ms"}, {"duration": "1000s", "rate": 1e7}]

    def interrupt(state):
        os.kill(os.getpid(), signal.SIGINT)

    result = xfrm.sweep(BASE, grid, store=tmp_path / "a.db", executor=2, progress=interrupt)
    assert result.is_partial and "partial" in repr(result)
    assert result.runs()["duration"].tolist() == [0.02]


def test_parts_of_a_job_array_merge_to_the_whole(tmp_path):
    whole = xfrm.sweep(BASE, GRID, seeds=3, store=tmp_path / "whole.db").store
    numbers = []
    for k in (1, 2, 3):
        part = xfrm.sweep(BASE, GRID, seeds=3, store=tmp_path / "a.db", array=f"{k}/3")
        assert part.store.path == tmp_path / f"a.{k}-of-3.db"
        numbers.append(part.n_run)
    assert numbers == [4, 4, 4]
    parts = [tmp_path / f"a.{k}-of-3.db" for k in (1, 2, 3)]
    assert xfrm.merge(tmp_path / "a.db", parts) == 12
    assert xfrm.merge(tmp_path / "a.db", parts) == 0
    assert read_all(xfrm.Store(tmp_path / "a.db")) == read_all(whole)
    rest = xfrm.sweep(BASE, GRID, seeds=4, store=tmp_path / "a.db", array="1/1")
    assert (rest.n_run, rest.n_kept) == (4, 12)


def test_until_adds_seeds_to_points_that_need_them(tmp_path):
    rule = xfrm.stats.Until("misses", within=0.01, min_seeds=3, max_seeds=12)
    result = xfrm.sweep(BASE, {"flows": [10, 10000]}, store=tmp_path / "a.db", until=rule)
    table = xfrm.stats.summarize(result.runs(), "misses")
    narrow = (table["high"] - table["mean"]) / table["mean"] <= 0.01
    assert (narrow | (table["n"] == 12)).all()
    assert table.loc[10, "n"] == 3  # each of ten flows misses once a core, whatever the seed
    for executor in (1, 2):
        other = xfrm.sweep(BASE, {"flows": [10, 10000]}, executor=executor, until=rule)
        assert sorted(other.identities) == sorted(result.identities)
    again = xfrm.sweep(BASE, {"flows": [10, 10000]}, store=tmp_path / "a.db", until=rule)
    assert (again.n_run, again.n_kept) == (0, result.n_run)


def test_until_of_an_unknown_result_names_the_nearest():
    with pytest.raises(ValueError, match="until hit_rate: must be .*; hit_ratio"):
        xfrm.sweep(BASE, until=xfrm.stats.Until("hit_rate"))


def test_longest_run_begins_first(tmp_path):
    grid = [{"duration": "1ms"}, {"duration": "40ms"}, {"duration": "5ms"}]
    result = xfrm.sweep(BASE, grid, executor=1)
    runs = result.store.runs().sort_index()
    assert runs["duration"].tolist() == [0.04, 0.005, 0.001]


def test_progress_is_told_after_each_run():
    states = []
    xfrm.sweep(BASE, GRID, executor=1, progress=states.append)
    assert [state.n_done for state in states] == [1, 2, 3, 4]
    assert all(state.n_total == 4 and state.n_failed == 0 for state in states)
    assert states[-1].left_s == 0


def test_runs_of_another_commit_are_kept_with_a_warning(tmp_path, monkeypatch):
    xfrm.sweep(BASE, store=tmp_path / "a.db")
    monkeypatch.setattr(_build, "GIT_COMMIT", "another")
    with pytest.warns(UserWarning, match="1 of 1 runs .* another commit"):
        xfrm.sweep(BASE, store=tmp_path / "a.db")


def test_runs_of_another_version_are_done_again(tmp_path, monkeypatch):
    first = xfrm.sweep(BASE, store=tmp_path / "a.db")
    monkeypatch.setattr(_build, "VERSION", "99")
    result = xfrm.sweep(BASE, store=tmp_path / "a.db")
    # The worker has not changed, and tells so.
    assert (result.n_run, result.n_failed) == (1, 1)
    error = result.store.runs(status="failed")["error"].iloc[0]
    assert f"has version {first.runs()['module_version'].iloc[0]}" in error


def test_file_that_changes_makes_another_run(tmp_path):
    file = tmp_path / "packets.txt"
    file.write_text("0 0 100\n1000 1 100\n")
    same = tmp_path / "copy.txt"
    same.write_text(file.read_text())
    config = BASE.replace(traffic_list=str(file))
    before = identify(config)
    assert identify(BASE.replace(traffic_list=str(same))) == before
    file.write_text("0 0 100\n2000 1 100\n3000 1 100\n")
    assert identify(config) != before


def test_second_writer_is_a_value_error(tmp_path):
    with Writer(tmp_path / "a.db"):
        with pytest.raises(ValueError, match="a.db: another process writes it"):
            xfrm.sweep(BASE, store=tmp_path / "a.db")


def test_sweep_into_another_file_is_a_value_error(tmp_path):
    (tmp_path / "text.db").write_text("no database, but long enough to look like something\n" * 9)
    with pytest.raises(ValueError, match="text.db: file is not a database"):
        xfrm.sweep(BASE, store=tmp_path / "text.db")
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE runs (a)")
    connection.close()
    with pytest.raises(ValueError, match="other.db: must be a store of format xfrm-store-1"):
        xfrm.sweep(BASE, store=tmp_path / "other.db")
    with pytest.raises(OSError, match="nowhere"):
        xfrm.sweep(BASE, store=tmp_path / "nowhere" / "a.db")


def test_points_that_differ_in_the_names_of_equal_files_are_one_run(tmp_path):
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_text("0 0 100\n1000 1 100\n")
    result = xfrm.sweep(BASE, {"traffic_list": [str(file) for file in files]}, seeds=2)
    assert (result.n_run, result.n_failed) == (2, 0)


def test_sweep_takes_numbers_of_numpy():
    result = xfrm.sweep(BASE, {"flows": np.array([10, 20])}, seeds=np.arange(1, 3))
    assert result.runs()[["flows", "seed"]].values.tolist() == [[10, 1], [10, 2], [20, 1], [20, 2]]


@pytest.mark.parametrize(
    ("executor", "filters"),
    # Debian's Dask uses what its Tornado deprecates.
    [("2", ["error"]), ("'dask:2'", ["error", "ignore::DeprecationWarning"])],
)
def test_sweep_leaves_nothing_open_and_warns_of_nothing(tmp_path, executor, filters):
    script = (
        "import gc, xfrm\n"
        "base = xfrm.StudyConfig(duration='20ms')\n"
        "points = [{'flows': 10}, {'traffic_pcap': 'nowhere'}, {'duration': '1000s'}]\n"
        f"result = xfrm.sweep(base, points, executor={executor}, timeout=2, progress=False)\n"
        "gc.collect()\n"
        "print(result.n_run, result.n_failed)\n"
    )
    options = [f"-W{each}" for each in filters]
    done = subprocess.run(
        [sys.executable, *options, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "3 2\n", "")


def test_sweep_without_worker_processes_is_an_os_error_and_no_row(tmp_path, monkeypatch):
    store = tmp_path / "a.db"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "path", [])
        with pytest.raises(OSError, match="no worker process can be started: .*xfrm"):
            xfrm.sweep(BASE, GRID, store=store, executor=2)
    assert len(xfrm.Store(store).runs(status=None)) == 0
    package = str(Path(xfrm.__file__).parents[1])
    monkeypatch.chdir(package)  # the package is found in the current folder
    monkeypatch.setattr(sys, "path", ["", *(place for place in sys.path if place != package)])
    assert xfrm.sweep(BASE, GRID, store=store, executor=2).n_failed == 0


def test_interrupted_dask_ends_its_processes(tmp_path):
    timer = threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    result = xfrm.sweep(BASE, {"duration": ["1000s", "1001s"]}, executor="dask:2")
    assert result.is_partial
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    assert [pid for pid in mine.read_text().split() if "_worker" in read_command(pid)] == []


def read_command(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("tcp://127.0.0.1:1", OSError, "tcp://127.0.0.1:1: no Dask scheduler answers: .*refused"),
        ("tcp://", ValueError, "address tcp://: must be as tcp://HOST:8786"),
        ("http://a:1", ValueError, "address http://a:1: must be as tcp://HOST:8786"),
        ("tcp://a:99999", ValueError, "address tcp://a:99999: "),
    ],
)
def test_address_without_scheduler_is_an_error_at_once(address, error, words):
    with pytest.raises(error, match=words):
        xfrm.sweep(BASE, executor=address)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"until": 0.05}, "until: must be a stats.Until, not float"),
        ({"progress": 5}, "progress: must be a bool or callable, not int"),
    ],
)
def test_sweep_with_an_option_of_another_type_is_a_type_error(options, words):
    with pytest.raises(TypeError, match=words):
        xfrm.sweep(BASE, **options)


@pytest.mark.parametrize("workers", [0, 1.5, "2", True])
def test_number_of_workers_is_a_whole_number(workers):
    for executor in (xfrm.Processes, lambda n: xfrm.Dask(workers=n)):
        with pytest.raises(ValueError, match=f"workers {workers}: must be a whole number from 1"):
            executor(workers)
