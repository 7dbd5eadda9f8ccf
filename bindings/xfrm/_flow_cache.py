# SPDX-License-Identifier: GPL-2.0-only
"""The flow cache of Linux, call by call."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arrays import to_whole
from ._flow_keys import Direction, Family

__all__ = ["CacheOutcome", "CacheWork", "FlowCache", "FlushReport"]


class CacheOutcome(IntEnum):
    """How a lookup ended."""

    HIT = 0  #: entry of the current generation
    NEGATIVE = 1  #: entry that says "no policy"
    REFUSED = 2  #: entry whose object could not serve: resolved again
    STALE = 3  #: entry of another generation: resolved again
    MISS = 4  #: no entry: made and resolved
    UNSTORED = 5  #: no entry and no memory for one: resolved
    UNCACHED = 6  #: flow or CPU without cache: resolved
    NO_BUFFERS = 7  #: no entry and a new one is refused (from Linux 4.6 on)


@dataclass(frozen=True)
class CacheWork:
    """What a cache did, in the kernel's steps."""

    n_hits: int  #: lookups that ended in `CacheOutcome.HIT`, and so on
    n_negative: int
    n_refused: int
    n_stale: int
    n_misses: int
    n_unstored: int
    n_uncached: int
    n_no_buffers: int
    n_errors: int  #: resolver calls that returned an error
    n_compared: int  #: chain entries compared with a key
    n_shrinks: int  #: watermark shrinks
    n_reseeds: int  #: hash seeds drawn
    n_walked_buckets: int  #: buckets walked by shrinks, re-seeds and flushes
    n_checks: int  #: objects asked whether they are valid
    n_evicted: int  #: entries removed by shrinks and re-seeds
    n_flushed: int  #: entries removed by flushes
    n_collects: int  #: times dropped entries were put on the gc list, or it was taken
    n_destroyed: int  #: entries freed by the gc work
    n_deletes: int  #: objects given back
    n_hashed_words: int  #: 32-bit words hashed

    @property
    def n_lookups(self) -> int:
        """Lookups done."""
        return (
            self.n_hits
            + self.n_negative
            + self.n_refused
            + self.n_stale
            + self.n_misses
            + self.n_unstored
            + self.n_uncached
            + self.n_no_buffers
        )


class FlushReport(NamedTuple):
    """What a flush did."""

    n_removed: int  #: entries dropped on all CPUs
    n_tasklets: int  #: CPUs other than the calling one that had to run a tasklet


