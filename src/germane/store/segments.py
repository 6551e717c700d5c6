"""What Tantivy leaves to whoever reads its folder: the checksums of its files, which it writes and does not
look at, and the lock file that it makes even to read."""

from __future__ import annotations

import json
import os
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

_FOOTER = struct.Struct("<II")  # ends a segment's file: the length of a JSON note, and a number
_MAGIC = 1337
_PART = 1 << 20


def whole(path: Path) -> bool:
    """Whether a file of a segment is as it was written; True for other files."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END) - _FOOTER.size
            file.seek(max(0, size))
            end = file.read(_FOOTER.size)
            length, magic = _FOOTER.unpack(end) if len(end) == _FOOTER.size else (0, 0)
            if magic != _MAGIC or length > size:
                return True  # Tantivy itself refuses it
            file.seek(size - length)
            note = file.read(length)
            file.seek(0)
            crc, left = 0, size - length
            while left and (part := file.read(min(left, _PART))):
                crc, left = zlib.crc32(part, crc), left - len(part)
            return bool(json.loads(note)["crc"] == crc)
    except (FileNotFoundError, IsADirectoryError):  # merged away meanwhile, or nothing Tantivy would read
        return True
    except (ValueError, KeyError, TypeError):
        return False


def writable(folder: Path) -> bool:
    """Whether this process may make files in ``folder``."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def linked(folder: Path) -> TemporaryDirectory[str]:
    """A temporary folder of links to the files of ``folder``, its locks left out."""
    # A thread of Tantivy that has not ended yet may make its lock again while the folder is cleaned up.
    links = TemporaryDirectory(prefix="germane-", ignore_cleanup_errors=True)
    for path in folder.iterdir():
        if path.suffix != ".lock":
            Path(links.name, path.name).symlink_to(path.absolute())
    return links
