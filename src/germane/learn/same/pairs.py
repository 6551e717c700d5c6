"""Pairs of texts that say the same, or only seem to, from licensed data alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.groups import Group, Pair, pairs
from germane.learn.written import written_groups
from germane.measure.pairs import load_cannot, load_paws
from germane.measure.questions import load_condaqa
from germane.measure.split import Split

APART = ("neighbour", "random")
"""Types of texts that are no edits of each other."""
ALIKE = 0.88
"""From this cosine on, neighbours may say the same."""
MOST = {"edited": 4, "written": 8}
"""Right pairs, and wrong pairs, of one group, at most."""
COUNTS = {"edited": 1.0, "written": 2.0, "paws": 1.5, "cannot": 0.7, "condaqa": 1.0}
"""How much a source counts in training, and ``NEIGHBOURS`` times as much where texts are ``APART``: few teach
that texts with other words often say something else, which edits alone do not."""
NEIGHBOURS = 3.0


def all_pairs(
    data: Path, split: Split, edited: Sequence[Group], encoder: OnnxEncoder, *, without: Collection[str] = ()
) -> list[Pair]:
    """Every pair of one split: of edits (``edited``, types in ``without`` left out), of written texts and
    their neighbours, of PAWS-wiki, CANNOT and CondaQA. Always the same ones."""
    rng = Random(f"same {split}")
    written = written_groups(split)
    found = [p for group in edited for p in pairs(group, rng, most=MOST["edited"], without=without)]
    found += [p for group in written for p in pairs(group, rng, most=MOST["written"])]
    found += [*_neighbours(written, encoder, rng), *_sets(data, split, rng)]
    return [p for p in found if p.first.strip() and p.second.strip()]


def _neighbours(groups: Sequence[Group], encoder: OnnxEncoder, rng: Random) -> Iterator[Pair]:
    """Texts, or what says the same, beside the texts that lie nearest and say something else."""
    pooled = encoder.encode([g.text for g in groups], tokens=False).pooled
    for group, vector in zip(groups, pooled, strict=True):
        score = pooled @ vector
        near = [groups[j] for j in np.argsort(-score)[1:12] if score[j] < ALIKE][:6]
        for other in rng.sample(near, min(3, len(near))):
            first = rng.choice([group.text, group.same[0][0]])
            second = rng.choice([other.text, other.same[0][0], other.same[1][0]])
            yield Pair(first, second, False, "neighbour", "written", group.domain)


def _sets(data: Path, split: Split, rng: Random) -> Iterator[Pair]:
    for pair in load_paws(data / "paws-wiki-dev"):
        if pair.split == split:
            yield Pair(pair.first, pair.second, bool(pair.same), "order", "paws", "text")
    for pair in load_cannot(data / "cannot"):
        antonym = pair.id.startswith("sem_anto")
        # The refutations of WikiFactCheck are many and all wrong: a part of them will do.
        if pair.split == split and (antonym or rng.random() < 0.3):
            kind = "antonym" if antonym else "negated"
            yield Pair(pair.first, pair.second, bool(pair.same), kind, "cannot", "text")
    seen = set[str]()
    for row in load_condaqa(data / "condaqa-dev"):
        if row.split == split and row.edit and row.passage not in seen:
            seen.add(row.passage)
            yield Pair(row.original, row.passage, row.edit == 1, f"edit{row.edit}", "condaqa", "text")


def shares(found: Sequence[Pair]) -> NDArray[np.float64]:
    """How likely each pair is drawn: each source, label, type and domain with the square root of its size,
    right and wrong pairs half of the time each."""
    family = [(p.source, p.same, p.kind.partition("+")[0], p.domain) for p in found]
    size = Counter(family)
    share = np.array(
        [
            COUNTS[p.source] * (NEIGHBOURS if p.kind in APART else 1) / size[f] ** 0.5
            for p, f in zip(found, family, strict=True)
        ]
    )
    right = np.array([p.same for p in found])
    for label in (right, ~right):
        share[label] *= 0.5 / share[label].sum()
    return np.asarray(share / share.sum(), np.float64)
