# SPDX-License-Identifier: GPL-2.0-only
"""The command line: python3 -m xfrm COMMAND."""

import sys

from ._commands import main

__all__ = ["main", "run"]


def run() -> int:
    """Do what the words of this process say.

    Returns
    -------
    int
        Exit status.
    """
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
