# SPDX-License-Identifier: GPL-2.0-only
"""Figures: what is drawn, said and written."""

import doctest
import inspect
import json
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sweeping import BASE, GRID

import xfrm
from xfrm.plot._names import name_column, name_value
from xfrm.plot._scales import is_geometric, is_logarithmic
from xfrm.plot._style import look_of
from xfrm.plot._units import format_value

matplotlib.use("Agg")

DOCUMENT = Path(__file__).parents[2] / "doc" / "validation.md"


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def store():
    return xfrm.sweep(BASE, GRID, seeds=3).store


@pytest.fixture(scope="module")
def study():
    return xfrm.study(BASE.replace(duration="50ms", zipf=0, ipsec_seed_period="20ms"), cores=2)


@pytest.fixture(scope="module")
def run():
    return xfrm.run(cores=2, duration="1s", interval="100ms", udp_flows=20)


def list_lines(axes):
    """Return lines, without the caps of error bars."""
    return [line for line in axes.lines if line.get_linestyle() != "None"]


def list_intervals(axes):
    """Return lower and upper limits of the error bars of each line."""
    found = []
    for container in axes.containers:
        _, _, (bars,) = container.lines
        found.append(np.array([sorted(segment[:, 1]) for segment in bars.get_segments()]).T)
    return found


def list_labels(axes):
    """Return what the legend says, sorted."""
    return sorted(text.get_text() for text in axes.get_legend().get_texts())


def write_ticks(axis):
    """Return what stands at the ticks."""
    axis.axes.figure.canvas.draw()
    return [label.get_text() for label in axis.get_ticklabels() if label.get_text()]


# Results against parameters


def test_against_draws_means_with_intervals(store):
    axes = xfrm.plot.against(store, "hit_ratio", "flows", by="cores")
    table = xfrm.stats.summarize(store.runs(), "hit_ratio", by=["cores", "flows"])
    assert len(list_lines(axes)) == len(list_intervals(axes)) == 2
    for line, (low, high), cores in zip(list_lines(axes), list_intervals(axes), (1, 2)):
        np.testing.assert_allclose(line.get_ydata(), table.loc[cores, "mean"])
        np.testing.assert_allclose(low, table.loc[cores, "low"])
        np.testing.assert_allclose(high, table.loc[cores, "high"])
        assert list(line.get_xdata()) == [1000, 10000]
    assert list_labels(axes) == ["1", "2"]
    assert axes.get_legend().get_title().get_text() == "Cores"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Flows", "Hit ratio (%)")


def test_against_takes_what_a_sweep_gives_and_chosen_runs(store):
    runs = store.runs(cores=1)
    axes = xfrm.plot.against(runs, "carried_rate", "flows")
    assert axes.get_legend() is None and axes.get_ylabel() == "Throughput (Mpps)"
    result = xfrm.sweep(BASE, {"flows": [1000, 2000]})
    assert len(list_lines(xfrm.plot.against(result, "hit_ratio", "flows"))) == 1


def test_against_of_one_seed_draws_no_bars(store):
    axes = xfrm.plot.against(store.runs(seed=1, cores=1), "hit_ratio", "flows")
    assert np.isfinite(list_lines(axes)[0].get_ydata()).all() and not axes.containers
    runs = pd.DataFrame({"x": [1, 1, 2], "y": [4, 6, 7]})
    axes = xfrm.plot.against(runs, "y", "x")
    assert len(list_lines(axes)[0].get_xdata()) == 2 and len(list_intervals(axes)[0][0]) == 1


def test_against_a_text_has_a_place_for_each():
    kernels = ["linux-4.19", "linux-4.1"]
    result = xfrm.sweep(BASE, {"kernel": kernels, "cores": [1, 2]}, seeds=2)
    axes = xfrm.plot.against(result, "latency_p99_ns", "kernel", by="cores")
    assert [text.get_text() for text in axes.get_xticklabels()] == ["linux-4.1", "linux-4.19"]
    assert list(list_lines(axes)[0].get_xdata()) == [0, 1]


def test_against_several_has_a_line_for_each_combination(store):
    axes = xfrm.plot.against(store, "misses", "seed", by=["flows", "cores"])
    assert list_labels(axes) == ["10k, 1", "10k, 2", "1k, 1", "1k, 2"]
    looks = {(line.get_color(), str(line.get_linestyle())) for line in list_lines(axes)}
    assert len(looks) == 4


