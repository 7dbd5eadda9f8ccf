# SPDX-License-Identifier: GPL-2.0-only
"""xfrm.study against the command line."""

import json
import os
import pickle
import subprocess
import threading
import time

import numpy as np
import pytest

import xfrm

SHORT = {"duration": "200ms", "interval": "50ms", "rate": 100_000}


def run_command(*options):
    """Return what xfrm-sim study --json prints, read."""
    command = [os.environ["XFRM_SIM"], "study", "--json", *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_study_equals_the_command_line():
    classes = ["name=a share=0.5", "name=b rate=50"]
    result = xfrm.study(**SHORT, cores=3, traffic_attack=0.1, class_=classes)
    words = "--duration 200ms --interval 50ms --rate 100000 --cores 3 --traffic.attack 0.1"
    expected = run_command(*words.split(), "--class", classes[0], "--class", classes[1])
    assert result.to_dict() == expected
    assert not result.is_partial


def test_tables_of_a_study_agree_with_its_summary():
    result = xfrm.study(**SHORT)
    assert result.config == xfrm.StudyConfig(**SHORT)
    assert list(result.per_core.index) == [0, 1, 2, 3]
    assert list(result.series.index) == [0.05, 0.1, 0.15, 0.2]
    for name in ("offered", "carried", "misses", "ring_drops"):
        assert result.per_core[name].sum() == result.summary[name]
        assert result.series[name].sum() == result.summary[name]
        by_time = result.core_series[name].groupby("time_s").sum()
        assert (by_time == result.series[name]).all()
        by_core = result.core_series[name].groupby("core").sum()
        assert (by_core == result.per_core[name]).all()
    hits, lookups = result.summary["hits"], result.summary["lookups"]
    assert result.summary["hit_ratio"] == hits / lookups
    assert result.latency.loc[99, "latency_ns"] == result.summary["latency_p99_ns"]
    assert result.latency.loc[100, "latency_ns"] == result.summary["latency_max_ns"]
    assert result.histogram["count"].sum() == result.summary["carried"]
    assert result.histogram["lower_s"].is_monotonic_increasing
    assert result.histogram["lower_s"].iloc[-1] <= result.summary["latency_max_ns"] / 1e9


def test_tables_of_a_study_know_their_units():
    result = xfrm.study(**SHORT)
    for table in (result.per_core, result.series, result.latency, result.histogram):
        assert set(table.attrs["units"]) == {*table.columns, table.index.name}
    assert set(result.summary.attrs["units"]) == set(result.summary.index)
    assert result.series.attrs["units"]["time_s"] == "s"
    assert result.core_series.attrs["units"]["busy_ns"] == "ns"
    assert result.per_core.attrs["units"]["busy_ns"] == "ns"
    assert result.per_core.attrs["units"]["offered"] == "packets"
    assert result.summary.attrs["units"]["hit_ratio"] == "1"
    assert result.summary.attrs["units"]["locks.policies.wait_ns"] == "ns"
    assert result.per_core["offered"].dtype == np.int64
    assert result.per_core["hit_ratio"].dtype == np.float64


def test_drops_of_a_study_are_summed_and_told_by_reason():
    result = xfrm.study(**SHORT, cores=1, profile="linux-4.1-default", rss_ring=1, zipf=0)
    drops = result.summary[[name for name in result.summary.index if name.startswith("drops.")]]
    assert result.summary["drops"] == drops.sum() > 0


def test_result_of_a_study_can_be_pickled_and_shown():
    result = xfrm.study(**SHORT)
    again = pickle.loads(pickle.dumps(result))
    assert again.to_dict() == result.to_dict()
    assert again.summary.attrs == result.summary.attrs
    assert again.series.attrs == result.series.attrs
    assert "StudyConfig(rate=100000.0, duration='200ms'" in repr(result)
    html = result._repr_html_()
    assert "hit_ratio" in html and html.count("<table") == 2


def test_config_and_changes_of_a_study_come_together():
    config = xfrm.StudyConfig(**SHORT)
    result = xfrm.study(config, seed=5)
    assert result.config == config.replace(seed=5)


def test_study_with_out_writes_what_the_command_line_writes(tmp_path):
    xfrm.study(**SHORT, out=tmp_path / "a")
    words = "--duration 200ms --interval 50ms --rate 100000"
    run_command(*words.split(), f"--out={tmp_path / 'b'}")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_progress_is_told_shares_up_to_one():
    shares = []
    xfrm.study(duration="3s", progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and shares[0] < 0.5


def test_exception_of_progress_ends_the_study(tmp_path):
    def fail(share):
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        xfrm.study(duration="1000s", progress=fail, out=tmp_path / "a")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"rate": 1, "events_rekey": "1ms", "policies": 1000, "duration": "1000s"},
        {"cores": 64, "flows": 1_000_000, "zipf": 0, "rate": 1e8},
        {"rate": 0.001, "ipsec_seed_period": "1us", "duration": "1000000s", "interval": "10000s"},
    ],
)
def test_interrupted_study_stops_soon_and_gives_what_there_is(settings):
    came = []
    timer = threading.Timer(1.5, lambda: (came.append(time.monotonic()), os.kill(os.getpid(), 2)))
    timer.start()
    result = xfrm.study(**{"duration": "10000s", **settings})
    assert time.monotonic() - came[0] < 1  # 0.2 s on a machine that does nothing else
    assert result.is_partial
    assert 0 < result.summary["simulated_s"] < xfrm.seconds(result.config.duration)
    assert "partial" in repr(result)


def test_studies_in_threads_give_what_they_give_alone():
    expected = [xfrm.study(**SHORT, seed=seed).to_dict() for seed in (1, 2)]
    got = {}

    def work(seed):
        got[seed] = xfrm.study(**SHORT, seed=seed).to_dict()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[1], got[2]] == expected


def test_other_threads_go_on_while_a_study_runs():
    ticks = []

    def tick():
        while not ticks or ticks[-1] is not None:
            ticks.append(time.monotonic())
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    xfrm.study(duration="20s", flows=1000)
    done = len(ticks)
    ticks.append(None)
    thread.join()
    assert done > 5


@pytest.mark.parametrize(
    "error, settings, words",
    [
        (ValueError, {"at": ["1s dance"]}, "at 1s dance: must be a time, then flush"),
        (ValueError, {"spd_source": "here"}, "spd.source here: must be an IPv4 network"),
        (ValueError, {"interval": "1ns"}, "interval 1ns: must give at most"),
        (ValueError, {"out": "/nowhere/a"}, "out /nowhere/a: No such file"),
        (ValueError, {"out": ""}, 'out "": must be the name of a folder'),
        (ValueError, {"out": "a\0"}, "path: must be text without NUL"),
        (TypeError, {"out": b"a"}, "path: must be a str or a path, not bytes"),
        (OSError, {"ip_xfrm": ["nowhere.conf"]}, "nowhere.conf"),
        (TypeError, {"colour": 1}, "StudyConfig has no setting 'colour'"),
        (TypeError, {"json": True}, "no setting 'json'"),
    ],
)
def test_bad_study_is_an_error_in_the_words_of_the_command_line(error, settings, words):
    with pytest.raises(error, match=words):
        xfrm.study(**settings)


@pytest.mark.parametrize("config", [{"cores": 1}, "a.ini", xfrm.RunConfig()])
def test_study_of_another_thing_than_its_config_is_a_type_error(config):
    with pytest.raises(TypeError, match="config: must be a StudyConfig, not "):
        xfrm.study(config)
    with pytest.raises(TypeError, match="config: must be a RunConfig, not "):
        xfrm.run(xfrm.StudyConfig())
