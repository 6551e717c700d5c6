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
from pathlib import Path

import numpy as np

from germane.edit.opposites import NEGATIONS, NUMBER_WORDS, PAIRS, QUANTIFIERS, QUESTION_WORDS, STOP_WORDS
from germane.encode.onnx import SHIPPED as ENCODER
from germane.encode.onnx import OnnxEncoder
from germane.learn.wordnet import WordNet
from germane.verify.lexicon import FLAGS, SHIPPED


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
