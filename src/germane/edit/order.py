"""Before and after, and the order in which clauses are said."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import capital, checked, moved, rewrite, swap_word
from germane.edit.syntax import (
    WH,
    finite,
    imperative,
    inverted,
    named,
    near,
    ordered,
    question,
    root,
    subject,
    whole,
)

_BEFORE = {
    "before": ("after",),
    "after": ("before",),
    "during": ("before", "after"),
    "until": ("after",),
    "till": ("after",),
}
_NAMED_AFTER = word_set(
    "name named look looking looks looked day year time take takes took call called model modeled "
    "model pattern run running goes seek sought go come week one month ask inquire soon"
)
_MARKS = word_set("when if because although though while after before since unless once whereas until")

ASKS = word_set(
    "check see know ask wonder tell determine verify test decide let confirm ensure find figure specify "
    "look hear idea "
    "show learn explain notify sure so"
)
"""What an "if" or a "when" behind these says is asked for, and no condition."""


def before_after(doc: Any, rng: Random) -> Edit | None:
    """ "before noon" to "after noon", "during the war" to "after the war"."""
    found = []
    for token in doc:
        if token.lower_ not in _BEFORE or named(token) or token.dep_ not in ("prep", "mark"):
            continue
        if token.dep_ == "prep" and not any(t.dep_ in ("pobj", "pcomp") for t in token.children):
            continue
        if near(token, -1) in _NAMED_AFTER or near(token, 1) in (
            "all",
            "which",
            "that",
            "and",
            "then",
            "now",
            "the court",
        ):
            continue
        if any(t.lower_ in ("long", "longer", "many", "much", "wait", "lifetime", "from") for t in doc):
            continue
        if token.head.lemma_ in ("name", "appear", "bring", "kneel", "stand", "lie", "put", "wait", "go"):
            continue
        found += [
            rewrite(doc, [swap_word(token, w)], "before_after", keeps=False) for w in _BEFORE[token.lower_]
        ]
    return pick([edit for edit in found if edit], rng)


def clause_order(doc: Any, rng: Random) -> Edit | None:
    """A clause or a date moved between the end and the front: "If it rains, stay" / "Stay if it rains"."""
    verb = root(doc)
    if (
        verb is None
        or any(t.text in '();:"“' for t in doc)
        or any(t.dep_ == "conj" and t.pos_ in ("VERB", "AUX") for t in doc)
    ):
        return None
    if (
        not whole(doc)
        or (finite(verb) is None and imperative(doc) is None)
        or (ordered(doc) and imperative(doc) is None)
    ):
        return None
    parts = [t for t in verb.children if _movable(t) and not inverted(t)]
    found = [_front(doc, verb, part) if part.i > verb.i else _back(doc, verb, part) for part in parts]
    return pick([edit for edit in found if edit], rng)


def _movable(part: Any) -> bool:
    if part.dep_ == "advcl":
        marks = [t for t in part.children if t.dep_ in ("mark", "advmod") and t.lower_ in _MARKS]
        return bool(marks) and marks[0].i == part.left_edge.i and subject(part) is not None
    if part.dep_ != "prep" or part.lower_ not in ("in", "on", "during", "after", "before", "since", "by"):
        return False
    noun = next((t for t in part.children if t.dep_ == "pobj"), None)
    simple = part.right_edge.i - part.i < 6 and not any(t.lower_ in WH for t in part.subtree)
    return bool(
        noun is not None
        and simple
        and noun.ent_type_ in ("DATE", "TIME")
        and noun.right_edge.i == part.right_edge.i
    )


def _stop(doc: Any) -> int:
    """The token after the last word."""
    return len(doc) - 1 if doc[len(doc) - 1].text in ".?!" else len(doc)


def _front(doc: Any, verb: Any, part: Any) -> Edit | None:
    """The part at the end, brought to the front."""
    first, last, stop = part.left_edge.i, part.right_edge.i, _stop(doc)
    if last != stop - 1 or first < 2 or (question(doc) and part.dep_ == "prep" and doc[0].lower_ == "how"):
        return None
    rest_end = first - 2 if doc[first - 1].text == "," else first - 1
    if part.dep_ == "prep" and (
        doc[rest_end].pos_ not in ("NOUN", "PROPN", "VERB", "PRON", "ADJ")
        or doc[rest_end].ent_type_ == "DATE"
    ):
        return None
    if (
        any(t.dep_ in ("advcl", "prep") and t.head == verb and t.i < verb.i for t in doc)
        or doc[rest_end].pos_ == "ADP"
    ):
        return None
    if (doc[0].pos_ in ("ADV", "CCONJ", "AUX") and doc[0].lower_ not in WH and not question(doc)) or ASKS & {
        t.lemma_ for t in doc[:first]
    }:
        return None
    if verb.lemma_ == "be" and not any(t.dep_ in ("attr", "acomp", "auxpass") for t in verb.children):
        return None  # "This is because" ends in what it says
    between = doc[verb.i + 1 : first]
    if any(t.dep_ in ("relcl", "acl", "ccomp") for t in between):
        return None
    if part.dep_ == "prep" and any(
        t.lower_ in ("after", "before", "during", "since", "until", "that") for t in between
    ):
        return None
    if any(
        t.lower_ in ("only", "not", "n't", "just", "even", "shortly", "soon")
        for t in doc[max(0, first - 2) : first]
    ):
        return None
    text = f"{capital_like(doc, moved(doc, first, last))}, {moved(doc, 0, rest_end)}{doc[stop:].text}"
    return checked(doc, Edit("clause_order", True, text, doc.text, text))


def _back(doc: Any, verb: Any, part: Any) -> Edit | None:
    """The part at the front, put at the end."""
    first, last, stop = part.left_edge.i, part.right_edge.i, _stop(doc)
    if first != 0 or last + 2 >= stop or doc[last + 1].text != ",":
        return None
    of = subject(verb)
    after = doc[last + 2 : stop]
    heavy = any(t.text == "," or t.dep_ in ("relcl", "advcl", "ccomp") for t in after) or after[0].lower_ in (
        "then",
        "not",
    )
    if heavy or (
        of is not None and of.tag_ == "PRP" and part.dep_ == "advcl" and of.lower_ not in ("you", "i", "we")
    ):
        return None
    if part.dep_ == "prep" and any(t.ent_type_ in ("DATE", "TIME") for t in after):
        return None
    text = f"{capital_like(doc, moved(doc, last + 2, stop - 1))} {moved(doc, first, last)}{doc[stop:].text}"
    return checked(doc, Edit("clause_order", True, text, doc.text, text))


def capital_like(doc: Any, text: str) -> str:
    """``text`` with a capital where the sentence has one."""
    return capital(text) if doc.text[:1].isupper() else text
