# SPDX-License-Identifier: GPL-2.0-only
"""What Encapsulating Security Payload adds to packets (RFC 4303)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arrays import to_whole

__all__ = ["EspSizes"]


class EspSizes:
    """The lengths of packets under a state of ESP.

    Parameters
    ----------
    state : str
        The `ip xfrm` command that adds the state; "ip xfrm" in front may be missing.

    Attributes
    ----------
    header_bytes : int
        What is put before a packet, the outer IP header of tunnel mode included (props.header_len).
    trailer_bytes : int
        What may be put behind (props.trailer_len).
    iv_bytes, block_bytes, icv_bytes, encap_bytes : int
        Initialisation vector, what the ciphertext is a multiple of, integrity check value, UDP.

    Raises
    ------
    ValueError
        For a command that is wrong, does not add a state of ESP, or that Linux 4.1 refuses.

    Examples
    --------
    >>> state = "state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 1 mode tunnel"
    >>> sizes = xfrm.EspSizes(f"{state} aead rfc4106(gcm(aes)) 0x{'00' * 20} 128")
    >>> sizes.sealed_length([40, 1500])
    array([  96, 1556], dtype=uint32)
    """

    def __init__(self, state: str) -> None:
        self._state = state
        parts = _core.esp_parts(state)
        self.header_bytes = parts["header_bytes"]
        self.trailer_bytes = parts["trailer_bytes"]
        self.iv_bytes = parts["iv_bytes"]
        self.block_bytes = parts["block_bytes"]
        self.icv_bytes = parts["icv_bytes"]
        self.encap_bytes = parts["encap_bytes"]

    def sealed_length(self, clear: ArrayLike) -> NDArray[np.uint32]:
        """Return lengths of sealed packets [bytes].

        Parameters
        ----------
        clear : array_like of integers
            Lengths of what is protected [bytes]: in tunnel mode of IP packets, in transport mode
            of their payloads; any shape, strides and integer type.

        Returns
        -------
        ndarray of uint32, the same shape
            In tunnel mode lengths of the outer IP packets, in transport mode of their payloads.

        Raises
        ------
        ValueError
            For lengths that are not whole, or not from 0 to 65535.
        """
        return self._map("sealed", clear)

    def cipher_length(self, clear: ArrayLike) -> NDArray[np.uint32]:
        """Return lengths of ciphertexts, pad length and next header included [bytes].

        Parameters and errors are those of `sealed_length`.
        """
        return self._map("cipher", clear)

    def pad_length(self, clear: ArrayLike) -> NDArray[np.uint32]:
        """Return the pad length bytes of packets.

        Parameters and errors are those of `sealed_length`.
        """
        return self._map("pad", clear)

    def mtu(self, outer: ArrayLike) -> NDArray[np.uint32]:
        """Return the largest packets that fit (xfrm_state_mtu()) [bytes].

        Parameters
        ----------
        outer : array_like of integers
            MTUs outside [bytes]; any shape, strides and integer type.

        Returns
        -------
        ndarray of uint32, the same shape
            As the kernel computes them: they wrap around where not even the headers fit.

        Raises
        ------
        ValueError
            For MTUs that are not whole, or not from 0 to 65535.
        """
        return self._map("mtu", outer)

    def _map(self, what: str, lengths: ArrayLike) -> NDArray[np.uint32]:
        numbers = to_whole("lengths", lengths, np.uint16)
        results = _core.esp_lengths(self._state, what, numbers.reshape(-1).astype(np.uint32))
        return results.reshape(numbers.shape)
