# SPDX-License-Identifier: GPL-2.0-only
"""Units with prefixes, chosen by the numbers that are shown."""

import math
from typing import NamedTuple

__all__ = ["Unit", "find_unit", "format_number", "format_value", "pick_exponent"]

_PREFIXES = {-9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}


_MOST_LETTERS = 4  # of a number with a prefix


class Unit(NamedTuple):
    """How numbers of a unit of tables are written."""

    symbol: str  #: its symbol without prefix; empty: a plain number
    exponent: int  #: it is the symbol's unit times ten to this
    is_prefixed: bool  #: it takes prefixes
    is_fractional: bool  #: ... also those of less than one

    def name(self, exponent: int) -> str:
        """Return the symbol with the prefix of an exponent."""
        return f"{_PREFIXES[exponent]}{self.symbol}" if self.is_prefixed else self.symbol


_UNITS = {
    "1": Unit("%", 2, False, False),
    "%": Unit("%", 0, False, False),
    "bit/s": Unit("bit/s", 0, True, False),
    "bytes": Unit("B", 0, True, False),
    "ns": Unit("s", -9, True, True),
    "packets/s": Unit("pps", 0, True, False),
    "s": Unit("s", 0, True, True),
}
_PLAIN = Unit("", 0, True, False)


def find_unit(unit: str) -> Unit:
    """Look a unit of tables up.

    Parameters
    ----------
    unit : str
        As in ``attrs["units"]``, such as "ns"; others than those with a symbol are counts.

    Returns
    -------
    Unit
        How its numbers are written; a share ("1") in percent.
    """
    return _UNITS.get(unit, _PLAIN)


def pick_exponent(unit: Unit, largest: float) -> int:
    """Choose a prefix.

    Parameters
    ----------
    unit : Unit
        Of the numbers.
    largest : float
        The greatest size among them.

    Returns
    -------
    int
        Exponent of ten, a multiple of three: with its prefix the number is from 1 to 1000.
    """
    if not unit.is_prefixed:
        return 0
    if not largest > 0 or not math.isfinite(largest):
        return max(min(_PREFIXES), unit.exponent // 3 * 3)
    # Rounded, since the logarithm of 1000 may come out a little less than 3.
    power = math.floor(round(math.log10(largest) + unit.exponent, 9))
    least = min(_PREFIXES) if unit.is_fractional else 0
    return min(max(power // 3 * 3, least), max(_PREFIXES))


def format_value(value: float, unit: str, *, is_named: bool = True) -> str:
    """Write a number with a prefix of its own.

    Parameters
    ----------
    value : float
        The number.
    unit : str
        Of it, as in tables.
    is_named : bool
        With the unit's symbol.

    Returns
    -------
    str
        Such as "10k" of 10000 without unit, "30 ms" of 0.03 s.
    """
    kind = find_unit(unit)
    exponent = pick_exponent(kind, abs(value)) if value else 0
    number = format_number(value * 10.0 ** (kind.exponent - exponent))
    name = kind.name(exponent)
    if not kind.symbol:
        # 4096 rather than 4.096k.
        return number + name if len(number) <= _MOST_LETTERS else format_number(value)
    return f"{number} {name}" if is_named else number


def format_number(value: float) -> str:
    """Write a number as short as it can be, with a true minus."""
    return f"{float(f'{value:.6g}'):.12g}".replace("-", "\N{MINUS SIGN}")
