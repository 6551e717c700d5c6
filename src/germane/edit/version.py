"""Versions and identifiers: Python 3.11 / 3.12, error E404 / E403, float32 / float64, World War I / II."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite

_VERSION = re.compile(
    r"(?<![\w.])(?P<name>[Vv]ersions?|[Rr]elease|[A-Z][\w+#]*[A-Za-z]|v)(?P<gap> ?)"
    r"(?P<number>v?\d+(?:\.\d+){1,3})(?![\w%.]*\d)(?! ?(?:%|percent|million))"
)
_BARE_VERSION = re.compile(r"\b(?P<name>[Vv]ersion|[Rr]elease)(?P<gap> )(?P<number>\d{1,3})\b(?!\.)")
_NO_PRODUCT = word_set(
    "the a in of is was were at by about around over some from to and or than only just nearly it"
)
_NUMBERED = re.compile(
    r"\b(section|sections|chapter|article|figure|table|equation|step|page|room|gate|flight|line|level|phase|part|stage|grade|"
    r"channel|track|row|column|type|class|apollo|boeing|route|highway|interstate|channel|error|code|http|rfc|port|"
    r"algorithm|theorem|volume|act|item|case|rule|note|question|number|appendix|schedule|protocol) "
    r"(\d{1,4})\b(?![.,]\d)(?! (?:years|of|percent))",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w.,$€£/-])([A-Za-z]{2,12}-?|[A-Z](?=\d\d)|[A-Zw]-)(\d{1,4})(?![\w.]*\w)(?![-)/*])")
_SIZES = {"float": ("16", "32", "64"), "int": ("8", "16", "32", "64"), "complex": ("64", "128")}
_ROMAN = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
)
_FILE = re.compile(
    r"(?<![\w./])([A-Za-z][\w-]{2,})\.(json|yaml|toml|txt|csv|xml|html|py|md|png|jpg|pdf|zip|exe|log)\b(?!\.\w)"
)
_ENDINGS = (
    "json",
    "yaml",
    "toml",
    "txt",
    "csv",
    "xml",
    "html",
    "py",
    "md",
    "png",
    "jpg",
    "pdf",
    "zip",
    "log",
)


def version(doc: Any, rng: Random) -> Edit | None:
    """ "Python 3.11" to "Python 3.12"."""
    found: list[Change] = []
    for pattern in (_VERSION, _BARE_VERSION):
        for match in pattern.finditer(doc.text):
            name = match["name"]
            named = name.lower() in ("version", "versions", "release", "v") or _product(doc, match.start())
            if name.lower() in _NO_PRODUCT or not named or (name == "v" and match["gap"]):
                continue
            found += [(*match.span("number"), other) for other in _bumped(match["number"])]
    return pick([e for c in found if (e := rewrite(doc, [c], "version", keeps=False))], rng)


def _product(doc: Any, start: int) -> bool:
    token = next((t for t in doc if t.idx == start), None)
    return (
        token is not None
        and token.pos_ in ("PROPN", "NOUN")
        and token.ent_type_ not in ("DATE", "PERSON", "GPE", "MONEY")
    )


def _bumped(number: str) -> list[str]:
    lead, parts = number[: number.startswith("v")], number.lstrip("v").split(".")
    last = [*parts[:-1], str(int(parts[-1]) + 1)]
    first = [str(int(parts[0]) + 1), *parts[1:]]
    down = [*parts[:-1], str(int(parts[-1]) - 1)] if int(parts[-1]) else first
    return [lead + ".".join(made) for made in (last, first, down)]


def identifier(doc: Any, rng: Random) -> Edit | None:
    """ "E404" to "E403", "float32" to "float64", "chapter 5" to "chapter 6", "a.json" to "a.yaml"."""
    text = doc.text
    found: list[Change] = []
    if "_{" in text or "\\" in text:
        return None  # a formula: its indices name nothing
    for match in _NUMBERED.finditer(text):
        found += [(*match.span(2), other) for other in _others(match[2])]
    for match in _CODE.finditer(text):
        sized = re.search(r"(float|int|complex)$", match[1].lower())
        if sized:
            found += [(*match.span(2), size) for size in _SIZES[sized[1]] if size != match[2]]
        elif match[1].lower().rstrip("-_") not in word_set("us mid pre post top co covid early late ad bc"):
            found += [(*match.span(2), other) for other in _others(match[2])]
    for match in re.finditer(r"(?<=[a-z] )([IVX]{2,4})\b(?!['’]|\.\S|\. \w)", text):
        if match[1] in _ROMAN:
            at = _ROMAN.index(match[1])
            found += [
                (*match.span(1), _ROMAN[other]) for other in (at - 1, at + 1) if 0 <= other < len(_ROMAN)
            ]
    for match in _FILE.finditer(text):
        found += [(*match.span(2), ending) for ending in _ENDINGS if ending != match[2]]
    return pick([e for c in found if (e := rewrite(doc, [c], "identifier", keeps=False))], rng)


def _others(number: str) -> list[str]:
    value = int(number)
    steps = (1, 2, 3) if value < 20 else (1, 2, 5, 10)
    near = [value + way * step for step in steps for way in (-1, 1) if value + way * step > 0]
    return [str(n).zfill(len(number)) for n in near]
