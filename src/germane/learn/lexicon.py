"""Compiles WordNet and the hand-written pairs into tables over the encoder's word pieces.

What runs at a user's needs neither WordNet nor a parser: for each vocabulary id its lemma, its rarity
and a few flags; for pairs of ids whether they are opposites or synonyms.

Usage: python -m germane.learn.lexicon --wordnet FOLDER --data FOLDER [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import numpy as np

from germane.edit.opposites import NEGATIONS, NUMBER_WORDS, PAIRS, QUANTIFIERS, QUESTION_WORDS, STOP_WORDS
from germane.encode.onnx import SHIPPED as ENCODER
from germane.encode.onnx import OnnxEncoder
from germane.verify.lexicon import FLAGS, SHIPPED

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

Pairs = set[tuple[str, str]]


class WordNet:
    """Lemmas, antonyms and synonyms from the ``data.*``, ``*.exc`` and ``index.sense`` files."""

    def __init__(self, folder: Path) -> None:
        self.words: dict[str, set[str]] = {pos: set() for pos in SUFFIXES}
        self.antonyms: Pairs = set()
        self.synonyms: Pairs = set()
        self.interchangeable: Pairs = set()
        self.usual_antonyms: Pairs = set()
        self.irregular: dict[str, dict[str, list[str]]] = {}
        rank = self._sense_ranks(folder / "index.sense")
        for pos in SUFFIXES:
            self.irregular[pos] = {
                form: lemmas for form, *lemmas in map(str.split, _lines(folder / f"{pos}.exc"))
            }
            self._read(_lines(folder / f"data.{pos}"), pos, rank)

    @staticmethod
    def _sense_ranks(path: Path) -> dict[tuple[str, str], int]:
        ranks: dict[tuple[str, str], int] = {}
        for line in _lines(path):
            key, offset, sense, _ = line.split()
            ranks[key.partition("%")[0], offset] = int(sense)
        return ranks

    def _read(self, rows: Iterable[str], pos: str, rank: dict[tuple[str, str], int]) -> None:
        synsets: dict[str, list[str]] = {}
        pointers: list[tuple[str, int, str, int]] = []
        for row in rows:
            if row.startswith("  "):
                continue
            cells = row.partition(" | ")[0].split()
            count = int(cells[3], 16)
            words = [w.partition("(")[0].lower() for w in cells[4 : 4 + 2 * count : 2]]
            synsets[cells[0]] = words
            self.words[pos].update(words)
            at = 5 + 2 * count
            for i in range(at, at + 4 * int(cells[at - 1]), 4):
                if cells[i] == "!":
                    source, target = int(cells[i + 3][:2], 16), int(cells[i + 3][2:], 16)
                    pointers.append((cells[0], source, cells[i + 1], target))
        for offset, words in synsets.items():
            usual = [w for w in words if rank.get((w, offset), 9) <= USUAL_SENSES]
            self.synonyms.update(pair for a, b in combinations(usual, 2) for pair in ((a, b), (b, a)))
            first = sorted(w for w in usual if rank[w, offset] == 1)
            self.interchangeable.update(combinations(first, 2))
        for offset, source, other, target in pointers:
            left, right = synsets[offset][source - 1], synsets[other][target - 1]
            self.antonyms.add((left, right))
            if rank.get((left, offset), 9) <= 1 and rank.get((right, other), 9) <= 1 and left < right:
                self.usual_antonyms.add((left, right))

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


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="latin-1").splitlines()


def compile_lexicon(
    wordnet: WordNet, vocabulary: dict[str, int], texts: Iterable[list[str]]
) -> dict[str, np.ndarray]:
    """The tables of ``verify.lexicon.Lexicon``; ``texts`` are word pieces of plain text, for rarity."""
    size = max(vocabulary.values()) + 1
    words = {word: i for word, i in vocabulary.items() if word.isalpha() and word.isascii()}
    lemmas = {word: wordnet.lemmas(word) for word in words}
    of_lemma: dict[str, list[str]] = defaultdict(list)
    for word, forms in lemmas.items():
        for form in forms:
            of_lemma[form].append(word)
    base = np.arange(size, dtype=np.int32)
    for word, i in words.items():
        shortest = min(lemmas[word], key=lambda form: (len(form), form))
        base[i] = vocabulary.get(shortest, i)

    def over_words(pairs: Iterable[tuple[str, str]]) -> set[tuple[int, int]]:
        return {
            (words[x], words[y])
            for a, b in pairs
            for x in of_lemma.get(a, ())
            for y in of_lemma.get(b, ())
            if base[words[x]] != base[words[y]]
        }

    hand = {(words[a], words[b]) for a, b in PAIRS if a in words and b in words}
    opposites = over_words(wordnet.antonyms) | hand | {(b, a) for a, b in hand}
    synonyms = over_words(wordnet.synonyms) - opposites
    return {
        "lemma": base,
        "opposites": np.array(sorted(opposites), np.int32),
        "synonyms": np.array(sorted(synonyms), np.int32),
        "flags": _flags(vocabulary, size, {i for pair in hand for i in pair}),
        "rarity": _rarity(vocabulary, size, texts),
    }


def _flags(vocabulary: dict[str, int], size: int, directed: set[int]) -> np.ndarray:
    flags = np.zeros((size, len(FLAGS)), np.uint8)
    for piece, i in vocabulary.items():
        word = piece.removeprefix("##")
        flags[i] = [
            any(c.isdigit() for c in word) or piece in NUMBER_WORDS,
            piece in NEGATIONS,
            piece in QUESTION_WORDS,
            piece in QUANTIFIERS,
            i in directed,
            piece in STOP_WORDS,
            piece.startswith("##"),
            not any(c.isalnum() for c in word),
        ]
    return flags


def _rarity(vocabulary: dict[str, int], size: int, texts: Iterable[list[str]]) -> np.ndarray:
    """0 for the most frequent piece, 1 for one never seen: -log frequency, scaled."""
    counts = Counter(piece for text in texts for piece in text)
    seen = np.zeros(size)
    for piece, i in vocabulary.items():
        seen[i] = counts[piece]
    information = -np.log((seen + 0.5) / (seen.sum() + 0.5 * size))
    spread = information - information.min()
    return np.asarray(spread / spread.max(), np.float16)


def _reads_alone(wordnet: WordNet, left: str, right: str) -> bool:
    """Words of more than three letters, or of one part of speech only: others are often something else."""
    kinds = [sum(word in words for words in wordnet.words.values()) for word in (left, right)]
    return max(kinds) == 1 or min(len(left), len(right)) > 4


def main() -> None:
    from germane.learn.sources import plain_texts

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    vocabulary = json.loads((ENCODER / "tokenizer.json").read_text())["model"]["vocab"]
    tokenizer = OnnxEncoder()._tokenizer
    texts = [tokenizer.encode(text).tokens[1:-1] for text in plain_texts(arguments.data)]
    arguments.out.mkdir(parents=True, exist_ok=True)
    wordnet = WordNet(arguments.wordnet)
    tables = compile_lexicon(wordnet, vocabulary, texts)
    plain = {word for word in vocabulary if word.isalpha() and word.isascii() and word not in STOP_WORDS}
    for name, pairs in (("antonyms", wordnet.usual_antonyms), ("synonyms", wordnet.interchangeable)):
        kept = sorted(pair for pair in pairs if set(pair) <= plain and _reads_alone(wordnet, *pair))
        (arguments.out / f"{name}.txt").write_text("".join(f"{a} {b}\n" for a, b in kept))
    np.savez_compressed(arguments.out / "lexicon.npz", allow_pickle=False, **tables)


if __name__ == "__main__":
    main()
