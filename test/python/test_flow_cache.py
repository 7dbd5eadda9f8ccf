# SPDX-License-Identifier: GPL-2.0-only
"""xfrm.FlowCache and xfrm.flow_keys."""

import struct
import threading
from ipaddress import IPv4Address

import numpy as np
import pytest

import xfrm
from xfrm import CacheOutcome, Direction, Family, FlowCache, flow_keys


def make_keys(n):
    """Return keys of n flows, shape (n, 8)."""
    return flow_keys(0x0A000000 + np.arange(n), "10.128.0.1", sport=1024, dport=5000, oif=2, iif=1)


def test_flow_keys_of_all_fields_are_the_kernels_bytes():
    key = flow_keys(
        "10.1.0.2",
        IPv4Address("10.2.0.3"),
        sport=5000,
        dport=6000,
        proto=17,
        tos=4,
        scope=1,
        flags=2,
        oif=3,
        iif=1,
        mark=9,
        secid=7,
    )
    # R60: oif, iif, mark, tos, scope, proto, flags, secid as the machine has them, then source,
    # destination and the destination port before the source port in network order.
    common = struct.pack("<iiIBBBBI", 3, 1, 9, 4, 1, 17, 2, 7)
    addresses = bytes([10, 1, 0, 2, 10, 2, 0, 3])
    assert key.shape == (8,)
    assert key.astype("<u4").tobytes() == common + addresses + struct.pack(">HH", 6000, 5000)


@pytest.mark.parametrize(
    "kernel, n_words", [("linux-4.1", 8), ("linux-4.6", 12), ("linux-4.10", 14)]
)
def test_flow_keys_of_a_kernel_have_its_length(kernel, n_words):
    assert flow_keys(1, 2, kernel=kernel).shape == (n_words,)


def test_flow_keys_broadcast_gives_the_keys_one_by_one():
    sources, ports = np.arange(3)[:, np.newaxis], np.arange(2)
    keys = flow_keys(sources, 7, sport=ports)
    assert keys.shape == (3, 2, 8)
    assert (keys[2, 1] == flow_keys(2, 7, sport=1)).all()


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"saddr": "10.0.0"}, "saddr 10.0.0: must be IPv4 addresses"),
        ({"saddr": -1}, "saddr -1: must be whole numbers from 0 to 4294967295"),
        ({"sport": 65536}, "sport 65536: must be whole numbers from 0 to 65535"),
        ({"dport": 0.5}, "dport 0.5: must be whole numbers"),
        ({"kernel": "linux-9"}, "kernel linux-9: must be one of linux-4.1, "),
        ({"sport": [1, 2], "dport": [1, 2, 3]}, "shape mismatch"),
    ],
)
def test_flow_keys_of_a_bad_field_is_a_value_error(fields, words):
    with pytest.raises(ValueError, match=words):
        flow_keys(**{"saddr": 1, "daddr": 2, **fields})


def test_lookup_batch_equals_lookups_one_by_one():
    # Few buckets and low marks, so that hits, misses and shrinks all come up.
    config = {"hash_shift": 3, "low_watermark": 16, "high_watermark": 40}
    order = np.random.default_rng(1).integers(0, 60, 3000)
    keys = make_keys(60)[order]
    batch, single = FlowCache(**config), FlowCache(**config)
    outcomes = batch.lookup_batch(keys)
    assert outcomes.dtype == np.uint8
    assert outcomes.tolist() == [single.lookup(key) for key in keys]
    assert batch.work() == single.work()
    work = batch.work()
    assert work.n_lookups == 3000
    assert work.n_hits == np.count_nonzero(outcomes == CacheOutcome.HIT) > 0
    assert work.n_misses == np.count_nonzero(outcomes == CacheOutcome.MISS) > 0
    assert work.n_shrinks > 0
    assert batch.entries()[0] == work.n_misses - work.n_evicted


@pytest.mark.parametrize(
    "change",
    [
        lambda keys: keys[::-1][::-1],
        lambda keys: np.asfortranarray(keys),
        lambda keys: np.repeat(keys, 2, axis=1)[:, ::2],
        lambda keys: keys.astype(np.int64),
        lambda keys: keys.astype(">u4"),
        lambda keys: keys.tolist(),
    ],
)
def test_lookup_batch_of_other_strides_and_types_gives_the_same(change):
    keys = make_keys(100)
    cache = FlowCache()
    assert (cache.lookup_batch(change(keys)) == CacheOutcome.MISS).all()
    assert (cache.lookup_batch(keys) == CacheOutcome.HIT).all()


def test_lookup_batch_of_no_keys_does_nothing():
    cache = FlowCache()
    assert cache.lookup_batch(np.empty((0, 8))).shape == (0,)
    assert cache.work().n_lookups == 0


@pytest.mark.parametrize("shape", [(8,), (3, 7), (3, 12), (2, 3, 8), (0,), ()])
def test_lookup_batch_of_another_shape_is_a_value_error(shape):
    with pytest.raises(ValueError, match=r"must have shape \(n, 8\)"):
        FlowCache().lookup_batch(np.zeros(shape, np.uint32))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"cpu": 2}, "cpu 2: must be a whole number from 0 to 1"),
        ({"cpu": -1}, "cpu -1: must be"),
        ({"family": 3}, "family 3: must be 2"),
        ({"direction": 3}, "direction 3: must be"),
        ({"now": -1}, "now -1.0*: must be seconds"),
        ({"now": float("nan")}, "now nan: must be seconds"),
    ],
)
def test_lookup_batch_with_a_bad_option_is_a_value_error(options, words):
    with pytest.raises(ValueError, match=words):
        FlowCache(2).lookup_batch(np.zeros((1, 8), int), **options)


