"""Hand-written word lists, each line ``part-of-speech word word``, read once.

A line's words mean opposite or like things, by the list. A word of several parts is written with
underscores. Each list says in its reader's docstring what it promises.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

Table = dict[tuple[str, str], tuple[str, ...]]
"""From part of speech (n, v, a, r) and lemma to the other words."""


@cache
def table(name: str, *, both_ways: bool = True) -> Table:
    """The list ``name`` beside this file; ``both_ways``: a pair may be read from right to left too."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in Path(__file__).with_name(name).read_text(encoding="ascii").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pos, left, *others = (word.replace("_", " ") for word in line.split())
        for right in others:
            found.setdefault((pos, left), []).append(right)
            if both_ways:
                found.setdefault((pos, right), []).append(left)
    return {key: tuple(dict.fromkeys(words)) for key, words in found.items()}


def pairs(text: str) -> dict[str, str]:
    """``"up down|down up"`` as a dictionary, to keep a list of pairs readable in a program."""
    return {left: right for left, right in (pair.split() for pair in text.split("|"))}


PART = {"NOUN": "n", "VERB": "v", "ADJ": "a", "ADV": "r"}
"""From a parser's part of speech to a list's."""
