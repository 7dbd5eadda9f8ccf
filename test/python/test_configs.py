# SPDX-License-Identifier: GPL-2.0-only
"""StudyConfig and RunConfig: their table, values, files."""

import os
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import numpy as np
import pytest

import xfrm
from xfrm import _core

ROOT = Path(__file__).parents[2]
KINDS = {"study": xfrm.StudyConfig, "run": xfrm.RunConfig}
TABLES = {"study": _core.study_options, "run": _core.run_options}


def run_command(*words):
    """Return what xfrm-sim prints."""
    command = [os.environ["XFRM_SIM"], *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def list_help(kind):
    """Return option -> what the help says of it, in one line."""
    listed = {}
    for line in run_command(kind, "--help").splitlines():
        if line.startswith("  --"):
            name, _, rest = line.removeprefix("  --").partition(" ")
            listed[name] = rest.strip()
        elif line.startswith("   "):
            listed[name] += " " + line.strip()
    return listed


def test_configs_module_is_what_its_maker_makes_of_the_table():
    made = subprocess.run(
        [sys.executable, str(ROOT / "bindings" / "make-configs.py")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert made == (ROOT / "bindings" / "xfrm" / "_configs.py").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_command_line_ini_and_python_have_the_same_names_and_defaults(kind):
    rows = {row["name"]: row for row in TABLES[kind]() if not row["is_output"]}
    config = KINDS[kind]()
    assert [field.name for field in fields(config)] == [row["field"] for row in rows.values()]
    listed = list_help(kind)
    outputs = {row["name"] for row in TABLES[kind]() if row["is_output"]}
    assert set(listed) - {"config"} - outputs == set(rows)
    for name, row in rows.items():
        if row["default"]:
            assert f"[{row['default']}]" in listed[name], name
    sections = [line for line in config.to_ini().splitlines() if line[:1] not in (";", "")]
    section, written = "", {}
    for line in sections:
        if line.startswith("["):
            section = line[1:-1] + "."
        else:
            key, _, value = line.partition("=")
            written[section + key.strip()] = value.strip()
    assert written == {
        name: row["default"] for name, row in rows.items() if row["type"] != "list"
    }


@pytest.mark.parametrize("kind", KINDS)
def test_config_of_an_ini_file_equals_the_one_that_wrote_it(kind, tmp_path):
    changes = {"duration": "1.5s", "seed": 7, "rss_udp_ports": False, "cores": 3}
    config = KINDS[kind](**changes)
    file = tmp_path / "config.ini"
    file.write_text(config.to_ini())
    assert KINDS[kind].from_ini(file) == config


def test_lists_are_kept_as_tuples_and_go_through_ini_files(tmp_path):
    config = xfrm.StudyConfig(class_=["name=voice share=0.2"], at=("1s flush", "2s insert"))
    assert config.class_ == ("name=voice share=0.2",)
    file = tmp_path / "config.ini"
    file.write_text(config.to_ini())
    assert xfrm.StudyConfig.from_ini(str(file)) == config


@pytest.mark.parametrize(
    "value, text",
    [
        ("10ms", "10ms"),
        ("0.01s", "10ms"),
        (0.01, "10ms"),
        (np.float32(0.5), "500ms"),
        (2, "2s"),
        (1e-9, "1ns"),
        (1.5e-5, "15us"),
        (np.int64(3600), "3600s"),
    ],
)
def test_times_are_text_with_a_unit_or_seconds(value, text):
    config = xfrm.StudyConfig(duration=value)
    assert config.duration == text
    assert config == xfrm.StudyConfig(duration=text)
    assert hash(config) == hash(xfrm.StudyConfig(duration=text))


def test_whole_numbers_keep_all_digits():
    for seed in (2**53 + 1, 2**63 - 1, np.uint64(2**64 - 1)):
        assert xfrm.StudyConfig(seed=seed).seed == seed
        assert xfrm.RunConfig(seed=2**31 + 1).seed == 2**31 + 1


def test_seconds_reads_what_times_may_be():
    assert xfrm.seconds("10ms") == 0.01
    assert xfrm.seconds(2) == 2.0
    for bad in ("5", float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"time {bad}: must be a time such as 10s"):
            xfrm.seconds(bad)
    with pytest.raises(TypeError, match="time: must be a str or a number, not bytes"):
        xfrm.seconds(b"1s")


@pytest.mark.parametrize(
    "kind, settings, words",
    [
        ("study", {"cores": 0}, "cores 0: must be a whole number from 1 to 1024"),
        ("study", {"cores": True}, "cores true: must be a whole number"),
        ("study", {"rate": float("nan")}, "rate nan: must be a number from"),
        ("study", {"kernel": "minix"}, "kernel minix: must be one of linux-4.1, "),
        ("study", {"duration": -1}, "duration -1s: must be a time such as 10s"),
        ("study", {"duration": 1e300}, "duration 1e\\+300s: must be a time"),
        ("study", {"duration": 10**400}, "duration 1.000e\\+400s: must be a time"),
        ("study", {"duration": float("nan")}, "duration nan: must be a time"),
        ("study", {"flows": 10**400}, "flows 1.000e\\+400: must be a whole number"),
        ("study", {"profile": "a\0b"}, "profile: must be text without NUL, not 'a.x00b'"),
        ("run", {"udp_rate": -5}, "udp.rate -5: must be packets per second, from 0.001 to 1e9"),
        ("run", {"udp_size": 10.0}, "udp.size 10.0: must be a whole number"),
        ("run", {"ipsec_larval_drop": 1}, "ipsec.larval-drop 1: must be true or false"),
        ("run", {"edge_rate": "fast"}, "edge.rate fast: must be a data rate"),
    ],
)
def test_bad_value_is_a_value_error_in_the_words_of_the_command_line(kind, settings, words):
    with pytest.raises(ValueError, match=words):
        KINDS[kind](**settings)
    with pytest.raises(ValueError, match=words):
        KINDS[kind]().replace(**settings)


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"zipf": None}, "zipf: must be a bool, a number, a str or a path, not NoneType"),
        ({"cores": [1]}, "cores: must be a bool, a number, a str or a path, not list"),
        ({"at": "1s flush"}, "at: must be several texts"),
        ({"at": [1]}, "at: must be texts, not int"),
        ({"coress": 2}, "StudyConfig has no setting 'coress'; cores?"),
    ],
)
def test_value_of_another_type_is_a_type_error(settings, words):
    with pytest.raises(TypeError, match=words):
        xfrm.StudyConfig().replace(**settings)


