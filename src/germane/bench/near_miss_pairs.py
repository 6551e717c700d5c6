"""A pair that is right or a near-miss, a set of them, and how a set is drawn down to a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from germane.bench.near_miss_texts import Asks


class Judged(NamedTuple):
    """``right``: the passage says what the query says, or answers it. Pairs that vary one text share an
    ``anchor``; a pair on its own has none."""

    query: str
    passage: str
    right: bool
    anchor: str = ""


class PairSet(NamedTuple):
    """How a set is read from the ``folders`` of the data folder, what it tells apart, and what it ``asks``.

    ``same``: neither text is the query, so a system reads both directions and is scored by their mean.
    """

    name: str
    about: str
    folders: tuple[str, ...]
    asks: Asks
    read: Callable[[Path], Iterable[Judged]]


def drawn(pairs: Iterable[Judged], limit: int, seed: int = 0) -> list[Judged]:
    """At most ``limit`` of ``pairs``, as many right as wrong ones; all where there are no more than that.

    Where pairs share anchors, one right and one wrong pair of each of ``limit // 2`` anchors that have both.
    """
    pairs, rng = list(pairs), Random(seed)
    if len(pairs) <= limit:
        return pairs
    half = max(limit // 2, 1)
    kinds = [[pair for pair in pairs if pair.right], [pair for pair in pairs if not pair.right]]
    by_anchor = [_by_anchor(kind) for kind in kinds]
    both = [anchor for anchor in by_anchor[0] if anchor in by_anchor[1]]
    if both:
        chosen = rng.sample(both, min(half, len(both)))
        return [rng.choice(kind[anchor]) for anchor in chosen for kind in by_anchor]
    return [pair for kind in kinds for pair in rng.sample(kind, min(half, len(kind)))]


def anchors_of(pairs: Sequence[Judged]) -> list[str | int]:
    """The anchor of each pair, and the place in the list of one that has none: no two of these are equal."""
    return [pair.anchor or number for number, pair in enumerate(pairs)]


def _by_anchor(pairs: Iterable[Judged]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for pair in pairs:
        if pair.anchor:
            found.setdefault(pair.anchor, []).append(pair)
    return found
