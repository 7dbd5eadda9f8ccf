# SPDX-License-Identifier: GPL-2.0-only
"""Reports, in a browser: what they show is what the store has."""

import json
import math
import os
import random
import shlex
import subprocess

import pandas as pd
import pytest
from browsing import Browser

import xfrm
from xfrm._commands import main
from xfrm._report_rows import make_rows

BASE = xfrm.StudyConfig(duration="5ms", interval="1ms")
GRID = {
    "flows": [100, 200, 400, 1000, 2000, 4000, 5000, 10_000, 30_000, 100_000],
    "cores": [1, 2, 4, 8, 16],
    "zipf": [0, 0.8, 1, 1.2],
}
HOSTILE = "</script><script>document.title=1</script><img src=x onerror='document.title=2'>&lt;b>"


@pytest.fixture(scope="module")
def browser():
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def store(folder):
    """Return a store of 200 points with 5 seeds each."""
    return xfrm.sweep(BASE, GRID, seeds=5, store=folder / "sweep.db").store


@pytest.fixture(scope="module")
def page(store, folder):
    return xfrm.report(store, folder / "sweep.html", title="Too many flows")


def read_figure(browser):
    """Return the points of the main figure: run, x, y, and the half of the interval."""
    traces = browser.run(
        "find('figure').data.filter((trace) => trace.customdata).map((trace) =>"
        " ({x: trace.x, y: trace.y, up: trace.error_y.array, row: trace.customdata}))"
    )
    runs = browser.run("page.dataset.runs")
    spots = [
        (runs[int(row)], x, y, math.nan if up is None else up)
        for trace in traces
        for x, y, up, row in zip(trace["x"], trace["y"], trace["up"], trace["row"])
        if row is not None
    ]
    return pd.DataFrame(spots, columns=["run", "x", "y", "up"]).set_index("run")


def check_figure(browser, runs, value, factor=1.0):
    """See that the figure has the means and intervals of some runs, and no others."""
    varied = list(GRID)
    spots = read_figure(browser)
    points = runs.loc[spots.index, varied]
    summary = xfrm.stats.summarize(runs, value, by=varied)
    assert len(spots) == len(summary) and not points.duplicated().any()
    expected = summary.loc[pd.MultiIndex.from_frame(points)]
    assert spots["y"].tolist() == pytest.approx((expected["mean"] * factor).tolist(), rel=1e-12)
    half = (expected["high"] - expected["mean"]) * factor
    assert spots["up"].tolist() == pytest.approx(half.tolist(), rel=1e-9, nan_ok=True)


def read_rows(browser):
    """Return the numbers of the runs that the table shows, in order."""
    return [int(text) for text in browser.texts("#rows tbody th")]


def test_page_of_a_large_sweep_is_small_and_asks_for_nothing(browser, page):
    assert page.stat().st_size < 5_000_000
    browser.open(page)
    assert browser.take_complaints() == []
    asked = [url for url in browser.take_requests() if not url.startswith("data:")]
    assert asked == [page.as_uri()]
    assert browser.driver.title == "Too many flows"
    assert "1000 runs done, none failed: 200 points, 5 seeds." in browser.find("#counts").text
    assert browser.run("document.querySelectorAll('.figure .main-svg').length") == 9


def test_figure_has_the_means_and_intervals_of_the_store(browser, page, store):
    runs = store.runs()
    browser.open(page)
    check_figure(browser, runs, "hit_ratio")
    browser.choose("y", "latency_p99_ns")
    check_figure(browser, runs, "latency_p99_ns", 1e-9)
    browser.choose("x", "cores")
    browser.choose("color", "flows")
    browser.choose("facet", "")
    check_figure(browser, runs, "latency_p99_ns", 1e-9)
    assert browser.take_complaints() == []


def test_filters_change_rows_and_curves(browser, page, store):
    browser.open(page)
    for name, value in (("cores", 2), ("flows", 100), ("seed", 4)):
        browser.click(f"#filters input[name='{name}'][value='{value}']")
    kept = {"cores": [1, 4, 8, 16], "flows": GRID["flows"][1:]}
    runs = store.runs(**kept, seed=[1, 2, 3, 5])
    assert len(runs) == 4 * 9 * 4 * 4
    check_figure(browser, runs, "hit_ratio")
    assert browser.find("#rows-note").text == f"{len(runs)} runs of 1000, 50 shown."
    browser.click("#rows-more button:first-child")
    assert read_rows(browser) == runs.index[:550].tolist()
    browser.click("#filters button[aria-label='all of the values of cores']")
    check_figure(browser, store.runs(flows=kept["flows"], seed=[1, 2, 3, 5]), "hit_ratio")


