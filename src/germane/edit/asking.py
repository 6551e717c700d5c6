"""Questions and statements: the question that a statement answers, and a question put as "tell me"."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.inflect import verb_form
from germane.edit.opposites import word_set
from germane.edit.rewrite import capital, checked, moved
from germane.edit.syntax import (
    NEGATIVE,
    finite,
    helpers,
    named,
    ordered,
    plural,
    question,
    root,
    shares_subject,
    subject,
    whole,
)

_SINGLE = {"are": "is", "were": "was", "have": "has", "do": "does"}
_TELL = (
    "Tell me {}.",
    "I would like to know {}.",
    "Please tell me {}.",
    "I want to know {}.",
    "Can you tell me {}?",
    "Do you know {}?",
)


def answered(doc: Any, rng: Random) -> Edit | None:
    """A statement as the question that it answers: about its subject (who, what), or yes-or-no."""
    verb = root(doc)
    if (
        verb is None
        or ordered(doc)
        or not whole(doc)
        or question(doc)
        or (verb.lower_ == "used" and not helpers(verb))
        or len(doc) > 28
        or any(t.text in '();:"“—' or "$" in t.text for t in doc)
    ):
        return None
    if any(t.dep_ == "conj" and t.head == verb and finite(t) is not None for t in doc):
        return None
    of = subject(verb)
    if (
        of is None
        or of.left_edge.i != 0
        or of.dep_ not in ("nsubj", "nsubjpass")
        or any(t.lower_ in NEGATIVE for t in doc)
    ):
        return None
    end, stop = of.right_edge.i, len(doc) - 1 if doc[len(doc) - 1].text in ".!" else len(doc)
    bearer = finite(verb)
    if bearer is None or bearer.i < end or stop - end < 4 or bearer.tag_ == "VBG" or doc[end + 1].text == ",":
        return None
    found = [_whether(doc, verb, bearer, end, stop)]
    if of.pos_ != "PRON" and of.lower_ not in ("most", "many", "some", "all", "each"):
        found.append(_who(doc, verb, of, bearer, end, stop))
    return pick([edit for edit in found if edit], rng)


def _who(doc: Any, verb: Any, of: Any, bearer: Any, end: int, stop: int) -> Edit | None:
    numbers = plural(of)
    if numbers is None or any(t.tag_ in ("VBP", "VBZ", "VB") for t in shares_subject(verb)):
        return None
    people = word_set(
        "people man woman king queen president scholar student historian scientist "
        "member author producer team "
        "settler soldier leader citizen worker minister family knight noble emperor refugee immigrant"
    )
    person = (
        of.left_edge.tag_ != "DT"
        and of.ent_type_ == of.left_edge.ent_type_ == "PERSON"
        and of.left_edge.i < of.i
    ) or of.lemma_ in people
    if bearer.lemma_ == "be" and bearer == verb and numbers and any(t.dep_ == "attr" for t in verb.children):
        return None
    if (named(of) and not person) or any(
        t.lower_ in ("its", "their", "his", "her", "itself", "they", "it") for t in doc[end:stop]
    ):
        return None
    word = bearer.text
    if numbers and bearer.tag_ in ("VBP", "VBD") and not person:
        word = _SINGLE.get(
            bearer.lower_, verb_form(bearer.lemma_, "VBZ") if bearer.tag_ == "VBP" else bearer.text
        )
    before, after = doc[end + 1 : bearer.i].text_with_ws, doc[bearer.i + 1 : stop].text
    text = f"{'Who' if person else 'What'} {before}{word} {after}?"
    text = text if doc.text[:1].isupper() else text[:1].lower() + text[1:]
    return checked(doc, Edit("question", True, text, doc.text, text))


def _whether(doc: Any, verb: Any, bearer: Any, end: int, stop: int) -> Edit | None:
    if any(t.lower_ in ("some", "already", "also", "however", "therefore", "thus") for t in doc) or (
        shares_subject(verb) and bearer == verb
    ):
        return None
    subject_text = moved(doc, 0, end)
    before, after = doc[end + 1 : bearer.i].text_with_ws, doc[bearer.i + 1 : stop].text
    if bearer == verb and bearer.lemma_ != "be":
        does = {"VBZ": "Does", "VBP": "Do", "VBD": "Did"}.get(bearer.tag_)
        text = f"{does} {subject_text} {before}{verb.lemma_} {after}?"
        ok = does is not None
    else:
        text, ok = f"{capital(bearer.text)} {subject_text} {before}{after}?", bearer.text[0] not in "'’"
    text = text if doc.text[:1].isupper() else text[:1].lower() + text[1:]
    return checked(doc, Edit("question", True, text, doc.text, text)) if ok else None


def asked(doc: Any, rng: Random) -> Edit | None:
    """ "Where is the station?" to "Tell me where the station is."; and for yes-or-no "whether"."""
    verb = root(doc)
    if verb is None or len(doc) > 26 or not question(doc) or any(t.text in '();:"“,' for t in doc):
        return None
    if any(t.text == "?" for t in doc[: len(doc) - 1]) or any(t.tag_ == "UH" for t in doc):
        return None
    inner = _indirect(doc, verb)
    if inner is None:
        return None
    low = doc.text[:1].islower()
    frame = rng.choice(_TELL)
    text = frame.format(inner)
    if low:
        text = re.sub(r"^[A-Z]", lambda m: m[0].lower(), text)
    if not doc.text.rstrip().endswith("?"):
        text = text.rstrip("?.")
    return checked(doc, Edit("asked", True, text, doc.text, text))


def _indirect(doc: Any, verb: Any) -> str | None:
    """The question in the order of a statement, without its mark."""
    wh = next((t for t in doc[:5] if t.tag_ in ("WP", "WRB", "WDT", "WP$")), None)
    stop = len(doc) - 1 if doc[len(doc) - 1].text == "?" else len(doc)
    of, bearer = subject(verb), finite(verb)
    if of is None or bearer is None or not _plain(doc, verb, bearer, stop):
        return None
    if not doc[0].tag_.startswith("W") and wh is not None and wh.i > 1:
        return None
    if wh is not None and of.i < bearer.i and wh.i <= of.i and wh.i < 2:
        return moved(doc, 0, stop - 1) if of.left_edge.i in (wh.i, 0) else None
    first, last = of.left_edge.i, of.right_edge.i
    if bearer.i >= first or first != bearer.i + 1 or (wh is None) != (bearer.i == 0) or last - first > 9:
        return None
    if of.lower_ == "you" and bearer.tag_ == "MD" and wh is None:
        return None
    return _straight(doc, verb, bearer, wh, (first, last), stop)


def _plain(doc: Any, verb: Any, bearer: Any, stop: int) -> bool:
    """Is it a question that the parser read well, and no request?"""
    if bearer.lemma_ != "do" and any(t.lemma_ == "do" and t.i < bearer.i for t in doc):
        return False
    if verb.lemma_ == "do" and not helpers(verb):
        return False
    if doc.text.lower().startswith("do you think") or (doc[stop - 1].pos_ == "ADP" and bearer == verb):
        return False
    return not any(t.lower_ in ("n't", "not", "please") for t in doc)


def _straight(doc: Any, verb: Any, bearer: Any, wh: Any | None, of: tuple[int, int], stop: int) -> str | None:
    first, last = of
    head = f"{moved(doc, 0, bearer.i - 1)} " if bearer.i else "whether "
    said, rest = moved(doc, first, last), doc[last + 1 : stop].text
    if bearer == verb:
        if (
            wh is not None
            and rest
            and wh.lower_ in ("what", "who")
            and any(t.dep_ in ("conj", "relcl") for t in doc[first:stop])
        ):
            return None
        whole = {"'s": "is", "'re": "are", "’s": "is"}.get(bearer.lower_, bearer.lower_)
        return f"{head}{said} {whole} {rest}".rstrip()
    if bearer.lemma_ == "do":
        between = doc[last + 1 : verb.i]
        if verb.tag_ not in ("VB", "VBP") or any(t.dep_ not in ("advmod",) for t in between) or verb.i < last:
            return None
        made = verb_form(verb.lemma_, {"did": "VBD", "does": "VBZ"}.get(bearer.lower_, "VBP"))
        return f"{head}{said} {between.text_with_ws}{made} {doc[verb.i + 1 : stop].text}".rstrip()
    return f"{head}{said} {bearer.lower_} {rest}".rstrip() if len(helpers(verb)) < 4 else None
