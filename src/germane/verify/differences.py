"""Which words keep two texts from saying the same: without them, on the map, the log-odds rise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from germane.encode.onnx import unit
from germane.encode.protocol import Tokens
from germane.verify.same import MOST, SameInputs, SameVerifier, assemble
from germane.verify.thesaurus import FLAGS, SAME, shipped

TRIED = 12
"""Differences that are tried, at most."""
SPEAKS = 0.3
"""What the log-odds must rise by for words to be named."""
_CONTINUED, _MARK, _STOP = (FLAGS.index(name) for name in ("continued", "mark", "stop"))


class Difference(NamedTuple):
    """Words of the first text and of the second that stand in one place (either may be empty), and by how
    much the log-odds of *same* rise without them."""

    first: str
    second: str
    rise: float


def differences(verifier: SameVerifier, first: str, second: str, *, most: int = 2) -> list[Difference]:
    """What speaks loudest against *same*, at most ``most``; empty where nothing does."""
    pooled, states = verifier.encoder.states([first, second])
    if not all(len(tokens.ids) for tokens in states):
        return []
    similarity = np.array([pooled[0] @ pooled[1]], np.float32)
    whole = assemble(states[:1], states[1:], similarity, shipped())
    texts = (first, second)
    sides = [_words(tokens, text) for tokens, text in zip(states, texts, strict=True)]
    tried = _apart(whole, states, sides)[:TRIED]
    if not tried:
        return []
    without = SameInputs._make(np.repeat(array, len(tried), axis=0) for array in whole)
    for row, pair in enumerate(tried):
        for side, word in enumerate(pair):
            if word is not None:
                (without.first_mask, without.second_mask)[side][row, sides[side][word]] = 0
    without = _masked(without)
    rises = verifier.run(without) - verifier.run(whole)[0]
    found = [
        Difference(
            _text(sides[0], pair[0], states[0], first),
            _text(sides[1], pair[1], states[1], second),
            float(rise),
        )
        for pair, rise in zip(tried, rises, strict=True)
        if rise > SPEAKS
    ]
    return sorted(found, key=lambda d: -d.rise)[:most]


def _words(tokens: Tokens, text: str) -> list[slice]:
    """The word pieces of each word, punctuation left out."""
    flags = shipped().described(tokens.ids[:MOST])
    starts = [i for i in range(len(flags)) if i == 0 or not flags[i, _CONTINUED]]
    spans = [slice(a, b) for a, b in zip(starts, [*starts[1:], len(flags)], strict=True)]
    return [span for span in spans if not flags[span.start, _MARK]]


def _apart(
    whole: SameInputs, states: list[Tokens], sides: list[list[slice]]
) -> list[tuple[int | None, int | None]]:
    """Words that have no equal in the other text, each with the one that takes its place, if any: the
    likest of those without an equal. Where all have equals (the order differs), pairs of equals."""
    starts = [[span.start for span in side] for side in sides]
    equal = whole.relations[0][np.ix_(*starts)] == SAME
    alone = [np.flatnonzero(~equal.any(axis=1)).tolist(), np.flatnonzero(~equal.any(axis=0)).tolist()]
    if not alone[0] and not alone[1]:
        return [(i, int(np.flatnonzero(equal[i])[0])) for i in range(len(starts[0]))]
    vectors = [unit(tokens.vectors[at]) for tokens, at in zip(states, starts, strict=True)]
    cosines = vectors[0] @ vectors[1].T
    plain = [
        shipped().described(tokens.ids[:MOST])[at, _STOP] for tokens, at in zip(states, starts, strict=True)
    ]
    cosines = cosines - (plain[0][:, None] != plain[1])  # a content word takes the place of a content word
    found: list[tuple[int | None, int | None]] = []
    left, right = list(alone[0]), list(alone[1])
    while left and right:
        i, j = max(((i, j) for i in left for j in right), key=lambda pair: cosines[pair])
        found.append((i, j))
        left.remove(i)
        right.remove(j)
    return [*found, *((i, None) for i in left), *((None, j) for j in right)]


def _masked(inputs: SameInputs) -> SameInputs:
    """With nothing left of what the masks leave out."""
    first, second = inputs.first_mask[..., None], inputs.second_mask[..., None]
    inside = (first * inputs.second_mask[:, None, :]).astype(np.int32)
    return inputs._replace(
        first=inputs.first * first,
        second=inputs.second * second,
        relations=inputs.relations * inside,
        first_features=inputs.first_features * first,
        second_features=inputs.second_features * second,
    )


def _text(side: list[slice], word: int | None, tokens: Tokens, text: str) -> str:
    if word is None:
        return ""
    span = side[word]
    return text[int(tokens.offsets[span.start, 0]) : int(tokens.offsets[span.stop - 1, 1])]
