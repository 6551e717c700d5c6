"""Near-misses: which pairs are drawn, what the systems read, and the whole on real models and data."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from germane.bench import run_benchmark
from germane.bench.near_miss import deciding, ordering
from germane.bench.near_miss_intents import intent_pairs, nearest_intents
from germane.bench.near_miss_pairs import Judged, anchors_of, drawn
from germane.bench.near_miss_sets import SETS
from germane.bench.near_miss_systems import SYSTEMS, ready
from germane.bench.near_miss_texts import encoded, score
from germane.encode.onnx import OnnxEncoder
from germane.errors import InputError
from germane.measure.questions import Command
from germane.verify.verifier import Verifier

CHEAP = ["jaccard", "relations", "cosine", "maxsim", "germane"]
STSB = """Open the door.,Please open the door.,4.8
A man plays a guitar.,A man is playing the guitar.,5.0
Open the door.,Close the door.,2.5
A man plays a guitar.,A man plays a flute.,3.0
A dog runs.,A dog is asleep.,4.0
"""


@pytest.fixture(scope="module")
def verifier():
    return Verifier.load(encoder=OnnxEncoder(threads=1))


def test_as_many_right_as_wrong_ones_are_drawn_and_always_the_same():
    pairs = [Judged(f"q{n}", f"p{n}", n < 30) for n in range(100)]
    chosen = drawn(pairs, 20)
    assert Counter(pair.right for pair in chosen) == {True: 10, False: 10}
    assert chosen == drawn(pairs, 20) != drawn(pairs, 20, seed=1)
    assert drawn(pairs, 100) == pairs


def test_where_pairs_share_an_anchor_one_of_each_kind_is_drawn():
    pairs = [Judged("q", f"p{n}", n % 3 == 0, f"a{n // 3}") for n in range(60)]
    chosen = drawn([*pairs, Judged("q", "p", True, "alone")], 10)
    anchors = Counter(pair.anchor for pair in chosen)
    assert set(anchors.values()) == {2} and len(anchors) == 5 and "alone" not in anchors
    assert sum(pair.right for pair in chosen) == 5


def test_a_pair_without_an_anchor_is_its_own():
    assert anchors_of([Judged("q", "p", True), Judged("q", "p", False), Judged("q", "p", True, "a")]) == [
        0,
        1,
        "a",
    ]


def test_the_nearest_intent_is_near_by_its_words():
    texts = {
        "timer": ["set a timer", "start a timer now"],
        "alarm": ["set an alarm", "start an alarm now"],
        "weather": ["will it rain", "is it sunny"],
    }
    assert nearest_intents(texts)["timer"] == "alarm"
    commands = [Command(text, intent, "test") for intent, said in texts.items() for text in said]
    pairs = list(intent_pairs(commands))
    assert len(pairs) == 12
    right, wrong = pairs[:2]
    assert right[:3] == ("set a timer", "start a timer now", True)
    assert wrong.passage in texts["alarm"] and not wrong.right and wrong.anchor == right.anchor


def test_relations_read_opposites_numbers_and_negation(verifier):
    said = ["open the doors", "close the door", "do not open the door", "leave at 9"]
    texts = encoded(verifier.encoder, ["open the door"] * 3 + ["leave at 8"], said)
    found = SYSTEMS["relations"](verifier)(texts)
    assert found.tolist() == pytest.approx([1.0, 0.0, 0.0, 0.0])


def test_baselines_read_words_only(verifier):
    texts = encoded(verifier.encoder, ["a to b", "a to b"], ["b to a", "a"])
    assert SYSTEMS["same-words"](verifier)(texts).tolist() == [1, 0]
    assert SYSTEMS["length"](verifier)(texts).tolist() == pytest.approx([1, 1 / 3])
    assert SYSTEMS["jaccard"](verifier)(texts).tolist() == pytest.approx([1, 1 / 3])


def test_germane_decides_as_judge_or_guard_does_and_others_average_both_directions(verifier):
    query, passage = "How do I import contacts?", "To export contacts, open Settings and choose Export."
    texts = encoded(verifier.encoder, [query], [passage])
    alike = encoded(verifier.encoder, [query], [passage], asks="same")
    there = verifier.judge(query, passage).probability
    system = SYSTEMS["germane"](verifier)
    assert score(system, texts)[0] == pytest.approx(there, abs=1e-6)
    assert score(system, alike)[0] == pytest.approx(verifier.same([(query, passage)])[0], abs=1e-5)
    claimed = encoded(verifier.encoder, [query], [passage], asks="supports")
    assert score(system, claimed)[0] == pytest.approx(verifier.supports([(query, passage)])[0], abs=1e-5)
    turned = score(SYSTEMS["maxsim"](verifier), alike.turned())[0]
    assert score(SYSTEMS["maxsim"](verifier), alike)[0] == pytest.approx(turned)


def test_measures_by_hand():
    pairs = [
        Judged("q", "a", True, "1"),
        Judged("q", "b", False, "1"),
        Judged("q", "c", True),
        Judged("q", "d", False),
    ]
    found = ordering(pairs, np.array([0.9, 0.2, 0.4, 0.6]))
    assert found["auroc"][0] == 0.75
    assert found["fpr95"][0] == 0.5
    assert found["pairwise"] == (1.0, (1.0, 1.0))
    decided = deciding(pairs, np.array([0.9, 0.2, 0.4, 0.6]), 0.5)
    assert (decided["accepted"][0], decided["let_through"][0]) == (0.5, 0.5)
    assert decided["ece"][0] == pytest.approx((0.1 + 0.2 + 0.6 + 0.6) / 4)
    assert "pairwise" not in ordering([pair._replace(anchor="") for pair in pairs], np.arange(4.0))


def test_a_set_that_is_missing_is_named_and_one_that_is_there_is_measured(tmp_path):
    (tmp_path / "stsb").mkdir()
    (tmp_path / "stsb" / "stsb-en-test.csv").write_text(STSB)
    result = run_benchmark("near-miss", tmp_path, CHEAP)
    fields = json.loads(json.dumps(result.to_dict()))
    assert fields["queries"] > 4 + 1000  # the written pairs come with the package
    assert [system["name"] for system in fields["systems"]] == CHEAP
    ours = fields["systems"][-1]
    assert {name for name in ours["measures"] if name.startswith("stsb/")} == {
        f"stsb/{name}" for name in ("auroc", "fpr95", "ece", "accepted", "let_through")
    }
    assert set(ours["interval"]) == set(ours["measures"])
    assert "mrpc left out: no folder mrpc" in fields["notes"]
    assert str(tmp_path) not in json.dumps(fields)
    assert "| stsb |" in str(result)


def test_nothing_to_measure_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no pair set"):
        run_benchmark("near-miss", tmp_path, ["jaccard"])
    (tmp_path / "stsb").mkdir()
    with pytest.raises(InputError, match=r"stsb-en-test\.csv not found"):
        run_benchmark("near-miss", tmp_path, ["jaccard"])
    with pytest.raises(InputError, match="no system bm25"):
        run_benchmark("near-miss", tmp_path, ["bm25"])


def test_an_extra_that_is_missing_leaves_its_system_out(verifier, monkeypatch):
    monkeypatch.setattr("germane.bench.peers.PACKAGE", "no-such-package-here")
    found, notes = ready(verifier)
    assert set(found) == set(SYSTEMS) - {"cross-encoder"}
    assert notes[0].startswith("cross-encoder left out")


@pytest.mark.data
def test_every_set_holds_both_kinds(data):
    for each in SETS:
        pairs = list(each.read(data))
        assert {pair.right for pair in pairs} == {True, False}, each.name
        assert all(pair.query.strip() and pair.passage.strip() for pair in pairs), each.name


@pytest.mark.data
def test_a_few_pairs_of_every_set(data):
    result = run_benchmark("near-miss", data, ["jaccard", "germane"], limit=4)
    assert not [note for note in result.notes if "left out" in note]
    measured = {name.partition("/")[0] for name in result.systems[1].measures}
    assert measured == {each.name for each in SETS}
