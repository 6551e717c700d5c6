"""The methods of the backtracing benchmark: each scores every turn of each query's sequence, higher first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from germane.errors import MissingExtra
from germane.measure.backtracing import Backtraced

Scores = NDArray[np.float64]
Method = Callable[[Sequence[Backtraced]], list[Scores]]
Sequenced = TypeVar("Sequenced")
RERANKED = 5


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
    """Minus the Levenshtein distance in characters. Raises ``MissingExtra`` without ``[bench]``."""
    try:
        from rapidfuzz.distance import Levenshtein
    except ModuleNotFoundError as error:
        raise MissingExtra("rapidfuzz", "bench") from error
    return of_query(lambda row: np.array([-Levenshtein.distance(row.query, t) for t in row.texts], float))


def bm25() -> Method:
    """Okapi's BM25 within the sequence (k1 1.5, b .75, negative idf floored at a quarter of the mean), lower
    case, split at single blanks, as the authors ran it."""
    return of_query(lambda row: okapi(row.query, row.texts))


def cosine() -> Method:
    """The shipped encoder's pooled vectors."""
    return cosines


def maxsim() -> Method:
    """Late interaction: the mean over query tokens of the best token cosine, the shipped encoder's."""
    from germane.encode.onnx import OnnxEncoder

    encoder = OnnxEncoder(threads=1)

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        tokens = encoder.encode([row.query for row in rows], kind="query").tokens
        held = each_read(rows, lambda row: [t.vectors for t in encoder.encode(row.texts).tokens])
        return [
            np.array([float((q.vectors @ t.T).max(axis=1).mean()) if len(t) else -1.0 for t in turns])
            for q, turns in zip(tokens, held, strict=True)
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
        for row, scores in zip(rows, cosines(rows), strict=True):
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

    def turns(row: Backtraced) -> Read:
        speakers = row.speakers or ("",) * len(row.texts)
        return read(
            [Turn(text, speaker) for text, speaker in zip(row.texts, speakers, strict=False)], encoder
        )

    def run(rows: Sequence[Backtraced]) -> list[Scores]:
        pooled, tokens = encoder.encode([row.query for row in rows], kind="query")
        found = []
        for row, vector, pieces, held in zip(rows, pooled, tokens, each_read(rows, turns), strict=True):
            speaker = row.speakers[row.at] if row.at is not None and row.speakers else ""
            scores = np.full(len(row.texts), -np.inf)
            if row.candidates:
                known = signals(row.query, vector, pieces, held, row.at, speaker)
                scores[: row.candidates] = scorer.logits(known, row.domain)
            found.append(scores)
        return found

    return run


def cosines(rows: Sequence[Backtraced]) -> list[Scores]:
    from germane.encode.onnx import OnnxEncoder

    encoder = OnnxEncoder(threads=1)
    asked = encoder.encode([row.query for row in rows], kind="query", tokens=False).pooled
    held = each_read(rows, lambda row: encoder.encode(row.texts, tokens=False).pooled)
    return [(pooled @ vector).astype(float) for pooled, vector in zip(held, asked, strict=True)]


def each_read(rows: Sequence[Backtraced], read: Callable[[Backtraced], Sequenced]) -> Iterator[Sequenced]:
    """The sequence of each row, read once for the rows in a row that share it."""
    before: tuple[str, ...] | None = None
    for row in rows:
        if row.texts != before:
            found, before = read(row), row.texts
        yield found


def okapi(query: str, texts: Sequence[str]) -> Scores:
    """rank-bm25's BM25Okapi, its floor of negative idf included."""
    documents = [Counter(text.lower().split(" ")) for text in texts]
    lengths = np.array([document.total() for document in documents], float)
    held = Counter(word for document in documents for word in document)
    often = np.array([*held.values()])
    weights = np.log(len(documents) - often + 0.5) - np.log(often + 0.5)
    floor = 0.25 * float(weights.mean())
    idf = dict(zip(held, np.where(weights < 0, floor, weights), strict=True))
    found = np.zeros(len(documents))
    share = 1.5 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
    for word in query.lower().split(" "):
        count = np.array([document[word] for document in documents], float)
        found += idf.get(word, 0.0) * count * 2.5 / (count + share)
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
}
