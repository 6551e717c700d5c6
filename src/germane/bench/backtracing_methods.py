"""The methods of the backtracing benchmark: each scores every turn of each query's sequence, higher first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from germane.measure.backtracing import Backtraced

Scores = NDArray[np.float64]
Method = Callable[[Sequence[Backtraced]], list[Scores]]
RERANKED = 5
SCORED = 50
"""Turns of a long sequence that the language model scores in full: the best by cosine. Others come after."""


def of_query(score: Callable[[Backtraced], Scores]) -> Method:
    return lambda rows: [score(row) for row in rows]


def random() -> Method:
    generator = np.random.default_rng(0)
    return of_query(lambda row: generator.random(len(row.texts)))


def position() -> Method:
    """Nothing is read: the turn before the query where its place is known, else the order of the text."""

    def score(row: Backtraced) -> Scores:
        order = np.arange(len(row.texts), dtype=float)
        return -order if row.at is None else np.where(order < row.at, order, -order)

    return of_query(score)


def edit() -> Method:
    """Minus the Levenshtein distance in characters."""
    return of_query(lambda row: -levenshtein(row.query, row.texts))


def bm25() -> Method:
    """Okapi's BM25 within the sequence (k1 1.5, b .75, negative idf floored at a quarter of the mean), lower
    case, split at single blanks, as the authors ran it."""
    return of_query(lambda row: okapi(row.query, row.texts))


def cosine() -> Method:
    """The shipped encoder's pooled vectors."""
    return _cosines


def maxsim() -> Method:
    """Late interaction: the mean over query tokens of the best token cosine, the shipped encoder's."""
    from germane.encode.onnx import OnnxEncoder

    encoder = OnnxEncoder(threads=1)

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        tokens = encoder.encode([row.query for row in rows], kind="query").tokens
        held: dict[str, list[NDArray[np.float32]]] = {}
        for row in rows:
            if row.document not in held:
                held[row.document] = [t.vectors for t in encoder.encode(row.texts).tokens]
        return [
            np.array(
                [float((q.vectors @ t.T).max(axis=1).mean()) if len(t) else -1.0 for t in held[row.document]]
            )
            for q, row in zip(tokens, rows, strict=True)
        ]

    return run


def cross_encoder() -> Method:
    """The peer: ms-marco-MiniLM-L-12-v2, query and turn read together."""
    from germane.bench.peers import CrossEncoder

    peer = CrossEncoder(batch=16)
    peer.score("what?", ["this"])  # the files are looked at now, so that a missing extra is said at once
    return of_query(lambda row: peer.score(row.query, row.texts).astype(float))


def reranker() -> Method:
    """The five best by cosine, ordered by the cross-encoder; the others after them."""
    from germane.bench.peers import CrossEncoder

    peer = CrossEncoder(batch=16)
    peer.score("what?", ["this"])

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        found = []
        for row, scores in zip(rows, _cosines(rows), strict=True):
            best = np.argsort(-scores, kind="stable")[:RERANKED]
            scores[best] = 100.0 + peer.score(row.query, [row.texts[i] for i in best])
            found.append(scores)
        return found

    return run


def germane() -> Method:
    """The shipped causal scorer. It always knows the query's place where the sequence has it."""
    from germane.backtrace.scorer import shipped
    from germane.backtrace.signals import Read, read, signals
    from germane.backtrace.turns import Turn
    from germane.encode.onnx import OnnxEncoder

    encoder, scorer = OnnxEncoder(threads=1), shipped()

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        pooled, tokens = encoder.encode([row.query for row in rows], kind="query")
        held, found = dict[str, Read](), []
        for row, vector, pieces in zip(rows, pooled, tokens, strict=True):
            speakers = row.speakers or [""] * len(row.texts)
            if row.document not in held:
                turns = [Turn(text, speaker) for text, speaker in zip(row.texts, speakers, strict=False)]
                held = {row.document: read(turns, encoder)}
            speaker = speakers[row.at] if row.at is not None else ""
            known = signals(row.query, vector, pieces, held[row.document], row.at, speaker)
            scores = np.full(len(row.texts), -np.inf)
            scores[: row.candidates] = scorer.logits(known, row.domain)
            found.append(scores)
        return found

    return run


