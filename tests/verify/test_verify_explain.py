"""The map as a picture."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from germane.encode.onnx import OnnxEncoder
from germane.verify.explain import draw_png, draw_terminal, drawing, explain_hits
from germane.verify.verifier import Verifier

ENCODER = OnnxEncoder(threads=1)
QUERY, PASSAGE = "import $2 contacts_^ now", "Export the contacts of $3 people. " * 20


def test_a_png_is_written(tmp_path: Path) -> None:
    asked, said = ENCODER.encode([QUERY, PASSAGE]).tokens
    path = draw_png(asked, QUERY, said, PASSAGE, tmp_path / "map.png", title="near_miss 0.1")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size > 5000


def test_what_contradicts_is_marked() -> None:
    asked, said = ENCODER.encode([QUERY, PASSAGE]).tokens
    drawn = drawing(asked, QUERY, said, PASSAGE)
    marked = {word for word, mark in zip(drawn.rows, drawn.marked, strict=True) if mark}
    assert {"import", "2"} <= marked
    assert "contacts" not in marked
    assert len(drawn.columns) <= 48


def test_the_terminal_picture_fits_and_shows_every_row() -> None:
    asked, said, nothing = ENCODER.encode([QUERY, PASSAGE, ""]).tokens
    console = Console(width=100, record=True, file=StringIO())
    console.print(draw_terminal(asked, QUERY, said, PASSAGE))
    text = console.export_text()
    assert all(word in text for word in ("import", "contacts", "now"))
    assert max(map(len, text.splitlines())) <= 100
    console.print(draw_terminal(asked, QUERY, nothing, ""))


def test_explain_names_a_picture_for_each_hit(tmp_path: Path) -> None:
    verifier = Verifier.load()
    hits = [verifier.judge(QUERY, PASSAGE), verifier.judge(QUERY, "Import two contacts")]
    shown, fields = explain_hits(QUERY, hits, tmp_path / "a.png")
    assert shown
    assert [Path(m["png"]).name for m in fields["maps"]] == ["a.png", "a-2.png"]
    assert all(Path(m["png"]).is_file() for m in fields["maps"])
