"""Lists to learn an order from: a query, a right passage, and others that recall ranks high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.rankings import Ranking
from germane.learn.recalled import recall

LENGTH = 8
"""Passages a list: the first is right, the others are wrong."""
NEAR = 12
"""Half of the wrong ones are of recall's first ``NEAR``, the others of what it ranks below."""


class Pool(NamedTuple):
    """One query's right and wrong passages, each with its sum of reciprocal ranks (0 where recall did
    not find it), the wrong ones best first."""

    query: str
    right: list[tuple[str, float]]
    wrong: list[tuple[str, float]]


class Drawn(NamedTuple):
    """Lists side by side: ``pairs`` of query and passage, ``LENGTH`` of them a list; ``fused`` is
    ``(lists, LENGTH)``."""

    pairs: list[tuple[str, str]]
    fused: NDArray[np.float32]


def pools(ranking: Ranking, encoder: OnnxEncoder) -> list[Pool]:
    """A pool for every query that has a right passage and enough wrong ones."""
    found = recall(ranking, encoder)
    made = []
    for i, query in enumerate(ranking.queries):
        score = dict(zip(found.candidates[i].tolist(), found.fused[i].tolist(), strict=True))
        right = [(ranking.passages[c], score.get(c, 0.0)) for c in sorted(ranking.relevant[i])]
        wrong = [(ranking.passages[c], s) for c, s in score.items() if c not in ranking.relevant[i]]
        if right and len(wrong) >= LENGTH:
            made.append(Pool(query, right, wrong))
    return made


class Lists:
    """Draws lists of several tasks, each task with the square root of its size."""

    def __init__(self, tasks: Sequence[Sequence[Pool]]) -> None:
        self.pools = [pool for task in tasks for pool in task]
        share = np.concatenate([np.full(len(task), len(task) ** -0.5) for task in tasks])
        self._share = share / share.sum()

    @property
    def texts(self) -> set[str]:
        """Every query and passage that may be drawn."""
        return {t for p in self.pools for t in (p.query, *(text for text, _ in (*p.right, *p.wrong)))}

    def draw(self, count: int, rng: np.random.Generator) -> Drawn:
        pairs: list[tuple[str, str]] = []
        fused = np.zeros((count, LENGTH), np.float32)
        for row, chosen in enumerate(rng.choice(len(self.pools), count, p=self._share)):
            pool = self.pools[chosen]
            near = min(LENGTH // 2, len(pool.wrong))
            places = rng.choice(min(NEAR, len(pool.wrong)), near, replace=False).tolist()
            others = [i for i in range(len(pool.wrong)) if i not in places]
            places += rng.choice(others, LENGTH - 1 - near, replace=False).tolist()
            members = [pool.right[rng.integers(len(pool.right))], *(pool.wrong[i] for i in places)]
            pairs += [(pool.query, text) for text, _ in members]
            fused[row] = [score for _, score in members]
        return Drawn(pairs, fused)
