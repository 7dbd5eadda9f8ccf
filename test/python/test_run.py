# SPDX-License-Identifier: GPL-2.0-only
"""xfrm.run against the command line."""

import json
import os
import pickle
import signal
import subprocess
import threading
import time

import numpy as np
import pytest

import xfrm

SHORT = {"duration": "300ms", "interval": "100ms"}


def run_command(*options):
    """Return what xfrm-sim run --json prints, read."""
    command = [os.environ["XFRM_SIM"], "run", "--json", *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_run_equals_the_command_line():
    result = xfrm.run(**SHORT)
    assert result.to_dict() == run_command("--duration", "300ms", "--interval", "100ms")
    assert result.summary["simulated_s"] == 0.3
    assert list(result.nodes.index) == ["H", "A", "B", "K"]
    assert result.config.duration == "300ms"
    assert result.flows.loc["udp H-K", "received"] > 0
    assert not result.is_partial


def test_run_of_other_settings_equals_the_command_line():
    result = xfrm.run(
        duration=0.4,
        seed=np.int64(7),
        udp_rate=2500.5,
        udp_arrivals="poisson",
        udp_source_port=77,
        tcp_flows=0,
        line_gateways=3,
        ipsec_larval_drop=False,
        ip_xfrm=["none"],
    )
    words = (
        "--duration 400ms --seed 7 --udp.rate 2500.5 --udp.arrivals poisson --udp.source-port 77"
        " --tcp.flows 0 --line.gateways 3 --ipsec.larval-drop=false --ip-xfrm none"
    )
    assert result.to_dict() == run_command(*words.split())
    assert result.nodes.loc["A", "sealed"] == 0


def test_run_with_out_writes_what_the_command_line_writes(tmp_path):
    result = xfrm.run(**SHORT, tcp_flows=0, out=tmp_path / "a", pcap=True)
    words = "--duration 300ms --interval 100ms --tcp.flows 0 --pcap"
    run_command(*words.split(), f"--out={tmp_path / 'b'}")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert "A-B.pcap" in names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    again = xfrm.run(xfrm.RunConfig.from_ini(tmp_path / "a" / "config.ini"))
    assert again.flows.equals(result.flows)


def test_tables_of_a_run_agree_with_one_another():
    result = xfrm.run(**SHORT, cores=2)
    assert result.summary["sealed"] == result.nodes["sealed"].sum() > 0
    udp = result.flows[result.flows["kind"] == "udp"]
    assert result.summary["udp.received"] == udp["received"].sum() > 0
    assert result.summary["udp.throughput_bps"] == udp["throughput_bps"].sum()
    assert result.series.loc[0.3].equals(result.nodes)
    assert result.flow_series.loc[0.3, "received"].equals(result.flows["received"])
    assert result.core_series.loc[0.3].equals(result.per_core)
    assert list(result.per_core.index) == [("A", 0), ("A", 1), ("B", 0), ("B", 1)]
    assert list(result.series.index.levels[0]) == [0.0, 0.1, 0.2, 0.3]
    assert result.latency.loc[50, "ping_ns"] == result.flows.loc["ping H-K", "delay_p50_ns"]


def test_run_without_cores_or_flows_has_tables_without_rows():
    result = xfrm.run(**SHORT, udp_flows=0, tcp_flows=0, ping_interval=0)
    for table in (result.flows, result.flow_series, result.per_core, result.core_series):
        assert len(table) == 0
        assert "units" in table.attrs
    assert result.latency.isna().all().all()
    assert "0 flows" in repr(result)


def test_tables_of_a_run_know_their_units():
    result = xfrm.run(**SHORT, cores=1)
    for table in (result.nodes, result.flows, result.per_core, result.series, result.latency):
        assert set(table.attrs["units"]) == {*table.columns, *table.index.names}
    assert result.flows.attrs["units"]["throughput_bps"] == "bit/s"
    assert result.flows.attrs["units"]["delay_p99_ns"] == "ns"
    assert result.nodes.attrs["units"]["in_bytes"] == "bytes"
    assert result.nodes.attrs["units"]["sealed"] == "packets"
    names = {name: result.flows.attrs["units"][name] for name in ("flow", "kind", "from", "to")}
    assert names == dict.fromkeys(names, "")  # text
    assert result.per_core.attrs["units"]["core"] == result.per_core.attrs["units"]["node"] == ""


def test_result_of_a_run_can_be_pickled_and_shown():
    result = xfrm.run(**SHORT)
    again = pickle.loads(pickle.dumps(result))
    assert again.to_dict() == result.to_dict()
    assert again.nodes.equals(result.nodes) and again.nodes.attrs == result.nodes.attrs
    assert "RunConfig(duration='300ms'" in repr(result)
    assert result._repr_html_().count("<table") == 2


@pytest.mark.parametrize(
    "error, settings, words",
    [
        (ValueError, {"udp_port": 65535, "udp_flows": 2}, "udp.port 65535: must be at most 65534"),
        (ValueError, {"pcap": True}, "pcap"),
        (ValueError, {"ip_xfrm": ["nowhere.conf"]}, "nowhere.conf"),
        (ValueError, {"profile": "nowhere.json", "cores": 1}, "nowhere.json"),
        (ValueError, {"out": ""}, "out"),
        (TypeError, {"udp_rat": 5}, "RunConfig has no setting 'udp_rat'; udp_rate?"),
        (TypeError, {"json": True}, "no setting 'json'"),
        (TypeError, {"ip_xfrm": "file"}, "ip_xfrm: must be several texts"),
    ],
)
def test_bad_run_is_an_error_in_the_words_of_the_command_line(error, settings, words):
    with pytest.raises(error, match=words):
        xfrm.run(**settings)


@pytest.mark.parametrize("settings", [{"duration": "1000s"}, {"duration": "1000000s"}])
def test_interrupted_run_stops_soon_and_gives_what_there_is(settings, tmp_path):
    came = []
    timer = threading.Timer(1, lambda: (came.append(time.monotonic()), os.kill(os.getpid(), 2)))
    timer.start()
    result = xfrm.run(**settings, out=tmp_path / "a")
    assert time.monotonic() - came[0] < 1  # 0.2 s on a machine that does nothing else
    assert result.is_partial
    assert 0 < result.summary["simulated_s"] < xfrm.seconds(settings["duration"])
    assert json.loads((tmp_path / "a" / "summary.json").read_text())["partial"] is True
    xfrm.run(**SHORT, tcp_flows=0)  # the simulator is free again


def test_progress_of_a_run_is_told_shares_up_to_one():
    shares = []
    xfrm.run(duration="3s", progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and shares[0] < 0.5


def test_second_run_at_the_same_time_is_an_xfrm_error():
    met = []

    def run_inside(number, frame):
        try:
            xfrm.run(**SHORT)
        except xfrm.XfrmError as error:
            met.append(str(error))

    before = signal.signal(signal.SIGALRM, run_inside)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        xfrm.run(duration="3s", udp_rate=20_000)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(met) == 1 and "a run is under way" in met[0]


def test_study_beside_a_run_gives_what_it_gives_alone():
    settings = {"duration": "100ms", "rate": 100_000}
    expected = xfrm.study(**settings).to_dict()
    got = []
    alone = xfrm.run(**SHORT).to_dict()

    def study_inside(number, frame):
        got.append(xfrm.study(**settings).to_dict())

    before = signal.signal(signal.SIGALRM, study_inside)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        beside = xfrm.run(**SHORT).to_dict()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert got == [expected]
    assert beside == alone
