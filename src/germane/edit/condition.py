"""Which way a condition points: if A then B, if B then A, unless A."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.order import ASKS, capital_like
from germane.edit.rewrite import checked, moved, rewrite, swap_word
from germane.edit.syntax import finite, inverted, near, question, root, subject, whole

_FIXED = word_set(
    "even as what only and or so any not possible necessary needed applicable desired but present"
)


def condition(doc: Any, rng: Random) -> Edit | None:
    """ "If A, B." to "If B, A." or "Unless A, B."; "unless" to "if"."""
    found = []
    for mark in (
        t for t in doc if t.lower_ in ("if", "unless") and t.dep_ == "mark" and t.head.dep_ == "advcl"
    ):
        if near(mark, -1) in _FIXED or near(mark, 1) in _FIXED or mark.i != mark.head.left_edge.i:
            continue
        if (
            ASKS & {t.lemma_ for t in doc[: mark.i]}
            or near(mark, -1) in ("see", "to", "idea", "check", "know", "sure", "hell", "shit")
            or inverted(mark.head.head)
        ):
            continue
        low = {t.lower_ for t in mark.head.subtree}
        if low & {
            "not",
            "n't",
            "no",
            "any",
            "never",
            "want",
            "like",
            "wish",
            "else",
            "neither",
            "ever",
            "anything",
            "anyone",
        }:
            continue
        if mark.lower_ == "unless" or not question(doc):
            other = "if" if mark.lower_ == "unless" else "unless"
            if any(t.lower_ == "then" for t in doc):
                continue
            found.append(rewrite(doc, [swap_word(mark, other)], "condition", keeps=False))
        found.append(_turned(doc, mark))
    return pick([edit for edit in found if edit], rng)


def _turned(doc: Any, mark: Any) -> Edit | None:
    verb, clause = root(doc), mark.head
    if verb is None or clause.head != verb or question(doc) or mark.lower_ != "if" or subject(verb) is None:
        return None
    if (
        not whole(doc)
        or subject(clause) is None
        or finite(clause) is None
        or any(t.text in '();:"' for t in doc)
    ):
        return None
    helped = {t.lower_ for t in doc if t.tag_ == "MD"}
    if helped - {"can"} or any(t.tag_ == "WDT" for t in verb.children):
        return None
    first, last = clause.left_edge.i, clause.right_edge.i
    stop = len(doc) - 1 if doc[len(doc) - 1].text in ".!" else len(doc)
    if first == 0 and last + 2 < stop and doc[last + 1].text == ",":
        start = last + 3 if doc[last + 2].lower_ == "then" else last + 2
        one, two = (start, stop - 1), (first + 1, last)
    elif last == stop - 1 and first > 2 and verb.left_edge.i == 0:
        one, two = (first + 1, last), (0, first - 2 if doc[first - 1].text == "," else first - 1)
    else:
        return None
    if any(t.text == "," for t in doc[one[0] : one[1] + 1]) or any(
        t.text == "," for t in doc[two[0] : two[1] + 1]
    ):
        return None
    if first == 0:
        text = f"{capital_like(doc, 'if')} {moved(doc, *one)}, {moved(doc, *two)}{doc[stop:].text}"
    else:
        text = f"{capital_like(doc, moved(doc, *one))} if {moved(doc, *two)}{doc[stop:].text}"
    return checked(doc, Edit("condition", False, text, doc.text, text))
