"""A text with others that say the same and others that only seem to: what pairs are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import NamedTuple

from germane.errors import InputError

Typed = tuple[str, str]
"""A text, and the type of edit that made it."""


class Group(NamedTuple):
    """``same`` say what ``text`` says, ``other`` do not; ``source`` is where the text is from,
    ``domain`` what kind of text it is."""

    text: str
    same: list[Typed]
    other: list[Typed]
    source: str
    domain: str


class Pair(NamedTuple):
    """Two texts of one group. ``kind`` is the type of the edit between them."""

    first: str
    second: str
    same: bool
    kind: str
    source: str
    domain: str


def save(groups: Iterable[Group], path: Path) -> None:
    """One JSON array a line."""
    path.write_text("".join(json.dumps(group) + "\n" for group in groups), encoding="utf-8")


def load(path: Path) -> list[Group]:
    """What ``save`` wrote. Raises ``InputError`` where it did not."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            text, same, other, source, domain = json.loads(line)
            found.append(Group(text, [(t, k) for t, k in same], [(t, k) for t, k in other], source, domain))
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}:{number} is not a group of texts: {error}") from error
    return found


def pairs(group: Group, rng: Random, *, most: int) -> Iterator[Pair]:
    """At most ``most`` right and ``most`` wrong pairs of ``group``, in either order. A third of the wrong
    ones start from what says the same, not from the text."""
    same, other = group.same, group.other
    right = [(group.text, t, k) for t, k in same]
    right += [(a, b, f"{j}+{k}") for (a, j), (b, k) in combinations(same, 2)]
    wrong = [(group.text, t, k) for t, k in other]
    crossed = [(a, b, k) for a, _ in same for b, k in other]
    wrong += rng.sample(crossed, min(len(wrong) // 2 + 1, len(crossed)))
    for found, label in ((right, True), (wrong, False)):
        for first, second, kind in rng.sample(found, min(most, len(found))):
            ordered = (first, second) if rng.random() < 0.5 else (second, first)
            yield Pair(*ordered, label, kind, group.source, group.domain)
