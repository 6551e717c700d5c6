"""The verifier: reads similarity maps, says which candidates are the right ones, and what says the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Encoder, Tokens
from germane.errors import InputError
from germane.types import Hit, Passage, Place, Signals
from germane.verify.calibration import Calibration, form_of, platt
from germane.verify.inputs import Inputs, assemble, assemble_one
from germane.verify.outputs import OFF_TOPIC, SAME, SUPPORTS, relevant_odds
from germane.verify.reasons import general, reason
from germane.verify.session import session
from germane.verify.thesaurus import Thesaurus, shipped
from germane.verify.verification import Verification

if TYPE_CHECKING:
    import onnxruntime

SHIPPED = Path(__file__).parent.parent / "models" / "verifier"
ALIKE = 3.0
"""What the cosine of the pooled vectors adds to the log-odds of *same*. Most of the pairs that may be learnt
from are edits, which teach to distrust it altogether; of pairs that people wrote it knows something. Chosen
on dev parts (SICK, MRPC, STS-B, SemAntoNeg, PAWS, the written pairs), not fitted."""
AT_ONCE = 48
"""Pairs in one run of the model: enough to be quick, few enough to stay small in memory."""

Floats = NDArray[np.floating[Any]]


class Verifier:
    """The model, its calibration, and the encoder they belong to.

    Raises ``EncoderMismatch`` when ``encoder`` is another one than that; without ``encoder`` the shipped
    one is loaded when texts are to be verified. ``MissingModel`` where the folder is not complete.
    """

    def __init__(self, folder: Path | str = SHIPPED, *, encoder: Encoder | None = None) -> None:
        self.folder = Path(folder)
        self.calibration = Calibration.load(self.folder)
        self._encoder = encoder
        if encoder is not None:
            self.calibration.require(encoder.identity)

    @classmethod
    def load(cls, folder: Path | str = SHIPPED, *, encoder: Encoder | None = None) -> Self:
        """The verifier of ``folder``; by default the one that ships."""
        return cls(folder, encoder=encoder)

    @property
    def thesaurus(self) -> Thesaurus:
        return shipped()

    @cached_property
    def encoder(self) -> Encoder:
        encoder = self._encoder or OnnxEncoder(threads=1)
        self.calibration.require(encoder.identity)
        return encoder

    def verify(
        self,
        query: Tokens,
        candidates: Sequence[Tokens],
        similarity: Floats,
        fused: Floats | None = None,
    ) -> list[Verification]:
        """One ``Verification`` a candidate, in their order; none depends on another.

        ``similarity`` and ``fused``, each ``(candidates,)``, are the cosine of the pooled vectors and the
        sum of reciprocal ranks that recall gave. A text without tokens is off topic to any query.
        """
        logits, best = self._read(query, candidates, similarity)
        kinds = _shares(logits[:, : OFF_TOPIC + 1])
        odds = relevant_odds(logits)
        probabilities = self.calibration.probability(odds, best, similarity, fused)
        form, found = form_of(fused), []
        for i, candidate in enumerate(candidates):
            probability, kind = float(probabilities[i]), (kinds[i, 0], kinds[i, 1], kinds[i, 2])
            if not len(candidate.ids) or not len(query.ids):
                probability, kind = 0.0, (0.0, 0.0, 1.0)
            verdict = self.calibration.verdict(probability, kind, form)
            found.append(
                Verification(float(odds[i]), probability, verdict, general(verdict), float(best[i]), kind)
            )
        return found

    def judge(self, query: str, passage: str) -> Hit:
        """Two texts, without an index: does this passage answer this query? The passage as a hit, with every
        signal that needs no index (``lexical`` needs one), and the reason where it is not relevant.

        Raises ``InputError`` for an empty query.
        """
        if not query.strip():
            raise InputError("the query is empty", hint="ask with at least one word")
        pooled, [asked, said] = self.encoder.encode([query, passage])
        similarity = float(pooled[0] @ pooled[1])
        [found] = self.verify(asked, [said], np.array([similarity]))
        return Hit(
            Passage("passage", passage, Place("passage", 0, len(passage), 0)),
            Signals(similarity, None, found.maxsim, found.logit),
            found.probability,
            found.verdict,
            reason(self, found.verdict, (asked, said), (query, passage), similarity),
        )

    def same(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Calibrated probabilities that the two texts of each pair say or ask the same, ``(pairs,)``; of a
        first text 128 word pieces are read, of a second 256.

        Raises ``InputError`` where a text is empty.
        """
        if any(not text.strip() for pair in pairs for text in pair):
            raise InputError("a text to compare is empty", hint="give two texts of at least one word each")
        return platt(self.logits(pairs)[:, SAME], self.calibration.same)

    def supports(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Calibrated probabilities that the second text of each pair says yes to the first, a claim or a
        yes/no question, ``(pairs,)``; no is what it says otherwise, or nothing. Good where both use nearly
        the same words; on what follows only by inference no better than chance (see the model card)."""
        return platt(self.logits(pairs)[:, SUPPORTS], self.calibration.supports)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """The model's logits of ``OUTPUTS``, ``(pairs, 5)``, *same* as in ``same_odds``; minus infinity
        where a text has no tokens."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        where = {text: i for i, text in enumerate(texts)}
        pooled, tokens = self.encoder.encode(texts)
        indices = [(where[a], where[b]) for a, b in pairs]
        lengths = [sorted((len(tokens[i].ids), len(tokens[j].ids))) for i, j in indices]
        order = sorted((k for k in range(len(pairs)) if lengths[k][0]), key=lambda k: lengths[k][::-1])
        logits = np.full((len(pairs), SUPPORTS + 1), -np.inf)
        for at in range(0, len(order), AT_ONCE):
            chosen = order[at : at + AT_ONCE]
            rows, columns = zip(*(indices[k] for k in chosen), strict=True)
            similarity = (pooled[list(rows)] * pooled[list(columns)]).sum(axis=1)
            sides = [tokens[i] for i in rows], [tokens[j] for j in columns]
            inputs = assemble(*sides, similarity, self.thesaurus)
            logits[chosen] = self.run(inputs)[0]
            logits[chosen, SAME] = self._both_ways(inputs, logits[chosen, SAME])
        return logits

    def same_odds(self, inputs: Inputs) -> NDArray[np.float64]:
        """Uncalibrated log-odds of *same*, ``(pairs,)``: the mean of both directions, and ``ALIKE``."""
        return self._both_ways(inputs, self.run(inputs)[0][:, SAME].astype(np.float64))

    def _both_ways(self, inputs: Inputs, one: NDArray[np.float64]) -> NDArray[np.float64]:
        turned = self.run(inputs.turned())[0][:, SAME]
        return np.asarray((one + turned) / 2 + ALIKE * inputs.similarity[:, 0], np.float64)

    def relevant_odds(self, inputs: Inputs) -> NDArray[np.float64]:
        """Uncalibrated log-odds of *relevant*, ``(pairs,)``."""
        return relevant_odds(self.run(inputs)[0])

    def _read(
        self, query: Tokens, candidates: Sequence[Tokens], similarity: Floats
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Logits ``(candidates, 5)`` and MaxSims ``(candidates,)``, 0 where a text has no tokens."""
        logits = np.zeros((len(candidates), SUPPORTS + 1))
        best = np.zeros(len(candidates), np.float32)
        # Like lengths together: little padding, and nothing depends on it.
        order = sorted(
            (i for i, c in enumerate(candidates) if len(c.ids) and len(query.ids)),
            key=lambda i: len(candidates[i].ids),
        )
        for at in range(0, len(order), AT_ONCE):
            chosen = order[at : at + AT_ONCE]
            part = np.asarray(similarity)[chosen]
            inputs = assemble_one(query, [candidates[i] for i in chosen], part, self.thesaurus)
            logits[chosen], best[chosen] = self.run(inputs)
        return logits, best

    def run(self, inputs: Inputs) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits of ``OUTPUTS`` ``(pairs, 5)`` and MaxSims ``(pairs,)``."""
        logits, best = self._session.run(["logits", "maxsim"], inputs._asdict())
        return logits, best

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        return session(self.folder / "model.onnx")


def _shares(logits: Floats) -> NDArray[np.float64]:
    """Probabilities by row, none of them quite 0 or 1."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = np.clip(powers / powers.sum(axis=1, keepdims=True), 1e-12, 1 - 1e-12)
    return shares


@lru_cache(maxsize=1)
def shipped_verifier() -> Verifier:
    """The one that ships with the package, loaded once."""
    return Verifier()
