# SPDX-License-Identifier: GPL-2.0-only
"""Sequence numbers of a state, in and out (RFC 4303: anti-replay)."""

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arrays import to_whole

__all__ = ["ReplayVerdict", "ReplayWindow"]


class ReplayVerdict(IntEnum):
    """A verdict on a received sequence number."""

    ACCEPTED = 0  #: new
    ZERO = 1  #: number 0 with a window: refused
    TOO_OLD = 2  #: before the window
    DUPLICATE = 3  #: seen before


class ReplayWindow:
    """The sequence numbers of a state, as Linux 4.1 keeps them.

    Several threads may use it; one call at a time works.

    Parameters
    ----------
    size : int
        Packets of the window, 0 (no check) to 4096; up to 32 it is the kernel's word that is
        shifted, else a ring of bits.
    extended : bool
        Numbers have 64 bits, of which 32 are on the wire (ESN); needs a window.
    ring : bool
        A ring of bits also for 32 packets or less.
    received, sent : int
        Highest number received and last number sent, below 2**32, of extended numbers 2**64.

    Raises
    ------
    ValueError
        For a value outside its range.

    Examples
    --------
    >>> xfrm.ReplayWindow(32).receive_batch([1, 3, 2, 3])
    array([0, 0, 0, 3], dtype=uint8)
    """

    def __init__(
        self,
        size: int = 32,
        *,
        extended: bool = False,
        ring: bool = False,
        received: int = 0,
        sent: int = 0,
    ) -> None:
        most = 2**64 if extended else 2**32
        for name, value in (("received", received), ("sent", sent)):
            if not 0 <= value < most:
                raise ValueError(f"{name} {value}: must be a whole number from 0 to {most - 1}")
        self._window = _core.make_replay_window(size, extended, ring, received, sent)

    def check_batch(self, sequences: ArrayLike) -> NDArray[np.uint8]:
        """Judge received numbers, each as if it was the next, without noting them.

        Parameters
        ----------
        sequences : array_like of integers
            The halves that are on the wire, 32 bits; any shape, strides and integer type.

        Returns
        -------
        ndarray of uint8, the same shape
            A `ReplayVerdict` for each.

        Raises
        ------
        ValueError
            For numbers that are not whole or do not fit.
        """
        return self._judge(sequences, False)

    def receive_batch(self, sequences: ArrayLike) -> NDArray[np.uint8]:
        """Judge received numbers in order, and note those that are accepted.

        Parameters
        ----------
        sequences : array_like of integers
            As in `check_batch`.

        Returns
        -------
        ndarray of uint8, the same shape
            A `ReplayVerdict` for each.

        Raises
        ------
        ValueError
            As in `check_batch`.
        """
        return self._judge(sequences, True)

    def guess_high_batch(self, sequences: ArrayLike) -> NDArray[np.uint32]:
        """Guess the halves of numbers that are not on the wire.

        Parameters
        ----------
        sequences : array_like of integers
            As in `check_batch`.

        Returns
        -------
        ndarray of uint32, the same shape
            High halves; 0 unless numbers are extended.

        Raises
        ------
        ValueError
            As in `check_batch`.
        """
        numbers = to_whole("sequences", sequences, np.uint32)
        return self._window.guess_high(numbers.reshape(-1)).reshape(numbers.shape)

    def next_out(self, n: int = 1) -> NDArray[np.uint64]:
        """Take the next numbers to send.

        Parameters
        ----------
        n : int
            How many, 0 to 2**32.

        Returns
        -------
        ndarray of uint64, shape (up to n,)
            The numbers; fewer if they are used up.

        Raises
        ------
        ValueError
            For an impossible n.
        """
        return self._window.next_out(n)

    def _judge(self, sequences: ArrayLike, advances: bool) -> NDArray[np.uint8]:
        numbers = to_whole("sequences", sequences, np.uint32)
        return self._window.receive(numbers.reshape(-1), advances).reshape(numbers.shape)

    @property
    def received(self) -> int:
        """Highest number received."""
        return self._window.contents()[0]

    @property
    def sent(self) -> int:
        """Last number sent."""
        return self._window.contents()[1]

    @property
    def bitmap(self) -> NDArray[np.uint32]:
        """The bits of numbers seen, as the kernel shows them, shape (n_words,)."""
        return np.array(self._window.contents()[2], np.uint32)

    def __repr__(self) -> str:
        return f"<ReplayWindow: received {self.received}, sent {self.sent}>"
