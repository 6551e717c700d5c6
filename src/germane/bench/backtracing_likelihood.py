"""The methods of the backtracing benchmark that ask a language model how likely the query is: hours of work.

Published for GPT-2, GPT-J and OPT; here SmolLM2-135M, over the turns most similar to the query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from germane.bench.backtracing_methods import Method, Scores, cosines
from germane.learn.likelihood import LanguageModel
from germane.measure.backtracing import Backtraced

SCORED = 50
"""Turns of a long sequence that are scored in full: the best by cosine. Others come after."""


def likelihood() -> Method:
    """Mean ``log p(q | x_t)`` by SmolLM2-135M; of long sequences the 50 best by cosine."""
    return _by_model(lambda row, i: formatted(row, i, i))


def prefix() -> Method:
    """Mean ``log p(q | x_<=t)``; a lecture is read from 20 sentences before."""
    return _by_model(lambda row, i: formatted(row, max(0, i - 20) if row.domain == "lecture" else 0, i))


def ate() -> Method:
    """``log p(q | X) - log p(q | X without x_t)``, within ten turns on either side of ``t``."""
    model = LanguageModel()

    def window(row: Backtraced, i: int) -> tuple[int, int]:
        return max(0, i - 10), min(len(row.texts) - 1, i + 10)

    def score(row: Backtraced, rows: list[int]) -> Scores:
        asked = formatted_query(row)
        whole = model.mean_log_likelihood(asked, [formatted(row, *window(row, i)) for i in rows])
        without = [formatted(row, *window(row, i), leave=i) for i in rows]
        return np.asarray(whole - model.mean_log_likelihood(asked, without))

    return _of_best(score)


def _by_model(given: Callable[[Backtraced, int], str]) -> Method:
    model = LanguageModel()
    return _of_best(
        lambda row, rows: model.mean_log_likelihood(formatted_query(row), [given(row, i) for i in rows])
    )


def _of_best(score: Callable[[Backtraced, list[int]], Scores]) -> Method:
    """``score`` of the ``SCORED`` best by cosine; all others after them, in the order of their cosine."""

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        found = []
        for row, scores in zip(rows, cosines(rows), strict=True):
            best = sorted(np.argsort(-scores, kind="stable")[:SCORED].tolist())
            scores -= 1000.0
            scores[best] = score(row, best)
            found.append(scores)
        return found

    return run


def formatted(row: Backtraced, first: int, last: int, leave: int | None = None) -> str:
    """Turns ``first`` to ``last`` as the authors wrote them for language models."""
    kept = [i for i in range(first, last + 1) if i != leave]
    if row.domain == "conversation":
        return "\n".join(f"Speaker {row.speakers[i]}: {row.texts[i]}" for i in kept)
    return {"lecture": "Teacher: ", "news": "Text: "}[row.domain] + " ".join(row.texts[i] for i in kept)


def formatted_query(row: Backtraced) -> str:
    if row.at is not None:
        return f"Speaker {row.speakers[row.at]} (emotion = {row.emotion}): {row.query}"
    return {"lecture": "Student: ", "news": "Question: "}[row.domain] + row.query


METHODS: dict[str, Callable[[], Method]] = {"likelihood": likelihood, "prefix": prefix, "ate": ate}