def test_against_wants_a_value_of_all_that_varies(store):
    with pytest.raises(ValueError, match=r"cores varies, too \(1, 2\): must be one value"):
        xfrm.plot.against(store, "hit_ratio", "flows")


def test_against_lets_a_parameter_vary_with_the_one_that_is_drawn():
    points = [{"cores": n, "flows": 100 * n} for n in (1, 2)]
    axes = xfrm.plot.against(xfrm.sweep(BASE, points), "hit_ratio", "cores")
    assert list(list_lines(axes)[0].get_xdata()) == [1, 2]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("hit_rato", "flows", "cores"), "column hit_rato: must be .* such as hit_ratio"),
        (("hit_ratio", "flow", "cores"), "column flow: must be .* such as flows"),
        (("hit_ratio", "flows", "core"), "column core: must be .* such as cores"),
        (("hit_ratio", "flows", "flows"), "by flows: must be other parameters than x"),
        (("kernel", "flows", "cores"), "column kernel: must have numbers, not 'linux-4.1'"),
    ],
)
def test_against_columns_that_are_not_there_is_a_value_error(store, arguments, words):
    value, x, by = arguments
    with pytest.raises(ValueError, match=words):
        xfrm.plot.against(store, value, x, by=by)


def test_against_nothing_is_an_error(store):
    with pytest.raises(ValueError, match="runs: must be one or more"):
        xfrm.plot.against(store.runs(cores=3), "hit_ratio", "flows")
    with pytest.raises(TypeError, match="runs: must be a Store or its runs"):
        xfrm.plot.against(3, "hit_ratio", "flows")
    with pytest.raises(ValueError, match="xscale log2: must be one of linear, log"):
        xfrm.plot.against(store, "hit_ratio", "flows", by="cores", xscale="log2")


def test_lines_on_the_same_axes_differ(store):
    axes = xfrm.plot.against(store.runs(cores=1), "hit_ratio", "flows")
    again = xfrm.plot.against(store.runs(cores=2), "hit_ratio", "flows", ax=axes)
    assert again is axes
    assert len({line.get_color() for line in list_lines(axes)}) == 2


def test_panels_that_share_an_axis_share_its_prefix():
    runs = pd.DataFrame({"x": [1, 2, 1, 2], "part": [1, 1, 2, 2], "time": [0.5, 1, 300, 900.0]})
    runs.attrs = {"units": {"time": "ns"}}
    _, (left, right) = plt.subplots(1, 2, sharey=True)
    for axes, part in ((left, 2), (right, 1)):
        xfrm.plot.against(runs[runs["part"] == part], "time", "x", ax=axes, yscale="linear")
    assert (left.get_ylabel(), right.get_ylabel()) == ("Time (ns)", "")
    assert left.get_ylim() == right.get_ylim() and left.get_ylim()[1] > 900


# Axes


def test_axes_are_logarithmic_where_values_ask_for_it():
    assert is_geometric([1, 2, 4, 8]) and is_geometric([1000, 3000, 10_000])
    assert not is_geometric([1, 2, 3, 4]) and not is_geometric([0, 1, 10])
    assert is_logarithmic([1, 30], "ns")
    assert not is_logarithmic([1, 3], "ns") and not is_logarithmic([0.001, 1], "1")


def test_axes_hold_the_tables_units_and_show_prefixes():
    runs = pd.DataFrame({"rate": [1e6, 2e6, 3e6], "latency_p99_ns": [4e3, 4e4, 9e6]})
    runs.attrs = {"units": {"rate": "packets/s", "latency_p99_ns": "ns"}}
    axes = xfrm.plot.against(runs, "latency_p99_ns", "rate")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Packet rate (Mpps)", "Latency, p99 (µs)")
    assert write_ticks(axes.xaxis) == ["1", "2", "3"]
    assert axes.get_yscale() == "log" and list(axes.lines[0].get_ydata()) == [4e3, 4e4, 9e6]
    assert {"10", "100", "1000"} <= set(write_ticks(axes.yaxis))
    runs["latency_p99_ns"] = [200, 4e4, 9e8]
    axes = xfrm.plot.against(runs, "latency_p99_ns", "rate")
    assert axes.get_ylabel() == "Latency, p99"
    assert {"1 µs", "1 ms", "100 ms"} <= set(write_ticks(axes.yaxis))


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (10_000, "", "10k"),
        (4096, "entries", "4096"),
        (2_500_000, "count", "2.5M"),
        (999, "", "999"),
        (1000, "packets/s", "1 kpps"),
        (2.5e9, "bit/s", "2.5 Gbit/s"),
        (1500, "ns", "1.5 µs"),
        (0.03, "s", "30 ms"),
        (0.25, "1", "25 %"),
        (-5e-4, "s", "\N{MINUS SIGN}500 µs"),
        (0, "s", "0 s"),
        (0.001, "", "0.001"),
    ],
)
def test_values_are_written_with_a_prefix(value, unit, text):
    assert format_value(value, unit) == text


