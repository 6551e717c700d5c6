"""Of things in general: "a cat is an animal" / "cats are animals"."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit
from germane.edit.inflect import plural_noun, verb_form
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, article, dropped, own_capital, rewrite, same_case
from germane.edit.syntax import finite, helpers, inverted, named, root, shares_subject, subject

_NOT_KINDS = word_set(
    "example number lot variety majority series group set person people part result reason way list kind "
    "type form "
    "range version copy total minority pair couple few case time study survey report bit good plan name "
    "second third "
    "data scholar historian researcher scientist source other"
)
# What is true of a kind and of no single one, or reads of the one at hand.
_COLLECTIVE = word_set(
    "common rare widespread found numerous different similar scarce abundant diverse many used extinct known"
)


_TOGETHER = word_set("form constitute make share comprise include gather meet consist")
_COUNTED = word_set("percentage percent many much number where")


def generic(doc: Any, rng: Random) -> Edit | None:
    """A singular that stands for the kind made plural, or such a plural made singular."""
    verb = root(doc)
    of = subject(verb) if verb is not None else None
    if verb is not None and of is not None and of.i > verb.i:
        return None
    if (
        verb is None
        or of is None
        or of.pos_ != "NOUN"
        or named(of)
        or of.lemma_ in _NOT_KINDS
        or shares_subject(verb)
    ):
        return None
    if any(t.lower_ in _COUNTED for t in doc) or (
        (first_noun := doc[0]).tag_ in ("NNS", "NNPS") and first_noun.dep_ == "compound"
    ):
        return None
    told = of.i < verb.i and not doc.text.endswith("?")
    if told and (any(t.dep_ == "auxpass" for t in verb.children) or verb.lemma_ in _TOGETHER):
        return None
    if any(t.lower_ == "as" and t.dep_ == "prep" for t in verb.children):
        return None
    if doc.ents or any(t.lower_ in _COLLECTIVE or t.tag_ in ("PRP", "PRP$", "VBD") for t in doc):
        return None
    bearer = finite(verb)
    if (
        bearer is None
        or bearer.tag_ not in ("VBZ", "VBP", "MD")
        or (bearer.tag_ == "MD" and bearer.lower_ != "can")
    ):
        return None
    first = of.left_edge
    simple = all(t.dep_ in ("amod", "compound", "det") and not list(t.children) for t in of.lefts)
    if not simple or any(t.dep_ not in ("prep",) for t in of.rights) or (first.i > 0 and not inverted(verb)):
        return None
    if of.tag_ == "NN" and first.lower_ in ("a", "an") and bearer.tag_ != "VBP":
        return _plural(doc, verb, of, bearer, first)
    bare = of.tag_ == "NNS" and first.dep_ != "det" and of.lower_ != of.lemma_ and bearer.tag_ != "VBZ"
    odd = first.lower_ in word_set(
        "many some most several few all other such more both various certain different numerous two three"
    )
    return _singular(doc, verb, of, bearer, first) if bare and not odd else None


def _attributes(verb: Any) -> list[Any]:
    return [t for t in verb.children if t.dep_ == "attr"]


def _form(bearer: Any, tag: str) -> Change:
    made = {"VBZ": "does", "VBP": "do"}[tag] if bearer.lemma_ == "do" else verb_form(bearer.lemma_, tag)
    return bearer.idx, bearer.idx + len(bearer.text), same_case(bearer.text, made)


def _plural(doc: Any, verb: Any, of: Any, bearer: Any, first: Any) -> Edit | None:
    start = of.idx, of.idx + len(of.text), plural_noun(of.lower_)
    changes: list[Change] = [dropped(first), start]
    if first.i + 1 == of.i:
        made = same_case(first.text, start[2]) if first.i == 0 else start[2]
        changes = [(first.idx, of.idx + len(of.text), made)]
    if bearer.tag_ == "VBZ":
        changes.append(_form(bearer, "VBP"))
    for noun in _attributes(verb):
        if any(t.dep_ in ("relcl", "acl") for t in noun.children):
            return None
        det = next((t for t in noun.children if t.dep_ == "det"), None)
        if (
            noun.tag_ != "NN"
            or det is None
            or det.lower_ not in ("a", "an")
            or noun.lemma_ in _NOT_KINDS
            or noun.lemma_ == "way"
        ):
            return None
        many = plural_noun(noun.lower_)
        changes += [dropped(det), (noun.idx, noun.idx + len(noun.text), many)]
    return rewrite(doc, changes, "generic", keeps=True)


def _singular(doc: Any, verb: Any, of: Any, bearer: Any, first: Any) -> Edit | None:
    if plural_noun(of.lemma_) != of.lower_ or (helpers(verb) and bearer.lemma_ == "have"):
        return None
    words = str(doc[first.i : of.i].text_with_ws) + of.lemma_
    words = words if own_capital(first) else words[:1].lower() + words[1:]
    one = article(words, large=first.i == 0 and first.text[:1].isupper())
    changes: list[Change] = [(first.idx, of.idx + len(of.text), f"{one} {words}")]
    if bearer.tag_ == "VBP":
        changes.append(_form(bearer, "VBZ"))
    for noun in _attributes(verb):
        left = noun.left_edge
        if (
            noun.tag_ != "NNS"
            or plural_noun(noun.lemma_) != noun.lower_
            or left.dep_ in ("det", "nummod")
            or left.lower_ in ("many", "several")
        ):
            return None
        words = str(doc[left.i : noun.i].text_with_ws) + noun.lemma_
        changes.append((left.idx, noun.idx + len(noun.text), f"{article(words)} {words}"))
    if (
        verb.lemma_ == "be"
        and verb is bearer
        and not _attributes(verb)
        and not any(t.dep_ in ("acomp", "prep") for t in verb.children)
    ):
        return None
    return rewrite(doc, changes, "generic", keeps=True)
