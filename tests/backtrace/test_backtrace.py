"""What caused a query: places, probabilities, the causal mask, and when no place stands out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import germane
from germane.backtrace.cause import Backtrace
from germane.backtrace.finding import backtrace
from germane.backtrace.scorer import Scorer
from germane.backtrace.turns import Turn
from germane.encode.onnx import OnnxEncoder
from germane.errors import EncoderMismatch, InputError, MissingModel
from germane.index import Index

LECTURE = [
    "Good morning, let us go on with least squares.",
    "We have a matrix with more rows than columns, and no exact solution.",
    "So we project b onto the column space of A.",
    "The projection p is the point of the column space that is nearest to b.",
    "The error e is perpendicular to every column, that is all you need.",
    "By the way, the nurse who weighed the babies for this data set rounded everything to the nearest pound.",
    "Multiply by A transposed and you get the normal equations.",
    "If the columns are independent, A transposed A can be inverted.",
    "The projection matrix is symmetric, and its square is itself.",
    "Next time we take projections onto a line as the easy special case.",
]  # fmt: skip
ROUNDED = "why would anyone round the weights of newborns like that?"
TALK = [
    Turn("Hi, are you coming tonight?", "A"),
    Turn("I would love to, but I have to work.", "B"),
    Turn("Your boss gave you the evening off, I asked her.", "A"),
    Turn("Really? That is wonderful, thank you so much!", "B"),
    Turn("You are welcome.", "A"),
]
encoder = OnnxEncoder(threads=1)


def test_the_place_is_found_that_made_them_ask() -> None:
    found = backtrace(ROUNDED, LECTURE, domain="lecture", encoder=encoder)
    assert found.causes[0].position == 5
    assert found.found
    assert found.searched == len(LECTURE)


def test_probabilities_of_all_places_and_of_none_add_up_to_one() -> None:
    found = backtrace(ROUNDED, LECTURE, k=99, encoder=encoder)
    assert sum(found.shares) == pytest.approx(found.present, abs=1e-5)
    assert 0 <= found.present <= 1
    assert [c.probability for c in found.causes] == sorted(
        (c.probability for c in found.causes), reverse=True
    )
    assert {c.position for c in found.causes} == set(range(len(LECTURE)))


def test_what_is_not_in_here_is_said() -> None:
    found = backtrace("how do I bake sourdough bread without a dutch oven?", LECTURE, encoder=encoder)
    assert not found.found
    assert str(found).startswith("not in here")


def test_the_own_turn_and_what_follows_are_never_candidates() -> None:
    for at in (3, None):  # its place is found by its words
        found = backtrace(TALK[3].text, TALK, at=at, domain="conversation", k=9, encoder=encoder)
        assert found.at == 3
        assert {cause.position for cause in found.causes} == {0, 1, 2}
        assert found.causes[0].position == 2


def test_nothing_after_the_query_changes_a_place_that_is_known() -> None:
    whole = backtrace("what do you mean?", LECTURE, at=4, k=9, encoder=encoder)
    assert {cause.position for cause in whole.causes} == set(range(4))


def test_a_place_that_is_known_hides_the_rest() -> None:
    """Cut off after the query or not: the probabilities are the same."""
    whole = backtrace("what do you mean?", LECTURE, at=4, k=9, encoder=encoder)
    cut = backtrace("what do you mean?", LECTURE[:4], at=4, k=9, encoder=encoder)
    assert whole.shares == pytest.approx(cut.shares, abs=1e-6)


def test_context_tells_the_place() -> None:
    found = backtrace("why is that?", LECTURE, context=" ".join(LECTURE[2:5]), k=99, encoder=encoder)
    assert found.at == 5


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.text(min_size=1, max_size=40))
def test_any_text_gives_probabilities(turns: list[str], query: str) -> None:
    if not query.strip() or not any(map(str.strip, turns)) or query.split() == turns[0].split():
        return
    found = backtrace(query, turns, k=9, encoder=encoder)
    assert all(0 <= share <= 1 for share in found.shares)
    assert sum(found.shares) == pytest.approx(found.present, abs=1e-4)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"query": " "}, "empty"), ({"turns": []}, "empty"), ({"at": 0}, "before place 0"),
        ({"query": LECTURE[0]}, "first turn"), ({"turns": "one text"}, "list of texts"), ({"k": 0}, "k is"),
        ({"turns": ["", " "]}, "empty"), ({"at": 11}, "no place"),
        ({"at": -1}, "no place"), ({"domain": "poetry"}, "no domain"),
    ],
)  # fmt: skip
def test_bad_arguments_are_said(named: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"query": "why?", "turns": LECTURE, "encoder": encoder, **named}
    with pytest.raises(InputError, match=said) as raised:
        backtrace(**given)  # type: ignore[arg-type]
    assert raised.value.hint


def test_another_encoder_is_an_error() -> None:
    class Other(OnnxEncoder):
        identity = "other@1"  # type: ignore[assignment]

    with pytest.raises(EncoderMismatch):
        backtrace("why?", LECTURE, encoder=Other(threads=1))


@pytest.mark.parametrize("held", [b"", b"PK\x03\x04 cut off", None])
def test_a_scorer_that_cannot_be_read_is_said(tmp_path: Path, held: bytes | None) -> None:
    if held is not None:
        (tmp_path / "scorer.npz").write_bytes(held)
    with pytest.raises(MissingModel) as raised:
        Scorer(tmp_path)
    assert raised.value.hint


def test_the_room_is_the_operation() -> None:
    found = germane.backtrace(ROUNDED, LECTURE)
    assert isinstance(found, Backtrace)


def test_an_index_names_the_document_and_the_place(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lecture.txt").write_text("\n\n".join(LECTURE))
    (tmp_path / "docs" / "talk.txt").write_text("\n".join(f"{t.speaker}: {t.text}" for t in TALK))
    with Index.create(tmp_path / "index") as index:
        index.add(tmp_path / "docs")
        found = index.backtrace(ROUNDED, domain="lecture")
        assert (found.causes[0].document, found.causes[0].position) == ("lecture.txt", 5)
        assert sum(cause.probability for cause in found.causes) <= 1
        assert index.backtrace(ROUNDED, where={"path": "talk.txt"}).causes[0].document == "talk.txt"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "germane", "backtrace", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_keeps_its_contract(tmp_path: Path) -> None:
    path = tmp_path / "lecture.txt"
    path.write_text("\n\n".join(LECTURE))
    done = run(ROUNDED, "--in", str(path), "--domain", "lecture", "--json", "--png", str(tmp_path / "a.png"))
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["ok"]
    assert told["command"] == "backtrace"
    assert told["causes"][0]["position"] == 5
    assert {"position", "text", "probability", "signals"} <= set(told["causes"][0])
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    shown = run(ROUNDED, "--in", str(path), "--at", "7")
    assert "nurse who weighed" in shown.stdout
    for wrong, code in (
        ((ROUNDED,), 2), ((ROUNDED, "--in", str(tmp_path / "none.txt")), 2),
        ((ROUNDED, "--in", str(path), "--at", "99"), 2), ((ROUNDED, "--index", str(tmp_path / "no")), 3),
        ((ROUNDED, "--in", str(path), "--where", "a=b"), 2),
    ):  # fmt: skip
        failed = run(*wrong, "--json")
        assert failed.returncode == code
        assert json.loads(failed.stdout)["error"]["hint"]
