"""Active to passive and back."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit
from germane.edit.inflect import verb_form
from germane.edit.opposites import word_set
from germane.edit.order import capital_like
from germane.edit.rewrite import checked, moved
from germane.edit.syntax import (
    NEGATIVE,
    helpers,
    hyphened,
    ordered,
    plural,
    question,
    root,
    shares_subject,
    simple_phrase,
    subject,
    whole,
)

# What has no passive, or one that says something else.
_NO_PASSIVE = word_set(
    "have be become resemble cost weigh lack fit equal mean want like need remain seem take get let make "
    "mind suit total "
    "number leave enter reach last begin start join hold contain include say comprise marry exceed "
    "receive gain lose win wait follow"
)
_OBJECT = {"he": "him", "she": "her", "they": "them", "we": "us", "i": "me"}


def voice(doc: Any, rng: Random) -> Edit | None:
    """ "The army rebuilt the bridge" to "The bridge was rebuilt by the army", and back."""
    verb = root(doc)
    if (
        verb is None
        or ordered(doc)
        or not whole(doc)
        or not doc.text[0].isupper()
        or question(doc)
        or any(t.text in '();:"“,—' for t in doc)
        or shares_subject(verb)
    ):
        return None
    if any(
        t.lower_ in NEGATIVE or (t.dep_ in ("conj", "prt", "xcomp", "ccomp", "oprd") and t.head == verb)
        for t in doc
    ):
        return None
    by = [t for t in verb.children if t.dep_ == "agent" and t.lower_ == "by"]
    return _active(doc, verb, by[0]) if by else _passive(doc, verb)


def _passive(doc: Any, verb: Any) -> Edit | None:
    of, thing = subject(verb), next((t for t in verb.children if t.dep_ == "dobj"), None)
    if (
        of is None
        or thing is None
        or verb.lemma_ in _NO_PASSIVE
        or of.dep_ != "nsubj"
        or any(t.dep_ == "dative" for t in verb.children)
    ):
        return None
    who, what, aux = simple_phrase(of, 8), simple_phrase(thing, 12), helpers(verb)
    between = [t for t in verb.children if t.i > verb.i and t.i < thing.left_edge.i]
    if (
        not who
        or not what
        or who[0] != 0
        or between
        or what[0] != verb.i + 1
        or any(t.lower_ in ("each", "another") for t in doc)
    ):
        return None
    if thing.ent_type_ in ("CARDINAL", "QUANTITY", "DATE", "TIME", "PERCENT") or thing.lemma_ in (
        "lot",
        "place",
        "part",
    ):
        return None
    if hyphened(thing) or any(t.lower_ in ("into", "from", "to") for t in thing.subtree):
        return None  # "a vector into a matrix" is no one thing
    if (len(doc) > 1 and doc[0].tag_ in ("NNS", "NNP") and doc[1].tag_ == "DT") or " by " in doc.text:
        return None
    chain = _be(verb, aux, many=plural(thing))
    adverbs = [t for t in doc[who[1] + 1 : verb.i] if t not in aux]
    if (
        chain is None
        or any(t.dep_ != "advmod" for t in adverbs)
        or verb_form(verb.lemma_, verb.tag_) != verb.lower_
    ):
        return None
    adverb = "".join(f"{t.text} " for t in adverbs)
    stop = len(doc) - 1 if doc[len(doc) - 1].text == "." else len(doc)
    rest = str(doc[what[1] + 1 : stop].text)
    if rest.startswith(("with ", "without ", "for ", "in [")) or doc[what[1] + 1 : what[1] + 2].text.endswith(
        "ing"
    ):
        return None  # it would seem to belong to the doer
    if not aux and verb.tag_ in ("VBZ", "VBP") and plural(of) is not (verb.tag_ == "VBP"):
        return None
    agent = moved(doc, *who)
    text = f"{moved(doc, *what)} {chain} {adverb}{verb_form(verb.lemma_, 'VBN')} by {agent} {rest}"
    return _made(doc, text, doc[stop:].text)


def _be(verb: Any, aux: list[Any], *, many: bool | None) -> str | None:
    """The auxiliaries of the passive in the same tense, for a subject of this number."""
    if many is None:
        return None
    words = [t.lower_ for t in aux]
    if not words:
        now, then = ("are", "were") if many else ("is", "was")
        return {"VBD": then, "VBZ": now, "VBP": now}.get(verb.tag_)
    if words in (["has"], ["have"]) and verb.tag_ == "VBN":
        return "have been" if many else "has been"
    if words == ["had"] and verb.tag_ == "VBN":
        return "had been"
    return (
        f"{words[0]} be"
        if len(words) == 1 and aux[0].tag_ == "MD" and words[0] not in ("'d", "'ll")
        else None
    )


def _active(doc: Any, verb: Any, by: Any) -> Edit | None:
    of, agent = subject(verb), next((t for t in by.children if t.dep_ == "pobj"), None)
    if (
        of is None
        or agent is None
        or of.dep_ != "nsubjpass"
        or agent.ent_type_ in ("DATE", "TIME", "PERCENT", "QUANTITY")
    ):
        return None
    what, who, aux = simple_phrase(of, 10), simple_phrase(agent, 10), helpers(verb)
    if (
        not what
        or not who
        or what[0] != 0
        or who[0] != by.i + 1
        or agent.lemma_ in ("way", "means", "percent", "train", "name", "design", "default", "hand", "chance")
    ):
        return None
    if agent.tag_ == "NN" and not list(agent.lefts):
        return None  # "keyed by name" has no doer
    tense = _tense(verb, aux, many=plural(agent))
    middle = doc[verb.i + 1 : by.i]
    adverbs = [t for t in doc[what[1] + 1 : verb.i] if t not in aux]
    if (
        tense is None
        or any(t.dep_ != "advmod" or t.lower_ == "also" for t in adverbs)
        or any(t.text == "," for t in middle)
    ):
        return None
    if any(t.dep_ == "advmod" and t.head == verb and t.i > verb.i for t in middle):
        return None
    adverb = "".join(f"{t.text} " for t in adverbs)
    stop = len(doc) - 1 if doc[len(doc) - 1].text == "." else len(doc)
    auxiliary, _, form = tense.rpartition(" ")
    done = f"{moved(doc, *who)} {auxiliary} {adverb}{form} {moved(doc, *what)}"
    text = f"{done} {middle.text} {doc[who[1] + 1 : stop].text}"
    return _made(doc, text, doc[stop:].text)


def _tense(verb: Any, aux: list[Any], *, many: bool | None) -> str | None:
    """The active verb, auxiliaries before it."""
    words = [t.lower_ for t in aux]
    if many is None:
        return None
    if words in (["was"], ["were"]):
        return verb_form(verb.lemma_, "VBD")
    if words in (["is"], ["are"]):
        return verb_form(verb.lemma_, "VBP" if many else "VBZ")
    if words in (["has", "been"], ["have", "been"]):
        return f"{'have' if many else 'has'} {verb_form(verb.lemma_, 'VBN')}"
    if words == ["had", "been"]:
        return f"had {verb_form(verb.lemma_, 'VBN')}"
    return (
        f"{words[0]} {verb.lemma_}" if len(words) == 2 and words[1] == "be" and aux[0].tag_ == "MD" else None
    )


def _made(doc: Any, text: str, end: str) -> Edit | None:
    whole = " ".join(text.split()) + end
    return checked(doc, Edit("voice", True, capital_like(doc, whole), doc.text, capital_like(doc, whole)))
