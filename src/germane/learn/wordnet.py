"""WordNet's files, read: lemmas, senses, and what words are to one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

SUFFIXES = {
    "noun": (("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
             ("ies", "y"), ("s", "")),
    "verb": (("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
             ("ing", "")),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e"), ("ier", "y"), ("iest", "y")),
    "adv": (),
}  # fmt: skip
USUAL_SENSES = 2
"""A synonym counts where the shared sense is among the first so many of both words."""
BROAD = 200
"""Kinds of one thing are siblings only where the thing has no more kinds than this."""

Pairs = set[tuple[str, str]]
Synset = tuple[str, str]
"""Part of speech and offset."""


class Sense(NamedTuple):
    """One sense of a word: how often it was tagged, its number among the word's senses of that part of
    speech, and its synset."""

    tagged: int
    number: int
    synset: Synset


class WordNet:
    """From the ``data.*``, ``*.exc`` and ``index.sense`` files of ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.words: dict[str, set[str]] = {pos: set() for pos in SUFFIXES}
        self.members: dict[Synset, list[str]] = {}
        self.parents: dict[Synset, list[Synset]] = defaultdict(list)
        self.akin: dict[Synset, list[Synset]] = defaultdict(list)
        self.opposed: list[tuple[Synset, str, Synset, str]] = []
        self.glosses: dict[Synset, str] = {}
        self.derived: Pairs = set()
        self.irregular: dict[str, dict[str, list[str]]] = {}
        self.senses = self._senses(folder / "index.sense")
        self._number = {(word, s.synset): s.number for word, found in self.senses.items() for s in found}
        for pos in SUFFIXES:
            self.irregular[pos] = {
                form: lemmas for form, *lemmas in map(str.split, _lines(folder / f"{pos}.exc"))
            }
            self._read(_lines(folder / f"data.{pos}"), pos)
        self._resolve()

    @staticmethod
    def _senses(path: Path) -> dict[str, list[Sense]]:
        names = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
        found: dict[str, list[Sense]] = defaultdict(list)
        for line in _lines(path):
            key, offset, number, count = line.split()
            word, _, rest = key.partition("%")
            found[word].append(Sense(int(count), int(number), (names[rest[0]], offset)))
        return {w: sorted(s, key=lambda s: (-s.tagged, s.number, s.synset)) for w, s in found.items()}

    def usual(self, word: str, synset: Synset, most: int = USUAL_SENSES) -> bool:
        """Whether ``synset`` is among the first ``most`` senses of ``word`` in its part of speech."""
        return self._number.get((word, synset), 99) <= most

    def _read(self, rows: Iterable[str], pos: str) -> None:
        self._pending: list[tuple[Synset, int, Synset, int, str]] = getattr(self, "_pending", [])
        kinds = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
        for row in rows:
            if row.startswith("  "):
                continue
            cells = row.partition(" | ")[0].split()
            count = int(cells[3], 16)
            synset = (pos, cells[0])
            words = [w.partition("(")[0].lower() for w in cells[4 : 4 + 2 * count : 2]]
            self.members[synset] = words
            self.glosses[synset] = row.partition(" | ")[2]
            self.words[pos].update(words)
            at = 5 + 2 * count
            for i in range(at, at + 4 * int(cells[at - 1]), 4):
                symbol, other = cells[i], (kinds[cells[i + 2]], cells[i + 1])
                if symbol in ("@", "@i"):
                    self.parents[synset].append(other)
                elif symbol == "&":
                    self.akin[synset].append(other)
                elif symbol in ("!", "+", "\\"):
                    source, target = int(cells[i + 3][:2], 16), int(cells[i + 3][2:], 16)
                    self._pending.append((synset, source, other, target, symbol))

    def _resolve(self) -> None:
        for synset, source, other, target, symbol in self._pending:
            left = self.members[synset][max(source, 1) - 1]
            right = self.members[other][max(target, 1) - 1]
            if symbol == "!":
                self.opposed.append((synset, left, other, right))
            elif left != right:
                self.derived |= {(left, right), (right, left)}
        del self._pending

    @property
    def antonyms(self) -> Pairs:
        """Direct antonyms, both ways."""
        return {(left, right) for _, left, _, right in self.opposed}

    @property
    def indirect_antonyms(self) -> Pairs:
        """Adjectives akin to one of two antonyms against those akin to the other (huge / tiny)."""
        found: Pairs = set()
        for one, _, other, _ in self.opposed:
            sides = [
                [
                    w
                    for near in (s, *self.akin.get(s, ()))
                    for w in self.members[near]
                    if self.usual(w, near, 1)
                ]
                for s in (one, other)
            ]
            found |= {(a, b) for a in sides[0] for b in sides[1] if a != b}
        return found

    @property
    def synonyms(self) -> Pairs:
        """Words that share a usual sense, both ways."""
        return {
            pair
            for synset, words in self.members.items()
            for a, b in combinations([w for w in words if self.usual(w, synset)], 2)
            for pair in ((a, b), (b, a))
        }

    def lemmas(self, word: str) -> list[str]:
        """The dictionary forms of ``word`` over all parts of speech, itself first where it is one."""
        found = [word] if any(word in words for words in self.words.values()) else []
        for pos, rules in SUFFIXES.items():
            found += self.irregular[pos].get(word, [])
            for suffix, ending in rules:
                stem = word[: len(word) - len(suffix)] + ending
                if word.endswith(suffix) and len(stem) > 2:
                    if stem in self.words[pos]:
                        found.append(stem)
                    doubled = len(stem) > 3 and stem[-1] == stem[-2]
                    if suffix in ("ed", "ing") and doubled and stem[:-1] in self.words[pos]:
                        found.append(stem[:-1])
        return list(dict.fromkeys(found)) or [word]

    def forms(self, lemma: str) -> set[str]:
        """``lemma`` and how it may be inflected; some of these do not exist, which does no harm."""
        made = {lemma}
        end = "es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s"
        y = lemma.endswith("y") and lemma[-2:-1] not in set("aeiou")
        stem = lemma[:-1] if lemma.endswith("e") else lemma
        doubled = lemma + lemma[-1] if len(lemma) > 2 and lemma[-1] in "bdgklmnprtz" else lemma
        if lemma in self.words["noun"] or lemma in self.words["verb"]:
            made.add(lemma[:-1] + "ies" if y else lemma + end)
        if lemma in self.words["verb"]:
            made |= {stem + "ing", doubled + "ing", lemma[:-1] + "ied" if y else stem + "ed", doubled + "ed"}
        if lemma in self.words["adj"] and len(lemma) < 8:
            made |= {lemma[:-1] + "ier", lemma[:-1] + "iest"} if y else {stem + "er", stem + "est"}
        return made


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="latin-1").splitlines()
