# SPDX-License-Identifier: GPL-2.0-only
"""xfrm.run against the command line."""

import os
import signal
import subprocess
import threading
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import xfrm

SHORT = {"duration": "300ms", "interval": "100ms"}


def run_command(*options):
    """Return what xfrm-sim run --json prints."""
    command = [os.environ["XFRM_SIM"], "run", "--json", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_run_of_short_settings_equals_the_command_line():
    result = xfrm.run(**SHORT)
    assert result.json == run_command("--duration", "300ms", "--interval", "100ms")
    assert result.summary["simulated_s"] == 0.3
    assert list(result.nodes) == ["H", "A", "B", "K"]
    assert result.config["duration"] == "300ms"
    assert result.flows["udp H-K"]["received"] > 0


def test_run_of_other_settings_equals_the_command_line():
    result = xfrm.run(
        duration="400ms",
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
    expected = run_command(*words.split())
    assert result.json == expected
    assert result.nodes["A"]["sealed"] == 0


def test_run_with_out_writes_what_the_command_line_writes(tmp_path):
    result = xfrm.run(**SHORT, tcp_flows=0, out=tmp_path / "a", pcap=True)
    words = "--duration 300ms --interval 100ms --tcp.flows 0 --pcap"
    run_command(*words.split(), f"--out={tmp_path / 'b'}")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert "A-B.pcap" in names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert xfrm.run(config=tmp_path / "a" / "config.ini").json == result.json


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"udp_rate": -5}, "udp.rate -5: must be packets per second, from 0.001 to 1e9"),
        ({"duration": 10}, "duration 10: must be a time such as 10s"),
        ({"udp_size": 10.0}, "udp.size 10.0: must be a whole number"),
        ({"ipsec_larval_drop": 1}, "ipsec.larval-drop 1: must be true or false"),
        ({"udp_port": 65535, "udp_flows": 2}, "udp.port 65535: must be at most 65534"),
        ({"pcap": True}, "pcap"),
        ({"ip_xfrm": ["nowhere.conf"]}, "nowhere.conf"),
        ({"config": "nowhere.ini"}, "nowhere.ini"),
    ],
)
def test_run_of_a_bad_value_is_a_value_error(settings, words):
    with pytest.raises(ValueError, match=words):
        xfrm.run(**settings)


def test_run_of_an_unknown_setting_names_the_nearest():
    with pytest.raises(TypeError, match="unexpected setting 'udp_rat'.*; udp_rate?"):
        xfrm.run(udp_rat=5)
    with pytest.raises(TypeError, match="unexpected setting 'json'"):
        xfrm.run(json=True)


def test_run_of_a_value_of_another_type_is_a_type_error():
    with pytest.raises(TypeError, match="must be a bool, a number, a str or a path, not list"):
        xfrm.run(udp_rate=[5])
    with pytest.raises(TypeError, match="ip_xfrm: must be a list of files"):
        xfrm.run(ip_xfrm="file")


def test_result_is_frozen():
    result = xfrm.run(**SHORT, tcp_flows=0)
    with pytest.raises(FrozenInstanceError):
        result.json = ""
    with pytest.raises(TypeError):
        result.nodes["A"]["sealed"] = 1


def test_run_settings_all_have_their_default_allowed():
    given = {setting.name: setting.default for setting in xfrm.run_settings()}
    assert {"udp_rate", "udp_source_port", "ipsec_larval_drop"} <= set(given)
    assert not {"out", "pcap", "json"} & set(given)
    assert xfrm.run(**{**given, **SHORT}).json == xfrm.run(**SHORT).json


def test_interrupted_run_raises_and_leaves_nothing(tmp_path):
    timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        xfrm.run(duration="1000s", out=tmp_path / "a")
    assert not list(tmp_path.iterdir())
    xfrm.run(**SHORT, tcp_flows=0)  # the simulator is free again


def test_second_run_at_the_same_time_is_a_runtime_error():
    met = []

    def run_inside(number, frame):
        try:
            xfrm.run(**SHORT)
        except RuntimeError as error:
            met.append(str(error))

    before = signal.signal(signal.SIGALRM, run_inside)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        xfrm.run(duration="10s")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(met) == 1 and "a run is under way" in met[0]
