"""The verifier: reads similarity maps, says which candidates are the right ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Encoder, Tokens
from germane.errors import InputError
from germane.types import Hit, Passage, Place, Signals, Verdict
from germane.verify.calibration import Calibration, form_of
from germane.verify.inputs import Inputs, assemble_one
from germane.verify.lexicon import Lexicon, shipped
from germane.verify.maps import maxsims
from germane.verify.reasons import OFF_TOPIC, align, opposite, other_number, reason
from germane.verify.session import run_session, session
from germane.verify.verification import Verification

if TYPE_CHECKING:
    import onnxruntime

SHIPPED = Path(__file__).parent.parent / "models" / "verifier"
AT_ONCE = 48
"""Candidates in one run of the head: enough to be quick, few enough to stay small in memory."""

LESS = {
    Verdict.RELEVANT: Verdict.UNSURE,
    Verdict.UNSURE: Verdict.NEAR_MISS,
    Verdict.NEAR_MISS: Verdict.NEAR_MISS,
}

Signal = NDArray[np.floating[Any]] | None


class Verifier:
    """The head, its calibration, and the encoder they belong to.

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
    def lexicon(self) -> Lexicon:
        return shipped()

    @cached_property
    def encoder(self) -> Encoder:
        encoder = self._encoder or OnnxEncoder(threads=1)
        self.calibration.require(encoder.identity)
        return encoder

    def verify(
        self,
        query: Tokens,
        query_text: str,
        candidates: Sequence[Tokens],
        passages: Sequence[str],
        similarity: Signal = None,
        fused: Signal = None,
        *,
        reasons: bool = True,
    ) -> list[Verification]:
        """One ``Verification`` a candidate, in their order; none depends on another.

        ``similarity`` and ``fused``, each ``(candidates,)``, are the cosine of the pooled vectors and the
        sum of reciprocal ranks that recall gave. A text without tokens is off topic to any query.
        """
        kinds, best = self._read(query, candidates)
        logits = np.log(kinds[:, 0]) - np.log(kinds[:, 1:].sum(axis=1))
        probabilities = self.calibration.probability(logits, best, similarity, fused)
        form = form_of(similarity, fused)
        found = []
        for i, (candidate, passage) in enumerate(zip(candidates, passages, strict=True)):
            probability, kind = (
                float(probabilities[i]),
                cast(tuple[float, float, float], tuple(kinds[i].tolist())),
            )
            if not len(candidate.ids) or not len(query.ids):
                probability, kind = 0.0, (0.0, 0.0, 1.0)
            verdict, why = self.calibration.verdict(probability, kind, form), ""
            if reasons:
                verdict, why = self._explained(verdict, form, query, query_text, candidate, passage)
            found.append(Verification(float(logits[i]), probability, verdict, why, float(best[i]), kind))
        return found

    def judge(self, query: str, passage: str) -> Hit:
        """Two texts, without an index: does this passage answer this query? The passage as a hit, with every
        signal that needs no index (``lexical`` needs one).

        Raises ``InputError`` for an empty query.
        """
        if not query.strip():
            raise InputError("the query is empty", hint="ask with at least one word")
        pooled, [asked, said] = self.encoder.encode([query, passage])
        similarity = float(pooled[0] @ pooled[1])
        [found] = self.verify(asked, query, [said], [passage], similarity=np.array([similarity]))
        return Hit(
            Passage("passage", passage, Place("passage", 0, len(passage), 0)),
            Signals(similarity, None, found.maxsim, found.logit),
            found.probability,
            found.verdict,
            found.reason,
        )

    def _explained(
        self,
        verdict: Verdict,
        form: str,
        query: Tokens,
        query_text: str,
        passage: Tokens,
        passage_text: str,
    ) -> tuple[Verdict, str]:
        """The verdict and its reason. What recall puts high and what holds an opposite in the place of what
        was asked is called one step less, and with another number there it is not relevant: both are right
        less often than their step (``benchmarks/order.py``)."""
        if verdict is Verdict.OFF_TOPIC or not len(query.ids) or not len(passage.ids):
            return verdict, OFF_TOPIC
        if verdict is Verdict.RELEVANT and form != "recall":
            return verdict, ""
        aligned = align(query, query_text, passage, passage_text, self.lexicon)
        if form == "recall" and opposite(aligned, self.lexicon):
            verdict = LESS[verdict]
        elif verdict is Verdict.RELEVANT and other_number(aligned):
            verdict = Verdict.UNSURE
        return verdict, reason(verdict, aligned, self.lexicon)

    def _read(
        self, query: Tokens, candidates: Sequence[Tokens]
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """The head's probabilities ``(candidates, 3)`` and MaxSims ``(candidates,)``."""
        kinds = np.full((len(candidates), 3), 1 / 3)
        best = np.zeros(len(candidates), np.float32)
        # Like lengths together: little padding, and nothing depends on it.
        order = sorted(
            (i for i, c in enumerate(candidates) if len(c.ids) and len(query.ids)),
            key=lambda i: len(candidates[i].ids),
        )
        for at in range(0, len(order), AT_ONCE):
            chosen = order[at : at + AT_ONCE]
            inputs = assemble_one(query, [candidates[i] for i in chosen], self.lexicon)
            kinds[chosen] = self.run(inputs)
            best[chosen] = maxsims(inputs.maps[:, 0], inputs.passage_mask > 0)
        return kinds, best

    def run(self, inputs: Inputs) -> NDArray[np.float64]:
        """Probabilities of relevant, near_miss and off_topic, ``(candidates, 3)``."""
        logits = run_session(self._session, inputs).astype(np.float64)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return cast(NDArray[np.float64], np.clip(powers / powers.sum(axis=1, keepdims=True), 1e-12, None))

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        return session(self.folder / "model.onnx")
