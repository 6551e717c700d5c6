"""Who does it and to whom: the doer and the thing done to, swapped."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.swap import agree, exchanged
from germane.edit.syntax import SUBJECTS, finite, near, simple_phrase

# A married B says what B married A says; of the rest the object is no second party.
_MUTUAL = word_set(
    "marry meet resemble equal border parallel match intersect adjoin rival face have be become remain "
    "seem take "
    "rhyme cost weigh last total number measure join overlap complement begin start elect declare name "
    "call appoint make "
    "charge do give throw use find consider term dub order want need like contain include hold lead "
    "contrast let help"
)


def roles(doc: Any, rng: Random) -> Edit | None:
    """ "The dog chased the cat" to "The cat chased the dog"; the same with "was chased by"."""
    found = []
    for verb in (t for t in doc if t.pos_ == "VERB" and t.lemma_ not in _MUTUAL):
        subjects = [t for t in verb.children if t.dep_ in SUBJECTS and t.dep_ != "expl" and t.i < verb.i]
        if verb.dep_ == "ccomp" and verb.head.i == 0:
            continue  # "Set the artist offset transform" has no clause in it
        if finite(verb) is None or near(doc[len(doc) - 1], -1) in ("from", "with", "in", "to", "of", "by"):
            continue
        if len(subjects) != 1 or any(
            t.dep_ in ("prt", "xcomp", "ccomp", "dative", "oprd") for t in verb.children
        ):
            continue
        below = [t for t in verb.children if t.dep_ == "dobj"]
        below += [t for by in verb.children if by.dep_ == "agent" for t in by.children if t.dep_ == "pobj"]
        for other in below:
            if other.i < verb.i or any(t.tag_ in ("VBD", "VBZ", "VBP") for t in verb.conjuncts):
                continue
            one, two = simple_phrase(subjects[0]), simple_phrase(other)
            if (other.dep_ == "dobj" and other.left_edge.i != verb.i + 1) or other.lemma_ in (
                "lot",
                "interest",
                "part",
                "place",
                "prominence",
            ):
                continue
            if len(other.text) < 2 or len(subjects[0].text) < 2 or any(t.lower_ == "such" for t in doc):
                continue
            timed = other.ent_type_ in ("DATE", "TIME", "CARDINAL", "PERCENT", "MONEY", "QUANTITY")
            if one and two and not timed and agree(verb, subjects[0], other):
                found.append(exchanged(doc, one, two, "roles"))
    return pick([edit for edit in found if edit], rng)
