"""Do two texts say the same? A small model over their similarity map, both directions, calibrated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.errors import EncoderMismatch, InputError, MissingModel
from germane.verify.maps import Padded, pad
from germane.verify.session import session
from germane.verify.thesaurus import Thesaurus, shipped

if TYPE_CHECKING:
    import onnxruntime

SHIPPED = Path(__file__).parent.parent / "models" / "same"
WINDOW = 8
"""Texts are padded to a multiple of it."""
MOST = 128
"""Tokens read of a text; what is beyond is not seen."""

Floats = NDArray[np.float32]


class SameInputs(NamedTuple):
    """Arrays by the names of the model's inputs; b pairs, i and j tokens, each a multiple of WINDOW."""

    first: Floats
    second: Floats
    relations: NDArray[np.int32]
    first_features: Floats
    second_features: Floats
    first_mask: Floats
    second_mask: Floats
    similarity: Floats


def assemble(
    first: Sequence[Tokens], second: Sequence[Tokens], similarity: Floats, thesaurus: Thesaurus
) -> SameInputs:
    """Inputs of pairs of texts: ``vectors`` of the tokens are the encoder's hidden states, ``similarity``
    ``(pairs,)`` the cosine of the pooled vectors."""
    sides = [pad(texts, most=MOST) for texts in (first, second)]
    masks, features = [], []
    for k, side in enumerate(sides):
        more = -side.ids.shape[1] % WINDOW
        vectors = np.pad(side.vectors, ((0, 0), (0, more), (0, 0)))
        sides[k] = Padded(vectors, np.pad(side.ids, ((0, 0), (0, more))), side.lengths)
        masks.append(sides[k].mask.astype(np.float32))
        features.append(thesaurus.described(sides[k].ids) * masks[k][..., None])
    one, other = sides
    relations = np.zeros((len(first), one.ids.shape[1], other.ids.shape[1]), np.int32)
    for row, (i, j) in enumerate(zip(one.lengths, other.lengths, strict=True)):
        relations[row, :i, :j] = thesaurus.relations(one.ids[row, :i], other.ids[row, :j])
    cosines = np.asarray(similarity, np.float32).reshape(-1, 1)
    return SameInputs(
        one.vectors, other.vectors, relations, features[0], features[1], masks[0], masks[1], cosines
    )


class SameVerifier:
    """The model of ``folder``, its calibration, and the encoder they belong to.

    Raises ``EncoderMismatch`` when the encoder is another one, ``MissingModel`` where a file is missing,
    ``InputError`` where the configuration cannot be read.
    """

    def __init__(self, folder: Path | str = SHIPPED, *, encoder: OnnxEncoder | None = None) -> None:
        self.folder = Path(folder)
        path = self.folder / "config.json"
        if not path.is_file():
            raise MissingModel(f"{self.folder} has no config.json", hint="reinstall germane")
        try:
            self.config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path} is not a configuration: {error}", hint="reinstall germane") from error
        self.encoder = encoder or OnnxEncoder(threads=1)
        if self.encoder.identity != self.config["encoder"]:
            raise EncoderMismatch(
                f"{self.folder} belongs to {self.config['encoder']}, not to {self.encoder.identity}"
            )

    @property
    def threshold(self) -> float:
        """The probability from which on two texts are taken to say the same."""
        return float(self.config["threshold"])

    def log_odds(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Uncalibrated, ``(pairs,)``; minus infinity where a text has no tokens."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        where = {text: i for i, text in enumerate(texts)}
        pooled, states = self.encoder.states(texts)
        odds = np.full(len(pairs), -np.inf)
        indices = [(where[a], where[b]) for a, b in pairs]
        order = sorted(
            (k for k, (i, j) in enumerate(indices) if len(states[i].ids) and len(states[j].ids)),
            key=lambda k: max(len(states[i].ids) for i in indices[k]),
        )
        for at in range(0, len(order), 64):
            chosen = order[at : at + 64]
            rows, columns = zip(*(indices[k] for k in chosen), strict=True)
            similarity = (pooled[list(rows)] * pooled[list(columns)]).sum(axis=1)
            inputs = assemble([states[i] for i in rows], [states[j] for j in columns], similarity, shipped())
            odds[chosen] = self.run(inputs)
        return odds

    def of_states(self, pooled: Floats, states: Sequence[Tokens]) -> float:
        """The calibrated probability that two encoded texts, which have tokens, say the same."""
        similarity = np.array([pooled[0] @ pooled[1]], np.float32)
        odds = self.run(assemble(states[:1], states[1:2], similarity, shipped()))
        return float(calibrated(odds, self.config["calibration"])[0])

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Calibrated probabilities that the two texts of each pair say the same, ``(pairs,)``.

        Raises ``InputError`` where a text is empty.
        """
        if any(not text.strip() for pair in pairs for text in pair):
            raise InputError("a text to compare is empty", hint="give two texts of at least one word each")
        return calibrated(self.log_odds(pairs), self.config["calibration"])

    def run(self, inputs: SameInputs) -> NDArray[np.float32]:
        return cast(NDArray[np.float32], self._session.run(["same"], inputs._asdict())[0])

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        return session(self.folder / "model.onnx")


def calibrated(log_odds: NDArray[np.floating[Any]], calibration: dict[str, float]) -> NDArray[np.float64]:
    """Platt's scaling: a slope and a bias, fitted on held-out pairs."""
    score = calibration["slope"] * np.asarray(log_odds, np.float64) + calibration["bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(score, -60, 60))), np.float64)


@lru_cache(maxsize=1)
def shipped_verifier() -> SameVerifier:
    """The one that ships with the package, loaded once."""
    return SameVerifier()
