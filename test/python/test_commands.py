# SPDX-License-Identifier: GPL-2.0-only
"""The command line, and files that describe sweeps."""

import subprocess
import sys

import pandas as pd
import pytest

import xfrm
from xfrm._commands import main
from xfrm._study_file import read_study_file

STUDY = """
[study]
duration = "20ms"
traffic.attack = 0.1
rss_ring = 64

[grid]
flows = [1000, 10000]
traffic.size = [64, 128]

[sweep]
seeds = [3, 5]
store = "a.db"
executor = "processes:1"
timeout = "1min"
"""


@pytest.fixture
def write(tmp_path):
    def write_file(text):
        file = tmp_path / "study.toml"
        file.write_text(text)
        return str(file)

    return write_file


def test_study_file_is_what_sweep_takes(write, tmp_path):
    asked = read_study_file(write(STUDY + '\n[until]\nvalue = "hit_ratio"\nwithin = 0.1\n'))
    assert asked.base == xfrm.StudyConfig(duration="20ms", traffic_attack=0.1, rss_ring=64)
    assert asked.grid == xfrm.grid({"flows": [1000, 10000], "traffic_size": [64, 128]})
    assert (asked.seeds, asked.store, asked.timeout) == ([3, 5], tmp_path / "a.db", "1min")
    assert asked.until == xfrm.stats.Until("hit_ratio", within=0.1)


def test_study_file_crosses_grid_points_and_sample(write):
    asked = read_study_file(
        write(
            "[run]\nduration = '1s'\n[grid]\n"
            + "udp.rate = [10, 20]\n[[points]]\ntcp.flows = 0\n[[points]]\ntcp.flows = 2\n"
            + "[sample]\nmethod = 'sobol'\nn = 4\nranges.udp.size = [100, 1000]\n"
        )
    )
    assert isinstance(asked.base, xfrm.RunConfig)
    assert len(asked.grid) == 2 * 4 * 2
    assert set(asked.grid[0]) == {"udp_rate", "udp_size", "tcp_flows"}


def test_files_lie_beside_the_study_file(write, tmp_path):
    text = "[study]\nprofile = 'p.json'\n[grid]\ntraffic.list = ['a.txt', '/b.txt']\n"
    asked = read_study_file(write(text + "ip-xfrm = [['c.conf']]\n"))
    assert asked.base.profile == str(tmp_path / "p.json")
    assert [point["traffic_list"] for point in asked.grid] == [str(tmp_path / "a.txt"), "/b.txt"]
    assert asked.grid[0]["ip_xfrm"] == (str(tmp_path / "c.conf"),)
    assert read_study_file(write("[study]\nprofile = 'free'\n")).base.profile == "free"


@pytest.mark.parametrize(
    "text, words",
    [
        ("[study]\ncores = \n", "Invalid value"),
        ("[stud]\n", r"\[stud\]: is no section; study\?"),
        ("study = 5\n", r"study: must be a section \[study\]"),
        ("points = 5\n", r"points: must be \[\[points\]\]"),
        ("[study]\n[run]\n", r"\[run\]: must not be together with \[study\]"),
        ("[study]\ncore = 1\n", r"\[study\] core: is no setting of study; cores\?"),
        ("[study]\ncores = 0\n", r"\[study\] cores 0: must be a whole number from 1 to 1024"),
        ("[study]\ncores = [1]\n", r"\[study\] cores: must be a bool, a number"),
        ("[study]\ntraffic.size = 5\n", r"\[study\] traffic.size 5: must be"),
        ("[grid]\nflow = [1]\n", r"\[grid\] flow: is no setting of study; flows\?"),
        ("[grid]\nflows = 1\n", r"\[grid\] flows 1: must be a list of values"),
        ("[grid]\nflows = [1, 0]\n", r"\[grid\] flows 0: must be"),
        ("[grid]\nseed = [1]\n", r"\[grid\] seed: must be seeds in \[sweep\]"),
        ("[grid]\nflows = [1]\n[[points]]\nflows = 2\n", r"\[grid\] flows: must be in one part"),
        ("[[points]]\nflow = 2\n", r"\[points, number 1\] flow: is no setting"),
        ("[sample]\nmethod = 'dice'\nn = 4\n", r"\[sample\] method dice: must be one of latin"),
        ("[sample]\nranges.zipf = [0, 1]\n", r"\[sample\] n None: must be a whole number"),
        ("[sample]\nn = 4\nranges.zipf = [1]\n", r"\[sample\] zipf \[1\]: must be \(low, high\)"),
        ("[grid]\nflows = [{a = 1}]\n", r"\[grid\] flows: must be a bool, a number"),
        ("[grid]\nrss.queues = [1]\nrss_queues = [2]\n", r"\[grid\] rss_queues: must be"),
        ("[study]\nrss.queues = 1\nrss_queues = 2\n", r"\[study\] rss_queues: must be"),
        ("[sample]\nmethod = ['sobol']\nn = 4\n", r"\[sample\] method \['sobol'\]: must be one"),
        ("[sweep]\nseeds = true\n", r"\[sweep\] seeds True: must be"),
        ("[sweep]\ntimeout = true\n", r"\[sweep\] timeout True: must be"),
        ("[sweep]\nseeds = 0\n", r"\[sweep\] seeds 0: must be"),
        ("[sweep]\nseeds = 'ab'\n", r"\[sweep\] seeds ab: must be"),
        ("[sweep]\nseeds = 1.5\n", r"\[sweep\] seeds 1.5: must be"),
        ("[sweep]\nexecutor = 1.5\n", r"\[sweep\] executor 1.5: must be"),
        ("[sweep]\ntimeout = [1]\n", r"\[sweep\] timeout \[1\]: must be a time above 0"),
        ("[sweep]\nseed = 1\n", r"\[sweep\] seed: is no name; seeds\?"),
        ("[sweep]\ntimeout = 'soon'\n", r"\[sweep\] time soon: must be a time"),
        ("[sweep]\nexecutor = 'me'\n", r"\[sweep\] executor me: must be processes"),
        ("[sweep]\nstore = 5\n", r"\[sweep\] store 5: must be a text"),
        ("[until]\nwithin = 0.1\n", r"\[until\] value: missing"),
        ("[until]\nvalue = 'x'\nwithin = 0\n", r"\[until\] within 0: must be a number above 0"),
        ("[until]\nvalue = 'x'\nlevel = '9'\n", r"\[until\] level 9: must be a number"),
    ],
)
def test_mistake_in_a_study_file_is_one_line(write, capsys, text, words):
    file = write(text)
    with pytest.raises(ValueError, match=words):
        read_study_file(file)
    assert main(["sweep", file]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"xfrm: {file}: ") and told.count("\n") == 1