def test_columns_and_values_have_names():
    assert name_column("latency_p99.9_ns") == "Latency, p99.9"
    assert name_column("udp.delay.mean_ns") == "UDP delay, mean"
    assert name_column("cache_low_watermark") == "Cache low watermark"
    assert name_column("udp.received") == "UDP: received"
    assert name_column("x") == "X" and name_column("%") == "%"
    assert name_column("drops.ring full") == "Drops: ring full"
    assert name_column("hit_ratio") == "Hit ratio"
    assert name_value(True, "") == "True" and name_value(("a", "b"), "") == "a b"
    assert name_value(0.01, "s") == "10 ms" and name_value(None, "") == "None"


# Time


def test_over_time_draws_a_step_for_each_interval(study):
    axes = xfrm.plot.over_time(study, "hit_ratio")
    (line,) = axes.lines
    np.testing.assert_allclose(line.get_xdata(), [0, *study.series.index])
    np.testing.assert_array_equal(line.get_ydata()[1:], study.series["hit_ratio"])
    assert line.get_drawstyle() == "steps-pre"
    assert axes.get_xlabel() == "Simulated time (ms)"


def test_over_time_draws_percentiles_of_several(study):
    axes = xfrm.plot.over_time({"a": study, "b": study.series.iloc[2:]})
    parts = ("max", "p50", "p99")
    assert list_labels(axes) == [f"{name}: {part}" for name in "ab" for part in parts]
    assert axes.get_ylabel().startswith("Latency")
    assert {line.get_color() for line in axes.lines[:3]} == {axes.lines[0].get_color()}
    assert len({line.get_marker() for line in axes.lines}) == 6
    # The part begins where its first interval does.
    np.testing.assert_allclose(axes.lines[3].get_xdata()[:2], study.series.index[1:3])


def test_over_time_leaves_latencies_of_no_packets_out(study):
    series = study.series.copy()
    series.attrs = study.series.attrs
    series.iloc[1, series.columns.get_loc("carried")] = 0
    axes = xfrm.plot.over_time(series, "latency_p99_ns")
    assert np.isnan(axes.lines[0].get_ydata()).tolist() == [False, False, True] + [False] * (
        len(series) - 2
    )


def test_over_time_of_a_run_asks_which_node(run):
    with pytest.raises(ValueError, match="of None: must be a node, one of H, A, B, K"):
        xfrm.plot.over_time(run, "sealed")
    axes = xfrm.plot.over_time(run, "sealed", of="A")
    assert axes.lines[0].get_ydata()[-1] == run.nodes.loc["A", "sealed"]
    axes = xfrm.plot.over_time(run.flow_series, "received_bytes", of="tcp H-K")
    assert axes.get_ylabel() == "Received bytes (kB)"
    axes = xfrm.plot.over_time(run, ["sealed", "opened"], of="A")
    assert axes.get_ylabel() == "Packets" and list_labels(axes) == ["Opened", "Sealed"]


def test_over_time_of_bad_input_is_an_error(study):
    with pytest.raises(ValueError, match="latency_p99: must be .* latency_p99_ns"):
        xfrm.plot.over_time(study, "latency_p99")
    with pytest.raises(ValueError, match="hit_ratio .1., misses .count.: must have one unit"):
        xfrm.plot.over_time(study, ["hit_ratio", "misses"])
    with pytest.raises(ValueError, match="must be indexed by time_s"):
        xfrm.plot.over_time(study.per_core, "misses")
    with pytest.raises(TypeError, match="must be results, tables or a mapping"):
        xfrm.plot.over_time([study], "misses")
    with pytest.raises(ValueError, match="results: must be one or more"):
        xfrm.plot.over_time({}, "misses")


