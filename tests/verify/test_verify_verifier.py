"""The shipped verifier through its public face."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from germane.encode.onnx import OnnxEncoder
from germane.errors import EncoderMismatch, InputError, MissingModel
from germane.types import Verdict
from germane.verify.calibration import FORMS, Calibration
from germane.verify.inputs import assemble, assemble_one
from germane.verify.thesaurus import shipped
from germane.verify.verifier import SHIPPED, Verifier

PASSAGES = [
    "export the contacts",
    "str.find(sub)\n\nReturn the lowest index in the string where sub is found. Return -1 on failure.",
    "The Eiffel Tower was finished in 1889 and is 330 metres tall.",
    "A recipe for bread: mix flour, water, salt and yeast, let it rise, bake it. " * 9,
    "x",
]


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load(encoder=OnnxEncoder(threads=1))


def logits(verifier: Verifier, query: str, passages: list[str]) -> np.ndarray:
    [vector], [asked] = verifier.encoder.encode([query], kind="query")
    pooled, tokens = verifier.encoder.encode(passages)
    return np.array([v.logit for v in verifier.verify(asked, tokens, pooled @ vector)])


def test_a_score_does_not_depend_on_the_other_candidates(verifier: Verifier) -> None:
    query = "import the contacts"
    together = logits(verifier, query, PASSAGES)
    alone = [logits(verifier, query, [p])[0] for p in PASSAGES]
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(together[::-1], logits(verifier, query, PASSAGES[::-1]), atol=1e-4)


def test_inputs_for_one_query_equal_those_for_pairs(verifier: Verifier) -> None:
    asked = verifier.encoder.encode(["when was the tower finished"]).tokens[0]
    tokens = verifier.encoder.encode(PASSAGES).tokens
    similarity = np.linspace(0, 1, len(tokens))
    one = assemble_one(asked, tokens, similarity, shipped())
    pairs = assemble([asked] * len(tokens), tokens, similarity, shipped())
    length = one.query.shape[1]  # pairs are padded on both sides
    cut = pairs._replace(
        query=pairs.query[:, :length],
        relations=pairs.relations[:, :length],
        query_features=pairs.query_features[:, :length],
        query_mask=pairs.query_mask[:, :length],
    )
    for name, left, right in zip(one._fields, one, cut, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6, err_msg=name)
    assert not pairs.query_mask[:, length:].any()


def test_the_answer_beats_what_is_off_topic(verifier: Verifier) -> None:
    scores = logits(verifier, "when was the Eiffel Tower finished?", PASSAGES)
    assert scores.argmax() == 2
    found = verifier.judge("when was the Eiffel Tower finished?", PASSAGES[3])
    assert found.verdict is Verdict.OFF_TOPIC and found.reason == "off topic"


@pytest.mark.parametrize(("query", "passage"), [("a query", ""), ("a query", "\n"), ("\x00", "a")])
def test_nothing_to_read_is_no_crash_and_not_relevant(verifier: Verifier, query: str, passage: str) -> None:
    found = verifier.judge(query, passage)
    assert found.verdict in (Verdict.OFF_TOPIC, Verdict.UNSURE, Verdict.NEAR_MISS)
    assert 0 <= (found.probability or 0) < 1


@pytest.mark.parametrize("query", ["", " \n"])
def test_an_empty_query_is_refused(verifier: Verifier, query: str) -> None:
    with pytest.raises(InputError):
        verifier.judge(query, "a passage")


def test_ten_megabytes_are_read_as_far_as_the_encoder_reads(verifier: Verifier) -> None:
    text = "the quick brown fox jumps over the lazy dog " * 230_000
    found = verifier.judge(text, text)
    assert np.isfinite(found.signals.verification or np.nan)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80).filter(str.strip), st.text(max_size=80))
def test_any_two_texts_get_a_sane_verification(query: str, passage: str) -> None:
    found = Verifier.load().judge(query, passage)
    assert found.probability is not None and 0 <= found.probability <= 1
    assert (found.verdict is Verdict.RELEVANT) <= (found.reason == "")


def test_another_encoder_is_refused(verifier: Verifier, tmp_path: Path) -> None:
    config = json.loads((SHIPPED / "config.json").read_text())
    shutil.copytree(SHIPPED, tmp_path / "v")
    (tmp_path / "v" / "config.json").write_text(json.dumps({**config, "encoder": "another@1"}))
    with pytest.raises(EncoderMismatch):
        Verifier(tmp_path / "v", encoder=verifier.encoder)
    with pytest.raises(EncoderMismatch):
        Verifier(tmp_path / "v").judge("a", "b")


def test_a_folder_without_a_verifier_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingModel):
        Verifier(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError):
        Verifier(tmp_path)


def test_thresholds_decide_and_the_kinds_tell_the_rejected_apart(verifier: Verifier) -> None:
    scale = dataclasses.replace(
        verifier.calibration, relevant={"similarity": 0.7}, unsure={"similarity": 0.3}
    )
    near, off = (0.1, 0.6, 0.3), (0.1, 0.3, 0.6)
    assert [scale.verdict(p, near) for p in (0.7, 0.69, 0.3, 0.29)] == [
        Verdict.RELEVANT, Verdict.UNSURE, Verdict.UNSURE, Verdict.NEAR_MISS]  # fmt: skip
    assert scale.verdict(0.1, off) is Verdict.OFF_TOPIC


def test_ranks_alone_make_nothing_relevant(verifier: Verifier) -> None:
    """First of few is first: the head must hold it likelier than not."""
    calibration = verifier.calibration
    assert calibration.verdict(0.9, (0.6, 0.3, 0.1), "recall") is Verdict.RELEVANT
    assert calibration.verdict(0.9, (0.4, 0.5, 0.1), "recall") is Verdict.UNSURE
    assert calibration.verdict(0.9, (0.4, 0.5, 0.1), "similarity") is Verdict.RELEVANT


def test_recalls_ranks_count_where_they_are_given() -> None:
    weights = {form: {**dict.fromkeys(names, 1.0), "bias": 0.0} for form, names in FORMS.items()}
    limits = dict.fromkeys(FORMS, 0.5)
    plain = {"slope": 1.0, "bias": 0.0, "threshold": 0.5}
    scale, none = Calibration("e", weights, limits, limits, plain, plain), np.zeros(2)
    found = scale.probability(none, none, none, np.array([0.0, 2 / 60]))
    even = 0.25 / 2  # a head that cannot tell
    np.testing.assert_allclose(found, [1 / (1 + np.exp(-even)), 1 / (1 + np.exp(-even - 2))])
    np.testing.assert_allclose(scale.probability(none, none, none), [0.5, 0.5])


def test_what_the_head_believes_counts_and_is_bounded(verifier: Verifier) -> None:
    def odds(logit: float) -> float:
        given = (np.array([v]) for v in (logit, 0.8, 0.6, 0.03))
        [found] = verifier.calibration.probability(*given)
        return float(np.log(found / (1 - found)))

    assert odds(6) - odds(-6) > 0.5
    assert odds(60) - odds(6) < 0.2 * (odds(6) - odds(-6))


def test_same_reads_both_directions_and_does_not_depend_on_the_batch(verifier: Verifier) -> None:
    pair = ("mute the room", "unmute the room now")
    there, back, beside = verifier.same([pair, pair[::-1], ("a much longer text " * 9, "than the others")])
    assert there == pytest.approx(back, abs=1e-5)
    assert verifier.same([pair])[0] == pytest.approx(there, abs=1e-5) and 0 <= beside <= 1
    with pytest.raises(InputError, match="empty"):
        verifier.same([("", "a")])


def test_a_passage_says_yes_to_a_claim_or_no(verifier: Verifier) -> None:
    passage = "The cat is asleep on the couch."
    yes, no = verifier.supports(
        [("A cat sleeps on the sofa", passage), ("A dog sleeps on the sofa", passage)]
    )
    assert yes > no