def test_filters_that_leave_nothing_leave_an_empty_page(browser, page):
    browser.open(page)
    browser.click("#filters button[aria-label='none of the values of cores']")
    browser.open(page, browser.run("location.hash.slice(1)"))
    assert browser.find("#rows-note").text == "0 runs of 1000."
    assert len(read_figure(browser)) == 0 and browser.take_complaints() == []


def test_intervals_are_those_of_the_package(browser, page):
    browser.open(page)
    draw = random.Random(1)
    samples = [[draw.gauss(5, 2) for _ in range(n)] for n in (1, 2, 3, 4, 5, 6, 11, 30, 101, 1000)]
    samples += [[0.1, 0.1, 0.1], [1e9, 1e9 + 1]]
    for values in samples:
        got = browser.run("interval(a0)", values)
        expected = xfrm.stats.interval(values)
        assert got["n"] == expected.n
        limits = [math.nan if got[name] is None else got[name] for name in ("mean", "low", "high")]
        wanted = [expected.mean, expected.low, expected.high]
        assert limits == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_table_is_sorted_by_any_column(browser, page, store):
    runs = store.runs()
    browser.open(page)
    assert read_rows(browser) == runs.index[:50].tolist()
    for name in ("latency_p99_ns", "run"):
        place = browser.texts("#rows thead th").index(name) + 1
        for order, ascending in (("ascending", True), ("descending", False)):
            browser.click(f"#rows thead th:nth-child({place}) button")
            head = browser.find(f"#rows thead th:nth-child({place})")
            assert head.get_attribute("aria-sort") == order
            sorted_ = runs.reset_index().sort_values(name, ascending=ascending, kind="stable")
            assert read_rows(browser) == sorted_["run"].tolist()[:50]


def test_csv_has_the_filtered_rows_as_the_store_has_them(browser, page, store, tmp_path):
    browser.open(page, "in.cores=4&in.flows=1000&in.flows=5000")
    file = browser.download("#save-csv", tmp_path)
    assert file.name == "sweep.csv"
    read = pd.read_csv(file, index_col="run", float_precision="round_trip")
    runs = store.runs(cores=4, flows=[1000, 5000])
    assert read.index.tolist() == runs.index.tolist()
    numbers = [name for name in runs.attrs["results"] if runs[name].notna().any()]
    for name in [*GRID, "seed", "duration", "host", "started", *numbers]:
        assert read[name].tolist() == runs[name].tolist(), name