def test_time_line_has_a_panel_for_each_kind(study):
    figure = xfrm.plot.time_line(study, ["shrinks", "reseeds", "latency_max_ns"])
    shrinks, reseeds, latency = figure.axes
    values, edges, _ = shrinks.patches[0].get_data()
    np.testing.assert_array_equal(values, study.series["shrinks"])
    np.testing.assert_allclose(edges, [0, *study.series.index])
    assert reseeds.patches[0].get_data().values.sum() == study.summary["reseeds"] > 0
    np.testing.assert_array_equal(latency.lines[0].get_ydata()[1:], study.series["latency_max_ns"])
    assert [axes.get_ylabel() for axes in (shrinks, reseeds)] == ["Shrinks", "Re-seeds"]
    assert latency.get_xlabel() == "Simulated time (ms)" and shrinks.get_xlabel() == ""


def test_time_line_of_a_run_shows_what_came_in_each_interval(run):
    figure = xfrm.plot.time_line(run, ["cache_misses", "cache_reseeds"], of="A")
    misses = figure.axes[0].patches[0].get_data().values
    assert misses.sum() == run.nodes.loc["A", "cache_misses"] > misses[-1]
    part = run.series[run.series.index.get_level_values("time_s") > 0.5]
    later = xfrm.plot.time_line(part, "cache_misses", of="A").axes[0].patches[0].get_data().values
    assert np.isnan(later[0]) and not np.isnan(later[1:]).any()


def test_time_line_of_several_is_an_error(study):
    with pytest.raises(TypeError, match="must be results, tables"):
        xfrm.plot.time_line({"a": study})
    with pytest.raises(ValueError, match="column cache_shrinks"):
        xfrm.plot.time_line(study, ["shrinks", "cache_shrinks"])
    assert not plt.get_fignums()


def test_time_line_says_where_nothing_happened():
    figure = xfrm.plot.time_line(xfrm.study(BASE, flows=10))
    assert [text.get_text() for text in figure.axes[0].texts] == ["none"]


# Latencies


def get_height(line, x):
    """Return the height of a line of steps at a place."""
    places, heights = line.get_data()
    return heights[np.searchsorted(places, x, side="right") - 1]


def test_percentiles_are_those_of_the_result(study):
    axes = xfrm.plot.latency_distribution(study)
    for percentile in (50, 90, 99):
        shown = get_height(axes.lines[0], 1 / (1 - percentile / 100))
        assert shown == pytest.approx(study.latency.loc[percentile, "latency_ns"] / 1e9, rel=2e-3)
    assert axes.get_xscale() == "log"
    assert write_ticks(axes.xaxis)[:4] == ["0", "90", "99", "99.9"]


def test_cdf_goes_from_none_to_all(study):
    axes = xfrm.plot.latency_distribution(study, "cdf")
    shares = axes.lines[0].get_ydata()
    assert shares[0] == 0 and shares[-1] == 1 and (np.diff(shares) >= 0).all()
    median = study.latency.loc[50, "latency_ns"] / 1e9
    assert get_height(axes.lines[0], median * 1.002) >= 0.5 > get_height(
        axes.lines[0], median * 0.997
    )
    assert (axes.get_xlabel()[:7], axes.get_ylabel()) == ("Latency", "Share of packets (%)")


def test_ccdf_is_what_the_cdf_leaves(study):
    cdf = xfrm.plot.latency_distribution(study, "cdf").lines[0]
    ccdf = xfrm.plot.latency_distribution(study, "ccdf").lines[0]
    np.testing.assert_allclose(ccdf.get_ydata()[:-1], 1 - cdf.get_ydata()[1:-1])
    assert ccdf.get_ydata()[-1] == pytest.approx(1 / study.histogram["count"].sum())
    assert ccdf.axes.get_yscale() == "log"


def test_histograms_of_seeds_are_added_up(store):
    runs = store.runs(cores=1, flows=1000)
    axes = xfrm.plot.latency_distribution(
        {"all": store.tables(runs.index, "histogram"), "one": store.histogram(runs.index[0])}
    )
    assert list_labels(axes) == ["all", "one"]
    assert axes.lines[0].get_xdata()[-1] == runs["carried"].sum()
    assert axes.lines[1].get_xdata()[-1] == runs["carried"].iloc[0]


def test_distribution_of_bad_input_is_an_error(study, run):
    with pytest.raises(ValueError, match="kind pdf: must be one of percentiles, cdf, ccdf"):
        xfrm.plot.latency_distribution(study, "pdf")
    with pytest.raises(ValueError, match="a RunResult has no histogram"):
        xfrm.plot.latency_distribution(run)
    with pytest.raises(ValueError, match="histogram: must have packets"):
        xfrm.plot.latency_distribution(study.histogram.assign(count=0))


