"""The guard: near-misses are turned down, paraphrases let through, and it fails closed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import germane
from germane.cli import app
from germane.encode.onnx import OnnxEncoder
from germane.errors import InputError, MissingModel
from germane.learn.written import written_groups
from germane.measure.decisions import auroc
from germane.verify.differences import differences
from germane.verify.guard import guard
from germane.verify.outputs import SAME
from germane.verify.reasons import said
from germane.verify.verifier import SHIPPED, Verifier


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(encoder=OnnxEncoder(threads=1))


@pytest.mark.parametrize(
    ("new", "cached"),
    [
        ("export the contacts", "import the contacts"),
        ("temperature -5 degrees", "temperature 5 degrees"),
        ("is x >= 5", "is x <= 5"),
        ("if (!ready) start", "if (ready) start"),
        ("unmute the room", "mute the room"),
        ("trains that leave by noon", "trains that arrive by noon"),
        ("how do I disable dark mode", "how do I enable dark mode"),
        ("flights from Oslo to Rome", "flights from Rome to Oslo"),
        ("wake me at 8", "wake me at 6"),
        ("what is the capital of France", "what is the capital of Spain"),
    ],
)
def test_near_misses_are_not_served(verifier: Verifier, new: str, cached: str) -> None:
    assert not guard(new, cached, verifier=verifier).same


@pytest.mark.parametrize(
    ("new", "cached"),
    [
        ("please delete the contacts", "delete the contacts"),
        ("how can I reset my password?", "how do I reset my password"),
        ("the cat was chased by the dog", "the dog chased the cat"),
    ],
)
def test_paraphrases_are_served(verifier: Verifier, new: str, cached: str) -> None:
    assert guard(new, cached, verifier=verifier).same


def test_it_orders_what_cosine_orders_as_a_coin_does(verifier: Verifier) -> None:
    groups = written_groups("test")[::6]
    rows = [(g.text, t, right) for g in groups for texts, right in ((g.same, True), (g.other, False))
            for t, _ in texts]  # fmt: skip
    right = [label for _, _, label in rows]
    odds = verifier.logits([(a, b) for a, b, _ in rows])[:, SAME]
    first, second = (verifier.encoder.encode([row[k] for row in rows], tokens=False).pooled for k in (0, 1))
    assert auroc(right, np.einsum("nd,nd->n", first, second)) < 0.55
    assert auroc(right, odds) > 0.8


@pytest.mark.parametrize(
    ("new", "cached", "why"),
    [
        ("\u200b", "a", "no words"),
        ("", "a", "empty"),
        ("a", " \n", "empty"),
        ("word " * 300, "word", "longer"),
        ("x" * 5000, "x", "longer"),
        ("react with \U0001f44d", "react with \U0001f44e", "cannot read"),
        ("open " + "ab" * 60, "open " + "ba" * 60, "cannot read"),
    ],
)
def test_what_cannot_be_compared_is_not_the_same(verifier: Verifier, new: str, cached: str, why: str) -> None:
    found = guard(new, cached, verifier=verifier)
    assert (found.same, found.probability) == (False, 0.0)
    assert why in found.reason


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_the_same_as_itself_or_empty(text: str) -> None:
    found = guard(text, f" {text}\n")
    assert found.same == bool(text.strip())


def test_a_missing_model_is_not_the_same(tmp_path: Path) -> None:
    with pytest.raises(MissingModel):
        Verifier(tmp_path)
    shutil.copy(SHIPPED / "config.json", tmp_path)
    found = guard("open it", "open it now", verifier=Verifier(tmp_path))
    assert not found.same and "no model.onnx (reinstall germane" in found.reason
    (tmp_path / "model.onnx").write_bytes(b"no model")
    found = guard("open it", "open it now", verifier=Verifier(tmp_path))
    assert not found.same and "damaged model.onnx" in found.reason
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(InputError, match="not a verifier's configuration"):
        Verifier(tmp_path)


def test_the_words_that_differ_are_named(verifier: Verifier) -> None:
    texts = ("import the contacts from the old phone", "export the contacts from the old phone")
    pooled, [first, second] = verifier.encoder.encode(texts)
    found = differences(verifier.same_odds, (first, second), texts, float(pooled[0] @ pooled[1]),
                        verifier.thesaurus, directed=False)  # fmt: skip
    assert (found[0].first, found[0].second) == ("import", "export")
    assert [t[slice(*span)] for t, span in zip(texts, found[0].spans, strict=True) if span] == [
        "import", "export"]  # fmt: skip
    assert said(found).startswith("opposite: import / export")


def test_the_command_prints_the_contract() -> None:
    done = CliRunner().invoke(app, ["guard", "export the contacts", "import the contacts", "--json"])
    fields = json.loads(done.stdout)
    assert done.exit_code == 0
    assert fields["command"] == "guard" and fields["same"] is False
    assert "export" in fields["reason"] and 0 <= fields["probability"] < 0.5
    assert fields["differs"] == [[[0, 6]], [[0, 6]]]
    assert "not the same" in CliRunner().invoke(app, ["guard", "export it", "import it"]).stdout


def test_the_guard_is_a_public_name() -> None:
    assert germane.guard("open it", "open it").same
