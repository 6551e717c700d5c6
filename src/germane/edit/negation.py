"""Negation put in at the main verb, and negation taken out."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit
from germane.edit.inflect import verb_form
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, dropped, rewrite, same_case, swap_word
from germane.edit.syntax import (
    NEGATIVE,
    finite,
    helpers,
    imperative,
    inverted,
    question,
    root,
    shares_subject,
    subject,
)

_POLAR = word_set(
    "yet ever until unless nor either but anymore much many long far rather let than whether necessarily "
    "only just merely or all always every both simply else"
)
_AFFIRMED = {"any": "some", "anything": "something", "anyone": "someone", "anybody": "somebody"}
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
_DO = {"does": "VBZ", "did": "VBD", "do": "VBP"}


def negation_in(doc: Any, rng: Random) -> Edit | None:
    """ "approved" to "did not approve", "is" to "is not", "open it" to "do not open it"."""
    verb = imperative(doc)
    if doc.text.endswith(":") or any(
        t.lower_ in NEGATIVE or t.lower_ in ("only", "some", "also", "already", "still") for t in doc
    ):
        return None
    if verb is not None:
        if any(t.tag_ == "VB" and t.pos_ == "VERB" for t in verb.conjuncts):
            return None
        negated = rng.choice(("do not", "don't"))
        change = (verb.idx, verb.idx, same_case(verb.text, negated) + " ")
        shrunk = (verb.idx, verb.idx + len(verb.text), f"{change[2]}{verb.lower_}")
        return rewrite(doc, [shrunk], "negation_in", keeps=False)
    verb = root(doc)
    of = subject(verb) if verb is not None else None
    if verb is None or of is None or any(t.tag_ in ("VBD", "VBZ", "VBP") for t in shares_subject(verb)):
        return None
    if any(t.lower_ in ("all", "every", "each", "both", "most", "many") for t in of.subtree):
        return None
    put_in = _denied_question(doc, verb) if question(doc) else _denied(verb)
    return rewrite(doc, [put_in], "negation_in", keeps=False) if put_in else None


def _denied(verb: Any) -> Change | None:
    bearer, of = finite(verb), subject(verb)
    if bearer is None or of is None or inverted(verb) or bearer.text[0] in "'’" or bearer.i < of.i:
        return None
    if bearer.lemma_ == "be" or bearer != verb:
        if bearer.lower_ in ("used", "got", "ought", "'d") or bearer.tag_ not in ("MD", "VBZ", "VBP", "VBD"):
            return None
        return swap_word(bearer, "cannot" if bearer.lower_ == "can" else f"{bearer.text} not")
    if verb.tag_ not in ("VBZ", "VBP", "VBD"):
        return None
    does = {"VBZ": "does", "VBP": "do", "VBD": "did"}[verb.tag_]
    return swap_word(verb, f"{does} not {verb.lemma_}")


def _denied_question(doc: Any, verb: Any) -> Change | None:
    """Only of what, who, which, where and why: a yes-or-no question asks the same with a "not" in it."""
    asks = next((t for t in doc if t.tag_ in ("WP", "WDT", "WRB", "WP$")), None)
    if asks is None or asks.lower_ not in word_set("what who which why"):
        return None
    of = subject(verb)
    if of is None:
        return None
    if asks.i in {t.i for t in of.subtree}:
        helped = verb.lemma_ == "do" or any(t.lemma_ == "do" and t.i < verb.i for t in doc)
        return None if helped else _denied(verb)
    if not inverted(verb):
        return None
    if verb.lemma_ == "be" and not helpers(verb):
        return (
            (verb.idx, verb.idx + len(verb.text), f"{verb.text} not")
            if asks.lower_ in ("what", "who")
            else None
        )
    if len(helpers(verb)) != 1 or verb.i < of.i:
        return None
    return verb.idx, verb.idx, "not "


def negation_out(doc: Any, rng: Random) -> Edit | None:
    """ "did not approve" to "approved", "is not" to "is", "never went" to "went"."""
    cues = [t for t in doc if t.dep_ == "neg" and t.lower_ in ("not", "n't", "n’t", "never")]
    others = [t for t in doc if t.lower_ in NEGATIVE and t not in cues]
    tagged = any(t.text == "," for t in doc) and doc.text.endswith("?")  # "…, did he?"
    if not cues or others or tagged:
        return None
    cue = rng.choice(cues)
    verb, before = cue.head, doc[cue.i - 1] if cue.i else None
    clause = [t.lower_ for t in doc[cue.i + 1 :]]
    if verb.pos_ not in ("VERB", "AUX") or any(w in _POLAR for w in clause) or before is None:
        return None
    if cue.i > verb.i and verb.lemma_ != "be":
        return None
    changes = [swap_word(t, _AFFIRMED[t.lower_]) for t in doc[cue.i :] if t.lower_ in _AFFIRMED]
    if cue.lower_ == "never":
        if before.lower_ in ("and", "or", ",", "has", "have", "had") and verb.tag_ == "VB":
            return None
        return rewrite(doc, [*changes, dropped(cue)], "negation_out", keeps=False)
    if before.dep_ in ("aux", "auxpass") or before == verb:
        if cue.lower_ != "not" and inverted(verb) and before.i < (subject(verb) or cue).i and before.i == 0:
            return None
        changes += _affirmed(doc, cue, verb, before)
        return rewrite(doc, changes, "negation_out", keeps=False)
    if inverted(verb) and cue.i + 1 == verb.i:
        return rewrite(doc, [*changes, dropped(cue)], "negation_out", keeps=False)
    return None


def _affirmed(doc: Any, cue: Any, verb: Any, before: Any) -> list[Change]:
    end = cue.idx + len(cue.text_with_ws)
    if before.lemma_ == "do" and before != verb and not inverted(verb):
        tag = _DO.get(before.lower_, "VBP")
        made = same_case(before.text, verb_form(verb.lemma_, tag))
        if verb.i == cue.i + 1:
            return [(before.idx, verb.idx + len(verb.text), made)]
        between = str(doc[cue.i + 1 : verb.i].text)
        return [(before.idx, verb.idx + len(verb.text), same_case(before.text, between) + " " + made.lower())]
    whole = _WHOLE.get(before.lower_, before.text)
    return [(before.idx, end, same_case(before.text, whole) + (" " if cue.whitespace_ else ""))]
