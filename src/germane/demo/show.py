"""What ``germane demo`` prints for people: each question with the two answers, then the tally."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from germane import show


def side_by_side(done: dict[str, Any]) -> RenderableType:
    """Each question with the two answers side by side, then the tally."""
    table = Table("question", "by similarity alone", "germane", show_lines=True)
    for asked in done["questions"]:
        more = ", …" if len(asked["right"]) > 2 else ""
        right = ", ".join(_name(id) for id in asked["right"][:2]) + more or "nothing in here"
        table.add_row(
            Text(asked["question"]).append(f"\nright: {right}", "dim"),
            _by_similarity(asked),
            _by_germane(asked),
        )
    legend = "✓ a right document, ✗ another. germane: the verdict and the probability that it answers."
    indexed = (
        f"{done['documents']:,} documents, {done['passages']:,} passages, indexed in "
        f"{done['seconds']:.1f} s ({done['unchanged']:,} unchanged)"
    )
    return Group(table, Text(legend, "dim"), Text(""), _tally(done["tally"]), Text(indexed, "dim"))


def _tally(tally: dict[str, Any]) -> Table:
    table = Table("held-out questions", "of", "similarity", "germane")
    rows = [
        ("right document first", "questions", tally["similarity"], tally["germane"]),
        ("right where something is called relevant", "called", "", tally["called_right"]),
        ("says so where nothing answers", "absent", 0, tally["absent_none"]),
    ]
    for what, of, similarity, germane in rows:
        table.add_row(what, str(tally[of]), str(similarity), Text(str(germane), "bold"))
    return table


def _by_similarity(asked: dict[str, Any]) -> Text:
    hit = asked["similarity"]
    text = _marked(hit["document"] in asked["right"]) if hit else Text("nothing in here")
    if hit:
        text.append(_name(hit["document"]), "bold")
        text.append(f"  cosine {hit['signals']['similarity']:.2f}", "dim")
        text.append(f"\n{show.shorten(hit['text'], 110)}")
    return text


def _by_germane(asked: dict[str, Any]) -> Text:
    """Its first answer; where nothing answers, that it calls nothing relevant is right."""
    hit, absent = asked["germane"], not asked["right"]
    right = not asked["answered"] if absent else bool(hit) and hit["document"] in asked["right"]
    text = _marked(right)
    if absent and right:
        text.append("nothing is surely relevant\n")
    elif not hit:
        text.append("nothing relevant")
    if hit:
        text.append(_name(hit["document"]), "dim" if absent and right else "bold")
        text.append(f"  {hit['verdict']} {hit['probability']:.2f}", show.STYLES[hit["verdict"]])
        text.append(f"  {show.clean(hit['reason'])}" if hit["reason"] else "", "italic")
        text.append("" if absent and right else f"\n{show.shorten(hit['text'], 110)}")
    return text


def _marked(right: bool) -> Text:
    return Text("✓ " if right else "✗ ", "green" if right else "red")


def _name(document: str) -> str:
    return show.clean(document.split("/", 1)[-1])
