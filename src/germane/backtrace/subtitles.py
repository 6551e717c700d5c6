"""Subtitles as a sequence: the sentences that were spoken, each with the time at which it began."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from germane.backtrace.turns import Turn
from germane.read.formats.subtitles import clock, cues
from germane.read.passages import sentences

LONG = 400
"""Characters. Where sentences are longer than this on average there are no full stops in the captions (those
made by machines have none), and each cue is a turn."""


def spoken(path: Path) -> list[Turn]:
    """The turns of a ``.srt`` or ``.vtt`` file. Raises ``Unreadable`` where it is damaged."""
    found = list(cues(path))
    text = " ".join(line for _, _, line in found)
    spans = list(sentences(text))
    if len(text) > LONG * len(spans):
        return [Turn(line, "", clock(start)) for start, _, line in found]
    starts, at = [0], 0
    for _, _, line in found[:-1]:
        at += len(line) + 1
        starts.append(at)
    times = [clock(found[bisect_right(starts, start) - 1][0]) for start, _ in spans]
    return [Turn(text[a:b], "", time) for (a, b), time in zip(spans, times, strict=True)]