@pytest.mark.parametrize("kind, begin", [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_figure_is_saved_as_a_picture(browser, page, tmp_path, kind, begin):
    browser.open(page)
    file = browser.download(f"#figure [data-title='Download plot as a {kind}']", tmp_path)
    assert file.name == f"hit_ratio over flows.{kind}" and file.read_bytes().startswith(begin)
    assert browser.take_complaints() == []


def test_address_keeps_what_is_shown(browser, page, tmp_path):
    browser.open(page)
    choices = {"y": "misses", "x": "cores", "color": "zipf", "facet": "", "yscale": "log"}
    for name, value in {**choices, "curve": "ccdf"}.items():
        browser.choose(name, value)
    browser.click("#filters input[name='zipf'][value='0.8']")
    browser.click("#rows tbody tr:nth-child(3) input")
    browser.click("#rows tbody tr:nth-child(5) .open")
    hash_ = browser.run("location.hash.slice(1)")
    all_ = "[document.body.innerText, find('figure').data.map((trace) => trace.y)]"
    shown = browser.run(all_)
    browser.open(page, hash_)
    assert browser.run("location.hash.slice(1)") == hash_
    assert browser.run(all_) == shown
    browser.run("location.hash = 'y=nothing&in.nothing=1&point=x&run=0&sort=nothing'")
    browser.run("page.readAddress()")
    assert "1000 runs of 1000" in browser.find("#rows-note").text
    assert browser.take_complaints() == []


def test_opened_row_tells_where_it_comes_from_and_how_to_do_it_again(browser, page, store):
    run = store.runs(cores=2, flows=5000, zipf=0.8, seed=3).index[0]
    browser.open(page, f"run={run}&in.cores=2&in.flows=5000")
    terms = dict(zip(browser.texts(".details dt"), browser.texts(".details dd")))
    row = store.runs().loc[run]
    for name in ("module_version", "ns3_version", "git_commit", "profile_hash", "host", "started"):
        assert terms[name] == row[name]
    assert terms["traffic_size"] == f"{row['traffic_size']}\u202fB"
    command, python = browser.texts(".details code")
    words = shlex.split(command)
    assert words[:2] == ["./xfrm", "study"]
    done = subprocess.run(
        [os.environ["XFRM_SIM"], *words[1:], "--json"], check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["total"]["misses"] == row["misses"]
    assert python == f'xfrm.study(xfrm.Store("sweep.db").config({run}))'


def test_latencies_are_those_of_the_store(browser, page, store):
    point = store.runs(cores=1, flows=100_000, zipf=0)
    browser.open(page, f"point={min(point.index)}")
    (trace,) = browser.run("find('latency').data.map((trace) => ({y: trace.y, name: trace.name}))")
    assert trace["name"] == "cores = 1, flows = 100000, zipf = 0"
    percentiles = browser.run("page.dataset.latency.percentiles")
    for name, percentile in (("p50", 50), ("p99", 99), ("max", 100)):
        mean_s = point[f"latency_{name}_ns"].mean() / 1e9
        assert trace["y"][percentiles.index(percentile)] == pytest.approx(mean_s, rel=2e-3)


def test_click_on_a_point_chooses_it(browser, page, store):
    browser.open(page)
    assert browser.run("find('latency').data.length") == 6
    browser.run("find('figure').scrollIntoView()")
    marker = browser.driver.find_elements("css selector", "#figure .scatterlayer .point")[2]
    browser.point_at(marker)
    assert browser.run("find('latency').data.length") == 1
    assert "point=" in browser.run("location.hash")


def test_series_is_that_of_the_chosen_run(browser, page, store):
    run = store.runs(cores=16, flows=200, zipf=1, seed=1).index[0]
    browser.open(page, f"run={run}&series=misses")
    (trace,) = browser.run("find('series-figure').data.map((trace) => ({x: trace.x, y: trace.y}))")
    series = store.series(run)
    assert trace["x"] == pytest.approx(series.index.tolist())
    assert trace["y"] == pytest.approx(series["misses"].tolist(), rel=1e-3)


def test_controls_have_names_and_the_keyboard_reaches_them(browser, page):
    browser.open(page)
    nameless = browser.run(
        "[...document.querySelectorAll('select, input, button')].filter((each) =>"
        " !each.labels?.length && !each.ariaLabel && !each.textContent).map((each) => each.name)"
    )
    assert nameless == []
    box = browser.find("#filters input[name='cores'][value='1']")
    box.send_keys(" ")
    assert browser.find("#rows-note").text.startswith("800 runs")
    focused = browser.run("[document.activeElement.name, document.activeElement.value]")
    assert focused == ["cores", "1"]


def test_page_is_as_wide_as_a_phone_and_dark_where_that_is_preferred(browser, page):
    browser.resize(390, 800)
    browser.prefer("dark")
    try:
        browser.open(page)
        assert browser.run("document.documentElement.scrollWidth") == 390
        assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 28)"
        assert browser.run("find('figure').layout.paper_bgcolor") == "#16181c"
    finally:
        browser.resize(1280, 900)
        browser.prefer("light")
    browser.wait("find('figure').layout.paper_bgcolor === '#ffffff'")


def test_hostile_text_is_text(browser, tmp_path):
    grid = {"traffic_pcap": ["", f"/nowhere/{HOSTILE}"], "at": [(), ("1ms flush",)]}
    store = xfrm.sweep(BASE, grid, seeds=2, store=tmp_path / "<b>.db").store
    page = xfrm.report(store, tmp_path / "a.html", title=f"$title {HOSTILE}")
    browser.open(page)
    assert browser.take_complaints() == []
    assert browser.driver.title == browser.find("h1").text == f"$title {HOSTILE}"
    assert browser.run("document.querySelectorAll('img, b').length") == 0
    n_scripts = len(xfrm._report._SCRIPTS) + 2  # the library and the data
    assert browser.run("document.querySelectorAll('script').length") == n_scripts
    assert len(browser.texts("#failed tbody tr")) == 4
    failed = store.runs(status="failed")
    assert browser.texts("#failed tbody td:nth-child(3)") == failed["error"].tolist()
    browser.choose("color", "traffic_pcap")
    browser.choose("x", "at")
    assert browser.take_complaints() == []


def test_page_of_both_kinds_lets_one_choose(browser, tmp_path):
    xfrm.sweep(BASE, store=tmp_path / "a.db")
    base = xfrm.RunConfig(duration="200ms", tcp_flows=0)
    store = xfrm.sweep(base, {"edge_rate": ["10Mbps", "100Mbps"]}, store=tmp_path / "a.db").store
    browser.open(xfrm.report(store, tmp_path / "a.html"))
    assert "2 runs done" in browser.find("#counts").text
    assert browser.texts("#varied dd") == ["10\u202fMbit/s, 100\u202fMbit/s"]
    words = shlex.split(browser.run("writeCommand(page.dataset, page.rows[0])"))
    assert words[:2] == ["./xfrm", "run"] and "--edge.rate=10000000bps" in words
    browser.choose("kind", "study")
    assert "1 run done" in browser.find("#counts").text
    browser.open(tmp_path / "a.html", browser.run("location.hash.slice(1)"))
    assert "1 run done" in browser.find("#counts").text and browser.take_complaints() == []


def test_sample_is_filtered_by_ranges(browser, tmp_path):
    points = xfrm.latin_hypercube(20, {"flows": (100, 10_000, "log"), "zipf": (0.5, 1.5)})
    store = xfrm.sweep(BASE, points, seeds=2, store=tmp_path / "a.db").store
    browser.open(xfrm.report(store, tmp_path / "a.html"))
    browser.find("input[name='from zipf']").send_keys("0.8\t")
    browser.find("input[name='to flows']").send_keys("2000\t")
    runs = store.runs()
    kept = runs[(runs["zipf"] >= 0.8) & (runs["flows"] <= 2000)]
    assert read_rows(browser) == kept.index.tolist() and len(kept) > 2
    check_figure(browser, kept.assign(cores=1), "hit_ratio")


def test_what_does_not_fit_is_left_out_and_the_page_says_so(browser, store, folder, monkeypatch):
    library = os.path.getsize(xfrm._report._PAGE / "plotly.min.js")
    monkeypatch.setattr(xfrm._report, "MOST_BYTES", library + 600_000)
    page = xfrm.report(store, folder / "small.html")
    assert page.stat().st_size < library + 600_000
    browser.open(page)
    (note,) = browser.texts("#notes li")
    count = browser.run("Object.keys(page.dataset.series.runs).length")
    assert 200 <= count < 1000 and f"Time series of {count} of 1000 runs are here" in note


def test_version_of_the_module_makes_a_point_where_there_are_several(store):
    runs = store.runs(cores=1)
    twice = pd.concat([runs, runs.assign(module_version="0.0")])
    twice.attrs = runs.attrs
    assert make_rows(runs, "study")["varied"] == ["flows", "zipf"]
    rows = make_rows(twice, "study")
    assert rows["varied"] == ["flows", "zipf", "module_version"] and rows["notes"] == []
    (note,) = make_rows(pd.concat([runs, runs]).set_flags(), "study")["notes"]
    assert note.startswith(f"{len(runs)} runs have the parameters and the seed of another")


def test_command_writes_the_page(store, tmp_path, capsys):
    file = tmp_path / "a.html"
    assert main(["report", str(store.path), "-o", str(file), "--title", "A & B"]) == 0
    assert capsys.readouterr().out.endswith(f" MB: {file}\n")
    assert "<title>A &amp; B</title>" in file.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.parametrize(
    "name, output, told",
    [
        ("nowhere.db", "a.html", "nowhere.db: there is no such store"),
        ("failed.db", "a.html", "failed.db: no run of it is done"),
        ("text.db", "a.html", "text.db: "),
        ("done.db", "nowhere/a.html", "nowhere/a.html: No such file or directory"),
        ("done.db", ".", ": is a folder, must be a file"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(tmp_path, capsys, name, output, told):
    xfrm.sweep(BASE, store=tmp_path / "done.db")
    xfrm.sweep(BASE.replace(traffic_pcap="/nowhere/a.pcap"), store=tmp_path / "failed.db")
    (tmp_path / "text.db").write_text("no store\n" * 1000)
    before = sorted(each.name for each in tmp_path.iterdir())
    assert main(["report", str(tmp_path / name), "-o", str(tmp_path / output)]) == 2
    line = capsys.readouterr().err
    assert told in line and line.startswith("xfrm: ") and line.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_page_that_is_there_stays_when_writing_fails(store, tmp_path, monkeypatch):
    file = tmp_path / "a.html"
    file.write_text("before")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(OSError, match="a.html: No space"):
        xfrm.report(store, file)
    assert file.read_text() == "before" and len(list(tmp_path.iterdir())) == 1
