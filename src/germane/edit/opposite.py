"""Opposite verbs, adjectives and nouns, and words turned round by an affix, in the same form."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.inflect import plural_noun, verb_form
from germane.edit.lists import PART, Table, table
from germane.edit.opposites import word_set
from germane.edit.rewrite import rewrite, swap_word
from germane.edit.syntax import hyphened, named, near

# Phrases that stand for one thing: "high school" is no school that is high.
_FIXED = word_set(
    "school schools court courts seas sea time times man men woman women century year years week month ago "
    "wave range life story stories side hand hands way wing house speed level end day days night light "
    "lights "
    "one ones water class classes name names place point order rate term terms so as too how very age family "
    "sector school law education key lady street line degree art bulb arts language languages english "
    "testament"
)
_AFTER = word_set("as to that for of on like")
_LONE = word_set("as no so how too very at in by not most more less least be")


_OF_WHAT = {
    "raise": word_set(
        "price tax volume temperature limit level rate salary speed threshold brightness wage cost"
    ),
    "lower": word_set(
        "price tax volume temperature limit level rate salary speed threshold brightness wage cost"
    ),
    "attack": word_set("army force troop city fort town people system position castle user huguenot"),
    "register": word_set("hook name user account function class device backend"),
}


def opposite_verb(doc: Any, rng: Random) -> Edit | None:
    """ "increased" to "decreased", "open" to "close"; where no particle or clause hangs on the verb."""
    found = []
    for token in doc:
        if token.pos_ != "VERB" or hyphened(token) or named(token) or not _plain_verb(token):
            continue
        for other in table("antonyms.txt").get(("v", token.lemma_), ()):
            found.append(_swapped(doc, token, other, "opposite_verb"))
    return pick([edit for edit in found if edit], rng)


def _plain_verb(verb: Any) -> bool:
    below = [t for t in verb.children if t.i > verb.i]
    if any(t.dep_ in ("prt", "xcomp", "ccomp", "dative", "acomp", "attr", "oprd") for t in below):
        return False
    if any(
        t.dep_ == "prep"
        and t.lower_ in word_set("from to into with of out for off on up between as at against")
        for t in below
    ):
        return False
    if verb.dep_ in ("amod", "compound", "prep", "aux", "pcomp") or near(verb, 1) in (
        "up",
        "down",
        "out",
        "off",
        "by",
    ):
        return False
    if verb.lemma_ in _OF_WHAT and not any(t.lemma_ in _OF_WHAT[verb.lemma_] for t in verb.children):
        return False
    if verb.lemma_ in ("support", "oppose") and not any(
        t.ent_type_ in ("PERSON", "NORP", "GPE") for t in verb.doc
    ):
        return False
    if (verb.lemma_ == "succeed" and any(t.dep_ == "dobj" for t in verb.children)) or near(verb, -1) in (
        "jump",
        "would",
        "'d",
    ):
        return False
    takes = any(t.dep_ in ("dobj", "nsubjpass", "auxpass") for t in verb.children)
    return takes or verb.lemma_ in word_set(
        "increase decrease rise fall grow shrink succeed arrive open close improve"
    )


def opposite_adjective(doc: Any, rng: Random) -> Edit | None:
    """ "a cheap room" to "an expensive room"."""
    found = []
    for token in doc:
        if token.tag_ != "JJ" or token.dep_ not in ("amod", "acomp", "conj") or not _plain_adjective(token):
            continue
        for other in table("antonyms.txt").get(("a", token.lower_), ()):
            found.append(_swapped(doc, token, other, "opposite_adjective"))
    return pick([edit for edit in found if edit], rng)


def _plain_adjective(token: Any) -> bool:
    if hyphened(token) or named(token) or any(t.dep_ in ("npadvmod", "nummod", "cc") for t in token.children):
        return False
    head_name = token.dep_ == "amod" and (named(token.head) or token.head.lower_ in _FIXED)
    odd = (
        near(token, -1) in _LONE
        or near(token, -1) == "brand"
        or (near(token, -1) and token.doc[token.i - 1].pos_ == "NOUN")
        or near(token, 1) in _AFTER
        or near(token, 1) in _FIXED
    )
    odd = odd or (token.dep_ == "amod" and token.head.i < token.i)
    return not (head_name or odd)


def opposite_noun(doc: Any, rng: Random) -> Edit | None:
    """ "a victory" to "a defeat"."""
    found = []
    for token in doc:
        if (
            token.pos_ != "NOUN"
            or near(token, -1) in ("jump", "take", "takes", "took")
            or (token.lower_ == "ally" and near(token, -1) != "of" and token.doc.text.islower())
            or (token.lower_ == "end" and near(token, -2) == "in")
            or token.dep_ in ("compound", "npadvmod", "nmod")
            or hyphened(token)
            or named(token)
        ):
            continue
        if any(t.dep_ in ("compound", "nmod") or named(t) for t in token.lefts) or near(token, -1) in (
            "in",
            "no",
            "at",
        ):
            continue
        for other in table("antonyms.txt").get(("n", token.lemma_), ()):
            found.append(_swapped(doc, token, other, "opposite_noun"))
    return pick([edit for edit in found if edit], rng)


def affix(doc: Any, rng: Random) -> Edit | None:
    """ "possible" to "impossible", "agreed" to "disagreed": un-, in-, dis-, non-, -less."""
    found = []
    for token in doc:
        part = PART.get(token.pos_, "")
        if hyphened(token) or named(token) or not part or not _turnable(token):
            continue
        words: Table = table("affixes.txt")
        lemma = token.lower_ if part in "ar" else token.lemma_
        found += [_swapped(doc, token, other, "affix") for other in words.get((part, lemma), ())]
    return pick([edit for edit in found if edit], rng)


def _turnable(token: Any) -> bool:
    if near(token, -1) in word_set(
        "more most less least as well best better so too very how long little also if"
    ):
        return False
    if token.pos_ == "VERB" and (not _plain_verb(token) and token.lemma_ not in ("appear", "agree")):
        return False
    if token.pos_ == "ADJ" and token.dep_ not in ("amod", "acomp", "conj"):
        return False
    if token.lower_ == "natural" and token.head.lemma_ in word_set(
        "history language number resource gas science disaster"
    ):
        return False
    if token.tag_ == "VBN" and token.lemma_ in ("agree", "appear"):
        return False
    if token.lemma_ in ("appear", "prove") and any(
        t.dep_ in ("ccomp", "xcomp", "oprd", "acomp") for t in token.children
    ):
        return False
    if token.pos_ == "NOUN" and (token.dep_ in ("compound",) or near(token, -1) == "in"):
        return False
    if token.pos_ == "NOUN" and token.head.lemma_ == "take":
        return False
    if near(token, -1) in ("make", "makes", "making") or (
        token.head.lemma_ == "make" and token.pos_ == "ADJ" and token.dep_ != "amod"
    ):
        return False
    return near(token, 1) not in ("as", "on", "upon", "for", "but", "in") or token.lower_ in (
        "able",
        "available",
        "visible",
    )


def _swapped(doc: Any, token: Any, other: str, kind: str) -> Edit | None:
    if any(t.lower_ == other or t.lemma_ == other for t in doc):
        return None  # "the minor and the major axis" would say the same twice
    if token.pos_ == "VERB":
        if verb_form(token.lemma_, token.tag_) != token.lower_:
            return None  # the tagger took one form for another
        made = verb_form(other, token.tag_)
    elif token.tag_ == "NNS":
        if plural_noun(token.lemma_) != token.lower_:
            return None
        made = plural_noun(other)
    else:
        made = other
    return rewrite(doc, [swap_word(token, made)], kind, keeps=False)
