"""The demo: what it prints and what it says in JSON are the same facts."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from germane import show
from germane.cli import main
from germane.demo import load_questions
from germane.demo.run import SHOWN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "index"


@pytest.fixture
def done(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--into", str(folder), "--json"])
    assert not ended.value.code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_demo(done: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_questions(done["questions"])
    check_tally(done["tally"])
    for width in (80, 120):
        check_printed(done, width)
    with pytest.raises(SystemExit):
        main(["demo", "--into", str(folder)])
    printed = capsys.readouterr().out
    assert "held-out questions" in printed
    assert f"({done['documents']:,} unchanged)" in printed  # what was indexed is used again


def check_questions(asked: list[dict[str, Any]]) -> None:
    assert {each["question"] for each in asked if each["right"]} == set(SHOWN)
    assert [each["right"] for each in asked].count([]) == 1
    for each in asked:
        first = each["germane"]
        assert each["similarity_right"] is (each["similarity"]["document"] in each["right"])
        if each["right"]:
            assert each["germane_right"] is (first is not None and first["document"] in each["right"])
        else:
            assert each["germane_right"] is not each["answered"]


def check_tally(tally: dict[str, Any]) -> None:
    held_out = [question for question in load_questions() if question.split == "test"]
    assert tally["questions"] == sum(bool(question.answers) for question in held_out)
    assert tally["questions"] + tally["absent"] == len(held_out)
    assert set(tally["right_first"]) == {"lexical", "similarity", "maxsim", "germane"}
    assert tally["right_first"]["germane"] > tally["right_first"]["similarity"]
    assert tally["called_right"] <= tally["called"] <= tally["questions"]
    assert 0 < tally["absent_none"] <= tally["absent"]


def check_printed(done: dict[str, Any], width: int) -> None:
    console = Console(width=width, file=StringIO(), record=True)
    console.print(show.demo(done))
    printed = console.export_text()
    assert max(map(len, printed.splitlines())) <= width
    said = " ".join(printed.split())
    assert all(
        part in said for part in ("✓ right, ✗ wrong", "near_miss (sounds right", "how probably it answers")
    )
    assert "right: str.find" in printed
    absent = next(each for each in done["questions"] if not each["right"])
    assert ("✓ nothing relevant" in printed) is absent["germane_right"]
    rows = [line.split("│") for line in printed.splitlines() if line.count("│") == 7]
    counts = {row[1].strip(): [cell.strip() for cell in row[2:7]] for row in rows}
    first, tally = done["tally"]["right_first"], done["tally"]
    orders = [str(first[name]) for name in ("lexical", "similarity", "maxsim")]
    assert counts["a right one is first"] == [str(tally["questions"]), *orders, str(first["germane"])]
    nothing = [str(tally["absent"]), "0", "0", "0", str(tally["absent_none"])]
    assert counts["nothing answers, none is given"] == nothing