# Cores


def test_core_load_is_the_share_of_each_interval(run):
    axes = xfrm.plot.core_load(run, node="A")
    mesh = axes.collections[0]
    shares = mesh.get_array().reshape(2, 10)
    assert 0 < shares.max() <= 1
    np.testing.assert_allclose(shares.sum(axis=1) * 0.1e9, run.per_core.loc["A", "busy_ns"])
    assert axes.get_ylabel() == "Core" and axes.figure.axes[1].get_ylabel() == "Busy (%)"
    assert write_ticks(axes.yaxis) == ["0", "1"]


def test_core_load_of_a_study_is_the_share_of_each_interval():
    study = xfrm.study(BASE, cores=3, duration="50ms", interval="10ms")
    shares = xfrm.plot.core_load(study).collections[0].get_array().reshape(3, 5)
    np.testing.assert_allclose(shares.sum(axis=1) * 1e7, study.per_core["busy_ns"])


def test_core_load_of_bad_input_is_an_error(run):
    with pytest.raises(ValueError, match="node None: must be one of A, B"):
        xfrm.plot.core_load(run)
    with pytest.raises(ValueError, match="a run without cores"):
        xfrm.plot.core_load(xfrm.run(duration="10ms"))


def test_core_shares_stack_waits_on_work(study):
    axes = xfrm.plot.core_shares(study)
    works, waits = axes.containers
    time_ns = study.summary["simulated_s"] * 1e9
    tops = [bar.get_y() + bar.get_height() for bar in waits]
    np.testing.assert_allclose(tops, study.per_core["busy_ns"] / time_ns)
    assert [bar.get_y() for bar in waits] == [bar.get_height() for bar in works]
    assert list_labels(axes) == ["Waiting for locks", "Work"]
    with pytest.raises(TypeError, match="result: must be a StudyResult"):
        xfrm.plot.core_shares(study.per_core)


