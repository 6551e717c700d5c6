"""What a sequence is made of: sentences, utterances or lines, in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Turn(NamedTuple):
    """One sentence, utterance or line of a sequence; ``speaker`` and ``time`` as the source writes them, or
    empty."""

    text: str
    speaker: str = ""
    time: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.time, self.speaker, self.text) if part)


def turns_of(found: Iterable[Turn | str]) -> list[Turn]:
    """Turns, where plain text stands for a turn of which no more is known."""
    return [turn if isinstance(turn, Turn) else Turn(turn) for turn in found]
