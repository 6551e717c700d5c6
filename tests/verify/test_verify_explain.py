"""The map as a picture, and the words that speak against a passage."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, Group

from germane.encode.onnx import OnnxEncoder
from germane.errors import InputError
from germane.verify.drawing import drawing
from germane.verify.explain import draw_terminal, explain_hits
from germane.verify.picture import draw_png, save
from germane.verify.verifier import Verifier

ENCODER = OnnxEncoder(threads=1)
VERIFIER = Verifier.load(encoder=ENCODER)
QUERY, PASSAGE = "import $2 contacts_^ now", "Export the contacts of $3 people. " * 20


def printed(shown: object, width: int) -> str:
    console = Console(width=width, record=True, file=StringIO())
    console.print(shown)
    return console.export_text()


def test_a_png_is_drawn_of_one_map_and_of_two() -> None:
    asked, said, nothing = ENCODER.encode([QUERY, PASSAGE, ""]).tokens
    maps = [("near_miss 0.1", drawing(asked, QUERY, said, PASSAGE)), ("", drawing(asked, QUERY, nothing, ""))]
    for some in (maps[:1], maps):
        picture = draw_png(some)
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 5000


def test_a_picture_replaces_only_what_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [str(save(b"new")) for _ in range(2)] == ["germane-explain.png", "germane-explain-2.png"]
    assert str(save(b"named", "germane-explain.png")) == "germane-explain.png"
    assert Path("germane-explain.png").read_bytes() == b"named"
    with pytest.raises(InputError, match="cannot write the picture"):
        save(b"", tmp_path / "nowhere" / "map.png")


def test_what_contradicts_is_marked() -> None:
    asked, said = ENCODER.encode([QUERY, PASSAGE]).tokens
    drawn = drawing(asked, QUERY, said, PASSAGE)
    marked = {word for word, mark in zip(drawn.rows, drawn.marked, strict=True) if mark}
    assert {"import", "2"} <= marked
    assert "contacts" not in marked
    assert len(drawn.columns) <= 48


def test_the_terminal_shows_every_row() -> None:
    asked, said, nothing = ENCODER.encode([QUERY, PASSAGE, ""]).tokens
    text = printed(draw_terminal(drawing(asked, QUERY, said, PASSAGE)), 200)
    assert all(word in text for word in ("import", "contacts", "now", "╳"))
    assert "nothing to draw" in printed(draw_terminal(drawing(asked, QUERY, nothing, "")), 80)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_long_map_fits_the_terminal(tmp_path: Path, width: int) -> None:
    query = (
        "how do I import the contacts of all the people of the office into the other address book by hand?"
    )
    shown, _ = explain_hits(query, [VERIFIER.judge(query, PASSAGE)], tmp_path / "a.png", width=width)
    rows = [
        line for line in printed(Group(*shown), width).splitlines() if line.lstrip().startswith("contacts ")
    ]
    assert rows
    assert all(line.rstrip()[-4:-2] in ("0.", "1.") for line in rows)  # the row's best cosine is not cut off


def test_explain_names_the_one_picture_of_all_hits(tmp_path: Path) -> None:
    hits = [VERIFIER.judge(QUERY, PASSAGE), VERIFIER.judge(QUERY, "Import two contacts")]
    shown, fields = explain_hits(QUERY, hits, tmp_path / "a.png")
    assert fields["png"] == str(tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert [m["verdict"] for m in fields["maps"]] == [str(hit.verdict) for hit in hits]
    assert str(tmp_path / "a.png") in printed(Group(*shown), 400)
    assert explain_hits(QUERY, [], tmp_path / "b.png") == ([], {"png": None, "maps": []})
    assert not (tmp_path / "b.png").exists()
