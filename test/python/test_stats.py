# SPDX-License-Identifier: GPL-2.0-only
"""Statistics against numbers computed by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from sweeping import BASE

import xfrm
from xfrm import stats


def make_runs(rows, parameters=("cores", "flows", "seed")):
    """Return a table as Store.runs() gives it; the last column is the value."""
    runs = pd.DataFrame(rows, columns=[*parameters, "value"])
    runs.attrs = {"parameters": list(parameters), "units": {"value": "ns"}}
    return runs


def test_interval_by_t_equals_the_table():
    # Mean 3, standard deviation sqrt(10 / 4), t = 2.776 of 4 degrees of freedom:
    # 2.776445 * 1.581139 / sqrt(5) = 1.963243.
    found = stats.interval([1, 2, 3, 4, 5])
    assert (found.mean, found.n, found.level, found.method) == (3, 5, 0.95, "t")
    assert found.half_width == pytest.approx(1.963243, rel=1e-6)
    assert found.relative == pytest.approx(1.963243 / 3, rel=1e-6)
    assert str(found) == "3 +- 2 (95 %, n = 5)"


def test_interval_by_bootstrap_is_near_that_by_t():
    values = np.random.default_rng(5).normal(100, 10, 40)
    by_t = stats.interval(values)
    found = stats.interval(values, method="bootstrap", resamples=2000)
    assert found.mean == by_t.mean
    assert found.half_width == pytest.approx(by_t.half_width, rel=0.2)
    assert found == stats.interval(values, method="bootstrap", resamples=2000)


def test_interval_of_one_value_has_no_limits():
    found = stats.interval([7.0])
    assert found.mean == 7 and math.isnan(found.low) and math.isnan(found.high)


@pytest.mark.parametrize("method", ["t", "bootstrap"])
def test_interval_of_equal_values_is_a_point(method):
    found = stats.interval([0.1, 0.1, 0.1], method=method)
    assert (found.mean, found.low, found.high, found.relative) == (0.1, 0.1, 0.1, 0)


@pytest.mark.parametrize(
    "values, options, words",
    [
        ([], {}, "one or more finite numbers"),
        ([1, math.nan], {}, "one or more finite numbers"),
        ([[1, 2]], {}, "one or more finite numbers"),
        ([1, 2], {"level": 95}, "level 95: must be a number between 0 and 1"),
        ([1, 2], {"method": "z"}, "method z: must be one of t, bootstrap"),
    ],
)
def test_interval_of_bad_input_is_a_value_error(values, options, words):
    with pytest.raises(ValueError, match=words):
        stats.interval(values, **options)


def test_summarize_has_a_row_for_each_point():
    runs = make_runs([(1, 9, 1, 10), (1, 9, 2, 30), (2, 9, 1, 5), (2, 9, 2, None)])
    table = stats.summarize(runs, "value")
    assert table.index.name == "cores" and table.index.tolist() == [1, 2]
    # Of 10 and 30: 12.7062 * 14.1421 / sqrt(2) = 127.062 to either side.
    assert table.loc[1, "mean"] == 20
    assert table.loc[1, "high"] == pytest.approx(147.062, abs=1e-3)
    assert table.loc[2, "mean"] == 5 and table["n"].tolist() == [2, 1]
    assert table.attrs["units"]["low"] == "ns"


def test_summarize_without_a_parameter_that_varies_is_one_row():
    table = stats.summarize(make_runs([(1, 9, 1, 10), (1, 9, 2, 30)]), "value")
    assert table["mean"].tolist() == [20]


def test_summarize_of_a_table_of_unknown_origin_wants_columns():
    runs = pd.DataFrame({"a": [1, 1, 2], "value": [1.0, 3.0, 5.0]})
    with pytest.raises(ValueError, match="by="):
        stats.summarize(runs, "value")
    assert stats.summarize(runs, "value", by=["a"])["mean"].tolist() == [2, 5]


def test_compare_takes_differences_of_equal_seeds():
    # Differences 1, 2, 3: t = 4.302653 of 2 degrees of freedom, * 1 / sqrt(3) = 2.484138.
    base = [(1, 9, 1, 10), (1, 9, 2, 20), (1, 9, 3, 30), (1, 9, 4, 99)]
    more = [(2, 9, 3, 33), (2, 9, 1, 11), (2, 9, 2, 22)]
    table = stats.compare(make_runs(base + more), "value", "cores", 1)
    row = table.loc[2]
    assert (row["difference"], row["n"]) == (2, 3)
    assert row["low"] == pytest.approx(2 - 2.484138, rel=1e-6)
    assert row["relative"] == pytest.approx(0.1)
    assert row["correlation"] == pytest.approx(1)
    assert table.attrs["units"]["difference"] == "ns"


def test_compare_pairs_within_points_of_other_parameters():
    rows = [(c, f, s, 100 * f + 10 * c + s) for c in (1, 2) for f in (3, 4) for s in (1, 2)]
    table = stats.compare(make_runs(rows), "value", "cores", 1)
    assert table.index.tolist() == [(3, 2), (4, 2)]
    assert table["difference"].tolist() == [10, 10]


def test_compare_without_pairs_is_a_value_error():
    runs = make_runs([(1, 9, 1, 10), (2, 9, 2, 20)])
    with pytest.raises(ValueError, match="cores 1: must be"):
        stats.compare(runs, "value", "cores", 1)
    with pytest.raises(ValueError, match="parameter seed"):
        stats.compare(runs, "value", "seed", 1)


def test_mser_cuts_where_the_standard_error_is_least():
    # Without the first: 4 * (4/7) * (3/7) / 7 = 0.1399; without two 1 / 6; with all far more.
    assert stats.mser([10, 2, 0, 2, 0, 2, 0, 2], batch=1) == 1
    assert stats.mser([1] * 20) == 0
    # Means of five: 10, 1, 1, 1.
    assert stats.mser([10] * 5 + [1] * 15) == 5


def test_mser_of_a_ramp_is_a_value_error():
    with pytest.raises(ValueError, match="not steady yet"):
        stats.mser(np.arange(20), batch=1)
    with pytest.raises(ValueError, match="must be 20 finite numbers"):
        stats.mser([1, 2, 3])


def test_cut_warmup_keeps_the_rest_with_its_units():
    series = pd.DataFrame({"hits": [10] * 5 + [1] * 15}, index=pd.Index(range(20), name="time_s"))
    series.attrs["units"] = {"hits": "count"}
    rest = stats.cut_warmup(series, "hits")
    assert rest.index.tolist() == list(range(5, 20))
    assert rest.attrs["units"] == {"hits": "count"}


def test_until_asks_for_seeds_as_the_spread_needs():
    # Of 1, 2, 3 the half width is 2.484 (as above), 124 % of the mean: twice as many at most.
    rule = stats.Until("value", within=0.05, min_seeds=3)
    assert rule.count_seeds([]) == 3
    assert rule.count_seeds([1, 2, 3]) == 6
    # Of 99, 100, 101 it is 2.484 %: within 5 %, and not within 2 %: (2.484 / 2)^2 * 3 = 4.6.
    assert rule.count_seeds([99, 100, 101]) == 3
    assert stats.Until("value", within=0.02, min_seeds=3).count_seeds([99, 100, 101]) == 5
    assert stats.Until("value", min_seeds=2, max_seeds=4).count_seeds([1, 2, 3]) == 4
    assert stats.Until("value", min_seeds=2, max_seeds=3).count_seeds([1, 2, 3]) == 3


@pytest.mark.parametrize(
    "options", [{"within": 0}, {"level": 1}, {"min_seeds": 1}, {"min_seeds": 9, "max_seeds": 8}]
)
def test_until_out_of_range_is_a_value_error(options):
    with pytest.raises(ValueError, match="must be"):
        stats.Until("value", **options)


def test_what_is_no_table_of_numbers_is_told():
    runs = xfrm.sweep(BASE, {"flows": [10, 20], "cores": [1, 2]}, seeds=2, executor=1)
    table = runs.runs()
    assert stats.summarize(table, "misses", by="flows").equals(
        stats.summarize(table, "misses", by=["flows"])
    )
    for use in (stats.summarize, lambda *given: stats.compare(*given, "flows", 10)):
        with pytest.raises(TypeError, match="runs: must be a table .*, not SweepResult"):
            use(runs, "misses")
        with pytest.raises(ValueError, match="column kernel: must have numbers"):
            use(table, "kernel")
        with pytest.raises(ValueError, match="column miss: must be one of the table's"):
            use(table, "miss")
    with pytest.raises(ValueError, match="column cores: must be a result, is a parameter"):
        stats.compare(table, "cores", "flows", 10)
    with pytest.raises(ValueError, match="value 5: must be the name of a result"):
        stats.Until(5)
