"""The model that tells what says the same learns, is exported as it is, and is calibrated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training only")
pytest.importorskip("onnxscript", reason="training only")

from germane.encode.onnx import OnnxEncoder  # noqa: E402
from germane.learn.groups import Pair  # noqa: E402
from germane.learn.same.calibrate import LET_THROUGH, calibrate  # noqa: E402
from germane.learn.same.export import save  # noqa: E402
from germane.learn.same.head import Same  # noqa: E402
from germane.learn.same.pairs import APART, shares  # noqa: E402
from germane.learn.same.states import States  # noqa: E402
from germane.learn.same.train import log_odds, train  # noqa: E402
from germane.measure.decisions import auroc  # noqa: E402
from germane.verify.same import SameVerifier, calibrated  # noqa: E402
from germane.verify.thesaurus import shipped  # noqa: E402

VERBS = ("open", "close", "import", "export", "mute", "unmute", "lock", "unlock", "start", "stop")
THINGS = ("the door", "the contacts", "the room", "the car", "the old report", "a game")


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    right = [(f"{v} {t}", f"please {v} {t} now", True) for v in VERBS for t in THINGS]
    wrong = [
        (f"{a} {t}", f"{b} {t}", False) for a, b in zip(VERBS[::2], VERBS[1::2], strict=True) for t in THINGS
    ]
    return [Pair(a, b, same, "edit", "edited", "command") for a, b, same in right + wrong]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_learns_and_the_file_gives_what_torch_gives(
    encoder: OnnxEncoder, pairs: list[Pair], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    states = States([t for p in pairs for t in (p.first, p.second)], encoder, tmp_path)
    model = train(Same(encoder.dimension, 32), pairs, pairs, states, shipped(), steps=25, rate=5e-3)
    odds = log_odds(model, pairs, states, shipped())
    assert auroc([p.same for p in pairs], odds) > 0.9
    config = {**calibrate(pairs, odds), "encoder": encoder.identity}
    (tmp_path / "config.json").write_text(json.dumps(config))
    save(model, encoder, tmp_path)  # raises where the file differs from torch
    given = SameVerifier(tmp_path, encoder=encoder).log_odds([(p.first, p.second) for p in pairs])
    # The states were kept as float16.
    assert np.abs(given - odds).max() < 0.05


def test_calibration_lets_few_through_and_is_right_on_average(pairs: list[Pair]) -> None:
    rng = np.random.default_rng(0)
    many = pairs * 20
    right = np.array([p.same for p in many])
    odds = rng.normal(np.where(right, 3, -3), 3.0)
    found = calibrate(many, odds)
    probability = calibrated(odds, found["calibration"])
    assert (probability[~right] >= found["threshold"]).mean() == pytest.approx(LET_THROUGH, abs=0.01)
    share = shares(many)
    assert (share * probability).sum() == pytest.approx((share * right).sum(), abs=0.01)


def test_right_and_wrong_pairs_are_drawn_as_often_and_neighbours_more(pairs: list[Pair]) -> None:
    found = [*pairs, *(pairs[-1]._replace(kind=APART[0]) for _ in range(30))]
    share, right = shares(found), np.array([p.same for p in found])
    assert share[right].sum() == pytest.approx(0.5)
    assert share[-30:].sum() > share[~right][:30].sum()
