"""What is known of each turn of a sequence as the cause of a query: one row a turn, one column a signal.

No language model: all is read from the similarity map of the query's tokens against those of the whole
sequence, and from the turns' order. What a place resembles is one thing, what made somebody ask another:
hence what is *new* at a place (a term that comes up there for the first time), what stands around it, and
how far it lies from the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.backtrace.cues import CUES, of_query, of_turns
from germane.backtrace.turns import Turn
from germane.encode.protocol import Encoder, Tokens
from germane.verify.thesaurus import shipped

Floats = NDArray[np.float32]
AROUND = 3
"""Turns on either side that are a turn's neighbourhood."""
WITHIN, MEAN = (1, 3, 8), (2, 6)
"""Turns on either side of the stretches of text that are looked at as one: a comment is often on several
sentences, each of which holds but a part of its words."""
KNOWN = 0.45
"""From this cosine on a query token has been met."""

NAMES = (
    "similarity", "maxsim", "rare maxsim", "covered", "lexical", "exact",
    "similarity below best", "maxsim below best", "rare below best", "lexical below best",
    "similarity rank", "rare rank", "lexical rank",
    "similarity before", "similarity after", "rare before", "rare after", "similarity around",
    *(f"rare within {width}" for width in WITHIN), *(f"mean within {width}" for width in MEAN),
    *(f"rare within {width} below best" for width in WITHIN),
    *(f"mean within {width} below best" for width in MEAN),
    "new", "new rare", "met before", "said later",
    "from start", "share of the way", "from end", "distance", "distance is one", "distance is odd",
    "place known", "length", "query length", "turns",
    "same speaker", "best similarity", "best rare", "spread",
    *CUES,
)  # fmt: skip


class Read(NamedTuple):
    """A sequence, encoded: pooled vectors ``(turns, dimension)``; the tokens of all turns in one,
    ``vectors`` ``(tokens, token_dimension)`` and ``ids`` ``(tokens,)``; how many each turn has, and the cues
    in it, ``(turns, cues)``."""

    turns: Sequence[Turn]
    pooled: Floats
    vectors: Floats
    ids: NDArray[np.int32]
    lengths: NDArray[np.int64]
    cues: Floats

    def first(self, count: int) -> Read:
        """The first ``count`` turns alone."""
        if count == len(self.turns):
            return self
        end, held = int(self.lengths[:count].sum()), slice(0, count)
        kept = (self.turns[held], self.pooled[held], self.vectors[:end], self.ids[:end], self.lengths[held])
        return Read(*kept, self.cues[held])

    def by_turn(self, values: Floats, how: np.ufunc) -> Floats:
        """``values`` ``(..., tokens)`` reduced to ``(..., turns)``; 0 for a turn without tokens."""
        found = np.zeros((*values.shape[:-1], len(self.turns)), np.float32)
        held = self.lengths > 0
        if held.any():
            starts = (np.cumsum(self.lengths) - self.lengths)[held]
            found[..., held] = how.reduceat(values, starts, axis=-1)
        return found


def read(turns: Sequence[Turn], encoder: Encoder) -> Read:
    texts = [turn.text for turn in turns]
    pooled, tokens = encoder.encode(texts)
    vectors, ids = (np.concatenate([t[part] for t in tokens]) for part in (0, 1))
    return Read(turns, pooled, vectors, ids, np.array([len(t.ids) for t in tokens]), of_turns(texts))


