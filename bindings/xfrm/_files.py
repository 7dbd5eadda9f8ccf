# SPDX-License-Identifier: GPL-2.0-only
"""Files that are written as a whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Union

__all__ = ["write_whole"]


def write_whole(path: Union[str, "os.PathLike[str]"], write: Callable[[Path], object]) -> Path:
    """Write a file, which is replaced at once: whatever goes wrong, the old one stays.

    Parameters
    ----------
    path : str or path
        The file.  Of a link what it leads to is written; what is no file, such as /dev/stdout,
        is not replaced.
    write : callable
        Writes the file that it is given, whose name ends as that of `path`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OSError
        If it can't be written.
    """
    file = Path(path)
    if file.is_dir():
        raise IsADirectoryError(f"{file}: is a folder, must be a file")
    target = Path(os.path.realpath(file))
    is_special = target.exists() and not target.is_file()
    part = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        write(target if is_special else part)
        if not is_special:
            os.replace(part, target)
    except OSError as error:
        raise type(error)(f"{file}: {error.strerror or error}") from error
    finally:
        if not is_special:
            part.unlink(missing_ok=True)
    return file
