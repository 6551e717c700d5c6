"""What ``germane demo`` prints for people: each question with the two answers, then the tally."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from germane.show.text import STYLES, clean, shorten

LEGEND = (
    "✓ right, ✗ wrong. germane calls a hit relevant, unsure, near_miss (sounds right, is not) or off_topic; "
    "the number: how probably it answers."
)
SNIPPET = 100


def demo(done: dict[str, Any]) -> RenderableType:
    """Each question with the two answers side by side, then the tally."""
    table = Table("question", "by similarity alone", "germane", show_lines=True)
    for asked in done["questions"]:
        names = list(dict.fromkeys(_name(id) for id in asked["right"]))
        right = ", ".join(names[:2]) + (", …" if len(names) > 2 else "")
        table.add_row(
            Text(asked["question"]).append(f"\nright: {right or 'nothing in here'}", "dim"),
            _by_similarity(asked),
            _by_germane(asked),
        )
    indexed = (
        f"{done['documents']:,} documents, {done['passages']:,} passages, indexed in "
        f"{done['seconds']:.1f} s ({done['unchanged']:,} unchanged)"
    )
    return Group(table, Text(LEGEND, "dim"), Text(""), _tally(done["tally"]), Text(indexed, "dim"))


def _tally(tally: dict[str, Any]) -> Table:
    """Counts of the held-out questions. What only sorts gives an answer to each; germane where it calls one
    relevant."""
    first, questions, absent = tally["right_first"], tally["questions"], tally["absent"]
    table = Table(f"{questions + absent} held-out questions", "of", "BM25", "similarity", "MaxSim", "germane")
    orders = ("lexical", "similarity", "maxsim")
    rows = [
        ("a right one is first", questions, [first[name] for name in orders], first["germane"]),
        ("an answer is given", questions, [questions] * 3, tally["called"]),
        (
            "… and a right one is first",
            questions,
            [first[name] for name in orders],
            tally["called_right"],
        ),
        ("nothing answers, none is given", absent, [0] * 3, tally["absent_none"]),
    ]
    for what, of, others, germane in rows:
        table.add_row(what, str(of), *map(str, others), Text(str(germane), "bold"))
    return table


def _by_similarity(asked: dict[str, Any]) -> Text:
    """Its first; where germane has another first, what it says of this one."""
    hit, other = asked["similarity"], asked["germane"]
    if not hit:
        return Text("nothing in here")
    text = _marked(asked["similarity_right"]).append(_name(hit["document"]), "bold")
    text.append(f"\ncosine {hit['signals']['similarity']:.2f}\n", "dim")
    if not other or other["id"] != hit["id"]:
        text.append("germane: ", "dim").append_text(_judged(hit)).append("\n")
    return text.append(shorten(hit["text"], SNIPPET))


def _by_germane(asked: dict[str, Any]) -> Text:
    """Its first answer; where it rightly calls none relevant, that this is what it says."""
    hit, text = asked["germane"], _marked(asked["germane_right"])
    abstains = not asked["right"] and not asked["answered"]
    if abstains or not hit:
        text.append("nothing relevant", "bold")
    if hit:
        text.append(f"\nclosest: {_name(hit['document'])}" if abstains else _name(hit["document"]), "bold")
        text.append("\n").append_text(_judged(hit))
        text.append("" if abstains else f"\n{shorten(hit['text'], SNIPPET)}")
    return text


def _judged(hit: dict[str, Any]) -> Text:
    text = Text(f"{hit['verdict']} {hit['probability']:.2f}", STYLES[hit["verdict"]])
    return text.append(f" {clean(hit['reason'])}" if hit["reason"] else "", "italic")


def _marked(right: bool) -> Text:
    return Text("✓ " if right else "✗ ", "green" if right else "red")


def _name(document: str) -> str:
    return clean(document.rsplit("/", 1)[-1])
