# SPDX-License-Identifier: GPL-2.0-only
"""conform, validate, decap and show against the command line."""

import json
import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

import xfrm

GOLDEN = Path(__file__).parents[1] / "golden"
REPLAY = GOLDEN / "captures" / "linux-4.1.6" / "replay-w32-esn1"
COMMANDS = """\
policy add dir out src 10.1.0.0/16 dst 10.2.0.0/16 priority 7 mark 5 mask 0xff
# at 2s
policy add dir in dst 10.1.0.0/16 action block
state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 mode tunnel aead rfc4106(gcm(aes)) \
0x0000000000000000000000000000000000000000 128 limit time-hard 10
"""


def run_command(*words, status=0):
    """Return what xfrm-sim prints as JSON, read."""
    done = subprocess.run([os.environ["XFRM_SIM"], *words], capture_output=True, check=False)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def commands(tmp_path):
    """Return a file of commands."""
    file = tmp_path / "vpn.conf"
    file.write_text(COMMANDS)
    return file


def test_conform_equals_the_command_line():
    names = []
    folder = GOLDEN / "policy-scenarios"
    reports = xfrm.conform(folder, progress=names.append)
    expected = run_command("conform", "--json", str(folder))
    assert [report.name for report in reports] == [each["name"] for each in expected["sets"]]
    assert sum(report.n_rows for report in reports) == expected["total"]["rows"] > 0
    assert not any(report.mismatches for report in reports)
    assert names


def test_conform_of_no_recordings_is_a_value_error(tmp_path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        xfrm.conform([tmp_path])
    with pytest.raises(ValueError, match="face back: must be key or interned"):
        xfrm.conform(GOLDEN, face="back")
    with pytest.raises(ValueError, match="paths missing"):
        xfrm.conform([])


def test_exception_of_progress_ends_conform():
    def fail(name):
        raise LookupError(name)

    with pytest.raises(LookupError):
        xfrm.conform(GOLDEN / "policy-scenarios", progress=fail)
    xfrm.run(duration="1ms")  # the simulator is free again


def test_validate_equals_the_command_line(tmp_path):
    text = (Path(__file__).parents[2] / "doc" / "validation.md").read_text()
    sections = text.split("\n## ")
    short = tmp_path / "short.md"
    short.write_text("\n## ".join([sections[0], *(s for s in sections if s.startswith("V7."))]))
    places = []
    report = xfrm.validate(short, progress=places.append)
    expected = run_command("validate", "--json", str(short), status=0 if report.is_passed else 1)
    assert report.cells.equals(pd.DataFrame(expected["cells"]))
    assert len(places) == len(report.cells) > 0


def test_validate_of_no_table_is_a_value_error(tmp_path):
    with pytest.raises((ValueError, OSError), match="nowhere.md"):
        xfrm.validate(tmp_path / "nowhere.md")


def test_decap_equals_the_command_line():
    pcap, text = REPLAY.with_suffix(".pcap"), REPLAY.with_suffix(".txt")
    result = xfrm.decap(pcap, text, host="nB", reencap=True)
    words = f"decap --json --verbose --reencap --ip-xfrm {text} --host nB --pcap {pcap}"
    expected = run_command(*words.split())
    assert list(result.packets["verdict"]) == [each["verdict"] for each in expected["packets"]]
    assert result.totals["opened"] == expected["totals"]["opened"] == 13
    assert result.totals["reencap equal"] == result.totals["reencap"] == 13
    opened = result.packets[result.packets["verdict"] == "inner"]
    assert opened["inner"].map(len).equals(opened["inner_bytes"].astype(int))
    assert opened["is_equal"].all()


def test_decap_of_a_filter_that_takes_nothing_has_no_rows():
    pcap, text = REPLAY.with_suffix(".pcap"), REPLAY.with_suffix(".txt")
    result = xfrm.decap(pcap, [text], host="nB", filter="tcp port 1")
    assert len(result.packets) == 0 and "verdict" in result.packets
    assert result.totals["packets"] == 0


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"host": "nobody"}, "host nobody: must be one of"),
        ({"filter": "(("}, "filter"),
        ({"addresses": ["here"]}, "addresses here: must be IPv4 addresses"),
        ({"ip_xfrm": []}, "ip_xfrm missing"),
        ({"pcap": "nowhere.pcap"}, "nowhere.pcap"),
    ],
)
def test_bad_decap_is_a_value_error(changes, words):
    given = {"pcap": REPLAY.with_suffix(".pcap"), "ip_xfrm": REPLAY.with_suffix(".txt")}
    with pytest.raises(ValueError, match=words.replace("((", "")):
        xfrm.decap(**{**given, "host": "nB", **changes})


def test_show_has_what_is_there_at_a_time(commands):
    shown = xfrm.show(commands)
    assert list(shown.policies["dir"]) == ["in", "out"]
    assert list(shown.policies["mark"]) == [0, 5]
    assert list(shown.states["spi"]) == [0x1001]
    assert shown.xfrm_stat.sum() == 0 and len(shown.xfrm_stat) == 28
    assert len(xfrm.show(commands, at="1s").policies) == 1
    assert len(xfrm.show([commands], at=1).states) == 0
    assert len(xfrm.show([commands], at="20s").states) == 0


def test_show_counts_what_the_command_line_counts(commands):
    expected = run_command("show", "--json", str(commands))
    assert xfrm.show(commands).xfrm_stat.to_dict() == expected["xfrm_stat"]


def test_bad_show_is_an_error_in_the_words_of_the_command_line(tmp_path, commands):
    with pytest.raises(ValueError, match="at soon: must be a time from 0 with its unit"):
        xfrm.show(commands, at="soon")
    commands.write_text("policy dance")
    with pytest.raises(ValueError, match="vpn.conf:1:8: dance: verb must be"):
        xfrm.show(commands)
    with pytest.raises(OSError, match="nowhere.conf"):
        xfrm.show(tmp_path / "nowhere.conf")


@pytest.mark.parametrize(
    "use",
    [
        xfrm.conform,
        xfrm.validate,
        xfrm.show,
        lambda name: xfrm.decap(name, "a.conf"),
        xfrm.StudyConfig.from_ini,
        xfrm.RunConfig.from_ini,
    ],
)
def test_name_that_no_file_can_have_is_told_as_a_whole(use):
    with pytest.raises(ValueError, match="path: must be text without NUL, not 'a.x00b'"):
        use("a\0b")
