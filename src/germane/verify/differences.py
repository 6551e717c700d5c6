"""Which words speak against a pair of texts: without them, on the map, the log-odds rise.

Words are taken out of the map by turns (occlusion): a word of the one text together with what stands in its
place in the other, if anything does. Where two differences would do, each alone, taking one out changes
little: so all are taken out, too, and one at a time is put back. What is named is what the model itself was
moved by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.inputs import MOST_PASSAGE, MOST_QUERY, Inputs, assemble
from germane.verify.thesaurus import OPPOSITE, OTHER_NUMBER, SAME, Thesaurus
from germane.verify.words import Words, words_of

TRIED = 12
"""Differences that are tried, at most."""
SPEAKS = 0.3
"""What the log-odds must rise by for words to be named."""
LIKE = 0.25
"""The least cosine of a word and what stands in its place."""

Sides = tuple[Tokens, Tokens]
Texts = tuple[str, str]
Span = tuple[int, int]
Odds = Callable[[Inputs], NDArray[np.float64]]
Tried = tuple[int | None, int | None]


class Difference(NamedTuple):
    """Words of the first text and of the second that stand in one place (either may be empty), where they
    stand (characters), their relation (a code of the thesaurus), and by how much the log-odds rise without
    them."""

    first: str
    second: str
    spans: tuple[Span | None, Span | None]
    relation: int
    rise: float


def differences(
    odds: Odds,
    sides: Sides,
    texts: Texts,
    similarity: float,
    thesaurus: Thesaurus,
    *,
    directed: bool,
    most: int = 2,
    tried: int = TRIED,
    again: bool = True,
) -> list[Difference]:
    """What speaks loudest against the pair, at most ``most``; empty where nothing does. ``odds`` reads the
    model; where it is ``directed``, words of the second text alone are no matter. ``again``: differences are
    also put back one at a time, which takes twice as long."""
    if not all(len(tokens.ids) for tokens in sides):
        return []
    whole = assemble(sides[:1], sides[1:], np.array([similarity]), thesaurus)
    words = [words_of(t, thesaurus, most=n) for t, n in zip(sides, (MOST_QUERY, MOST_PASSAGE), strict=True)]
    pairs = _tried(whole, sides, words, directed)[:tried]
    if not pairs:
        return []
    rises = _rises(odds, whole, words, pairs, again=again)
    found = [
        _named(pair, words, texts, whole, float(rise))
        for pair, rise in zip(pairs, rises, strict=True)
        if rise > SPEAKS
    ]
    return sorted(found, key=lambda d: -d.rise)[:most]


def _rises(
    odds: Odds, whole: Inputs, words: Sequence[Words], pairs: Sequence[Tried], *, again: bool
) -> NDArray[np.float64]:
    """By how much the log-odds of the whole rise without each pair; or those without any fall with it alone,
    where that is more and other words are left."""
    count, alone = len(pairs), [i for i, (a, b) in enumerate(pairs) if _apart(whole, words, a, b)]
    taken = [[i] for i in range(count)]
    left = [len(w.pieces) - sum(pairs[i][k] is not None for i in alone) for k, w in enumerate(words)]
    again = again and len(alone) > 1 and min(left) > 0
    if again:
        taken += [alone, *([j for j in alone if j != i] for i in alone)]
    without = Inputs._make(np.repeat(array, len(taken), axis=0) for array in whole)
    for row, out in enumerate(taken):
        for i in out:
            for k, word in enumerate(pairs[i]):
                if word is not None:
                    (without.query_mask, without.passage_mask)[k][row, words[k].pieces[word]] = 0
    found = odds(without.masked())
    rises = found[:count] - odds(whole)[0]
    if again:
        rises[alone] = np.maximum(rises[alone], found[count] - found[count + 1 :])
    return np.asarray(rises, np.float64)


def _apart(whole: Inputs, words: Sequence[Words], first: int | None, second: int | None) -> bool:
    """Whether the two words are no equals."""
    if first is None or second is None:
        return True
    return bool(whole.relations[0, words[0].first[first], words[1].first[second]] != SAME)


def _tried(whole: Inputs, sides: Sides, words: Sequence[Words], directed: bool) -> list[Tried]:
    """Words that have no equal in the other text, each with the one that takes its place, if any: the likest
    of those without an equal. Then, or where all have equals (the order differs), words with their equals."""
    relations = whole.relations[0][np.ix_(words[0].first, words[1].first)]
    equal = relations == SAME
    left = np.flatnonzero(~equal.any(axis=1)).tolist()
    right = np.flatnonzero(~equal.any(axis=0)).tolist()
    cosines = sides[0].vectors[words[0].first] @ sides[1].vectors[words[1].first].T
    # An opposite or another number is what a word's place is taken by, however far their vectors lie apart;
    # and a content word takes the place of a content word.
    likeness = cosines + 0.5 * np.isin(relations, (OPPOSITE, OTHER_NUMBER))
    likeness = likeness - (words[0].content[:, None] != words[1].content)
    found: list[Tried] = []
    while left and right:
        i, j = max(((i, j) for i in left for j in right), key=lambda pair: likeness[pair])
        if directed and likeness[i, j] < LIKE:
            break
        found.append((i, j))
        left.remove(i)
        right.remove(j)
    found += [(i, None) for i in left]
    if not directed:
        found += [(None, j) for j in right]
    if directed:
        # A stop word says something where its opposite stands: from / to.
        found = [
            (i, j)
            for i, j in found
            if i is not None and (words[0].content[i] or (j is not None and relations[i, j] == OPPOSITE))
        ]
    if directed or not found:
        kept = [i for i in np.flatnonzero(equal.any(axis=1)).tolist() if not directed or words[0].content[i]]
        found += [(i, int(np.argmax(np.where(equal[i], cosines[i], -2)))) for i in kept]
    return found


def _named(pair: Tried, words: Sequence[Words], texts: Texts, whole: Inputs, rise: float) -> Difference:
    i, j = pair
    first = None if i is None else words[0].spans[i]
    second = None if j is None else words[1].spans[j]
    relation = 0
    if i is not None and j is not None:
        relation = int(whole.relations[0, words[0].first[i], words[1].first[j]])
    said = [texts[k][span[0] : span[1]] if span else "" for k, span in enumerate((first, second))]
    return Difference(said[0], said[1], (first, second), relation, rise)
