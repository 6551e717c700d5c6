"""Fitting a calibration: recovers what made the data, never turns a signal round."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("spacy", reason="training only")

from germane.learn.calibrate import LET_THROUGH, Judged, fit, fit_platt, joined, thresholds
from germane.learn.examples import UNKNOWN, Example
from germane.learn.rankings import rephrased
from germane.learn.weights import ASKED, SAID, weights
from germane.verify.calibration import platt
from germane.verify.outputs import NEAR_MISS, OFF_TOPIC, RELEVANT


def drawn(count: int = 4000) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(0)
    columns = {"logit": rng.normal(size=count), "maxsim": rng.normal(size=count)}
    chance = 1 / (1 + np.exp(-(2 * columns["logit"] - 1)))
    return columns, rng.random(count) < chance


def test_fit_finds_the_weights_that_made_the_labels() -> None:
    columns, labels = drawn()
    found = fit(columns, ("logit", "maxsim"), labels, np.ones(len(labels)))
    assert found["logit"] == pytest.approx(2, abs=0.25)
    assert found["maxsim"] == pytest.approx(0, abs=0.15)
    assert found["bias"] == pytest.approx(-1, abs=0.2)


def test_a_signal_never_counts_against_itself() -> None:
    columns, labels = drawn()
    found = fit({"logit": -columns["logit"]}, ("logit",), labels, np.ones(len(labels)))
    assert found["logit"] == 0.0


def test_thresholds_lie_in_order_and_keep_what_is_right() -> None:
    rng = np.random.default_rng(1)
    probability = rng.random(5000)
    labels = rng.random(5000) < probability
    high, low = thresholds(Judged({}, labels, np.ones(5000)), probability)
    assert 0 < low < high < 1
    assert 0.25 <= high <= 0.6
    assert (probability[labels] >= low).mean() >= 0.89


def test_platt_lets_few_through_and_is_right_on_average() -> None:
    rng = np.random.default_rng(0)
    right = rng.random(6000) < 0.5
    odds = rng.normal(np.where(right, 3, -3), 3.0)
    weight = rng.uniform(0.5, 1.5, 6000)
    found = fit_platt(odds, right, weight)
    probability = platt(odds, found)
    through = weight[~right][probability[~right] >= found["threshold"]].sum() / weight[~right].sum()
    assert through == pytest.approx(LET_THROUGH, abs=0.01)
    assert (weight * probability).sum() == pytest.approx((weight * right).sum(), rel=0.02)


def test_labels_weigh_as_wanted_whatever_their_numbers() -> None:
    rows = [(RELEVANT, UNKNOWN)] * 5 + [(NEAR_MISS, UNKNOWN)] * 50 + [(OFF_TOPIC, UNKNOWN)] * 500
    rows += [(RELEVANT, 1)] * 9 + [(NEAR_MISS, 0)] * 90
    examples = [Example(f"q{i}", "p", f"a/{kind}", kind, same) for i, (kind, same) in enumerate(rows)]
    weight = weights(examples)
    for kind, share in ASKED.items():
        chosen = [e.kind == kind and e.same == UNKNOWN for e in examples]
        assert weight[chosen].sum() / weight.sum() == pytest.approx(share)
    for label, share in SAID.items():
        assert weight[[e.same == label for e in examples]].sum() / weight.sum() == pytest.approx(share)


def test_neighbours_weigh_more() -> None:
    examples = [Example(f"q{i}", "p", f"a/b/{kind}", NEAR_MISS, 0) for kind in ("negation", "neighbour")
                for i in range(30)]  # fmt: skip
    weight = weights(examples)
    assert weight[30:].sum() > 2 * weight[:30].sum()


def test_parts_joined_weigh_the_same() -> None:
    one = Judged({"logit": np.zeros(2)}, np.array([True, False]), np.ones(2))
    other = Judged({"logit": np.zeros(6)}, np.zeros(6, bool), np.ones(6))
    both = joined([one, other])
    assert both.weight[:2].sum() == pytest.approx(both.weight[2:].sum())


def test_rephrasing_is_drawn_from_the_seed_alone() -> None:
    from random import Random

    sentence = "Return the lowest index at which the value is found in the array."
    assert rephrased(sentence, Random(3)) == rephrased(sentence, Random(3))
    assert len({rephrased(sentence, Random(seed)) for seed in range(20)}) > 5
