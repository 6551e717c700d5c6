"""From the head's logit to a probability, and from a probability to a verdict.

Logistic regressions fitted on held-out examples: one on the logit alone, one with the cosine of the
pooled vectors beside it, one with the BM25 score as well. Nothing is normalised within a list of
candidates: a candidate's probability is its own.
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

FORMS = {"alone": ("logit", "maxsim"), "similarity": ("logit", "maxsim", "similarity"),
         "recall": ("logit", "maxsim", "similarity", "lexical")}  # fmt: skip


@dataclass(frozen=True)
class Calibration:
    """``weights[form]`` holds a weight per signal of ``FORMS[form]`` and a ``bias``; ``encoder`` is the
    identity of the encoder they belong to. At or above ``relevant`` a candidate is relevant, at or above
    ``unsure`` undecided."""

    encoder: str
    weights: Mapping[str, Mapping[str, float]]
    relevant: float
    unsure: float

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read ``config.json``. Raises ``MissingModel`` or ``InputError``."""
        path = folder / "config.json"
        if not path.is_file():
            raise MissingModel(f"{folder} has no config.json", hint="reinstall germane, or train a verifier")
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{name: fields[name] for name in cls.__dataclass_fields__})
        except (json.JSONDecodeError, KeyError, TypeError) as error:
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
        self, logit: Floats, maxsim: Floats, similarity: Floats | None = None, lexical: Floats | None = None
    ) -> NDArray[np.float64]:
        """Calibrated probabilities that the candidates are relevant, ``(candidates,)``.

        ``similarity`` and ``lexical`` are the recall signals, NaN counting as zero; the form that uses
        all that is given is taken. ``lexical`` needs ``similarity``.
        """
        form = "alone" if similarity is None else "similarity" if lexical is None else "recall"
        given = signals(logit, maxsim, similarity, lexical)
        weights = self.weights[form]
        score = weights["bias"] + sum(weights[name] * given[name] for name in FORMS[form])
        return cast(NDArray[np.float64], 1 / (1 + np.exp(-np.clip(score, -60, 60))))

    def verdict(self, probability: float, kinds: tuple[float, float, float]) -> Verdict:
        """``kinds``: the head's probabilities of relevant, near_miss and off_topic."""
        if probability >= self.relevant:
            return Verdict.RELEVANT
        if probability >= self.unsure:
            return Verdict.UNSURE
        return Verdict.NEAR_MISS if kinds[1] >= kinds[2] else Verdict.OFF_TOPIC


def signals(
    logit: Floats, maxsim: Floats, similarity: Floats | None = None, lexical: Floats | None = None
) -> dict[str, Floats]:
    """The columns of the regressions: BM25 as log(1 + score), the rest as they are, NaN as zero."""
    columns: dict[str, Floats] = {
        "logit": np.asarray(logit, np.float64),
        "maxsim": np.asarray(maxsim, np.float64),
    }
    if similarity is not None:
        columns["similarity"] = np.nan_to_num(np.asarray(similarity, np.float64))
    if lexical is not None:
        columns["lexical"] = np.log1p(np.maximum(np.nan_to_num(np.asarray(lexical, np.float64)), 0))
    return columns
