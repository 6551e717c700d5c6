"""What is said of one thing, said of another: modifiers bound to the wrong noun."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import rewrite
from germane.edit.syntax import hyphened, named, ordered, root

# Words that stand like adjectives and bind to nothing.
_LOOSE = word_set(
    "such other same own many several few first last next certain various different more most less least "
    "another "
    "main total entire whole given following only enough similar respective single common due much further "
    "additional "
    "new general particular specific overall former latter original second third fourth fifth 1st 2nd 3rd"
)


def attribute(doc: Any, rng: Random) -> Edit | None:
    """ "a red car and a blue house" to "a blue car and a red house"; "two cats and three dogs" likewise."""
    bound = [t for t in doc if _binds(t)]
    found = []
    for one, two in combinations(bound, 2):
        if one.head == two.head or one.lower_ == two.lower_ or one.head.lemma_ == two.head.lemma_:
            continue
        if one.dep_ != two.dep_ or two.i - one.i > 9 or any(t.text in ";:()" for t in doc[one.i : two.i]):
            continue
        changes = [(a.idx, a.idx + len(a.text), _plain(b)) for a, b in ((one, two), (two, one))]
        found.append(rewrite(doc, changes, "attribute", keeps=False))
    return pick([edit for edit in found if edit], rng)


def _plain(token: Any) -> str:
    """The modifier as it stands inside a sentence: "Dutch" keeps its capital, a first word loses it."""
    own = token.i > 0 or token.ent_type_ in ("NORP", "GPE", "LANGUAGE")
    return str(token.text if own else token.lower_)


def _binds(token: Any) -> bool:
    noun = token.head
    if (
        noun.pos_ != "NOUN"
        or not noun.text.isalpha()
        or (token.i == 0 and (token.doc[1].pos_ != "NOUN" or root(token.doc) is None or ordered(token.doc)))
        or noun.i != token.i + 1
        or hyphened(token)
        or hyphened(noun)
        or list(token.children)
    ):
        return False
    if (
        token.i == 0
        and token.doc[0].text[0].isupper()
        and token.dep_ == "amod"
        and token.doc[1].tag_ == "NNS"
    ):
        return False  # docstrings start with verbs that look like this
    if token.dep_ == "amod":
        return token.tag_ == "JJ" and not named(token) and token.lower_ not in _LOOSE and token.text.isalpha()
    counted = token.dep_ == "nummod" and noun.tag_ == "NNS" and token.lower_ not in ("1", "one")
    return bool(counted and not any(t.dep_ in ("quantmod", "advmod") for t in token.children))
