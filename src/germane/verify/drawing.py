"""The part of a similarity map that is drawn, be it in the terminal or as a picture.

Rows are query tokens, columns passage tokens (cropped to the stretch that covers the query best). Rows
whose best match is weak, or contradicts, are marked: they are what speaks against the passage.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.lexicon import FLAGS, RELATIONS, shipped
from germane.verify.reasons import best_window

WEAK = 0.45
"""A row whose best cosine is lower has no match worth the name."""
_OPPOSITE, _NUMBER = RELATIONS.index("opposite") + 1, RELATIONS.index("other_number") + 1


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
    lexicon = shipped()
    vectors, ids, offsets = query.vectors[:rows], query.ids[:rows], query.offsets[:rows]
    window = best_window(Tokens(vectors, ids, offsets), passage, lexicon, most=columns)
    cosines = vectors @ passage.vectors[window].T
    relations = lexicon.relations(ids, passage.ids[window])
    flags = lexicon.features[ids]
    plain = flags[:, [FLAGS.index("stop"), FLAGS.index("mark"), FLAGS.index("question")]].any(axis=1)
    same = (relations == 1).any(axis=1)
    contradicts = (relations == _OPPOSITE) | (relations == _NUMBER)
    weak = (cosines.max(axis=1) < WEAK) & ~plain
    return Drawing(
        [query_text[a:b] for a, b in offsets],
        [passage_text[a:b] for a, b in passage.offsets[window]],
        cosines,
        contradicts,
        (contradicts.any(axis=1) | weak) & ~same,
    )
