"""The systems of ``near_miss``: each scores pairs of texts, higher meaning more likely right.

``jaccard``, ``same-words`` and ``length`` read no meaning at all; ``relations`` knows of words what the
shipped thesaurus knows, and nothing else; ``germane`` is the calibrated probability of the shipped verifier:
of *same* where neither text is the query, of *supports* where the query is a claim or a yes/no question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from germane.bench.near_miss_texts import Asks, Scores, System, Texts
from germane.encode.protocol import Tokens
from germane.errors import InputError, MissingExtra
from germane.measure import overlap
from germane.verify import maps
from germane.verify.thesaurus import OPPOSITE, OTHER_NUMBER, SAME, SYNONYM, Thesaurus
from germane.verify.verifier import Verifier
from germane.verify.words import MARK, NEGATION, NUMBER, STOP


def relation_score(query: Tokens, passage: Tokens, thesaurus: Thesaurus) -> float:
    """The share of the query's content words that the passage has, or has a synonym of; less the share it has
    only the opposite or another number of; less 1 where one of the two texts is negated and the other not.

    Made by hand and fitted on nothing: what lexical knowledge is worth before anything is learnt.
    """
    features = thesaurus.described(query.ids)
    content = (features[:, [STOP, MARK, NEGATION]].max(axis=1) == 0) | (features[:, NUMBER] > 0)
    negated = (features[:, NEGATION] > 0).any() != (thesaurus.described(passage.ids)[:, NEGATION] > 0).any()
    codes = thesaurus.relations(query.ids, passage.ids)[content]
    matched = ((codes == SAME) | (codes == SYNONYM)).any(axis=1)
    against = ((codes == OPPOSITE) | (codes == OTHER_NUMBER)).any(axis=1) & ~(codes == SAME).any(axis=1)
    return float((matched.sum() - against.sum()) / max(int(content.sum()), 1) - negated)


def by_words(measure: Callable[[str, str], float]) -> Callable[[Verifier], System]:
    """A system that reads the two spellings and nothing else."""

    def run(texts: Texts) -> Scores:
        return np.array([measure(q, p) for q, p in zip(texts.queries, texts.passages, strict=True)], float)

    return lambda verifier: run


def by_tokens(measure: Callable[[Tokens, Tokens, Thesaurus], float]) -> Callable[[Verifier], System]:
    """A system that reads the two token matrices, and may ask the thesaurus."""

    def make(verifier: Verifier) -> System:
        def run(texts: Texts) -> Scores:
            pairs = zip(texts.asked.tokens, texts.said.tokens, strict=True)
            return np.array([measure(query, passage, verifier.thesaurus) for query, passage in pairs], float)

        return run

    return make


def cosine(verifier: Verifier) -> System:
    return lambda texts: np.einsum("nd,nd->n", texts.asked.pooled, texts.said.pooled).astype(float)


def cross_encoder(verifier: Verifier) -> System:
    """The peer's logit. Raises ``MissingExtra`` without ``[bench]``."""
    from germane.bench.peers import CrossEncoder

    peer = CrossEncoder()

    def run(texts: Texts) -> Scores:
        pairs = zip(texts.queries, texts.passages, strict=True)
        return np.array([peer.score(query, [passage])[0] for query, passage in pairs], float)

    return run


def germane(verifier: Verifier) -> System:
    """As ``guard`` decides where neither text is the query, else as ``Verifier.supports`` or ``judge`` do."""

    def run(texts: Texts) -> Scores:
        pairs = list(zip(texts.queries, texts.passages, strict=True))
        if texts.asks != "answers":
            return verifier.same(pairs) if texts.asks == "same" else verifier.supports(pairs)
        alike = cosine(verifier)(texts)
        rows = zip(texts.asked.tokens, texts.said.tokens, alike, strict=True)
        return np.array([verifier.verify(q, [p], np.array([s]))[0].probability for q, p, s in rows], float)

    return run


def threshold(verifier: Verifier, asks: Asks) -> float:
    """The probability from which on ``germane`` calls a pair right."""
    if asks == "answers":
        return verifier.calibration.relevant["similarity"]
    return (verifier.calibration.same if asks == "same" else verifier.calibration.supports)["threshold"]


SYSTEMS: dict[str, Callable[[Verifier], System]] = {
    "length": by_words(overlap.length_ratio),
    "same-words": by_words(overlap.same_words),
    "jaccard": by_words(lambda q, p: overlap.jaccard(set(overlap.words(q)), set(overlap.words(p)))),
    "relations": by_tokens(relation_score),
    "cosine": cosine,
    "maxsim": by_tokens(lambda query, passage, _: maps.maxsim(query, passage)),
    "cross-encoder": cross_encoder,
    "germane": germane,
}


def ready(verifier: Verifier, names: Sequence[str] | None = None) -> tuple[dict[str, System], list[str]]:
    """The named systems (default: all), and a note for each that was left out because it is not installed;
    where it was named that is an error. Raises ``InputError`` for a name that does not exist."""
    unknown = [name for name in names or () if name not in SYSTEMS]
    if unknown:
        raise InputError(f"no system {', '.join(unknown)}", hint=f"systems: {', '.join(SYSTEMS)}")
    found, notes = {}, []
    for name in names or SYSTEMS:
        try:
            found[name] = SYSTEMS[name](verifier)
        except MissingExtra as error:
            if names:
                raise
            notes.append(f"{name} left out: {error.message} ({error.hint})")
    return found, notes
