"""The causal scorer: from the signals of each turn to the probability that it caused the query.

Several small networks, averaged, that read one turn's signals each; the softmax over the turns says which,
and a second set of networks, over what stands out in the whole sequence, says whether any at all.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from germane.backtrace.signals import NAMES
from germane.errors import InputError, MissingModel

SHIPPED = Path(__file__).parent.parent / "models" / "backtrace"
DOMAINS = ("lecture", "news", "conversation", "thread", "log")
CLIP = 5.0
"""Signals further than so many standard deviations from the mean are read as that far."""

Array = NDArray[np.float32]


class Network(NamedTuple):
    """Members of an ensemble: ``mean`` and ``scale`` ``(inputs,)``, and a layer each of weights
    ``(members, inputs, outputs)`` and biases ``(members, outputs)``."""

    mean: Array
    scale: Array
    weights: list[Array]
    biases: list[Array]

    def __call__(self, rows: Array) -> Array:
        """The mean of the members' outputs, ``(rows,)``."""
        found = np.clip((rows - self.mean) / self.scale, -CLIP, CLIP)[None]
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            found = found @ weight + bias[:, None]
            if layer < len(self.weights) - 1:
                found = np.maximum(found, 0)
        return np.asarray(found[..., 0].mean(axis=0), np.float32)


class Scorer:
    """The shipped weights, or those of ``folder``. Raises ``MissingModel`` where it has none, or one
    that was learnt from other signals."""

    def __init__(self, folder: Path | str = SHIPPED) -> None:
        path = Path(folder) / "scorer.npz"
        if not path.is_file():
            raise MissingModel(f"{folder} has no {path.name}", hint="reinstall germane")
        try:
            with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                self.encoder, names = str(arrays["encoder"]), tuple(map(str, arrays["names"]))
                self.temperature = float(arrays["temperature"])
                self._place = _network(arrays, "place")
                self._presence = _network(arrays, "presence")
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
            raise MissingModel(f"{path} cannot be read", hint="reinstall germane") from error
        if names != NAMES:
            raise MissingModel(f"{path.name} reads other signals than these", hint="train it again")

    def logits(self, signals: Array, domain: str = "") -> Array:
        """How likely each turn is the cause, against the others of its sequence, ``(turns,)``."""
        return self._place(with_domain(signals, domain)) / self.temperature

    def probabilities(self, signals: Array, domain: str = "") -> tuple[Array, float]:
        """Of each turn ``(turns,)``, of sum 1, given that one of them is the cause; and that one is."""
        logits = self.logits(signals, domain)
        odds = float(self._presence(standing_out(signals, logits, domain)[None])[0])
        return softmax(logits), float(1 / (1 + np.exp(-odds)))


def known_domain(domain: str) -> None:
    """Raises ``InputError`` for a domain of which nothing was learnt."""
    if domain and domain not in DOMAINS:
        raise InputError(f"no domain {domain}", hint=f"domains: {', '.join(DOMAINS)}; or none")


def with_domain(signals: Array, domain: str) -> Array:
    """The signals with the domain beside each row, ``(turns, signals + domains)``; all 0 is not known.

    Raises ``InputError`` for a domain of which nothing was learnt.
    """
    known_domain(domain)
    known = np.array([domain == name for name in DOMAINS], np.float32)
    return np.concatenate([signals, np.broadcast_to(known, (len(signals), len(DOMAINS)))], axis=1)


def standing_out(signals: Array, logits: Array, domain: str) -> Array:
    """What tells whether a sequence holds the cause at all: the signals of the likeliest turn, the greatest
    of each, and how far the likeliest stands above the rest."""
    first = int(np.argmax(logits))
    share = softmax(logits)
    spread = -float((share * np.log(share + 1e-9)).sum())
    return np.concatenate(
        [
            with_domain(signals, domain)[first],
            signals.max(axis=0),
            np.array([share[first], spread, logits[first] - logits.mean()], np.float32),
        ]
    )


def softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum(), np.float32)


def _network(arrays: np.lib.npyio.NpzFile, name: str) -> Network:
    layers = range(sum(key.startswith(f"{name}_weight") for key in arrays.files))
    return Network(
        arrays[f"{name}_mean"],
        arrays[f"{name}_scale"],
        [arrays[f"{name}_weight{layer}"] for layer in layers],
        [arrays[f"{name}_bias{layer}"] for layer in layers],
    )


@lru_cache(maxsize=1)
def shipped() -> Scorer:
    return Scorer()