def likelihood() -> Method:
    """Mean ``log p(q | x_t)`` by SmolLM2-135M; of long sequences the 50 best by cosine."""
    return _by_model(lambda row, i: formatted(row, i, i))


def prefix() -> Method:
    """Mean ``log p(q | x_<=t)``; a lecture is read from 20 sentences before."""
    return _by_model(lambda row, i: formatted(row, max(0, i - 20) if row.domain == "lecture" else 0, i))


def ate() -> Method:
    """``log p(q | X) - log p(q | X without x_t)``, within ten turns on either side of ``t``."""
    from germane.learn.likelihood import LanguageModel

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
    from germane.learn.likelihood import LanguageModel

    model = LanguageModel()
    return _of_best(
        lambda row, rows: model.mean_log_likelihood(formatted_query(row), [given(row, i) for i in rows])
    )


def _of_best(score: Callable[[Backtraced, list[int]], Scores]) -> Method:
    """``score`` of the ``SCORED`` best by cosine; all others after them, in the order of their cosine."""

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        found = []
        for row, scores in zip(rows, _cosines(rows), strict=True):
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


def _cosines(rows: Sequence[Backtraced]) -> list[Scores]:
    from germane.encode.onnx import OnnxEncoder

    encoder = OnnxEncoder(threads=1)
    asked = encoder.encode([row.query for row in rows], kind="query", tokens=False).pooled
    held = dict[str, NDArray[np.float32]]()
    for row in rows:
        if row.document not in held:
            held[row.document] = encoder.encode(row.texts, tokens=False).pooled
    return [(held[row.document] @ vector).astype(float) for row, vector in zip(rows, asked, strict=True)]


def levenshtein(query: str, texts: Sequence[str]) -> Scores:
    """Insertions, deletions and substitutions from ``query`` to each text, ``(texts,)``; a row of every table
    at a time."""
    lengths = np.array([len(text) for text in texts])
    codes = np.zeros((len(texts), int(lengths.max(initial=0))), np.int32)
    for text, held, length in zip(texts, codes, lengths, strict=True):
        held[:length] = [ord(letter) for letter in text]
    places = np.arange(codes.shape[1] + 1, dtype=np.int32)
    row = np.broadcast_to(places, (len(texts), len(places)))
    for i, letter in enumerate(query, 1):
        kept = np.minimum(row[:, 1:] + 1, row[:, :-1] + (codes != ord(letter)))
        first = np.full((len(texts), 1), i, np.int32)
        # Insertions run along the row: the smallest of what stands before, plus the way.
        row = np.minimum.accumulate(np.concatenate([first, kept], axis=1) - places, axis=1) + places
    return np.asarray(row[np.arange(len(texts)), lengths], np.float64)


def okapi(query: str, texts: Sequence[str]) -> Scores:
    """rank-bm25's BM25Okapi, its floor of negative idf included."""
    documents = [re.split(" ", text.lower()) for text in texts]
    lengths = np.array([len(d) for d in documents], float)
    words = {w: np.array([d.count(w) for d in documents], float) for w in set(query.lower().split(" "))}
    held = np.zeros(0)
    counts: dict[str, int] = {}
    for document in documents:
        for word in set(document):
            counts[word] = counts.get(word, 0) + 1
    held = np.log(len(documents) - np.array([*counts.values()]) + 0.5) - np.log(
        np.array([*counts.values()]) + 0.5
    )
    floor = 0.25 * float(held.mean())
    idf = dict(zip(counts, np.where(held < 0, floor, held), strict=True))
    found = np.zeros(len(documents))
    share = 1.5 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
    for word in query.lower().split(" "):
        found += idf.get(word, 0.0) * words[word] * 2.5 / (words[word] + share)
    return found


METHODS: dict[str, Callable[[], Method]] = {
    "germane": germane,
    "random": random,
    "position": position,
    "edit": edit,
    "bm25": bm25,
    "cosine": cosine,
    "maxsim": maxsim,
    "cross-encoder": cross_encoder,
    "reranker": reranker,
    "likelihood": likelihood,
    "prefix": prefix,
    "ate": ate,
}
SLOW = ("likelihood", "prefix", "ate")
