"""Bytes to text: byte order marks, then UTF-8, then what charset-normalizer finds likely.

Text that is UTF-8 but for a few bytes stays UTF-8: one stray byte must not garble every accent in a file.
"""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path

from germane.read.part import Unreadable

MAX_BYTES = 16 * 2**20
"""A longer text file is skipped: indexed as one document it would be of no use to anyone."""

SAMPLE = 2**16

_marks = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
REPAIR = "germane-repair"
"""What ``errors`` is to be where text is UTF-8 for the most part: odd bytes are read as cp1252."""

_controls = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The whole file. Raises ``Unreadable`` above ``limit`` bytes, ``OSError`` when it is gone."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"larger than {limit >> 20} MB: split it, or exclude it")
    return data


def see(path: Path) -> None:
    """Read the file to its end and drop it. Raises ``OSError`` where the system does not let us, which a
    library may have taken for damage."""
    with path.open("rb") as stream:
        while stream.read(2**20):
            pass


def read_text(path: Path, declared: str = "") -> str:
    """The whole file as text. Raises ``Unreadable`` for binary content or an unknown encoding."""
    return decode(read_bytes(path), declared)


def decode(data: bytes, declared: str = "") -> str:
    """``declared`` is an encoding that the file itself names; it comes after UTF-8, which is surer."""
    encoding = marked(data) or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        odd = error.start
    if encoding.startswith("utf-8") and mostly_utf8(data):
        return data.decode(encoding, REPAIR)
    if encoding != "utf-8":
        raise Unreadable(
            f"marked as {encoding.removesuffix('-sig').upper()} but is not: save it again as UTF-8"
        )
    if declared:
        with suppress(UnicodeError, LookupError):
            return data.decode(declared)
    begin = max(0, odd - SAMPLE // 2)
    try:
        return data.decode(guess(data[begin : begin + SAMPLE]))
    except UnicodeDecodeError:
        raise Unreadable("mixed encodings: save it as UTF-8") from None


def marked(head: bytes) -> str:
    """The encoding that a byte order mark names, or nothing. Raises ``Unreadable`` for binary content."""
    for mark, encoding in _marks:
        if head.startswith(mark):
            return encoding
    sample = head[:SAMPLE]
    if b"\0" in sample or len(sample) - len(sample.translate(None, _controls)) > len(sample) // 50:
        raise Unreadable("binary, not text")
    return ""


def mostly_utf8(data: bytes) -> bool:
    """Whether at least as many characters are UTF-8 beyond ASCII as there are odd bytes."""
    text = data.decode("utf-8", "replace")
    odd = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore")) - odd
    return beyond >= odd


def _repair(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(REPAIR, _repair)


def guess(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        raise Unreadable("not UTF-8 and no encoding fits: save it as UTF-8")
    equal = {match.encoding for match in matches if match.chaos <= best.chaos}
    return "cp1252" if "cp1252" in equal else best.encoding  # the commonest by far, where it is as likely


def stream_encoding(path: Path) -> str:
    """The encoding of a file that is read record by record, from its first bytes that are not ASCII."""
    with path.open("rb") as stream:
        chunk = stream.read(SAMPLE)
        if encoding := marked(chunk):
            return encoding
        while chunk.isascii():
            chunk = stream.read(SAMPLE)
            if not chunk:
                return "utf-8"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(chunk)
    except UnicodeDecodeError:
        return "utf-8" if mostly_utf8(chunk) else guess(chunk)
    return "utf-8"
