"""What a walk finds: a file to read, or one that is there and cannot be seen."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

# Not there, no such thing, or too large for this process: none of it passes by itself.
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENOMEM, None}
_control = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``id`` is its path relative to ``root``, the absolute path that the user named.

    ``modified_ns`` is when its words or what the system says of it changed last: a file that becomes
    readable, or is replaced by one with an older time, is to be read again.
    """

    id: str
    path: Path
    root: str
    size: int
    modified_ns: int
    format: str


class Hidden(NamedTuple):
    """A file or folder that is there and that the system does not let us see (no permission, a disk that
    fails): what was read of it before has not gone."""

    id: str
    path: Path
    reason: str


def printable(path: str) -> str:
    """A path as UTF-8 text on one line, though a file system may hold names that are neither."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _control.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def is_refused(error: OSError) -> bool:
    """Whether the system refuses what may well be there (no permission, a disk that fails), rather than
    saying that it is not there or is no such file."""
    return error.errno not in _GONE


def is_missing(path: Path) -> bool:
    """Whether nothing is there, as far as the system lets us see; a link that leads nowhere is there."""
    try:
        path.lstat()
    except ValueError:  # a NUL in it
        return True
    except OSError as error:
        return not is_refused(error)
    return False
