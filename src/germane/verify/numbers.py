"""The numbers that a text states, by value: ``2`` and ``Two``, ``1,000`` and ``a thousand`` are the same."""

from __future__ import annotations

import re
from typing import NamedTuple

from germane.edit.number_words import TENS, UNITS

SMALL = {word: i for i, word in enumerate(UNITS)} | {word: 20 + 10 * i for i, word in enumerate(TENS)}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALE = "|".join(SCALES)
_WORD = rf"(?:{'|'.join(SMALL)}|half|{_SCALE})\b"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:st|nd|rd|th)?\b"
_JOINED = r"(?:[ -]|(?<=half) an? |(?<=hundred) and |(?<=thousand) and )"
_NUMBER = re.compile(rf"{_DIGITS}(?:[ -](?:{_SCALE})\b)*|\b{_WORD}(?:{_JOINED}{_WORD})*", re.IGNORECASE)
_PART = re.compile(rf"{_DIGITS}|\b{_WORD}", re.IGNORECASE)


class Stated(NamedTuple):
    """A number as it is written, ``text[start:end]``, and what it comes to."""

    value: float
    start: int
    end: int
    text: str

    @property
    def is_year(self) -> bool:
        return self.text.isdigit() and len(self.text) == 4 and 1000 <= self.value <= 2100


def stated(text: str) -> list[Stated]:
    """The numbers of ``text`` in order. A lone *one* or *half* counts for none: it is seldom a number."""
    found = []
    for match in _NUMBER.finditer(text):
        if match[0].lower() not in ("one", "half"):
            found.append(Stated(_value(match[0].lower()), *match.span(), match[0]))
    return found


def _value(text: str) -> float:
    """``two hundred and five thousand``: small numbers add up, scales multiply what stands before them."""
    total = current = 0.0
    for word in _PART.findall(text):
        if word in SCALES:
            current = (current or 1.0) * SCALES[word]
            if SCALES[word] >= 1000:
                total, current = total + current, 0.0
        elif word in SMALL or word == "half":
            current += SMALL.get(word, 0.5)
        else:
            current += float(re.sub(r"[^\d.]", "", word))
    return total + current
