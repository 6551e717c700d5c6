"""Subtitles (VTT, SRT) by pysubs2: cues joined into sections that carry their time span as heading."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from pysubs2 import SSAFile
from pysubs2.exceptions import Pysubs2Error

from germane.read.decode import read_text
from germane.read.part import MAX_TEXT, Part, Unreadable, clean
from germane.types import Section

SPAN = 700
"""Characters after which a section ends with the next sentence; at twice as many it ends anyway."""

_tag = re.compile(r"<[^<>]*>")


def cues(path: Path) -> Iterator[tuple[int, int, str]]:
    """Start and end in milliseconds, and the text that was not on the screen before.

    Raises ``Unreadable``.
    """
    text = clean(read_text(path))
    try:
        found = SSAFile.from_string(text, format_="vtt" if path.suffix.lower() == ".vtt" else "srt")
    except (Pysubs2Error, ValueError, IndexError):
        raise Unreadable("subtitles are damaged: no cue can be read") from None
    shown: list[str] = []
    for cue in found:
        before = shown
        shown = [] if cue.is_comment else [*filter(None, map(_line, cue.plaintext.split("\n")))]
        if line := " ".join(_new(shown, before)):
            yield cue.start, cue.end, line


def parts(path: Path) -> Iterator[Part]:
    pieces: list[str] = []
    sections: list[Section] = []
    begin = last = length = start = 0
    for first, end, line in cues(path):
        long = length - start
        if pieces and (long >= 2 * SPAN or (long >= SPAN and pieces[-1][-1] in ".?!…\"'”")):
            sections.append(Section(start, length + 1, (_span(begin, last),)))
            start, begin = length + 1, first
        elif not pieces:
            begin = first
        gap = "\n" if pieces else ""
        pieces += (gap, line)
        length += len(gap) + len(line)
        last = end
        if length > MAX_TEXT:
            raise Unreadable(f"more than {MAX_TEXT // 1_000_000} million characters: split it")
    if not pieces:
        raise Unreadable("no cue with text in it")
    sections.append(Section(start, length, (_span(begin, last),)))
    yield Part("", "", "".join(pieces), tuple(sections), {"seconds": round(last / 1000, 3)})


def _line(text: str) -> str:
    return " ".join(html.unescape(_tag.sub("", text)).split())


def _new(shown: list[str], before: list[str]) -> list[str]:
    """Lines that were not on the screen before: captions that roll show each line two or three times."""
    rolled = next((n for n in range(min(len(shown), len(before)), 0, -1) if before[-n:] == shown[:n]), 0)
    return shown[rolled:]


def _span(start: int, end: int) -> str:
    return f"{clock(start)}-{clock(end)}"


def clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