def signals(
    query: str, vector: Floats, tokens: Tokens, sequence: Read, at: int | None = None, speaker: str = ""
) -> Floats:
    """``(candidates, len(NAMES))``: of the turns before ``at``, or of all where the query's place is not
    known. ``vector`` ``(dimension,)`` and ``tokens`` are the query's, ``speaker`` who asks."""
    sequence = sequence.first(len(sequence.turns) if at is None else at)
    turns, count = sequence.turns, len(sequence.turns)
    cosines = tokens.vectors @ sequence.vectors.T
    best = sequence.by_turn(cosines, np.maximum)
    often = (tokens.ids[:, None] == sequence.ids).astype(np.float32)
    often = sequence.by_turn(often, np.add)
    rare = _rarity(tokens, often)
    similarity = sequence.pooled @ vector
    maxsim = best.mean(axis=0) if len(best) else np.zeros(count, np.float32)
    weighted = rare @ best
    lexical, exact = _lexical(tokens, often, sequence.lengths)
    so_far = np.maximum.accumulate(np.pad(best, ((0, 0), (1, 0)), constant_values=KNOWN), axis=1)[:, :-1]
    later = np.flip(np.maximum.accumulate(np.flip(best, 1), axis=1), 1)
    later = np.pad(later[:, 1:], ((0, 0), (0, 1)))
    new = np.maximum(best - so_far, 0)
    stretches = [rare @ _widest(best, width) for width in WITHIN]
    stretches += [_mean(similarity, width) for width in MEAN]
    order = np.arange(count)
    distance = (count if at is None else at) - order
    columns = [
        similarity, maxsim, weighted, _covered(cosines, sequence), lexical, exact,
        *(_below(x) for x in (similarity, maxsim, weighted, lexical)),
        *(_rank(x) for x in (similarity, weighted, lexical)),
        _window(similarity, -AROUND, -1), _window(similarity, 1, AROUND),
        _window(weighted, -AROUND, -1), _window(weighted, 1, AROUND), _window(similarity, -AROUND, AROUND),
        *stretches, *(_below(x) for x in stretches),
        new.mean(axis=0) if len(new) else np.zeros(count), rare @ new, rare @ so_far, rare @ later,
        np.log1p(order), order / max(1, count - 1), np.log1p(count - 1 - order),
        np.log(distance), distance == 1, distance % 2 if at is not None else np.zeros(count),
        np.full(count, at is not None), np.log1p(sequence.lengths), np.full(count, np.log1p(len(tokens.ids))),
        np.full(count, np.log(count)),
        [float(bool(speaker) and turn.speaker == speaker) for turn in turns],
        np.full(count, similarity.max()), np.full(count, weighted.max()), np.full(count, similarity.std()),
        *sequence.cues.T, *(np.full(count, there) for there in of_query(query)),
    ]  # fmt: skip
    return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)


def _rarity(query: Tokens, often: Floats) -> Floats:
    """How much each query token counts, ``(query_tokens,)``, of sum 1: rare in the language, and in few turns
    of the sequence, by ``often`` ``(query_tokens, turns)``."""
    if not len(query.ids):
        return np.zeros(0, np.float32)
    held, turns = (often > 0).sum(axis=1), often.shape[1]
    here = np.log((turns + 1) / (held + 0.5)) / np.log(turns + 2)
    weight = shipped().features[query.ids][:, -1] * np.clip(here, 0.05, 1) + 1e-3
    return np.asarray(weight / weight.sum(), np.float32)


def _lexical(query: Tokens, often: Floats, lengths: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """BM25 (k1 1.5, b .75) over word pieces, and the share of the query's rarity that is met word by word."""
    ids, first = np.unique(query.ids, return_index=True)
    if not len(ids):
        return np.zeros(len(lengths), np.float32), np.zeros(len(lengths), np.float32)
    often = often[first].T
    held = (often > 0).sum(axis=0)
    idf = np.log1p((len(lengths) - held + 0.5) / (held + 0.5))
    share = 1.5 * (0.25 + 0.75 * lengths / max(1.0, float(lengths.mean())))
    found = (idf * often * 2.5 / (often + share[:, None])).sum(axis=1)
    return found.astype(np.float32), ((often > 0) @ idf / max(float(idf.sum()), 1e-6)).astype(np.float32)


def _covered(cosines: Floats, sequence: Read) -> Floats:
    """How well each turn's own tokens are met in the query, rare ones more, ``(turns,)``."""
    if not len(cosines):
        return np.zeros(len(sequence.turns), np.float32)
    weight = shipped().features[sequence.ids][:, -1] + 1e-3
    met = sequence.by_turn(weight * cosines.max(axis=0), np.add)
    return np.asarray(met / np.maximum(sequence.by_turn(weight, np.add), 1e-6), np.float32)


def _below(values: Floats) -> Floats:
    return np.asarray(values - values.max(), np.float32)


def _rank(values: Floats) -> Floats:
    """The logarithm of the rank, 0 for the first."""
    order = np.empty(len(values))
    order[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return np.asarray(np.log(order), np.float32)


def _widest(best: Floats, width: int) -> Floats:
    """The best cosine of each query token within ``width`` turns on either side."""
    wide = np.pad(best, ((0, 0), (width, width)))
    moved = [wide[:, k : k + best.shape[1]] for k in range(2 * width + 1)]
    return np.asarray(np.maximum.reduce(moved), np.float32)


def _mean(values: Floats, width: int) -> Floats:
    """The mean within ``width`` places on either side."""
    ones = np.ones(2 * width + 1)
    total = np.convolve(values, ones)[width : width + len(values)]
    return np.asarray(
        total / np.convolve(np.ones(len(values)), ones)[width : width + len(values)], np.float32
    )


def _window(values: Floats, first: int, last: int) -> Floats:
    """The greatest value among the turns ``first`` to ``last`` places on; 0 where there is none."""
    width = max(abs(first), abs(last))
    wide = np.pad(values, width)
    moved = [wide[width + k : width + k + len(values)] for k in range(first, last + 1)]
    return np.asarray(np.max(moved, axis=0), np.float32)