# Published numbers


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Two numbers simulated, and some made up of them."""
    folder = tmp_path_factory.mktemp("report")
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n## ")
    short = [sections[0], *(each for each in sections if each.startswith("V7."))]
    (folder / "short.md").write_text("\n## ".join(short), encoding="utf-8")
    read = {"cells": xfrm.validate(folder / "short.md").cells.to_dict("records")}
    cell = read["cells"][0]
    made = {"section": "V9", "kind": "P", "error": 0.1, "band": 0.2, "is_inside": True}
    read["cells"].append({**cell, **made, "row": "near"})
    read["cells"].append({**cell, **made, "row": "far", "error": -0.5, "is_inside": False})
    exact = {"is_exact": True, "band": 0, "error": 0.0}
    read["cells"].append({**cell, **made, **exact, "row": "equal"})
    (folder / "report.json").write_text(json.dumps(read), encoding="utf-8")
    return folder / "report.json"


def list_marks(axes):
    """Return places, marker and whether it is filled, of marks by label."""
    return {
        line.get_label(): (list(line.get_xdata()), line.get_marker(), line.get_markerfacecolor())
        for line in axes.lines
        if line.get_linestyle() == "None"
    }


def test_published_tells_calibrated_predicted_and_missed(report):
    axes = xfrm.plot.published(report)
    marks = list_marks(axes)
    assert set(marks) == {"calibrated", "predicted", "predicted, outside its band"}
    assert marks["predicted"][0] == pytest.approx([0.5, 0])
    assert marks["predicted, outside its band"][:2] == ([-2.5], "s")
    assert marks["calibrated"][2] == "white" != marks["predicted"][2]
    assert len(marks["calibrated"][0]) == 2
    assert [text.get_text() for text in axes.get_yticklabels()] == ["V7", "V9"]
    assert [text.get_text().partition(",")[0] for text in axes.texts] == ["far"]


def test_published_of_a_section_has_a_line_for_each_number(report):
    cells = pd.DataFrame(json.loads(report.read_text())["cells"])
    axes = xfrm.plot.published(xfrm.Validation(cells, True), "V9")
    marks = list_marks(axes)
    assert marks["predicted"][0] == pytest.approx([0.1, 0])
    bands = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    np.testing.assert_allclose(bands, [(-0.2, 0.4), (-0.2, 0.4), (0, 0)])
    names = [text.get_text().partition(",")[0] for text in axes.get_yticklabels()]
    assert names == ["near", "far", "equal"] and axes.get_xlabel() == "Error (%)"


def test_published_of_bad_input_is_an_error(report, tmp_path):
    with pytest.raises(ValueError, match="section V8: must be one of V7, V9"):
        xfrm.plot.published(report, "V8")
    with pytest.raises(TypeError, match="report: must be of validate"):
        xfrm.plot.published(3)
    with pytest.raises(ValueError, match="report: must have cells"):
        xfrm.plot.published({})
    with pytest.raises(FileNotFoundError):
        xfrm.plot.published(tmp_path / "nowhere.json")
    (tmp_path / "a.txt").write_text("no JSON")
    with pytest.raises(ValueError, match="a.txt: must be JSON of xfrm-sim validate"):
        xfrm.plot.published(tmp_path / "a.txt")
    columns = ["section", "row", "column", "part", "error"]
    with pytest.raises(ValueError, match="column band"):
        xfrm.plot.published(pd.DataFrame([("V1", "", "", 1, 0.0)], columns=columns))


# Style and files


def test_style_lasts_as_long_as_its_block(store):
    before = dict(matplotlib.rcParams)
    with xfrm.plot.style(width="double", font_size=9):
        figure = xfrm.plot.against(store, "hit_ratio", "flows", by="cores").figure
    assert figure.get_size_inches().tolist() == [7.0, 2.8]
    assert figure.axes[0].xaxis.label.get_size() == 9
    assert dict(matplotlib.rcParams) == before
    with xfrm.plot.style(width=5, height=4):
        assert plt.figure().get_size_inches().tolist() == [5, 4]


@pytest.mark.parametrize(
    "options", [{"width": "wide"}, {"width": 0}, {"height": -1}, {"font_size": 0}]
)
def test_style_of_bad_sizes_is_a_value_error(options):
    with pytest.raises(ValueError, match="must be"):
        with xfrm.plot.style(**options):
            pass


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_same_figure_gives_the_same_bytes(study, ending, tmp_path):
    written = []
    for name in ("a", "b"):
        with xfrm.plot.style():
            axes = xfrm.plot.latency_distribution(study)
            file = xfrm.plot.save(axes, tmp_path / f"{name}.{ending}")
        written.append(file.read_bytes())
    assert written[0] == written[1]
    assert b"CreationDate" not in written[0] and b"dc:date" not in written[0]


def test_letters_stay_letters(study, tmp_path):
    figure = xfrm.plot.latency_distribution(study).figure
    svg = xfrm.plot.save(figure, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Percentile</text>" in svg
    pdf = xfrm.plot.save(figure, tmp_path / "a.pdf").read_bytes()
    assert b"/CIDFontType2" in pdf and b"/Type3" not in pdf


def test_file_of_another_format_is_a_value_error(study, tmp_path):
    axes = xfrm.plot.over_time(study)
    with pytest.raises(ValueError, match=r"a.jpg: must end in one of .pdf, .svg, .png"):
        xfrm.plot.save(axes, tmp_path / "a.jpg")
    with pytest.raises(OSError, match="nowhere"):
        xfrm.plot.save(axes, tmp_path / "nowhere" / "a.svg")


def test_lines_differ_without_colours_too():
    looks = [look_of(i) for i in range(56)]
    assert len({(str(look.linestyle), look.marker, look.color) for look in looks}) == 56
    assert len({(str(look.linestyle), look.marker) for look in looks[:8]}) == 8


def test_figures_are_loaded_when_they_are_used():
    code = "import sys, xfrm; assert 'matplotlib' not in sys.modules; xfrm.plot.against"
    code += "; assert 'matplotlib' in sys.modules and 'plot' in dir(xfrm)"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'figure'"):
        xfrm.figure


@pytest.mark.parametrize("name", xfrm.plot.__all__)
def test_figure_is_documented(name):
    function = getattr(xfrm.plot, name)
    document = inspect.getdoc(function)
    for parameter in inspect.signature(function).parameters:
        assert parameter in document, parameter
    assert "Raises" in document and ("Returns" in document or "Yields" in document)
    examples = doctest.DocTestFinder().find(inspect.unwrap(function), name)
    runner = doctest.DocTestRunner()
    for example in examples:
        example.globs["xfrm"] = xfrm
        assert runner.run(example).failed == 0
