"""What "only" limits: the doer or the deed."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.order import capital_like
from germane.edit.rewrite import checked, moved
from germane.edit.syntax import finite, helpers, imperative, question, subject


def only_scope(doc: Any, rng: Random) -> Edit | None:
    """ "Only owners may delete it" to "Owners may only delete it", and back."""
    if "only if" in doc.text or question(doc) or sum(t.lower_ == "only" for t in doc) > 1 or imperative(doc):
        return None
    found = [
        _moved(doc, only)
        for only in doc
        if only.lower_ == "only" and only.dep_ in ("advmod", "amod", "predet")
    ]
    return pick([edit for edit in found if edit], rng)


def _moved(doc: Any, only: Any) -> Edit | None:
    verb = only.head if only.head.pos_ in ("VERB", "AUX") else only.head.head
    of = subject(verb)
    if (
        of is None
        or verb.pos_ not in ("VERB", "AUX")
        or finite(verb) is None
        or of.tag_ in ("WDT", "WP", "EX")
        or of.dep_ == "expl"
    ):
        return None
    first, last = of.left_edge.i, of.right_edge.i
    if (
        of.i > verb.i
        or any(t.text == "," for t in doc[first : last + 1])
        or any(t.dep_ == "neg" for t in verb.children)
    ):
        return None
    start = verb if not helpers(verb) or verb.lemma_ == "be" else helpers(verb)[0]
    if only.i == first or (only.i == first - 1):
        place = start.i + 1 if start.lemma_ == "be" or start != verb else start.i
        if (
            only.i + 1 > last
            or doc[only.i + 1].lower_ in ("a", "an", "some")
            or verb.lemma_ == "desire"
            or (doc[only.i + 1].tag_ == "CD" and start.lemma_ == "be")
        ):
            return None
        return _with(doc, only, place)
    if only.head == verb and start.i <= only.i <= verb.i + 1 and of.tag_ not in ("PRP",) and first < only.i:
        return _with(doc, only, first)
    return None


def _with(doc: Any, only: Any, place: int) -> Edit | None:
    """The text with "only" put before token ``place``."""
    if only.i + 1 >= len(doc) or abs(place - only.i) < 2:
        return None
    if place > only.i:
        head = capital_like(doc, moved(doc, only.i + 1, only.i + 1)) if only.i == 0 else doc[only.i + 1].text
        rest = (
            doc[only.i + 1].whitespace_ + doc[only.i + 2 : place].text_with_ws
            if only.i + 2 < place
            else doc[only.i + 1].whitespace_
        )
        text = f"{doc[: only.i].text_with_ws}{head}{rest}only {doc[place:].text_with_ws}"
    else:
        said = (
            f"{'Only' if place == 0 and doc.text[:1].isupper() else 'only'} {moved(doc, place, only.i - 1)}"
        )
        text = f"{doc[:place].text_with_ws}{said} {doc[only.i + 1 :].text_with_ws}"
    return checked(doc, Edit("only_scope", False, text.strip(), doc.text, text.strip()))
