"""Edits of single words that need no parser: opposites, numbers, quantifiers, contractions, synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

from germane.edit.edit import Edit, pick, replaced
from germane.edit.opposites import NUMBER_WORDS, PAIRS, word_set

LEXICON = Path(__file__).parent.parent / "models" / "lexicon"
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d[\d,]*(?:\.\d+)?")
# Words too common as something else ("a lower bound", "the left", "in order to") to swap unseen.
_LOOSE = word_set("in out on off to from and or up down front back lower no any before all over under into")
_QUANTIFIERS = (
    ("all", "some"),
    ("every", "some"),
    ("all", "none"),
    ("always", "sometimes"),
    ("only", "also"),
    ("must", "may"),
    ("most", "few"),
    ("many", "few"),
    ("at least", "at most"),
    ("more than", "less than"),
    ("exactly", "at least"),
    ("both", "neither"),
    ("each", "one"),
    ("usually", "rarely"),
)
_CONTRACTIONS = (
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("does not", "doesn't"),
    ("do not", "don't"),
    ("did not", "didn't"),
    ("cannot", "can't"),
    ("will not", "won't"),
    ("has not", "hasn't"),
    ("have not", "haven't"),
    ("could not", "couldn't"),
    ("would not", "wouldn't"),
    ("should not", "shouldn't"),
    ("it is", "it's"),
    ("i am", "I'm"),
    ("what is", "what's"),
    ("who is", "who's"),
    ("that is", "that's"),
)


def opposite(text: str, rng: Random) -> Edit | None:
    """A word turned into one that points the other way (start / end, import / export, cheap / expensive)."""
    table = opposites()
    found = [
        replaced(text, start, end, other, "opposite", keeps=False)
        for word, start, end in words(text)
        if word not in _LOOSE
        for other in table.get(word, ())
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


def number(text: str, rng: Random) -> Edit | None:
    """One number made another of like size and form."""
    found = []
    for word, start, end in words(text):
        if word[0].isdigit():
            found.append(replaced(text, start, end, _other_number(word, rng), "number", keeps=False))
        elif word in NUMBER_WORDS and word not in ("one", "half", "twice"):
            other = rng.choice(sorted(NUMBER_WORDS - {word, "one", "half", "twice", "zero"}))
            found.append(replaced(text, start, end, other, "number", keeps=False))
    return pick(found, rng)


def _other_number(word: str, rng: Random) -> str:
    plain = word.replace(",", "")
    if "." in plain:
        whole, _, part = plain.partition(".")
        return f"{int(whole) + rng.choice((-1, 1, 2)) if int(whole) else rng.randint(1, 9)}.{part}"
    value = int(plain)
    year = len(plain) == 4 and 1000 <= value <= 2100 and "," not in word
    step = (
        rng.choice((1, 2, 3, 5, 10, 12, 20, 40))
        if year
        else rng.choice((1, 2, 3, max(1, value // 3), value + 1))
    )
    other = value + step if value - step <= 0 or rng.random() < 0.5 else value - step
    return f"{other:,}" if "," in word else str(other)


def quantifier(text: str, rng: Random) -> Edit | None:
    """all / some, at least / at most, only / also, must / may."""
    found = []
    for left, right in _QUANTIFIERS:
        for a, b in ((left, right), (right, left)):
            for match in re.finditer(rf"\b{a}\b", text, re.IGNORECASE):
                if a not in ("one", "none", "few", "also", "may", "no"):
                    found.append(replaced(text, *match.span(), b, "quantifier", keeps=False))
    return pick(found, rng)


def contraction(text: str, rng: Random) -> Edit | None:
    """is not / isn't, either way."""
    found = [
        replaced(text, *match.span(), b, "contraction", keeps=True)
        for left, right in _CONTRACTIONS
        for a, b in ((left, right), (right, left))
        for match in re.finditer(rf"\b{a}\b", text, re.IGNORECASE)
    ]
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
    """Opposites by word: the hand-written pairs, and WordNet's of usual senses."""
    return _table([*PAIRS, *_compiled("antonyms.txt")])


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[str, ...]]:
    """Words that share their most usual sense, by word."""
    return _table(_compiled("synonyms.txt"))


def _compiled(name: str) -> list[tuple[str, str]]:
    lines = (LEXICON / name).read_text(encoding="ascii").split("\n")
    return [(a, b) for a, _, b in (line.partition(" ") for line in lines if line)]


def _table(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for left, right in dict.fromkeys(pairs):
        if left == right:  # WordNet has letters in both cases
            continue
        table.setdefault(left, []).append(right)
        table.setdefault(right, []).append(left)
    return {word: tuple(dict.fromkeys(others)) for word, others in table.items()}
