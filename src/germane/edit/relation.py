"""The two arguments of a relation, swapped: from X to Y, X than Y, X rather than Y, convert X to Y."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.swap import Range, agree, exchanged
from germane.edit.syntax import WH, hyphened, near, ordered, simple_phrase, subject

_TURNS = {
    "convert": ("to", "into"),
    "translate": ("to", "into"),
    "change": ("to", "into"),
    "transform": ("to", "into"),
    "turn": ("into",),
    "replace": ("with", "by"),
    "exchange": ("for",),
    "substitute": ("for",),
    "map": ("to", "onto"),
    "prefer": ("to",),
    "subtract": ("from",),
    "divide": ("by", "into"),
    "transfer": ("to",),
    "move": ("to",),
    "copy": ("to", "into"),
    "attach": ("to",),
    "cast": ("to",),
    "project": ("onto",),
    "derive": ("from",),
    "trade": ("for",),
    "separate": (),
    "assign": ("to",),
    "embed": ("in", "into"),
    "add": ("to",),
}
_PLACES = word_set(
    "north south east west northeast northwest southeast southwest left right ahead outside inside"
)
_OF = word_set(
    "part subset member subsidiary capital son daughter father mother child parent ancestor descendant "
    "predecessor "
    "successor colony branch suburb tributary founder subclass superset multiple factor "
    "student teacher "
    "pupil leader owner ally vassal cause result product effect function generalization extension "
    "special author"
)
_LEADS = {
    "depend": "on",
    "lead": "to",
    "belong": "to",
    "come": "before",
    "derive": "from",
    "result": "from",
    "precede": "",
    "lie": "above",
    "sit": "above",
    "report": "to",
    "refer": "to",
}
_TIMED = ("DATE", "TIME", "CARDINAL", "PERCENT", "MONEY", "QUANTITY", "ORDINAL")


def relation(doc: Any, rng: Random) -> Edit | None:
    """ "from Oslo to Rome" to "from Rome to Oslo"; "A is larger than B" to "B is larger than A"."""
    pairs = [*_from_to(doc), *_than(doc), *_rather(doc), *_turned(doc), *_placed(doc)]
    return pick([edit for one, two in pairs if (edit := exchanged(doc, one, two, "relation"))], rng)


def _object(prep: Any) -> Any | None:
    found = next((t for t in prep.children if t.dep_ == "pobj"), None)
    return (
        None
        if found is None or hyphened(found) or found.ent_type_ in _TIMED or found.pos_ == "NUM"
        else found
    )


def _both(one: Any, two: Any) -> Iterator[tuple[Range, Range]]:
    if one is not None and two is not None:
        left, right = simple_phrase(one), simple_phrase(two)
        if left and right:
            yield left, right


def _from_to(doc: Any) -> Iterator[tuple[Range, Range]]:
    if any(
        t.lower_
        in ("far", "distance", "anything", "everything", "range", "ranging", "ranges", "variety", "kinds")
        for t in doc
    ):
        return  # as far from here to there as back
    for start in (t for t in doc if t.lower_ == "from" and t.dep_ == "prep"):
        ends = [
            t for t in (*start.head.children, *start.children) if t.lower_ in ("to", "into") and t.i > start.i
        ]
        one = _object(start)
        if one is not None and ends and ends[0].dep_ == "prep" and one.i < ends[0].i:
            phrase, other = simple_phrase(one), _object(ends[0])
            if phrase is None and ends[0].head == one:  # the parser hung "to Rome" below "Oslo"
                phrase = one.left_edge.i, ends[0].i - 1
            two = simple_phrase(other) if other is not None else None
            if phrase and two and phrase[1] == ends[0].i - 1:
                yield phrase, two


def _than(doc: Any) -> Iterator[tuple[Range, Range]]:
    for than in (t for t in doc if t.lower_ == "than" and t.dep_ == "prep"):
        if than.head.tag_ not in ("JJR", "RBR") and near(than, -2) not in ("more", "less"):
            continue
        verb = than.head
        while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
            verb = verb.head
        one, two = subject(verb), _object(than)
        if (
            verb.lemma_ not in ("be", "become", "seem", "appear")
            or "no" in (near(than, -2), near(than, -3))
            or near(than, -2) == "nothing"
        ):
            continue
        if (
            one is not None
            and two is not None
            and one.i < verb.i
            and agree(verb, one, two)
            and _closes(doc, two)
        ):
            yield from _both(one, two)


def _closes(doc: Any, noun: Any) -> bool:
    """Does the clause end behind the noun phrase?"""
    return bool(noun.right_edge.i >= len(doc) - 2 or doc[noun.right_edge.i + 1].text in ",.")


def _rather(doc: Any) -> Iterator[tuple[Range, Range]]:
    for token in doc:
        first = token.lower_ in ("rather", "instead") and token.i + 1 < len(doc)
        joint = doc[token.i + 1] if first else None
        if joint is None or joint.lower_ not in ("than", "of") or token.i < 2:
            continue
        before = doc[token.i - 1]
        after = next(
            (
                t
                for t in doc[joint.i + 1 :]
                if t.dep_ in ("pobj", "conj", "dobj") and t.pos_ in ("NOUN", "PROPN")
            ),
            None,
        )
        while (
            before.head.i < token.i
            and before.head.pos_ in ("NOUN", "PROPN")
            and before.dep_ in ("compound", "pobj")
        ):
            before = before.head
        if any(t.lower_ == "each" for t in doc):
            continue
        if after is None or before.pos_ not in ("NOUN", "PROPN") or after.left_edge.i != joint.i + 1:
            continue
        left = before.left_edge.i + (before.left_edge.i == 0 and ordered(doc)), token.i - 1
        right = simple_phrase(after)
        if (
            right
            and token.i - left[0] < 6
            and all(t.pos_ not in ("VERB", "PUNCT", "ADP") for t in doc[left[0] : token.i])
        ) and before.tag_ == after.tag_:
            yield left, right


def _turned(doc: Any) -> Iterator[tuple[Range, Range]]:
    for verb in (t for t in doc if t.pos_ == "VERB" and t.lemma_ in _TURNS):
        things = [t for t in verb.children if t.dep_ in ("dobj", "nsubjpass")]
        for thing in things:
            preps = [t for t in (*verb.children, *thing.children) if t.dep_ in ("prep", "agent", "dative")]
            for prep in preps:
                plain = thing.right_edge.i in (prep.i - 1, prep.right_edge.i) or thing.dep_ == "nsubjpass"
                if prep.lower_ in _TURNS[verb.lemma_] and prep.i > verb.i and plain:
                    other = _object(prep)
                    if other is not None and (thing.dep_ == "dobj" or agree(verb, thing, other)):
                        if prep.head == thing and thing.dep_ == "dobj":
                            two = simple_phrase(other)
                            if (
                                two
                                and thing.right_edge.i >= prep.i
                                and all(t.pos_ != "PRON" for t in doc[thing.left_edge.i : prep.i])
                            ):
                                yield (thing.left_edge.i, prep.i - 1), two
                        else:
                            yield from _both(thing, other)


def _placed(doc: Any) -> Iterator[tuple[Range, Range]]:
    for verb in (t for t in doc if t.pos_ in ("VERB", "AUX") and t.lemma_ in ("be", "lie", "stand", *_LEADS)):
        one = subject(verb)
        if one is None or one.i > verb.i or any(t.dep_ == "conj" for t in verb.children):
            continue
        for below in verb.children:
            placed = below.lower_ in _PLACES and below.dep_ in ("advmod", "acomp", "attr")
            if any(t.lower_ in WH for t in below.subtree):
                continue
            related = verb.lemma_ == "be" and below.dep_ == "attr" and below.lemma_ in _OF
            leads = (
                verb.lemma_ in _LEADS
                and below.i > verb.i
                and below.dep_ == "prep"
                and below.lower_ == _LEADS[verb.lemma_]
            )
            preps = [below] if leads else [t for t in below.children if t.dep_ == "prep" and t.lower_ == "of"]
            if (placed or related or leads) and preps:
                two = _object(preps[0])
                if two is not None and agree(verb, one, two):
                    yield from _both(one, two)