def test_lookup_batch_of_numbers_that_are_no_words_is_a_value_error():
    for bad in (-np.ones((1, 8), int), np.full((1, 8), 1 << 32), np.ones((1, 8))):
        with pytest.raises(ValueError, match="keys of type .*: must be whole numbers"):
            FlowCache().lookup_batch(bad)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"n_cpus": 0}, "n_cpus 0: must be a whole number from 1 to 65536"),
        ({"hash_shift": 21}, "hash_shift 21: must be"),
        ({"low_watermark": -1}, "low_watermark -1: must be"),
        ({"high_watermark": 1 << 32}, "high_watermark 4294967296: must be"),
        ({"seed": -1}, "seed -1: must be"),
        ({"seed_period": 0}, "seed_period 0.0*: must be seconds from 1 to"),
        ({"kernel": "linux-5"}, "kernel linux-5: must be one of"),
        ({"finds": "what"}, "finds what: must be object, nothing or error"),
    ],
)
def test_cache_of_a_bad_setting_is_a_value_error(options, words):
    with pytest.raises(ValueError, match=words):
        FlowCache(**options)


def test_lookup_past_the_high_watermark_shrinks():
    # A miss compares the count with the mark before it inserts, strictly: 4097 entries fit, and the
    # miss after them shrinks.
    cache = FlowCache()
    cache.lookup_batch(make_keys(4098)[:4097])
    assert (cache.work().n_shrinks, cache.entries()[0], cache.gc_cpu) == (0, 4097, None)
    cache.lookup(make_keys(4098)[4097])
    work = cache.work()
    assert work.n_shrinks == 1
    assert work.n_evicted == 4098 - cache.entries()[0] > 0
    assert (cache.gc_cpu, cache.garbage_length) == (0, work.n_evicted)
    assert cache.run_gc() == work.n_evicted
    assert (cache.gc_cpu, cache.garbage_length) == (None, 0)


def test_equal_seeds_give_equal_results_and_others_do_not():
    def study(seed):
        cache = FlowCache(2, seed=seed)
        outcomes = [cache.lookup_batch(make_keys(6000), cpu=cpu).tolist() for cpu in (0, 1)]
        return outcomes, cache.work(), cache.seeds().tolist()

    assert study(5) == study(5)
    assert study(5)[2] != study(6)[2]


def test_invalidate_makes_entries_stale_and_flush_drops_them():
    cache = FlowCache(2)
    keys = make_keys(10)
    for cpu in (0, 1):
        cache.lookup_batch(keys, cpu=cpu)
    cache.invalidate()
    assert cache.genid == 1
    assert cache.lookup(keys[0]) is CacheOutcome.STALE
    assert cache.lookup(keys[0]) is CacheOutcome.HIT
    # Nine stale entries on CPU 0, ten on CPU 1, which takes a tasklet.
    assert cache.flush(cpu=0) == xfrm.FlushReport(n_removed=19, n_tasklets=1)
    assert cache.entries().tolist() == [1, 0]
    assert cache.work().n_flushed == cache.work(0).n_flushed + cache.work(1).n_flushed == 19


def test_direction_is_part_of_a_flow_though_not_of_its_words():
    cache = FlowCache()
    key = make_keys(1)[0]
    assert cache.lookup(key, direction=Direction.OUT) is CacheOutcome.MISS
    assert cache.lookup(key, direction=Direction.IN) is CacheOutcome.MISS
    assert cache.lookup(key, direction=Direction.OUT) is CacheOutcome.HIT


def test_lookup_after_the_seed_period_draws_a_new_seed():
    cache = FlowCache()
    key = make_keys(1)[0]
    cache.lookup(key)
    assert cache.lookup(key, now=599.9) is CacheOutcome.HIT
    assert cache.lookup(key, now=600) is CacheOutcome.MISS
    assert cache.work().n_reseeds == 2  # the first lookup draws one, too


@pytest.mark.parametrize("finds, second", [("nothing", "NEGATIVE"), ("error", "STALE")])
def test_lookup_of_what_has_no_object_ends_as_in_the_kernel(finds, second):
    cache = FlowCache(finds=finds)
    key = make_keys(1)[0]
    assert cache.lookup(key) is CacheOutcome.MISS
    assert cache.lookup(key) is CacheOutcome[second]
    assert cache.work().n_errors == (2 if finds == "error" else 0)


def test_keys_of_ipv6_have_16_words():
    keys = np.arange(32).reshape(2, 16)
    cache = FlowCache()
    assert (cache.lookup_batch(keys, family=Family.IPV6) == CacheOutcome.MISS).all()


def test_lookups_of_several_threads_are_all_counted():
    cache = FlowCache()
    keys = make_keys(1000)
    threads = [
        threading.Thread(target=lambda: [cache.lookup_batch(keys) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work = cache.work()
    assert (work.n_misses, work.n_hits) == (1000, 4 * 50 * 1000 - 1000)
