# SPDX-License-Identifier: GPL-2.0-only
"""Stores: what is in them, and in what shapes it comes out."""

import numpy as np
import pandas as pd
import pytest
from sweeping import BASE, GRID

import xfrm
from xfrm._packing import pack_table, unpack_table


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "a.db"
    return xfrm.sweep(BASE, GRID, seeds=2, store=path).store


def test_runs_have_typed_columns_with_units(store):
    runs = store.runs()
    assert runs.shape[0] == len(store) == 8
    kinds = {name: runs[name].dtype.kind for name in ("flows", "zipf", "rss_udp_ports", "misses")}
    assert kinds == {"flows": "i", "zipf": "f", "rss_udp_ports": "b", "misses": "i"}
    assert (runs["duration"] == 0.02).all() and (runs["class_"].map(len) == 0).all()
    units = runs.attrs["units"]
    assert [units[name] for name in ("duration", "rate", "latency_p99_ns", "wall_s")] == [
        "s",
        "packets/s",
        "ns",
        "s",
    ]
    assert runs.attrs["parameters"][:2] == ["cores", "flows"]
    assert "hit_ratio" in runs.attrs["results"]


def test_runs_tell_where_they_come_from(store):
    row = store.runs().iloc[0]
    assert row["module_version"] and row["ns3_version"] and row["host"]
    assert len(row["profile_hash"]) == len(row["identity"]) == 64
    assert row["started"].endswith("+00:00") and row["wall_s"] > 0


def test_runs_are_filtered_by_values(store):
    assert len(store.runs(flows=1000)) == 4
    assert len(store.runs(flows=[1000, 10000], cores=1, seed=2)) == 2
    with pytest.raises(ValueError, match="column flow: must be one of the table's"):
        store.runs(flow=1000)
    with pytest.raises(ValueError, match="kind walk: must be study or run"):
        store.runs("walk")


def test_tables_of_runs_stand_one_below_the_other(store):
    runs = store.runs(flows=1000, cores=1)
    table = store.tables(runs.index, "series")
    assert table.index.names == ["run", "time_s"] and len(table) == 2 * 4
    assert table.loc[runs.index[1]].equals(store.series(runs.index[1]))
    assert table.attrs["units"]["latency_p99_ns"] == "ns"
    with pytest.raises(KeyError, match="nothing of run 1"):
        store.table(1, "nothing")


def test_to_xarray_has_a_dimension_for_what_varies(store):
    data = store.to_xarray("hit_ratio")
    assert dict(data.sizes) == {"cores": 2, "flows": 2, "seed": 2}
    row = store.runs(cores=2, flows=10000, seed=1).iloc[0]
    assert float(data.sel(cores=2, flows=10000, seed=1)) == row["hit_ratio"]
    both = store.to_xarray(["hit_ratio", "misses"], cores=1)
    assert set(both) == {"hit_ratio", "misses"} and dict(both.sizes) == {"flows": 2, "seed": 2}
    assert both["hit_ratio"].attrs["units"] == "1"


def test_to_xarray_of_no_grid_is_a_value_error():
    points = xfrm.latin_hypercube(12, {"flows": (10, 1000), "rate": (1e3, 1e5), "zipf": (0.1, 2)})
    result = xfrm.sweep(BASE, points)
    with pytest.raises(ValueError, match="12 runs of 1728 combinations of flows, zipf, rate, seed"):
        result.store.to_xarray("hit_ratio")


def test_to_csv_is_read_by_pandas(store, tmp_path):
    store.to_csv(tmp_path / "a.csv", cores=1)
    read = pd.read_csv(tmp_path / "a.csv", index_col="run", dtype={"profile_hash": str})
    assert read["hit_ratio"].tolist() == store.runs(cores=1)["hit_ratio"].tolist()


def test_store_with_both_kinds_asks_which(tmp_path):
    xfrm.sweep(BASE, store=tmp_path / "a.db")
    base = xfrm.RunConfig(duration="200ms", tcp_flows=0)
    result = xfrm.sweep(base, {"edge_rate": ["10Mbps", "100Mbps"]}, store=tmp_path / "a.db")
    with xfrm.Store(tmp_path / "a.db") as store:
        assert store.kinds == ["run", "study"]
        assert len(store.runs("study")) == 1 and len(result.runs()) == 2
        runs = store.runs("run")
        assert runs["edge_rate"].tolist() == [1e7, 1e8]
        assert runs.attrs["units"]["edge_rate"] == "bit/s"
        assert store.config(runs.index[0]) == base.replace(edge_rate="10Mbps")
        with pytest.raises(ValueError, match="kind None: must be study or run"):
            store.runs()
        assert store._repr_html_().count("<table") == 2


def test_store_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere.db: there is no such store"):
        xfrm.Store(tmp_path / "nowhere.db")


def test_table_survives_packing():
    table = pd.DataFrame(
        {"a": [1, -2], "b": [0.5, np.nan], "c": ["x", "é"], "d": [True, False]},
        index=pd.Index([0.25, 0.5], name="time_s"),
    )
    data = pack_table(table)
    assert data == pack_table(table.copy())
    read = unpack_table(data, {"a": "packets", "time_s": "s", "z": "m"})
    pd.testing.assert_frame_equal(read, table)
    assert read.attrs["units"] == {"time_s": "s", "a": "packets"}
    empty = table.iloc[:0]
    assert unpack_table(pack_table(empty), {}).columns.tolist() == ["a", "b", "c", "d"]


def test_table_with_an_index_of_levels_survives_packing():
    index = pd.MultiIndex.from_product([[0.5, 1.0], ["A", "B"]], names=["time_s", "node"])
    table = pd.DataFrame({"sealed": [1, 2, 3, 4]}, index=index)
    read = unpack_table(pack_table(table), {"time_s": "s"})
    pd.testing.assert_frame_equal(read, table)
    assert read.attrs["units"] == {"time_s": "s"}
    assert read.loc[(1.0, "B"), "sealed"] == 4
    none = unpack_table(pack_table(table.iloc[:0]), {})
    assert none.index.names == ["time_s", "node"] and len(none) == 0
