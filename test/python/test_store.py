# SPDX-License-Identifier: GPL-2.0-only
"""Stores: what is in them, and in what shapes it comes out."""

import os
import resource
import shutil
import sqlite3
import threading
from contextlib import closing, contextmanager

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
    for several in ((1000, 10000), np.array([1000, 10000]), {1000, 10000}, range(1000, 10001)):
        assert len(store.runs(flows=several)) == 8
    assert len(store.runs(class_=())) == 8  # a setting that is a list
    with pytest.raises(ValueError, match="kind walk: must be study or run"):
        store.runs("walk")
    with pytest.raises(ValueError, match="status gone: must be one of done, failed, timeout, or"):
        store.runs(status="gone")


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
        with pytest.raises(ValueError, match="kind missing: must be study or run, the store has"):
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


def damage(store, path, *statements):
    """Copy a store and do to it what statements of SQL say."""
    shutil.copy(store.path, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_file_that_is_no_store_is_a_value_error_that_names_it(store, tmp_path):
    old = damage(store, tmp_path / "old.db", "UPDATE meta SET value = 'xfrm-store-0'")
    other = damage(store, tmp_path / "other.db", "DROP TABLE meta", "CREATE TABLE meta (a)")
    text = tmp_path / "text.db"
    text.write_text("no store" * 100)
    cut = tmp_path / "cut.db"
    cut.write_bytes(store.path.read_bytes()[:30000])
    for path in (old, other, text, cut):
        before = path.read_bytes()
        for use in (xfrm.Store, lambda path: xfrm.sweep(BASE, store=path)):
            with pytest.raises(ValueError, match=f"{path}: .*(must be a store|database)"):
                use(path)
        assert path.read_bytes() == before


def test_damaged_table_is_a_value_error_that_names_it(store, tmp_path):
    path = damage(store, tmp_path / "a.db", "UPDATE tables SET data = x'00' WHERE run = 1")
    with xfrm.Store(path) as damaged:
        with pytest.raises(ValueError, match=f"{path}: series of run 1 is damaged"):
            damaged.series(1)
        assert damaged.series(2).equals(store.series(2))


def test_store_of_a_module_with_other_settings_is_read_and_taken_further(store, tmp_path):
    path = damage(
        store,
        tmp_path / "a.db",
        "DROP VIEW studies",
        "ALTER TABLE study_parameters DROP COLUMN zipf",
        "DELETE FROM columns WHERE name = 'zipf'",
        "ALTER TABLE study_parameters ADD COLUMN gone INTEGER DEFAULT 5",
        "INSERT INTO columns VALUES ('study', 'parameters', 'gone', 'whole', '')",
    )
    with xfrm.Store(path) as older:
        assert "zipf" not in older.runs() and (older.runs()["gone"] == 5).all()
        assert older.config(1) == store.config(1)
    result = xfrm.sweep(BASE, {"flows": [77]}, store=path, executor=1)
    assert result.n_run == 1
    assert result.store.runs()["zipf"].notna().tolist().count(True) == 1


def test_folder_and_places_that_are_not_there_are_os_errors(store, tmp_path):
    uses = [
        lambda path: xfrm.sweep(BASE, store=path),
        lambda path: xfrm.merge(path, store.path),
        store.to_csv,
    ]
    for use in uses:
        with pytest.raises(IsADirectoryError, match=f"{tmp_path}: is a folder"):
            use(tmp_path)
        nowhere = tmp_path / "nowhere" / "a.db"
        with pytest.raises(OSError, match=f"{nowhere}: .*(No such|non-existent)"):
            use(nowhere)
    assert list(tmp_path.parent.glob(f"{tmp_path.name}.lock")) == list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [":memory:", "file:a.db?mode=ro", "a?b#c%20.db", "a b\n'\".db"])
def test_name_of_a_store_means_nothing_to_sqlite(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert xfrm.sweep(BASE, store=name, executor=1).n_run == 1
    assert xfrm.sweep(BASE, store=name, executor=1).n_kept == 1
    assert name in os.listdir()


def test_store_may_be_read_by_another_thread(store):
    found = []
    thread = threading.Thread(target=lambda: found.extend([len(store), store.runs()]))
    thread.start()
    thread.join()
    assert found[0] == 8 and found[1].equals(store.runs())


def test_closed_store_says_so(store):
    closed = xfrm.Store(store.path)
    closed.close()
    with pytest.raises(ValueError, match=f"{store.path}: .*closed"):
        closed.runs()
    assert "closed" in repr(closed)


@contextmanager
def limit_files(size):
    """Let no file of this process grow beyond a size, as a full disk does."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_full_disk_is_an_os_error_that_keeps_what_is_done(tmp_path):
    path = tmp_path / "a.db"
    points = [{"flows": flows} for flows in range(1000, 1030)]
    with limit_files(400_000), pytest.raises(OSError, match=f"{path}: "):
        xfrm.sweep(BASE, points, store=path, executor=1)
    with xfrm.Store(path) as store:
        rows = store.runs(status=None)
        assert 0 < len(rows) < 30 and (rows["status"] == "done").all()
    result = xfrm.sweep(BASE, points, store=path, executor=1)
    assert (result.n_run + len(rows), result.n_kept) == (30, len(rows))


def test_csv_is_written_as_a_whole_or_not_at_all(store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with limit_files(5000), pytest.raises(OSError, match=f"{path}: File too large"):
        store.to_csv(path)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.csv"]


def test_file_behind_a_link_is_replaced_and_not_the_link(store, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text("old")
    store.to_csv(tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "a.csv").read_text().startswith("run,cores,flows,")
    os.mkfifo(tmp_path / "pipe.csv")
    read = []
    thread = threading.Thread(target=lambda: read.append((tmp_path / "pipe.csv").read_text()))
    thread.start()
    store.to_csv(tmp_path / "pipe.csv")
    thread.join()
    assert read == [(tmp_path / "a.csv").read_text()]


def test_merge_with_a_part_that_is_missing_makes_no_store(store, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere.db: there is no such store"):
        xfrm.merge(tmp_path / "a.db", [store.path, tmp_path / "nowhere.db"])
    assert os.listdir(tmp_path) == []
    assert xfrm.merge(tmp_path / "a.db", store.path) == 8  # a path alone


def test_sweep_of_no_points_shows_itself():
    result = xfrm.sweep(BASE, [])
    assert len(result.runs()) == 0 and "0 runs" in result._repr_html_()
