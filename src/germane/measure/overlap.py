"""How alike two texts are by their words alone: what any reader of meaning must beat."""

from __future__ import annotations

import re
from collections import Counter

from germane.edit.opposites import STOP_WORDS


def words(text: str) -> list[str]:
    """Runs of letters and digits in lower case; an apostrophe inside a word belongs to it."""
    return re.findall(r"\w+(?:['’]\w+)*", text.lower())


def content_words(text: str) -> set[str]:
    """The words that are no stop words."""
    return set(words(text)) - STOP_WORDS


def jaccard(first: set[str], second: set[str]) -> float:
    """What two sets share of what either has (Jaccard 1901); 0.0 where both are empty."""
    return len(first & second) / max(len(first | second), 1)


def same_words(first: str, second: str) -> bool:
    """The same words as often, in whatever order."""
    return Counter(words(first)) == Counter(words(second))


def length_ratio(first: str, second: str) -> float:
    """Words of the shorter by words of the longer, 0 to 1; 1.0 where both are empty."""
    shorter, longer = sorted((len(words(first)), len(words(second))))
    return shorter / longer if longer else 1.0
