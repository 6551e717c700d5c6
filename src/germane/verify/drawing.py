"""The part of a similarity map that is drawn, be it in the terminal or as a picture.

Rows are query tokens, columns passage tokens (cropped to the stretch that covers the query best). Rows
whose best match is weak, or contradicts, are marked: they are what speaks against the passage.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.thesaurus import OPPOSITE, OTHER_NUMBER, SAME, Thesaurus, shipped
from germane.verify.words import MARK, QUESTION, STOP

WEAK = 0.45
"""A row whose best cosine is lower has no match worth the name."""


class Drawing(NamedTuple):
    """What is drawn: token spellings, cosines and which of these contradict, both ``(rows, columns)``,
    and which rows are marked."""

    rows: list[str]
    columns: list[str]
    cosines: NDArray[np.float32]
    contradicts: NDArray[np.bool_]
    marked: NDArray[np.bool_]


def drawing(
    query: Tokens, query_text: str, passage: Tokens, passage_text: str, *, columns: int = 48, rows: int = 40
) -> Drawing:
    """The part of the map to draw. Marked are content tokens without a match, opposites, other numbers."""
    if not len(query.ids) or not len(passage.ids):
        return Drawing([], [], np.zeros((0, 0), np.float32), np.zeros((0, 0), bool), np.zeros(0, bool))
    thesaurus = shipped()
    vectors, ids, offsets = query.vectors[:rows], query.ids[:rows], query.offsets[:rows]
    window = best_window(Tokens(vectors, ids, offsets), passage, thesaurus, most=columns)
    cosines = vectors @ passage.vectors[window].T
    relations = thesaurus.relations(ids, passage.ids)[:, window]
    plain = thesaurus.described(ids)[:, [STOP, MARK, QUESTION]].any(axis=1)
    same = (relations == SAME).any(axis=1)
    contradicts = (relations == OPPOSITE) | (relations == OTHER_NUMBER)
    weak = (cosines.max(axis=1) < WEAK) & ~plain
    return Drawing(
        [query_text[a:b] for a, b in offsets],
        [passage_text[a:b] for a, b in passage.offsets[window]],
        cosines,
        contradicts,
        (contradicts.any(axis=1) | weak) & ~same,
    )


def best_window(query: Tokens, passage: Tokens, thesaurus: Thesaurus, *, most: int = 96) -> slice:
    """The stretch of passage tokens that covers the query's content words best: about three times as
    long as the query, at least 16 and at most ``most`` tokens."""
    columns = len(passage.ids)
    width = min(max(16, 3 * len(query.ids)), most)
    if columns <= width:
        return slice(0, columns)
    cosines = query.vectors @ passage.vectors.T
    # An opposite is what a word's place is taken by, however far their vectors lie apart.
    cosines = np.where(thesaurus.relations(query.ids, passage.ids) == OPPOSITE, np.float32(0.7), cosines)
    content = 1.05 - thesaurus.described(query.ids)[:, [STOP, MARK]].max(axis=1)
    starts = range(0, columns - width + 1, 2)
    covered = [float(content @ cosines[:, start : start + width].max(axis=1)) for start in starts]
    start = starts[int(np.argmax(covered))]
    return slice(start, start + width)
