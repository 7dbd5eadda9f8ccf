# SPDX-License-Identifier: GPL-2.0-only
"""PolicyDatabase, StateDatabase, Lookup, ReplayWindow, EspSizes, and arrays of any kind."""

import copy
import pickle
from ipaddress import IPv4Address

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import xfrm
from xfrm import _core

GCM = "aead rfc4106(gcm(aes)) 0x" + "00" * 20 + " 128"
STATE = f"state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel {GCM}"
TUNNEL = f"""
policy add dir out src 10.1.0.0/16 dst 10.2.0.0/16 tmpl src 10.9.0.1 dst 10.9.0.2 proto esp \
reqid 1 mode tunnel
policy add dir out src 10.1.0.0/16 dst 10.3.0.0/16 action block
policy add dir out src 10.1.0.0/16 dst 10.4.0.0/16 tmpl src 10.9.0.1 dst 10.9.0.9 proto esp \
reqid 9 mode tunnel
{STATE}
"""

WHOLE = st.sampled_from(["u1", "i1", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8"])


@st.composite
def arrays(draw, most=100):
    """Return whole numbers from 0 to most, of any integer type, shape and strides."""
    shape = draw(npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7))
    elements = st.integers(0, most)
    array = draw(npst.arrays(np.dtype(draw(WHOLE)), shape, elements=elements))
    for axis in range(array.ndim):
        step = draw(st.sampled_from([1, 2, -1, -3]))
        array = np.moveaxis(np.moveaxis(array, axis, 0)[::step], 0, axis)
    return array.T if draw(st.booleans()) else array


def scalars(array):
    """Return each number of an array as a Python int, in order."""
    return [int(number) for number in np.asarray(array).reshape(-1)]


def test_policies_are_found_by_priority_and_prefix():
    policies = xfrm.PolicyDatabase()
    policies.apply("policy add dir out src 10.1.0.0/16 dst 10.2.0.0/16 priority 5")
    policies.apply("ip xfrm policy add dir out dst 10.2.1.0/24 proto udp dport 53 priority 1")
    frame = policies.to_frame()
    assert len(policies) == 2 and list(frame["priority"]) == [1, 5]
    narrow, wide = frame.index
    found = policies.lookup_batch(
        "10.1.0.1", ["10.2.1.1", "10.2.1.1", "10.2.2.1", "10.9.0.1"], dport=[53, 80, 53, 53]
    )
    assert found.tolist() == [narrow, wide, wide, 0]
    assert policies.lookup_batch("10.1.0.1", "10.2.1.1", direction=xfrm.Direction.IN) == 0


def test_policies_end_when_their_time_has_come():
    policies = xfrm.PolicyDatabase("policy add dir out dst 10.2.0.0/16 limit time-hard 5")
    policies.wait_until(4)
    assert len(policies) == 1 and policies.now == 4
    policies.wait_until(10)
    assert len(policies) == 0 and len(policies.to_frame()) == 0


def test_states_are_found_by_destination_spi_and_protocol():
    states = xfrm.StateDatabase(STATE)
    found = states.lookup_batch(["10.9.0.2", "10.9.0.1"], [[0x1001], [0x1002]])
    assert found.tolist() == [[1, 0], [0, 0]]
    frame = states.to_frame()
    assert frame.loc[1, "aead"] == "rfc4106(gcm(aes))" and frame.loc[1, "status"] == "valid"
    assert states.lookup_batch("10.9.0.2", 0x1001, proto=51) == 0


def test_lookup_transforms_blocks_lets_through_and_refuses():
    lookup = xfrm.Lookup(TUNNEL)
    daddr = ["10.2.0.1", "10.3.0.1", "10.4.0.1", "10.5.0.1"]
    decided = lookup.lookup_batch("10.1.0.1", daddr)
    verdict = xfrm.OutputVerdict
    expected = [verdict.TRANSFORM, verdict.ERROR, verdict.ERROR, verdict.PLAIN]
    assert decided.verdict.tolist() == expected
    # -EPERM of a block (R22b); -EREMOTE while a state is missing, with larval_drop (R19)
    assert decided.error.tolist() == [0, -1, -66, 0]
    assert decided.n_states.tolist() == [1, 0, 0, 0]
    assert decided.state.tolist() == [1, 0, 0, 0]
    # 1500 - 20 IP - 8 ESP - 8 IV - 16 ICV = 1448, a multiple of 4, less pad length and next header
    assert decided.mtu.tolist() == [1446, 0, 0, 0]
    again = lookup.lookup_batch("10.1.0.1", daddr)
    assert again.outcome[0] == xfrm.CacheOutcome.HIT
    assert lookup.counters()["XfrmOutPolBlock"] == 2
    assert len(lookup.policies) == 3 and len(lookup.states) == 1


def test_lookup_on_a_kernel_without_flow_cache_decides_the_same():
    daddr = ["10.2.0.1", "10.3.0.1", "10.5.0.1"]
    expected = xfrm.Lookup(TUNNEL).lookup_batch("10.1.0.1", daddr)
    decided = xfrm.Lookup(TUNNEL, kernel="linux-4.19").lookup_batch("10.1.0.1", daddr)
    assert decided.verdict.tolist() == expected.verdict.tolist()
    assert decided.mtu.tolist() == expected.mtu.tolist()


@pytest.mark.parametrize(
    "commands, words",
    [
        ("policy dance", "here:1:8: dance: verb must be"),
        (f"{STATE}\n{STATE}", "here:2: add is refused: EEXIST"),
        ("state add dst 10.0.0.1", "here:1"),
    ],
)
def test_bad_commands_are_value_errors_with_their_line(commands, words):
    for database in (xfrm.PolicyDatabase(), xfrm.StateDatabase(), xfrm.Lookup()):
        with pytest.raises(ValueError, match=words):
            database.apply(commands, name="here")


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: xfrm.Lookup(n_cpus=0), "n_cpus 0: must be a whole number from 1"),
        (lambda: xfrm.Lookup(kernel="minix"), "kernel minix: must be one of linux-4.1"),
        (lambda: xfrm.Lookup(mtu=10), "mtu 10: must be"),
        (lambda: xfrm.Lookup(seed=-1), "seed -1: must be"),
        (lambda: xfrm.Lookup().lookup_batch("10.0.0.1", "10.0.0.2", cpu=1), "cpu 1: must be"),
        (lambda: xfrm.Lookup().lookup_batch("10.0.0.1", "here"), "daddr here: must be IPv4"),
        (lambda: xfrm.Lookup().lookup_batch("10.0.0.1", "10.0.0.2", now=-1), "now -1"),
        (lambda: xfrm.PolicyDatabase().lookup_batch(1, 2, sport=70000), "sport 70000: must be"),
        (lambda: xfrm.StateDatabase().lookup_batch(1, 2.5), "spi 2.5: must be whole"),
        (lambda: xfrm.ReplayWindow(5000), "size 5000: must be a whole number from 0 to 4096"),
        (lambda: xfrm.ReplayWindow(0, extended=True), "window"),
        (lambda: xfrm.ReplayWindow(received=2**32), "received 4294967296: must be"),
        (lambda: xfrm.ReplayWindow().next_out(-1), "n -1: must be"),
        (lambda: xfrm.EspSizes("policy flush"), "must be one command that adds a state of ESP"),
        (lambda: xfrm.EspSizes(STATE).sealed_length(-1), "lengths -1: must be"),
    ],
)
def test_bad_value_is_a_value_error(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_shapes_that_do_not_fit_together_are_a_value_error():
    with pytest.raises(ValueError, match="shape mismatch"):
        xfrm.PolicyDatabase().lookup_batch([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="shape mismatch"):
        xfrm.StateDatabase().lookup_batch([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="shape mismatch"):
        xfrm.Lookup().lookup_batch([1, 2], [1, 2, 3])


def test_window_accepts_once_and_forgets_what_is_too_old():
    window = xfrm.ReplayWindow(32)
    # RFC 4303, appendix A2: a window of 32 ends at 40 - 31 = 9
    assert window.receive_batch([1, 3, 2, 3, 0, 40, 8, 9]).tolist() == [0, 0, 0, 3, 1, 0, 2, 0]
    assert window.received == 40
    assert window.check_batch([41, 41]).tolist() == [0, 0]
    assert window.received == 40
    assert window.next_out(3).tolist() == [1, 2, 3] and window.sent == 3
    assert xfrm.ReplayWindow(sent=2**32 - 2).next_out(5).tolist() == [2**32 - 1]


def test_extended_window_guesses_the_half_that_is_not_on_the_wire():
    window = xfrm.ReplayWindow(64, extended=True, received=2**32 - 10)
    assert window.guess_high_batch([2**32 - 5, 3]).tolist() == [0, 1]
    assert window.receive_batch([2**32 - 5, 3]).tolist() == [0, 0]
    assert window.received == 2**32 + 3
    assert window.bitmap.shape == (2,)


@given(arrays(), st.sampled_from([(32, False), (32, True), (64, False)]))
def test_window_of_arrays_equals_one_by_one(sequences, kind):
    size, ring = kind
    window, single = (xfrm.ReplayWindow(size, ring=ring) for _ in range(2))
    verdicts = window.receive_batch(sequences)
    assert verdicts.shape == sequences.shape and verdicts.dtype == np.uint8
    assert scalars(verdicts) == [int(single.receive_batch(n)) for n in scalars(sequences)]
    assert window.received == single.received
    assert window.bitmap.tolist() == single.bitmap.tolist()


@given(arrays())
def test_esp_sizes_of_arrays_equal_one_by_one(lengths):
    sizes = xfrm.EspSizes(STATE)
    for function in (sizes.sealed_length, sizes.cipher_length, sizes.pad_length, sizes.mtu):
        mapped = function(lengths)
        assert mapped.shape == lengths.shape
        assert scalars(mapped) == [int(function(length)) for length in scalars(lengths)]


@given(arrays(), st.sampled_from(["10.1.0.1", IPv4Address("10.1.0.1"), 0x0A010001]))
def test_policy_lookups_of_arrays_equal_one_by_one(ports, source):
    policies = xfrm.PolicyDatabase("policy add dir out src 10.1.0.0/16 proto udp dport 5")
    policies.apply("policy add dir out src 10.1.0.0/16 proto udp dport 7")
    found = policies.lookup_batch(source, "10.2.0.1", dport=ports)
    assert found.shape == ports.shape
    expected = [int(policies.lookup_batch(source, 0x0A020001, dport=n)) for n in scalars(ports)]
    assert scalars(found) == expected


@given(arrays())
def test_state_lookups_of_arrays_equal_one_by_one(spis):
    states = xfrm.StateDatabase(STATE.replace("0x1001", "5") + "\n" + STATE.replace("0x1001", "7"))
    found = states.lookup_batch("10.9.0.2", spis)
    assert found.shape == spis.shape
    assert scalars(found) == [int(states.lookup_batch("10.9.0.2", n)) for n in scalars(spis)]


@given(arrays())
@settings(deadline=None)
def test_decisions_on_arrays_equal_one_by_one(ports):
    lookup, single = xfrm.Lookup(TUNNEL), xfrm.Lookup(TUNNEL)
    decided = lookup.lookup_batch("10.1.0.1", "10.2.0.1", sport=ports)
    expected = [single.lookup_batch("10.1.0.1", "10.2.0.1", sport=n) for n in scalars(ports)]
    for name, values in decided._asdict().items():
        assert values.shape == ports.shape
        assert scalars(values) == [int(getattr(each, name)) for each in expected]


@given(arrays())
def test_flow_keys_of_arrays_equal_one_by_one(ports):
    keys = xfrm.flow_keys("10.1.0.1", "10.2.0.1", sport=ports, dport=5)
    assert keys.shape == (*ports.shape, 8)
    for key, port in zip(keys.reshape(-1, 8), scalars(ports)):
        assert key.tolist() == xfrm.flow_keys("10.1.0.1", "10.2.0.1", sport=port, dport=5).tolist()


@given(arrays())
def test_cache_lookups_of_arrays_equal_one_by_one(ports):
    keys = xfrm.flow_keys("10.1.0.1", "10.2.0.1", sport=ports.reshape(-1))
    strided = np.asfortranarray(np.repeat(keys, 2, axis=0))[::2]
    cache = xfrm.FlowCache(hash_shift=2, high_watermark=8)
    single = xfrm.FlowCache(hash_shift=2, high_watermark=8)
    outcomes = cache.lookup_batch(strided)
    assert scalars(outcomes) == [int(single.lookup(key)) for key in keys]
    assert cache.work() == single.work()


@pytest.mark.parametrize("name", ["FlowCache", "Host", "ReplayWindow"])
def test_objects_of_the_extension_can_not_be_made_incomplete(name):
    kind = getattr(_core, name)
    for make in (
        lambda: kind(),
        lambda: kind.__new__(kind),
        lambda: object.__new__(kind),
        lambda: type("Sub", (kind,), {}),
    ):
        with pytest.raises(TypeError):
            make()


def test_objects_of_the_extension_can_not_be_copied_or_turned_into_others():
    window = _core.make_replay_window(32, False, False, 0, 0)
    host = _core.make_host(1, "linux-4.1", 1500, 1)
    with pytest.raises(TypeError):
        copy.copy(window)
    with pytest.raises(TypeError):
        pickle.dumps(window)
    with pytest.raises(TypeError):
        window.__class__ = type(host)
    assert window.contents() == (0, 0, [0])


@pytest.mark.parametrize("kind", [xfrm.FlowCache, xfrm.ReplayWindow, xfrm.Lookup])
def test_wrapper_without_init_is_an_attribute_error(kind):
    with pytest.raises(AttributeError):
        kind.__new__(kind).wait_until(1) if kind is xfrm.Lookup else repr(
            kind.__new__(kind).gc_cpu if kind is xfrm.FlowCache else kind.__new__(kind).sent
        )


def test_objects_say_what_they_hold():
    lookup = xfrm.Lookup(TUNNEL)
    assert repr(lookup) == "<Lookup: 3 policies, 1 states>"
    assert repr(lookup.policies) == "<PolicyDatabase: 3 policies>"
    assert repr(lookup.states) == "<StateDatabase: 1 states>"
    cache = xfrm.FlowCache(2)
    cache.lookup_batch(xfrm.flow_keys(saddr=[1, 2], daddr="10.2.0.1"))
    assert repr(cache) == "<FlowCache: 2 entries on 2 CPUs>"
    window = xfrm.ReplayWindow()
    window.receive_batch([5])
    assert repr(window) == "<ReplayWindow: received 5, sent 0>"
