# SPDX-License-Identifier: GPL-2.0-only
"""Points of sweeps."""

import math

import numpy as np
import pytest

import xfrm


def test_grid_changes_the_last_parameter_first():
    points = xfrm.grid({"cores": [1, 2], "flows": [7, 8]})
    assert [tuple(point.values()) for point in points] == [(1, 7), (1, 8), (2, 7), (2, 8)]


def test_grid_that_no_memory_holds_is_a_value_error():
    with pytest.raises(ValueError, match="grid of 1000000000000 points: must be of at most"):
        xfrm.grid({name: range(1000) for name in ("flows", "cores", "rate", "zipf")})


def test_grid_takes_arrays():
    points = xfrm.grid({"flows": np.array([1, 2]), ("cores", "rate"): np.array([[1, 5], [2, 6]])})
    assert points[0] == {"flows": 1, "cores": 1, "rate": 5} and len(points) == 4


def test_grid_of_a_tuple_of_names_takes_values_together():
    points = xfrm.grid({("cores", "rate"): [(1, 1e6), (4, 4e6)], "flows": [7]})
    assert points == [
        {"cores": 1, "rate": 1e6, "flows": 7},
        {"cores": 4, "rate": 4e6, "flows": 7},
    ]


@pytest.mark.parametrize(
    "axes, words",
    [
        ({"kernel": "linux-4.1"}, "kernel 'linux-4.1': must be a list of values"),
        ({"cores": 4}, "cores 4: must be a list of values"),
        ({("cores", "rate"): [(1, 2, 3)]}, "must be 2 values"),
        ({("cores", "rate"): [5]}, "must be 2 values"),
        ({5: [1]}, "5: must be the name of a parameter, or a tuple of names"),
        ({"cores": [1], ("cores", "rate"): [(1, 2)]}, "cores: must be in one part"),
    ],
)
def test_grid_of_bad_axes_is_a_value_error(axes, words):
    with pytest.raises(ValueError, match=words):
        xfrm.grid(axes)


def test_latin_hypercube_has_a_point_in_each_part_of_each_range():
    ranges = {"zipf": (0.0, 2.0), "flows": (1, 8), "rate": (1.0, 256.0, "log")}
    points = xfrm.latin_hypercube(8, ranges)
    assert sorted(int(point["zipf"] / 0.25) for point in points) == list(range(8))
    # Eight whole numbers for eight parts; and eight octaves.
    assert sorted(point["flows"] for point in points) == list(range(1, 9))
    assert sorted(int(point["rate"]).bit_length() for point in points) == list(range(1, 9))
    assert all(type(point["flows"]) is int for point in points)


def test_sobol_fills_each_quarter_evenly():
    points = xfrm.sobol(16, {"zipf": (0.0, 1.0), "traffic_attack": (0.0, 0.5)})
    quarters = [(point["zipf"] < 0.5, point["traffic_attack"] < 0.25) for point in points]
    assert {quarter: quarters.count(quarter) for quarter in quarters} == {
        (left, low): 4 for left in (True, False) for low in (True, False)
    }


def test_samples_are_the_same_for_the_same_seed():
    ranges = {"zipf": (0.5, 1.5)}
    assert xfrm.sobol(4, ranges, seed=3) == xfrm.sobol(4, ranges, seed=3)
    assert xfrm.sobol(4, ranges, seed=3) != xfrm.sobol(4, ranges, seed=4)
    assert xfrm.latin_hypercube(4, ranges, seed=3) == xfrm.latin_hypercube(4, ranges, seed=3)


@pytest.mark.parametrize(
    "limits", [(1,), (2, 1), (0, 1, "log"), (1, 2, "cube"), "ab", 3, (1, math.inf), (math.nan, 1)]
)
def test_samples_of_a_bad_range_are_a_value_error(limits):
    with pytest.raises(ValueError, match="zipf .* must be"):
        xfrm.latin_hypercube(4, {"zipf": limits})


@pytest.mark.parametrize("n", [0, -1, 1.5, "4", None, 2**40])
def test_sample_of_no_whole_number_of_points_is_a_value_error(n):
    for sampler in (xfrm.latin_hypercube, xfrm.sobol):
        with pytest.raises(ValueError, match=f"n {n}: must be a whole number from 1 to 1000000"):
            sampler(n, {"zipf": (0.5, 1.5)})


def test_samples_take_numbers_of_numpy():
    (point,) = xfrm.sobol(np.int64(1), {"flows": (np.int64(1), np.int64(9))})
    assert type(point["flows"]) is int


def test_sobol_of_no_power_of_two_is_a_value_error():
    with pytest.raises(ValueError, match="n 12: must be a power of 2"):
        xfrm.sobol(12, {"zipf": (0.5, 1.5)})
