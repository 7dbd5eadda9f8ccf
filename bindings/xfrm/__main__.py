# SPDX-License-Identifier: GPL-2.0-only
"""The command line: python3 -m xfrm COMMAND."""

import sys

from ._commands import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
