"""Compiles WordNet and the hand-written pairs into tables over words, by the encoder's word pieces.

What runs at a user's needs neither WordNet nor a parser: for each word its lemmas, its usual senses, what
these are kinds of, its rarity and a few flags; for pairs of words whether they are opposites.

Usage: python -m germane.learn.thesaurus --wordnet FOLDER --data FOLDER [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from germane.edit.number_words import SMALL
from germane.edit.opposites import NEGATIONS, NUMBER_WORDS, PAIRS, QUANTIFIERS, QUESTION_WORDS, STOP_WORDS
from germane.encode.onnx import SHIPPED as ENCODER
from germane.encode.onnx import OnnxEncoder
from germane.learn import affixes
from germane.learn.wordnet import BROAD, Synset, WordNet
from germane.verify.thesaurus import FLAGS, KINDS, LEMMAS, SENSES, SHIPPED, hashed

_DIGITS = {word: str(value) for word, value in SMALL.items()}


class Words:
    """Every word of the thesaurus with its id: that of its word piece where it is one, a new one where it is
    spelt with several."""

    def __init__(self, wordnet: WordNet, tokenizer: Any, vocabulary: dict[str, int]) -> None:
        lemmas = {w for words in wordnet.words.values() for w in words if w.isalpha() and w.isascii()}
        forms = sorted(set().union(*(wordnet.forms(lemma) for lemma in lemmas)))
        self.ids = {w: i for w, i in vocabulary.items() if w.isalpha() and w.isascii()}
        self.spelt: dict[int, list[int]] = {}
        self.size = max(vocabulary.values()) + 1
        taken = set[int]()
        for word, encoding in zip(
            forms, tokenizer.encode_batch(forms, add_special_tokens=False), strict=True
        ):
            key = int(hashed(encoding.ids))
            if word not in self.ids and len(encoding.ids) > 1 and key not in taken:
                taken.add(key)
                self.ids[word] = self.size
                self.spelt[self.size] = encoding.ids
                self.size += 1


def compile_thesaurus(
    wordnet: WordNet, tokenizer: Any, vocabulary: dict[str, int], texts: Sequence[Sequence[str]]
) -> dict[str, np.ndarray]:
    """The tables of ``verify.thesaurus.Thesaurus``; ``texts`` are the words of plain texts, for rarity."""
    usual = {w for w in vocabulary if w.isalpha() and w.isascii()}
    usual |= {w for w, found in wordnet.senses.items() if found[0].tagged and w.isalpha()}
    coined = affixes.made(wordnet, usual)
    for kind in ("verb", "adj"):
        wordnet.words[kind] |= {new for old, new in coined if old in wordnet.words[kind]}
    words = Words(wordnet, tokenizer, vocabulary)
    lemma = np.full((words.size, LEMMAS), -1, np.int32)
    lemma[:, 0] = np.arange(words.size)
    for word, i in words.ids.items():
        known = [words.ids[w] for w in wordnet.lemmas(_DIGITS.get(word, word)) if w in words.ids]
        known = [vocabulary[_DIGITS[word]]] if _DIGITS.get(word) in vocabulary else known
        lemma[i, : len(known[:LEMMAS])] = known[:LEMMAS]
    senses, kinds = _senses(wordnet, words)
    pairs = {*PAIRS, *wordnet.antonyms, *affixes.known(wordnet), *coined}
    indirect = wordnet.indirect_antonyms
    spelt = sorted((int(hashed(pieces)), i) for i, pieces in words.spelt.items())
    return {
        "hashes": np.array([key for key, _ in spelt], np.uint32),
        "words": np.array([i for _, i in spelt], np.int32),
        "lemma": lemma,
        "senses": senses,
        "kinds": kinds,
        "opposites": _both_ways(pairs, wordnet, words),
        "indirect": _both_ways(indirect, wordnet, words),
        "derived": _both_ways(wordnet.derived, wordnet, words),
        "flags": _flags(wordnet, vocabulary, words),
        "rarity": _rarity(words, texts),
    }


def _senses(wordnet: WordNet, words: Words) -> tuple[np.ndarray, np.ndarray]:
    """For each word the numbers of its most usual senses, and of what these are kinds of; -1 for none."""
    number: dict[Synset, int] = {s: i for i, s in enumerate(sorted(wordnet.members))}
    children = Counter(p for parents in wordnet.parents.values() for p in set(parents))
    senses = np.full((words.size, SENSES), -1, np.int32)
    kinds = np.full((words.size, KINDS), -1, np.int32)
    for word, i in words.ids.items():
        forms = wordnet.lemmas(word)[:LEMMAS]
        tagged = [s for form in forms for s in wordnet.senses.get(form, []) if s.number <= SENSES]
        found = list(dict.fromkeys(s.synset for s in sorted(tagged, key=lambda s: -s.tagged)))[:SENSES]
        senses[i, : len(found)] = [number[s] for s in found]
        above = [
            p
            for s in found
            for p in (*wordnet.parents.get(s, ()), *wordnet.akin.get(s, ()))
            if children[p] <= BROAD
        ]
        above = list(dict.fromkeys(above))[:KINDS]
        kinds[i, : len(above)] = [number[p] for p in above]
    return senses, kinds


def _both_ways(pairs: Iterable[tuple[str, str]], wordnet: WordNet, words: Words) -> np.ndarray:
    """Sorted pairs of lemmas' ids ``(n, 2)``."""
    found = set()
    for pair in pairs:
        left, right = (words.ids.get(w) for w in pair)
        if left is not None and right is not None and left != right:
            found |= {(left, right), (right, left)}
    return np.array(sorted(found), np.int32).reshape(-1, 2)


