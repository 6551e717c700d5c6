"""Is an answer that was cached for one text safe to serve for another? Fails closed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from germane.encode.protocol import Tokens
from germane.errors import GermaneError
from germane.verify.calibration import platt
from germane.verify.differences import differences
from germane.verify.inputs import MOST_QUERY, assemble
from germane.verify.reasons import said
from germane.verify.verifier import Verifier, shipped_verifier

UNKNOWN_PIECE = 100
"""``[UNK]`` of the shipped tokenizer."""
Spans = tuple[tuple[int, int], ...]
_sign = re.compile(r"(?<![\w)\]])[-−+](?=[\d.])|!=|!(?=[\w(])|[<>=≤≥≠±¬]=?|(?<=\d)\s*[*+](?=\s*\d)")
"""What says *not*, *below* or *above* without a word: signs of numbers, comparisons, negations of code. The
model makes little of them, and they turn a meaning round."""
MOST_CHARACTERS = 4000
"""Longer texts are not compared: what the model does not read could be what differs."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """``same``: the cached answer may be served. ``probability`` that the two texts ask or say the same;
    ``reason`` says what speaks against it, where that was asked for and something does, and ``differs`` where
    the words stand that it names: characters of the new text, and of the cached one."""

    same: bool
    probability: float
    reason: str
    differs: tuple[Spans, Spans] = ((), ())

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def guard(new: str, cached: str, *, explain: bool = False, verifier: Verifier | None = None) -> Guarded:
    """Whether what was answered to ``cached`` answers ``new`` as well.

    It fails closed: what cannot be compared (an empty text, one too long to be read whole, a model that is
    missing) is not the same, and ``reason`` says why; nothing is raised for it. ``explain`` names the words
    that speak against a pair that is turned down, which takes a second look at it.
    """
    try:
        return _compared(new, cached, explain, verifier)
    except GermaneError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return Guarded(False, 0.0, f"cannot compare: {error.message}{hint}")


def _compared(new: str, cached: str, explain: bool, verifier: Verifier | None) -> Guarded:
    if not isinstance(new, str) or not isinstance(cached, str) or not new.strip() or not cached.strip():
        return Guarded(False, 0.0, "cannot compare: a text is empty")
    if " ".join(new.split()) == " ".join(cached.split()):
        return Guarded(True, 1.0, "")
    if max(len(new), len(cached)) > MOST_CHARACTERS:
        return Guarded(False, 0.0, f"cannot compare: a text is longer than {MOST_CHARACTERS} characters")
    signs = _signs(new), _signs(cached)
    if signs[0] != signs[1]:
        shown = " / ".join(" ".join(each) or "none" for each in signs)
        return Guarded(False, 0.0, f"other signs: {shown}")
    verifier = verifier or shipped_verifier()
    pooled, [first, second] = verifier.encoder.encode([new, cached])
    if _unread(new, first) != _unread(cached, second):
        return Guarded(False, 0.0, "cannot compare: a word or sign that the model cannot read")
    lengths = len(first.ids), len(second.ids)
    if not min(lengths):
        return Guarded(False, 0.0, "cannot compare: a text has no words")
    if max(lengths) > MOST_QUERY:
        return Guarded(False, 0.0, f"cannot compare: a text is longer than {MOST_QUERY} word pieces")
    similarity, fitted = float(pooled[0] @ pooled[1]), verifier.calibration.same
    inputs = assemble([first], [second], np.array([similarity]), verifier.thesaurus)
    probability = float(platt(verifier.same_odds(inputs), fitted)[0])
    same = probability >= fitted["threshold"]
    if explain and not same:
        found = differences(verifier.same_odds, (first, second), (new, cached), similarity,
                            verifier.thesaurus, directed=False)  # fmt: skip
        here, there = (tuple(s for d in found if (s := d.spans[k])) for k in (0, 1))
        return Guarded(same, round(probability, 4), said(found) or "another matter", (here, there))
    return Guarded(same, round(probability, 4), "")


def _signs(text: str) -> list[str]:
    """The signs of ``text`` in order, one that ends a sentence left out."""
    return [found.group().strip() for found in _sign.finditer(text)]


def _unread(text: str, tokens: Tokens) -> list[str]:
    """What of ``text`` no known word piece stands for: signs such as emoji, words of a hundred letters. Two
    that differ look the same to the model."""
    spans = tokens.offsets[tokens.ids == UNKNOWN_PIECE]
    return [text[start:end].casefold() for start, end in spans]
