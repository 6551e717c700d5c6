"""Commands of one intent against commands of the intent that is closest to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np

from germane.bench.near_miss_pairs import Judged
from germane.measure.overlap import words
from germane.measure.questions import Command


def intent_pairs(commands: Sequence[Command], seed: int = 0) -> Iterator[Judged]:
    """Each command with another one of its intent, and with one of the nearest other intent."""
    rng = Random(seed)
    texts: dict[str, list[str]] = {}
    for command in commands:
        texts.setdefault(command.intent, []).append(command.text)
    nearest = nearest_intents(texts)
    for number, command in enumerate(commands):
        same = [text for text in texts[command.intent] if text != command.text]
        if same:
            anchor = f"{number} {command.text}"
            yield Judged(command.text, rng.choice(same), True, anchor)
            yield Judged(command.text, rng.choice(texts[nearest[command.intent]]), False, anchor)


def nearest_intents(texts: dict[str, list[str]]) -> dict[str, str]:
    """For each intent the other one whose commands use the most similar words: cosine of tf-idf, an intent
    being one document. By words, so that no encoder under test picks what is hard for it."""
    counts = [Counter(word for text in each for word in words(text)) for each in texts.values()]
    vocabulary = {word: column for column, word in enumerate(sorted(set().union(*counts)))}
    table = np.zeros((len(counts), len(vocabulary)))
    for row, count in enumerate(counts):
        for word, times in count.items():
            table[row, vocabulary[word]] = times
    table *= np.log(len(counts) / (table > 0).sum(axis=0))
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    cosines = table @ table.T
    np.fill_diagonal(cosines, -1)
    names = list(texts)
    return {name: names[other] for name, other in zip(names, cosines.argmax(axis=1), strict=True)}