def test_commands_sweep_and_export(write, tmp_path, capsys):
    file = write(STUDY)
    store, csv = tmp_path / "a.db", tmp_path / "a.csv"
    assert main(["sweep", file, "--quiet"]) == 0
    assert main(["sweep", file, "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"8 runs done, 0 were there, 0 failed: {store}",
        f"0 runs done, 8 were there, 0 failed: {store}",
    ]
    assert main(["export", str(store), "-o", str(csv), "--where", "flows=1000"]) == 0
    assert pd.read_csv(csv)["flows"].tolist() == 4 * [1000]
    assert main(["export", str(store), "-o", str(csv), "--table", "per_core"]) == 0
    assert pd.read_csv(csv).columns.tolist()[:3] == ["run", "core", "offered"]
    assert main(["export", str(store), "-o", str(tmp_path / "a.nc"), "--value", "misses"]) == 0
    assert (tmp_path / "a.nc").read_bytes()[:3] == b"CDF"


def test_command_sweep_of_parts_and_merge(write, tmp_path):
    file = write(STUDY)
    for part in ("1/2", "2/2"):
        assert main(["sweep", file, "--quiet", "--array", part]) == 0
    parts = [str(tmp_path / f"a.{part}-of-2.db") for part in (1, 2)]
    assert main(["merge", str(tmp_path / "a.db"), *parts]) == 0
    assert len(xfrm.Store(tmp_path / "a.db")) == 8


def test_command_sweep_with_a_run_that_fails_exits_with_1(write):
    assert main(["sweep", write(STUDY.replace("[grid]", "traffic.pcap = 'no'\n[grid]"))]) == 1


@pytest.mark.parametrize(
    "words, told",
    [
        (["sweep", "nowhere.toml"], "xfrm: nowhere.toml: No such file or directory"),
        (["sweep", "{tmp}/a.toml", "--store", ""], ": is a folder, must be a file"),
        (["sweep", "{tmp}/a.toml", "--timeout", ""], "time : must be a time such as 10s"),
        (["sweep", "{tmp}/a.toml", "--executor", ""], "executor : must be processes"),
        (["export", "nowhere.db", "-o", "a.csv"], "nowhere.db: there is no such store"),
        (["export", "nowhere.db", "-o", "a.txt"], "--output a.txt: must end in .csv or .nc"),
        (["export", "nowhere.db", "-o", "a.nc"], "--output a.nc: must be .nc with --value"),
        (["merge", "{tmp}/a.db", "nowhere.db"], "nowhere.db: there is no such store"),
    ],
)
def test_mistake_on_the_command_line_is_one_line(capsys, tmp_path, words, told):
    (tmp_path / "a.toml").write_text("[sweep]\nstore = 'a.db'\n")
    assert main([word.format(tmp=tmp_path) for word in words]) == 2
    line = capsys.readouterr().err
    assert told in line and line.count("\n") == 1


def test_interrupted_command_says_nothing_more(monkeypatch, capsys):
    def interrupt(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("xfrm._commands.report", interrupt)
    assert main(["report", "a.db", "-o", "a.html"]) == 130
    assert capsys.readouterr() == ("", "")


def test_help_of_each_command_is_shown():
    command = [sys.executable, "-m", "xfrm"]
    told = subprocess.run([*command, "--help"], check=True, capture_output=True, text=True).stdout
    for name in ("sweep", "merge", "export", "report"):
        assert f"  {name} " in told
        words = [*command, name, "--help"]
        part = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        assert f"python3 -m xfrm {name} " in part
