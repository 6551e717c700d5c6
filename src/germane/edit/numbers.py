"""Numbers made other numbers, and numbers written another way."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.number_words import TENS, UNITS
from germane.edit.rewrite import Change, rewrite, swap_word
from germane.edit.syntax import hyphened, named, near

WORDS = [*UNITS, "twenty"]
ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
SIZES = ("hundred", "thousand", "million", "billion", "trillion")
_DIGITS = re.compile(r"\d{1,3}(,\d{3})+|\d+(\.\d+)?")
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)")
_SUFFIX = {1: "st", 2: "nd", 3: "rd"}
_YEARS = range(1000, 2101)
_CLOCK = ("am", "pm", "a.m.", "p.m.", "a.m", "p.m", "o'clock")


def number(doc: Any, rng: Random) -> Edit | None:
    """One number, cardinal or ordinal, made another of like size and form."""
    found: list[Change] = []
    for token in doc:
        if not _counts(token):
            continue
        other = _other(token, rng)
        if other is not None and other != token.lower_:
            found.append(swap_word(token, other))
    return pick([e for change in found if (e := rewrite(doc, [change], "number", keeps=False))], rng)


def _counts(token: Any) -> bool:
    beside = near(token, 1) in ("–", "-", "/", ":") or near(token, -1) in (
        "–",
        "-",
        "/",
        ":",
        "#",
        "×",
        "^",
        "=",
        "*",
        "+",
    )
    if hyphened(token) and not (near(token, 1) == "-" and near(token, 2).isalpha()):
        return False
    if near(token, 1) == "." and token.i + 2 < len(token.doc):
        return False  # the number of a list item
    if token.pos_ == "PROPN" or (beside and not (near(token, 1) == "-" and near(token, 2).isalpha())):
        return False
    if (
        token.i + 1 < len(token.doc)
        and not token.whitespace_
        and token.doc[token.i + 1].text[0] not in '.,;?!%)-"”'
    ):
        return near(token, 1) in ("am", "pm")
    return token.tag_ in ("CD", "JJ", "RB")


def _other(token: Any, rng: Random) -> str | None:
    word = token.lower_
    if (match := _ORDINAL.fullmatch(word)) and token.dep_ == "amod":
        century = near(token, 1).startswith("centur")
        return ordinal(
            rng.choice([n for n in range(5, 21) if n != int(match[1])])
            if century
            else _moved(int(match[1]), rng, small=True)
        )
    if (
        word in ORDINALS[1:]
        and token.dep_ == "amod"
        and token.tag_ == "JJ"
        and near(token, -1) in ("the", "his", "her", "its")
    ):
        return (
            None
            if near(token, 1) in ("time", "lady", "-")
            else rng.choice([o for o in ORDINALS[1:8] if o != word])
        )
    if token.tag_ != "CD" or _part_of_date(token):
        return None
    if word in WORDS[2:]:
        at = WORDS.index(word)
        return rng.choice([w for w in WORDS[max(2, at - 5) : min(len(WORDS), at + 6)] if w != word])
    if word in TENS:
        return rng.choice([w for w in TENS if w != word])
    if not _DIGITS.fullmatch(word):
        return None
    plain = word.replace(",", "")
    if "." in plain:
        whole, _, part = plain.partition(".")
        value = int(whole)
        return f"{_moved(value, rng, small=True)}.{part}" if value else f"0.{_decimals(part, rng)}"
    value = int(plain)
    if value < 2 or (value in _YEARS and "," not in word):
        return None
    if near(token, 1) in _CLOCK:
        return str(rng.choice([h for h in range(1, 13) if h != value])) if value < 13 else None
    other = _moved(value, rng, small=value < 20)
    return f"{other:,}" if "," in word else str(other)


def _decimals(part: str, rng: Random) -> str:
    return rng.choice([d for d in "123456789" if d != part[0]]) + part[1:]


def _moved(value: int, rng: Random, *, small: bool) -> int:
    """Another number at least 2, near ``value``; round where ``value`` is round."""
    unit = 10 ** (len(str(value)) - len(str(value).rstrip("0"))) if value else 1
    steps = (1, 2, 3, 4) if small else (1, 2, 3, 5, 7, 10, 20)
    step = unit * rng.choice(steps)
    return value - step if value - step > 1 and rng.random() < 0.5 else value + step


def _part_of_date(token: Any) -> bool:
    """A day of a month or a bare year, which ``dates`` edits."""
    if token.ent_type_ != "DATE":
        return False
    counts = token.dep_ in ("nummod", "compound") and token.head.pos_ == "NOUN" and token.head.tag_ == "NNS"
    return not counts


def ordinal(value: int) -> str:
    """``3`` as ``3rd``."""
    return f"{value}{'th' if value % 100 in (11, 12, 13) else _SUFFIX.get(value % 10, 'th')}"


def number_format(doc: Any, rng: Random) -> Edit | None:
    """3 / three, 1,000 / 1000, 2 million / 2,000,000, 50% / 50 percent, 3rd / third."""
    changes = [change for token in doc for change in _rewritten(doc, token)]
    return pick([e for change in changes if (e := rewrite(doc, [change], "number_format", keeps=True))], rng)


def _rewritten(doc: Any, token: Any) -> list[Change]:
    return _percent(doc, token) or ([] if hyphened(token) or not _counts(token) else _spelt(doc, token))


def _percent(doc: Any, token: Any) -> list[Change]:
    if token.lower_ == "%" and near(token, -1)[-1:].isdigit():
        return [(token.idx, token.idx + 1, " percent")]
    if token.lower_ == "percent" and near(token, -1)[-1:].isdigit():
        start = doc[token.i - 1].idx + len(doc[token.i - 1].text)
        return [(start, token.idx + len(token.text), "%")]
    return []


def _spelt(doc: Any, token: Any) -> list[Change]:
    word, after = token.lower_, near(token, 1)
    if (match := _ORDINAL.fullmatch(word)) and token.dep_ == "amod" and 0 < int(match[1]) < len(ORDINALS):
        return (
            [swap_word(token, ORDINALS[int(match[1])])]
            if near(token, -1) in ("the", "a", "his", "her", "its")
            else []
        )
    if word in ORDINALS[3:] and token.dep_ == "amod" and token.i and token.text.islower():
        return [swap_word(token, ordinal(ORDINALS.index(word)))]
    if token.tag_ != "CD" or _part_of_date(token) or (token.i == 0 and word.isdigit()):
        return []
    return (
        _grouped(doc, token) if after in SIZES or (len(word) > 3 and word[0].isdigit()) else _counted(token)
    )


def _grouped(doc: Any, token: Any) -> list[Change]:
    """Large numbers: with commas or without, in digits or as millions."""
    word, after = token.lower_, near(token, 1)
    money = near(token, -1)[-1:] in ("$", "€", "£") or after in ("%", "percent", *_CLOCK)
    if after in SIZES:
        full = re.fullmatch(r"(\d+)(?:\.(\d+))?", word)
        if full and after in ("million", "billion") and not money and near(token, -1) not in SIZES:
            zeros = {"million": 6, "billion": 9}[after]
            value = int(full[1] + (full[2] or "").ljust(zeros, "0"))
            end = doc[token.i + 1]
            return [(token.idx, end.idx + len(end.text), f"{value:,}")]
        return []
    if re.fullmatch(r"\d{1,3}(,\d{3})+", word):
        return [(token.idx, token.idx + len(word), word.replace(",", ""))]
    if re.fullmatch(r"\d{4,9}", word) and int(word) not in _YEARS:
        return [(token.idx, token.idx + len(word), f"{int(word):,}")]
    return []


def _counted(token: Any) -> list[Change]:
    """A small number of things, in digits or in a word."""
    word, after = token.lower_, near(token, 1)
    money = near(token, -1)[-1:] in ("$", "€", "£") or after in ("%", "percent", *_CLOCK)
    joined = (
        near(token, -1) in (*SIZES, *WORDS, *TENS, "and")
        or near(token, -1)[-1:].isdigit()
        or after[:1].isdigit()
    )
    counted = (
        token.dep_ == "nummod"
        and token.head.tag_ in ("NNS", "NN")
        and token.i < token.head.i
        and not named(token.head)
        and not (token.i and named(token.doc[token.i - 1]))
    )
    if joined or money or not counted:
        return []
    if word.isdigit() and 2 <= int(word) <= 20:
        return [swap_word(token, WORDS[int(word)])]
    if word in WORDS[2:]:
        return [] if token.i == 0 else [(token.idx, token.idx + len(word), str(WORDS.index(word)))]
    return []
