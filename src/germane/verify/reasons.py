"""Why a candidate was rejected, as a short sentence read off the similarity map.

The verdict is the model's; the reason names what in the map speaks for it: a query word whose best match
contradicts it, or has none. Where nothing specific is found, it says no more than the verdict does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.types import Verdict
from germane.verify.lexicon import FLAGS, RELATIONS, Lexicon
from germane.verify.numbers import stated

TOPICAL = "about the topic, does not answer"
OFF_TOPIC = "off topic"
UNSURE = "close, not certain"
NEGATION, STOP, MARK = (FLAGS.index(name) for name in ("negation", "stop", "mark"))
SAME, SYNONYM, OPPOSITE = (RELATIONS.index(name) + 1 for name in ("same", "synonym", "opposite"))
ALIGNED = 0.35
"""A cosine from which on two tokens can be said to stand for each other."""
NEGATED = 3
"""Words before a word in which a negation turns it round."""
BESIDE = 2
"""Words to either side in which opposites share what they are said of."""


class Words(NamedTuple):
    """A text's words: their spelling, the index of their first token, and one past their last."""

    texts: list[str]
    first: list[int]
    last: list[int]


class Aligned(NamedTuple):
    """A query beside the part of a passage that matches it best (``near``): their words, the cosines and
    the relations of these, both ``(query_words, passage_words)``, and the two texts, whole."""

    query: Tokens
    near: Tokens
    asked: Words
    said: Words
    cosines: NDArray[np.float32]
    relations: NDArray[np.int8]
    question: str
    text: str


def align(query: Tokens, query_text: str, passage: Tokens, passage_text: str, lexicon: Lexicon) -> Aligned:
    """Both texts must have tokens."""
    window = best_window(query, passage, lexicon)
    near = Tokens(passage.vectors[window], passage.ids[window], passage.offsets[window])
    asked, said = whole_words(query, query_text, lexicon), whole_words(near, passage_text, lexicon)
    cosines: NDArray[np.float32] = query.vectors[asked.first] @ near.vectors[said.first].T
    relations = lexicon.relations(query.ids[asked.first], near.ids[said.first])
    return Aligned(query, near, asked, said, cosines, relations, query_text, passage_text)


def reason(verdict: Verdict, aligned: Aligned, lexicon: Lexicon) -> str:
    """One short clause; empty for what is relevant."""
    if verdict is Verdict.RELEVANT:
        return ""
    if verdict is Verdict.OFF_TOPIC:
        return OFF_TOPIC
    found = (
        opposite(aligned, lexicon)
        or other_number(aligned)
        or _negated(aligned, lexicon)
        or _swapped(aligned, lexicon)
    )
    return found or (TOPICAL if verdict is Verdict.NEAR_MISS else UNSURE)


def best_window(query: Tokens, passage: Tokens, lexicon: Lexicon, *, most: int = 96) -> slice:
    """The stretch of passage tokens that covers the query's content words best: about three times as
    long as the query, at least 16 and at most ``most`` tokens."""
    columns = len(passage.ids)
    width = min(max(16, 3 * len(query.ids)), most)
    if columns <= width:
        return slice(0, columns)
    cosines = query.vectors @ passage.vectors.T
    # An opposite is what a word's place is taken by, however far their vectors lie apart.
    cosines = np.where(lexicon.relations(query.ids, passage.ids) == OPPOSITE, np.float32(0.7), cosines)
    content = 1.05 - lexicon.features[query.ids][:, [STOP, MARK]].max(axis=1)
    starts = range(0, columns - width + 1, 2)
    covered = [float(content @ cosines[:, start : start + width].max(axis=1)) for start in starts]
    start = starts[int(np.argmax(covered))]
    return slice(start, start + width)


def whole_words(tokens: Tokens, text: str, lexicon: Lexicon) -> Words:
    """Word pieces put together again; the text is read by its character spans."""
    continued = lexicon.features[tokens.ids, FLAGS.index("continued")] > 0
    first = [i for i in range(len(tokens.ids)) if i == 0 or not continued[i]]
    last = [*first[1:], len(tokens.ids)]
    spans = [
        (int(tokens.offsets[a, 0]), int(tokens.offsets[b - 1, 1])) for a, b in zip(first, last, strict=True)
    ]
    return Words([text[start:end] for start, end in spans], first, last)


