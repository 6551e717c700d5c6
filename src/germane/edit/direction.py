"""Where to: from and to, into and out of, up and down, on and off, left and right, north and south."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.lists import pairs
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, same_case, swap_word
from germane.edit.syntax import hyphened, named, near

_MOVES = word_set(
    "import export send move travel fly transfer migrate copy go come return walk ship extend escape "
    "flee drive sail "
    "march run emigrate spread retreat jump fall rise carry bring take transport book flight trip "
    "convert pass route "
    "train bus drive ride journey road way path bridge deliver write upload"
)
_SWITCHES = word_set("turn switch power log sign put move scroll go come turned")
_CARRIES = word_set(
    "send move travel fly transfer migrate go come return walk ship escape flee drive sail march run bring "
    "take flow "
    "pour enter retreat carry import jump push"
)
_WHERE = {
    "above": "below",
    "below": "above",
    "inside": "outside",
    "outside": "inside",
    "underneath": "above",
    "toward": "away from",
    "towards": "away from",
    "upstream": "downstream",
}
_POINTS = pairs(
    "north south|south north|east west|west east|northern southern|southern northern|eastern western|"
    "western eastern|"
    "northeast southwest|northwest southeast|southeast northwest|southwest northeast|left right|right left|"
    "upstairs downstairs|downstairs upstairs|forward backward|backward forward|clockwise counterclockwise|"
    "counterclockwise clockwise|inward outward|outward inward|upstream downstream|downstream upstream|"
    "northward southward|southward northward|eastward westward|westward eastward"
)


_IDIOMS = word_set(
    "account office force power mode money time paper place effect use order question reach it them service"
)


def direction(doc: Any, rng: Random) -> Edit | None:
    """ "turn on the lights" to "turn off the lights", "into the city" to "out of the city"."""
    found = [c for token in doc for c in _turned(doc, token)]
    return pick([e for c in found if (e := rewrite(doc, [c], "direction", keeps=False))], rng)


def _turned(doc: Any, token: Any) -> list[Change]:
    word = token.lower_
    if named(token) or hyphened(token) or (token.text[0].isupper() and token.i > 0):
        return []
    if any(t.lower_ in _IDIOMS for t in doc[token.i + 1 : token.i + 4]) and word in ("into", "out"):
        return []
    return _switched(token) or _carried(doc, token) or _pointed(doc, token)


def _switched(token: Any) -> list[Change]:
    """Turn on, turn up."""
    word, after = token.lower_, near(token, 1)
    if (
        word in ("on", "off")
        and token.head.lemma_ in ("turn", "switch", "power")
        and token.dep_ in ("prt", "prep", "advmod")
    ):
        whom = any(t.ent_type_ in ("DATE", "TIME") or t.pos_ == "PRON" for t in token.children)
        return [] if whom else [swap_word(token, "off" if word == "on" else "on")]
    if (
        word in ("up", "down")
        and token.head.lemma_ in ("turn", "scroll", "move", "go", "climb", "walk")
        and token.dep_ in ("prt", "advmod", "prep")
    ):
        return (
            []
            if after in ("to", "with", "in", "at", "on", "for", "by", "or", "and", "against", "")
            else [swap_word(token, "down" if word == "up" else "up")]
        )
    return []


def _carried(doc: Any, token: Any) -> list[Change]:
    """From and to, into and out of, above and below."""
    word, after = token.lower_, near(token, 1)
    noun = any(t.dep_ == "pobj" and t.pos_ in ("NOUN", "PROPN") for t in token.children)
    if word in ("from", "to") and token.dep_ == "prep" and noun and token.head.lemma_ in _MOVES:
        others = {t.lower_ for t in token.head.subtree if t.dep_ == "prep"}
        thing = next((t for t in token.children if t.dep_ == "pobj"), token)
        if (
            {"from", "to"} <= others
            or (" to " if word == "from" else " from ") in doc.text
            or thing.ent_type_ in ("DATE", "TIME", "CARDINAL", "PERCENT")
            or (after in ("the", "a") and near(token, 2) in ("point", "end"))
        ):
            return []
        placed = thing.ent_type_ in ("GPE", "LOC", "FAC", "ORG") or thing.lemma_ in word_set(
            "work home city country airport house file list table server disk north south east west"
        )
        return [swap_word(token, "to" if word == "from" else "from")] if placed else []
    if (
        word == "into"
        and noun
        and token.head.lemma_ in _CARRIES
        and (token.head.lemma_ != "come" or token.doc[token.i + 1].pos_ == "DET")
    ):
        return [swap_word(token, "out of")]
    if (
        word == "out"
        and after == "of"
        and " to " not in doc.text
        and " into " not in doc.text
        and token.head.lemma_ in _MOVES
    ):
        of = doc[token.i + 1]
        return [(token.idx, of.idx + 2, same_case(token.text, "into"))]
    if word in ("toward", "towards") and token.head.lemma_ not in _MOVES:
        return []
    if word in _WHERE and token.dep_ == "prep" and noun and after not in ("and", "or"):
        return [] if any(t.tag_ == "CD" for t in token.subtree) else [swap_word(token, _WHERE[word])]
    return []


def _pointed(doc: Any, token: Any) -> list[Change]:
    word, before, after = token.lower_, near(token, -1), near(token, 1)
    if word not in _POINTS or token.pos_ == "VERB" or (before == "on" and after in ("", "airlines")):
        return []
    if word in ("left", "right"):
        sided = token.tag_ in ("JJ", "NN") and (
            before in ("top", "bottom", "upper", "lower")
            or (before == "the" and near(token, -2) in ("to", "on", "from", "at"))
            or token.head.lower_ in ("side", "hand", "lane", "edge", "singular")
        )
        odd = after in word_set("to of way wing now of time away thing") and not (
            after == "of" and near(token, -2) in ("to", "on")
        )
        return [swap_word(token, _POINTS[word])] if sided and not odd and token.tag_ != "VBN" else []
    if word in ("forward", "backward") and (
        token.head.lemma_ in ("look", "put", "bring")
        or after in ("my", "the", "this")
        or before in ("and", "or")
    ):
        return []
    paired = {before, after} & {"and", "or", "to", "-", "/"} and before not in ("to", "and")
    return [] if paired or _POINTS[word] in {t.lower_ for t in doc} else [swap_word(token, _POINTS[word])]