def test_text_that_is_no_unicode_is_a_value_error():
    with pytest.raises(ValueError, match="profile: must be text"):
        xfrm.StudyConfig(profile="\udcff")
    with pytest.raises(ValueError, match="ip_xfrm: must be text"):
        xfrm.StudyConfig(ip_xfrm=["\udcff"])


def test_config_shows_what_differs_is_frozen_and_can_be_pickled():
    config = xfrm.RunConfig(cores=2, duration="1s")
    assert repr(config) == "RunConfig(duration='1s', cores=2)"
    assert repr(xfrm.StudyConfig()) == "StudyConfig()"
    with pytest.raises(FrozenInstanceError):
        config.cores = 3
    assert pickle.loads(pickle.dumps(config)) == config


def test_files_of_an_ini_file_lie_beside_it(tmp_path):
    (tmp_path / "a.ini").write_text("ip-xfrm = vpn.conf\n[traffic]\nlist = packets.txt\n")
    config = xfrm.StudyConfig.from_ini(tmp_path / "a.ini")
    assert config.ip_xfrm == (str(tmp_path / "vpn.conf"),)
    assert config.traffic_list == str(tmp_path / "packets.txt")
    with pytest.raises(ValueError, match="nowhere.ini"):
        xfrm.StudyConfig.from_ini(tmp_path / "nowhere.ini")