class FlowCache:
    """The flow cache of a network namespace: a table for each CPU and what they share.

    The caller brings what the kernel has by itself: the CPU, the time, and the moments at which
    the gc work runs.  Every flow resolves to the same.  Equal calls on caches of equal making give
    equal results.  Several threads may use one cache; one call at a time works.

    Parameters
    ----------
    n_cpus : int
        CPUs, 1 to 65536, all on line.
    hash_shift : int
        log2 of the number of buckets of a CPU's table, 0 to 20.
    low_watermark, high_watermark : int
        A miss above `high_watermark` entries shrinks the CPU's table first, to at most
        ``low_watermark >> hash_shift`` entries a bucket.
    seed : int
        Of the hash seeds, 0 or more.
    seed_period : float
        Time between re-seeds, 1 to 1e8 s.
    kernel : str
        First of the kernels with the same flow cache: linux-4.1, linux-4.3 (longer keys), linux-4.6
        and linux-4.8 (which refuse new entries under pressure) or linux-4.10 (longer keys again).
    finds : {'object', 'nothing', 'error'}
        What every flow resolves to: an object that serves until `invalidate`, "no policy", or an
        error, which is never cached.

    Raises
    ------
    ValueError
        For a value outside its range.
    """

    def __init__(
        self,
        n_cpus: int = 1,
        *,
        hash_shift: int = 10,
        low_watermark: int = 2048,
        high_watermark: int = 4096,
        seed: int = 1,
        seed_period: float = 600.0,
        kernel: str = "linux-4.1",
        finds: str = "object",
    ) -> None:
        self._cache = _core.make_flow_cache(
            n_cpus=n_cpus,
            hash_shift=hash_shift,
            low_watermark=low_watermark,
            high_watermark=high_watermark,
            seed=seed,
            seed_period=seed_period,
            kernel=kernel,
            finds=finds,
        )

    def lookup_batch(
        self,
        keys: ArrayLike,
        *,
        family: Family = Family.IPV4,
        direction: Direction = Direction.OUT,
        cpu: int = 0,
        now: float = 0.0,
    ) -> NDArray[np.uint8]:
        """Look up flows on one CPU, in order.

        Parameters
        ----------
        keys : array_like of integers, shape (n, n_words)
            Key words, as `flow_keys` makes them; any strides, any integer type.
        family : Family
            Address family of the keys, which says how many words they have.
        direction : Direction
            Direction of the flows, which is compared beside the words.
        cpu : int
            The CPU that looks up.
        now : float
            Time, 0 to 1e8 s.  The seed timer fires first as often as it is due.

        Returns
        -------
        ndarray of uint8, shape (n,)
            A `CacheOutcome` for each key.

        Raises
        ------
        ValueError
            For keys of another shape, and values outside their range.
        """
        return self._cache.lookup(to_whole("keys", keys, np.uint32), family, direction, cpu, now)

    def lookup(
        self,
        key: ArrayLike,
        *,
        family: Family = Family.IPV4,
        direction: Direction = Direction.OUT,
        cpu: int = 0,
        now: float = 0.0,
    ) -> CacheOutcome:
        """Look up one flow: a batch of one.

        Parameters
        ----------
        key : array_like of integers, shape (n_words,)
            Key words.
        family, direction, cpu, now
            As in `lookup_batch`.

        Returns
        -------
        CacheOutcome
            How it ended.

        Raises
        ------
        ValueError
            As in `lookup_batch`.
        """
        keys = np.asarray(key)[np.newaxis]
        return CacheOutcome(
            self.lookup_batch(keys, family=family, direction=direction, cpu=cpu, now=now)[0]
        )

    def invalidate(self) -> None:
        """Start a new generation: make all entries of all CPUs stale."""
        self._cache.bump_genid()

    def request_reseed(self) -> None:
        """Have each CPU draw a new hash seed and drop its entries at its next lookup."""
        self._cache.request_reseed()

    def flush(self, *, cpu: int = 0) -> FlushReport:
        """Drop the stale entries of all CPUs.

        Parameters
        ----------
        cpu : int
            The CPU that calls.

        Returns
        -------
        FlushReport
            What was done.

        Raises
        ------
        ValueError
            For an impossible CPU.
        """
        return FlushReport(*self._cache.flush(cpu))

    def run_gc(self) -> int:
        """Run the gc work, which frees removed entries; without it they stay in memory.

        Returns
        -------
        int
            Entries freed.
        """
        return self._cache.run_gc()

    def work(self, cpu: Optional[int] = None) -> CacheWork:
        """Tell what was done since the cache was made.

        Parameters
        ----------
        cpu : int, optional
            The CPU that did it; without, the sum of all.

        Returns
        -------
        CacheWork
            Counts.

        Raises
        ------
        ValueError
            For an impossible CPU.
        """
        return CacheWork(**self._cache.work(cpu))

    def entries(self) -> NDArray[np.uint32]:
        """Return the entries that each CPU holds, stale ones included, shape (n_cpus,)."""
        return np.array(self._cache.sizes(), np.uint32)

    def seeds(self) -> NDArray[np.uint32]:
        """Return the hash seed of each CPU, 0 before its first lookup, shape (n_cpus,)."""
        return np.array(self._cache.seeds(), np.uint32)

    @property
    def genid(self) -> int:
        """The generation."""
        return self._cache.genid()

    @property
    def gc_cpu(self) -> Optional[int]:
        """The CPU on which the gc work is to run; None if it is not asked for."""
        return self._cache.gc_cpu()

    @property
    def garbage_length(self) -> int:
        """Entries removed and not freed yet."""
        return self._cache.garbage_length()

    def __repr__(self) -> str:
        entries = self.entries()
        return f"<FlowCache: {entries.sum()} entries on {len(entries)} CPUs>"
