"""With and without, no and some, including and excluding: denial by a preposition or a determiner."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, swap_word
from germane.edit.syntax import hyphened, named, near

_NEEDS_WITH = word_set(
    "relationship war contact agreement connection problem link alliance peace conflict battle treaty "
    "deal meeting "
    "discussion conversation contract relation interview talk cooperation partnership trade friend issue "
    "what "
    "collaboration familiarity interaction comparison correspondence accordance combination line "
    "together along"
)
_TAKES_NOTHING = word_set(
    "house room car city country building person people man woman child student school family company "
    "hotel recipe soup "
    "salad pasta pizza coffee tea bread sandwich dish meal flight card account array matrix graph string "
    "list function "
    "model line plot image text file class distribution system area region patient plant animal organism "
    "species cell "
    "engine nation state vehicle ship boat train computer machine device phone sentence word algorithm "
    "layer network "
    "tensor polynomial equation ring group set tree node point axis figure add make cook prepare eat "
    "serve drink travel"
)
_NOT_NO = word_set(
    "longer more one matter clue idea reason right decision need doubt such other less fewer way sooner "
    "better different i man"
)


def without(doc: Any, rng: Random) -> Edit | None:
    """ "a room with a view" to "a room without a view", "no children" to "some children"."""
    found = [c for token in doc for c in _turned(doc, token)]
    return pick([e for c in found if (e := rewrite(doc, c, "without", keeps=False))], rng)


def _turned(doc: Any, token: Any) -> list[list[Change]]:
    word, after = token.lower_, near(token, 1)
    noun = next((t for t in token.children if t.dep_ == "pobj"), None)
    if (
        named(token)
        or hyphened(token)
        or near(token, -1) in ("not", "or", "and", "with", "but")
        or after in ("and", "or", "which", "whom")
    ):
        return []
    if word == "with" and token.dep_ == "prep" and noun is not None and noun.pos_ == "NOUN":
        fits = token.head.lemma_ in _TAKES_NOTHING and token.head.lemma_ not in _NEEDS_WITH
        bare = after not in word_set(
            "the this that these those respect regard many several most all both no each few only at "
            "up possibly"
        ) and not any(t.tag_ == "CD" for t in doc[token.i + 1 : token.i + 2])
        return [[swap_word(token, "without")]] if fits and bare else []
    if word == "without" and token.dep_ == "prep" and noun is not None:
        polar = [t for t in noun.subtree if t.lower_ == "any"]
        unneeded = noun.lemma_ in word_set(
            "doubt exception question fail permission warning success reason help a"
        )
        return [] if unneeded else [[swap_word(token, "with"), *(swap_word(t, "some") for t in polar)]]
    if word in ("including", "excluding") and token.dep_ == "prep" and noun is not None:
        if after in ("also", "none", "but"):
            return []
        return [[swap_word(token, "excluding" if word == "including" else "including")]]
    if word == "no" and token.dep_ == "det" and token.head.i > token.i and after not in _NOT_NO:
        low = {t.lower_ for t in doc[token.i :]}
        bound = low & word_set(
            "any ever yet until but nor either than other anything anyone longer unless anymore "
            "whatsoever match"
        )
        odd = token.head.pos_ != "NOUN" or near(token, -1) in (
            "with",
            "in",
            "by",
            "at",
            "of",
            "to",
            ",",
            "on",
        )
        return [] if bound or odd else [[swap_word(token, "some")]]
    return []
