"""The cross-encoder peer: found by path, checked, and independent of order."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution

import numpy as np
import pytest

from germane.bench import peers
from germane.errors import MissingExtra, MissingModel

PASSAGES = [
    "New York City is famous for the Metropolitan Museum of Art.",
    "Berlin had a population of 3,520,031 registered inhabitants in an area of 891.82 square kilometers.",
    "",
    "word " * 900,
]


@pytest.fixture
def installed():
    try:
        distribution(peers.PACKAGE)
    except PackageNotFoundError:
        pytest.skip("the extra [bench] is not installed")


def test_the_answer_scores_highest_wherever_it_stands(installed):
    peer = peers.CrossEncoder(batch=2)
    query = "How many people live in Berlin?"
    scores = peer.score(query, PASSAGES)
    assert scores.shape == (4,)
    assert scores.argmax() == 1
    turned = peer.score(query, PASSAGES[::-1])[::-1]
    # int8 activations are scaled by batch, so scores may move a little, never the order
    assert np.abs(scores - turned).max() < 1.0
    assert peers.PACKAGE not in sys.modules


def test_another_file_is_refused(installed, monkeypatch):
    monkeypatch.setitem(peers.SHA256, "model.onnx", "0" * 64)
    with pytest.raises(MissingModel, match=r"model\.onnx .* is not the pinned file"):
        peers.peer_folder()


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(peers, "PACKAGE", "no-such-package-here")
    with pytest.raises(MissingExtra) as caught:
        peers.CrossEncoder()
    assert "germane[bench]" in caught.value.hint
