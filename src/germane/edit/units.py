"""A measure in another unit, the number left as it was."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import rewrite, swap_word
from germane.edit.syntax import near

_KINDS = [
    word_set(line)
    for line in (
        "kilometers miles meters feet yards",
        "kilometres miles metres feet yards",
        "km miles",
        "centimeters inches millimeters",
        "cm mm inches",
        "kilograms pounds tons ounces",
        "kg pounds lb",
        "celsius fahrenheit",
        "seconds minutes hours days weeks months",
        "months years days weeks",
        "years decades centuries months",
        "dollars euros pounds yen",
        "milliseconds seconds microseconds",
        "bits bytes",
        "kilobytes megabytes gigabytes",
        "kb mb gb",
        "degrees radians",
        "million billion",
        "liters gallons",
        "cups tablespoons teaspoons",
        "acres hectares",
        "hz khz mhz",
        "thousand million",
        "second minute hour",
        "kilometer mile",
        "am pm",
        "a.m. p.m.",
        "percent promille",
    )
]
_NOT = word_set("promille")


def unit(doc: Any, rng: Random) -> Edit | None:
    """ "5 miles" to "5 kilometers", "7 am" to "7 pm", "in degrees" to "in radians"."""
    found = []
    for token in doc:
        kinds = [kind for kind in _KINDS if token.lower_ in kind]
        if not kinds or not _measures(token):
            continue
        others = sorted({w for kind in kinds for w in kind} - {token.lower_} - _NOT)
        found += [rewrite(doc, [swap_word(token, other)], "unit", keeps=False) for other in others]
    return pick([edit for edit in found if edit], rng)


def _measures(token: Any) -> bool:
    if (
        token.i == 0
        or near(token, 1) in ("celsius", "fahrenheit")
        or (token.lower_ in ("second", "minute", "hour", "percent") and near(token, -1) != "per")
    ):
        return False
    counted = (
        any(t.dep_ == "nummod" and t.i < token.i for t in token.children) or near(token, -1)[-1:].isdigit()
    )
    counted = counted or token.doc[token.i - 1].tag_ == "CD" or near(token, -1) == "per"
    asked = (
        token.lower_ in ("degrees", "radians", "seconds", "bytes", "bits", "milliseconds")
        and near(token, -1) == "in"
    )
    ordinal = token.doc[token.i - 1].ent_type_ == "ORDINAL"
    old = near(token, 1) in ("old", "of", "later", "'", "’") and near(token, 1) != "old"
    if token.lower_ in ("million", "billion", "thousand") and near(token, 1) == "years":
        return False
    if token.lower_ == "pounds" and near(token, 1) in ("per", "sterling"):
        return False
    return (counted or asked) and not ordinal and not old and near(token, -1) != "one"