def opposite(aligned: Aligned, lexicon: Lexicon) -> str:
    """A query word that the passage has only as its opposite, in the word's place: the two are close, or
    stand beside the same content word."""
    query, near, asked, said, cosines, relations, _, _ = aligned
    content = lexicon.features[query.ids[asked.first]][:, [STOP, MARK]].max(axis=1) == 0
    same = (relations == SAME) & content[:, None]
    best, named = -1.0, ""
    for row, column in np.argwhere(relations == OPPOSITE):
        if (relations[row] == SAME).any() or (relations[:, column] == SAME).any():
            continue
        if _is_negated(query, asked, row, lexicon) != _is_negated(near, said, column, lexicon):
            continue  # "not possible" says what "impossible" says
        around = (
            slice(max(row - BESIDE, 0), row + BESIDE + 1),
            slice(max(column - BESIDE, 0), column + BESIDE + 1),
        )
        close = float(cosines[row, column]) + float(same[around].any())
        if close >= max(best, ALIGNED) and asked.texts[row] and said.texts[column]:
            best, named = close, f"other: {asked.texts[row]} / {said.texts[column]}"
    return named


def _is_negated(tokens: Tokens, words: Words, word: int, lexicon: Lexicon) -> bool:
    """Whether a negation stands among the few words before this one."""
    before = tokens.ids[words.first[max(word - NEGATED, 0)] : words.first[word]]
    return bool((lexicon.features[before, NEGATION] > 0).any())


def other_number(aligned: Aligned) -> str:
    """A number of the query that the passage does not have, and the one in its place: years by years."""
    query, near = aligned.query, aligned.near
    first, end = int(near.offsets[0, 0]), int(near.offsets[-1, 1])
    asked, said = stated(aligned.question), stated(aligned.text)
    wanted, there = {number.value for number in asked}, {number.value for number in said}
    others = [n for n in said if n.value not in wanted and first <= n.start and n.end <= end]
    columns = {n: int(np.searchsorted(near.offsets[:, 0], n.start)) for n in others}
    for number in asked:
        row = int(np.searchsorted(query.offsets[:, 0], number.start))
        like = [n for n in others if n.is_year == number.is_year]
        if number.value in there or not like or row >= len(query.ids):
            continue
        cosines = {n: float(query.vectors[row] @ near.vectors[columns[n]]) for n in like}
        best = max(cosines, key=cosines.__getitem__)
        if cosines[best] >= ALIGNED:
            return f"numbers differ: {number.text} / {best.text}"
    return ""


def _negated(aligned: Aligned, lexicon: Lexicon) -> str:
    """One of the two is negated, and the rest matches well."""
    query, near = aligned.query, aligned.near
    here = lexicon.features[query.ids, NEGATION] > 0
    there = lexicon.features[near.ids, NEGATION] > 0
    if bool(here.any()) == bool(there.any()):
        return ""
    content = (lexicon.features[query.ids, STOP] == 0) & (lexicon.features[query.ids, MARK] == 0) & ~here
    if not content.any():
        return ""
    cosines = query.vectors[content] @ near.vectors.T
    if cosines.max(axis=1).mean() < 0.55:
        return ""
    if there.any():  # the cue must stand close to what matches
        matched = cosines.argmax(axis=1)
        if np.abs(np.flatnonzero(there)[:, None] - matched).min() > 4:
            return ""
    return "negated"


def _swapped(aligned: Aligned, lexicon: Lexicon) -> str:
    """Two content words that stand in the other order, when nearly all words match."""
    query, asked, relations = aligned.query, aligned.asked, aligned.relations
    content = [
        row
        for row, token in enumerate(asked.first)
        if not lexicon.features[query.ids[token], [STOP, MARK]].any() and len(asked.texts[row]) > 1
    ]
    places = {row: np.flatnonzero(relations[row] == SAME) for row in content}
    matched = [row for row in content if len(places[row]) == 1]
    if len(content) < 2 or len(matched) < 0.75 * len(content):
        return ""
    pairs = [
        (int(places[a][0] - places[b][0]), a, b)
        for i, a in enumerate(matched)
        for b in matched[i + 1 :]
        if places[a][0] > places[b][0]
    ]
    if not pairs:
        return ""
    _, a, b = max(pairs)
    return f"roles swapped: {asked.texts[a]} and {asked.texts[b]}"
