"""From the model's logits to probabilities, and from a probability to a verdict.

Logistic regressions fitted on held-out examples. Two of *relevant*: one on the log-odds and the cosine of the
pooled vectors, one for candidates that recall found, with how high it ranked them; and one each of *same* and
*supports*. Nothing is normalised within a list of candidates: a candidate's probability does not depend on
which others are verified with it.

For what recall found, its reciprocal ranks lead; MaxSim moves a candidate by some ranks, and so does
the model's belief, which is bounded: what it is sure of counts no more than a few ranks at the top. A
re-ranker that orders by itself spoils topical ranking (on CACM and Cranfield a cross-encoder does), and
this one may not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from germane.errors import EncoderMismatch, InputError, MissingModel
from germane.types import Verdict

Floats = NDArray[np.floating[Any]]

FORMS = {
    "similarity": ("logit", "maxsim", "similarity"),
    "recall": ("evidence",),
}
EVIDENCE = {"fused": 60.0, "maxsim": 0.5, "belief": 0.25}
"""What orders recall's candidates, ``fused`` being the sum of reciprocal ranks, at most 2 / 61. Chosen so
that no development task loses against fusion (see the model card), not fitted."""


@dataclass(frozen=True)
class Calibration:
    """``weights[form]`` holds a weight per signal of ``FORMS[form]`` and a ``bias``; ``encoder`` is the
    identity of the encoder they belong to. At or above ``relevant[form]`` a candidate is relevant, at or
    above ``unsure[form]`` undecided. ``same`` and ``supports`` are Platt's slope and bias; from the
    probability ``same["threshold"]`` on, two texts are taken to say the same."""

    encoder: str
    weights: Mapping[str, Mapping[str, float]]
    relevant: Mapping[str, float]
    unsure: Mapping[str, float]
    same: Mapping[str, float]
    supports: Mapping[str, float]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read ``config.json``. Raises ``MissingModel`` or ``InputError``."""
        path = folder / "config.json"
        if not path.is_file():
            raise MissingModel(f"{folder} has no config.json", hint="reinstall germane, or train a verifier")
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            made = cls(**{name: fields[name] for name in cls.__dataclass_fields__})
            for scale in (made.same, made.supports):
                _ = [float(scale[name]) for name in ("slope", "bias", "threshold")]
            return made
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not a verifier's configuration: {error}") from error

    def save(self, folder: Path) -> None:
        (folder / "config.json").write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def require(self, identity: str) -> None:
        """Raises ``EncoderMismatch`` unless ``identity`` is the encoder this was fitted with."""
        if identity != self.encoder:
            raise EncoderMismatch(
                f"the verifier belongs to {self.encoder}, the token matrices are of {identity}",
                hint="index again with the shipped encoder, or train a verifier for this one",
            )

    def probability(
        self, logit: Floats, maxsim: Floats, similarity: Floats, fused: Floats | None = None
    ) -> NDArray[np.float64]:
        """Calibrated probabilities that the candidates are relevant, ``(candidates,)``.

        ``similarity`` is the cosine of the pooled vectors, ``fused`` the sum of reciprocal ranks that
        recall gave; the form that uses all that is given is taken.
        """
        form = form_of(fused)
        given = signals(logit, maxsim, similarity, fused)
        weights = self.weights[form]
        score = weights["bias"] + sum(weights[name] * given[name] for name in FORMS[form])
        return cast(NDArray[np.float64], 1 / (1 + np.exp(-np.clip(score, -60, 60))))

    def verdict(
        self, probability: float, kinds: tuple[float, float, float], form: str = "similarity"
    ) -> Verdict:
        """``kinds``: the head's probabilities of relevant, near_miss and off_topic.

        With recall's ranks in the sum a candidate can stand first of few and be sure of nothing: it is called
        relevant only where the head holds that likelier than not, too.
        """
        if probability >= self.relevant[form] and (form != "recall" or kinds[0] >= 0.5):
            return Verdict.RELEVANT
        if probability >= self.unsure[form]:
            return Verdict.UNSURE
        return Verdict.NEAR_MISS if kinds[1] >= kinds[2] else Verdict.OFF_TOPIC


def form_of(fused: Floats | None) -> str:
    """The form of ``FORMS`` that uses all that is given."""
    return "similarity" if fused is None else "recall"


def platt(log_odds: Floats, fitted: Mapping[str, float]) -> NDArray[np.float64]:
    """Platt's scaling of log-odds: ``fitted`` holds ``slope`` and ``bias``."""
    score = fitted["slope"] * np.asarray(log_odds, np.float64) + fitted["bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(score, -60, 60))), np.float64)


def signals(
    logit: Floats, maxsim: Floats, similarity: Floats, fused: Floats | None = None
) -> dict[str, Floats]:
    """The columns of the regressions. ``belief`` is the logit bounded to 0 and 1; with all signals also
    ``evidence``, their weighted sum."""
    columns: dict[str, Floats] = {
        "logit": np.asarray(logit, np.float64),
        "maxsim": np.asarray(maxsim, np.float64),
    }
    columns["belief"] = 1 / (1 + np.exp(-np.clip(columns["logit"], -60, 60) / 2))
    columns["similarity"] = np.asarray(similarity, np.float64)
    if fused is not None:
        columns["fused"] = np.asarray(fused, np.float64)
        columns["evidence"] = np.asarray(sum(w * columns[n] for n, w in EVIDENCE.items()))
    return columns
