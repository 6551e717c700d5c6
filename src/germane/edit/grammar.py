"""All edits by type, and one call that tries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from germane.edit import parsed, words
from germane.edit.edit import Edit

OnText = Callable[[str, Random], Edit | None]
OnParse = Callable[[Any, Random], Edit | None]

CHANGING_WORDS: dict[str, OnText] = {
    "opposite": words.opposite,
    "preposition": words.preposition,
    "number": words.number,
    "quantifier": words.quantifier,
}
KEEPING_WORDS: dict[str, OnText] = {"contraction": words.contraction, "synonym": words.synonym}
CHANGING_PARSED: dict[str, OnParse] = {"negation": parsed.negation, "roles": parsed.roles}
KEEPING_PARSED: dict[str, OnParse] = {"clause_order": parsed.clause_order, "question": parsed.question}


def changing(doc: Any, rng: Random, pool: Mapping[str, Sequence[str]] | None = None) -> list[Edit]:
    """Every type of meaning-changing edit that applies to ``doc`` (a spaCy ``Doc``), one each."""
    tried = [edit(doc.text, rng) for edit in CHANGING_WORDS.values()]
    tried += [edit(doc, rng) for edit in CHANGING_PARSED.values()]
    if pool:
        tried.append(parsed.entity(doc, pool, rng))
    return [edit for edit in tried if edit is not None and edit.text != doc.text]


def keeping(doc: Any, rng: Random) -> list[Edit]:
    """Every type of meaning-keeping edit that applies to ``doc``, one each."""
    tried = [edit(doc.text, rng) for edit in KEEPING_WORDS.values()]
    tried += [edit(doc, rng) for edit in KEEPING_PARSED.values()]
    return [edit for edit in tried if edit is not None and edit.text != doc.text]
