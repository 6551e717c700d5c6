"""Edits of single words without a parser, for texts that are not parsed: opposites, prepositions, synonyms.

With a parse at hand take the types of ``grammar``, which know more of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from germane.edit.edit import Edit, pick, replaced
from germane.edit.lists import table
from germane.edit.opposites import PAIRS, word_set

# A word starts at its start: the "th" of "17th" is none, or it would become a Thursday.
_WORD = re.compile(r"(?<![\w'’-])[A-Za-z][A-Za-z'’-]*(?!\w)|(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)")
# Words too common as something else ("a lower bound", "the left", "in order to") to swap unseen.
_LOOSE = word_set("in out on off to from and or up down front back lower no any before all over under into")


def opposite(text: str, rng: Random) -> Edit | None:
    """A word turned into one that points the other way (start / end, import / export, cheap / expensive)."""
    known = opposites()
    found = [
        replaced(text, start, end, other, "opposite", keeps=False)
        for word, start, end in words(text)
        if word not in _LOOSE
        for other in known.get(word, ())
    ]
    return pick(found, rng)


def preposition(text: str, rng: Random) -> Edit | None:
    """before / after, from / to, into / from, with / without, above / below: the direction of a relation."""
    pairs = {
        "before": "after",
        "after": "before",
        "into": "from",
        "with": "without",
        "without": "with",
        "above": "below",
        "below": "above",
        "over": "under",
        "under": "over",
        "inside": "outside",
        "outside": "inside",
        "until": "since",
        "since": "until",
        "to": "from",
        "from": "to",
    }
    spots = [(w, s, e) for w, s, e in words(text) if w in pairs]
    if re.search(r"\bfrom\b.+\bto\b", text) and rng.random() < 0.5:
        swapped = re.sub(r"\bfrom (\w+) to (\w+)\b", r"from \2 to \1", text)
        if swapped != text:
            return Edit("preposition", False, swapped, "from … to", "to … from")
    # "to" before a verb is no direction; without a parser leave it alone.
    spots = [spot for spot in spots if spot[0] != "to"]
    found = [replaced(text, s, e, pairs[w], "preposition", keeps=False) for w, s, e in spots]
    return pick(found, rng)


def synonym(text: str, rng: Random) -> Edit | None:
    """One or two words by a synonym of their most usual sense."""
    table, edited = synonyms(), text
    changes: list[Edit] = []
    spots = [(w, s, e) for w, s, e in words(text) if w in table]
    for word, start, end in sorted(
        rng.sample(spots, min(len(spots), rng.choice((1, 1, 2)))), reverse=True, key=lambda x: x[1]
    ):
        change = replaced(edited, start, end, rng.choice(table[word]), "synonym", keeps=True)
        edited, changes = change.text, [*changes, change]
    if not changes:
        return None
    return Edit(
        "synonym", True, edited, ", ".join(c.before for c in changes), ", ".join(c.after for c in changes)
    )


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Lower-case words and numbers with their character spans."""
    for match in _WORD.finditer(text):
        yield match[0].lower(), match.start(), match.end()


@lru_cache(maxsize=1)
def opposites() -> dict[str, tuple[str, ...]]:
    """Opposites by word: both hand-written lists."""
    return _table([*PAIRS, *_single("antonyms.txt")])


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[str, ...]]:
    """Words that share their most usual sense, by word."""
    return _table(_single("synonyms.txt"))


def _single(name: str) -> list[tuple[str, str]]:
    """Pairs of single words of a list, whatever their part of speech."""
    found = [(left, right) for (_, left), others in table(name).items() for right in others]
    return [(left, right) for left, right in found if " " not in left + right]


def _table(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for left, right in dict.fromkeys(pairs):
        found.setdefault(left, []).append(right)
        found.setdefault(right, []).append(left)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}
