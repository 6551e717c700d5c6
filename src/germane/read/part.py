"""What a format's parser gives: parts of a file, put together from blocks of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from germane.types import Section

MAX_TEXT = 16_000_000
"""Characters. No single document is longer: a longer one is a dump, and would take all memory."""

_soft_hyphen = re.compile("\u00ad\\n?")

Scalar = str | int | float | bool


class Unreadable(Exception):
    """The file cannot be read, for a reason a person can act on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fault(NamedTuple):
    """A record that was passed over, the first of ``many``; the rest of its file is read."""

    where: str
    reason: str
    many: int = 1


class Block(NamedTuple):
    """A heading (``level`` 1 and deeper) or a paragraph (``level`` 0); tight ones follow on a new line."""

    text: str
    level: int = 0
    tight: bool = False


class Part(NamedTuple):
    """One document of a file. ``key`` is what its id adds to the file's: nothing, ``#7`` or ``::name``."""

    key: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    metadata: Mapping[str, Scalar] = {}


def clean(text: str) -> str:
    """Line ends as ``\\n``, no NUL, no lone surrogate: what every store and encoder can take.

    Nor soft hyphens, which are not seen and would part words in two.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        text = _soft_hyphen.sub("", text)
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def compose(
    blocks: Iterable[Block], *, key: str = "", title: str = "", metadata: Mapping[str, Scalar] | None = None
) -> Part:
    """Join blocks into one text with its sections; headings stay in the text, at their section's start.

    A heading without a body of its own opens the section of its first subheading, so that no section
    is a bare heading unless nothing follows it. Raises ``Unreadable`` above ``MAX_TEXT`` characters.
    """
    pieces: list[str] = []
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    start, length, bare, tight = 0, 0, True, False
    for block in blocks:
        text = clean(block.text).strip("\n").rstrip()
        if not text.strip():
            continue
        gap = "" if not pieces else "\n" if tight and block.tight else "\n\n"
        tight = block.tight
        if block.level:
            heading = " ".join(text.split())
            below = path and block.level > path[-1][0]
            if length and not (bare and below):
                sections.append(Section(start, length + len(gap), _headings(path)))
                start = length + len(gap)
            path = [step for step in path if step[0] < block.level] + [(block.level, heading)]
        bare = bool(block.level)
        pieces += (gap, text)
        length += len(gap) + len(text)
        if length > MAX_TEXT:
            raise Unreadable(f"more than {MAX_TEXT // 1_000_000} million characters: split it")
    if path:
        sections.append(Section(start, length, _headings(path)))
    first = next((section.headings[0] for section in sections if section.headings), "")
    return Part(
        key, " ".join(clean(title).split()) or first, "".join(pieces), tuple(sections), metadata or {}
    )


def _headings(path: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(heading for _, heading in path)