def _flags(wordnet: WordNet, vocabulary: dict[str, int], words: Words) -> np.ndarray:
    flags = np.zeros((words.size, len(FLAGS)), np.uint8)
    directed = {w for pair in PAIRS for w in pair}
    for piece, i in {**vocabulary, **words.ids}.items():
        word = piece.removeprefix("##")
        pos = {s.synset[0] for form in wordnet.lemmas(word)[:LEMMAS]
               for s in wordnet.senses.get(form, [])[:SENSES]}  # fmt: skip
        flags[i] = [
            any(c.isdigit() for c in word) or piece in NUMBER_WORDS,
            piece in NEGATIONS,
            piece in QUESTION_WORDS,
            piece in QUANTIFIERS,
            piece in directed,
            piece in STOP_WORDS,
            piece.startswith("##"),
            not any(c.isalnum() for c in word),
            *(kind in pos and piece not in STOP_WORDS for kind in ("noun", "verb", "adj", "adv")),
        ]
    return flags


def _rarity(words: Words, texts: Sequence[Sequence[str]]) -> np.ndarray:
    """0 for the most frequent word, 1 for one never seen: -log frequency, scaled."""
    counts = Counter(word for text in texts for word in text)
    seen = np.zeros(words.size)
    for word, i in words.ids.items():
        seen[i] = counts[word]
    information = -np.log((seen + 0.5) / (seen.sum() + 0.5 * words.size))
    spread = information - information.min()
    return np.asarray(spread / spread.max(), np.float16)


def main() -> None:
    from germane.learn.sources import plain_texts

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    vocabulary = json.loads((ENCODER / "tokenizer.json").read_text())["model"]["vocab"]
    tokenizer = OnnxEncoder()._tokenizer
    texts = []
    for text in plain_texts(arguments.data):
        pieces = tokenizer.encode(text).tokens[1:-1]
        texts.append(" ".join(pieces).replace(" ##", "").split())
    arguments.out.mkdir(parents=True, exist_ok=True)
    wordnet = WordNet(arguments.wordnet)
    np.savez_compressed(
        arguments.out / "thesaurus.npz",
        allow_pickle=False,
        **compile_thesaurus(wordnet, tokenizer, vocabulary, texts),
    )


if __name__ == "__main__":
    main()
