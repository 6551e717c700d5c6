"""Years, months and days made others, and dates written another way."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.numbers import ORDINALS, WORDS, ordinal
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, swap_word
from germane.edit.syntax import near

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_RELATIVE = {"today": ("tomorrow",), "tomorrow": ("today", "tonight"), "tonight": ("tomorrow night",)}
_BEFORE_YEAR = word_set(
    "in of since by until till during from to after before around about early late mid circa and"
) | set(MONTHS)
_SHORT = {m: m[:3] for m in MONTHS if m not in ("may", "june", "july", "march", "april")}


def year(doc: Any, rng: Random) -> Edit | None:
    """ "in 1946" to "in 1951"."""
    years = [t for t in doc if _is_year(t)]
    found = []
    for token in years:
        value = int(token.text[:4])
        others = [int(t.text[:4]) for t in doc if t != token and re.fullmatch(r"[12]\d{3}s?", t.text)]
        steps = (10, 20, 30, 40) if token.text.endswith("s") else (1, 2, 3, 4, 5, 7, 10, 13)
        near_by = [value + way * step for step in steps for way in (-1, 1)]
        for other in near_by:
            kept_order = all((other < o) == (value < o) and other != o for o in others)
            if kept_order and 1000 <= other <= 2030:
                found.append(swap_word(token, f"{other}{token.text[4:]}"))
    return pick([e for c in found if (e := rewrite(doc, [c], "year", keeps=False))], rng)


def _is_year(token: Any) -> bool:
    if (
        not re.fullmatch(r"(1[0-9]|20)\d\ds?", token.text)
        or near(token, 1) in ("–", "-", "/", ":")
        or near(token, -1) in "–-/:"
    ):
        return False
    if token.i + 1 < len(token.doc) and not token.whitespace_ and token.doc[token.i + 1].text[0].isalnum():
        return False
    if token.text == "1234":
        return False
    before = near(token, -1) in _BEFORE_YEAR or (near(token, -1) == "," and near(token, -3) in MONTHS)
    counted = token.head.tag_ == "NNS" and token.dep_ == "nummod" and token.i < token.head.i
    return bool(token.ent_type_ == "DATE" and before and not counted)


def _is_month(token: Any) -> bool:
    if token.lower_ not in MONTHS:
        return False
    if token.lower_ in ("may", "march"):
        beside = (
            near(token, 1)[:1].isdigit() or near(token, -1)[:1].isdigit() or near(token, -1) in ("in", "of")
        )
        return bool(token.tag_ == "NNP" and token.ent_type_ == "DATE" and beside)
    return bool(token.ent_type_ == "DATE" or token.text.islower())


def month(doc: Any, rng: Random) -> Edit | None:
    """ "in June" to "in October"."""
    return _other_name(doc, rng, [t for t in doc if _is_month(t)], MONTHS, "month")


def weekday(doc: Any, rng: Random) -> Edit | None:
    """ "on Monday" to "on Thursday"."""
    days = [
        t
        for t in doc
        if t.lower_ in DAYS and near(t, -1) not in ("black", "ruby", "good", "bloody", "palm", "easter")
    ]
    return _other_name(doc, rng, days, DAYS, "weekday")


def _other_name(doc: Any, rng: Random, tokens: list[Any], names: list[str], kind: str) -> Edit | None:
    present = {t.lower_ for t in doc}
    found = []
    for token in tokens:
        fits = [n for n in names if n not in present]
        if near(token, 1)[:2].isdigit() or near(token, -1)[:2].isdigit():
            fits = [n for n in fits if n != "february"]
            if "31" in (near(token, 1)[:2], near(token, -1)[:2]):
                fits = [n for n in fits if n not in ("april", "june", "september", "november")]
        found += [swap_word(token, name) for name in fits]
    return pick([e for c in found if (e := rewrite(doc, [c], kind, keeps=False))], rng)


def day(doc: Any, rng: Random) -> Edit | None:
    """ "tomorrow" to "today", "next week" to "next month"."""
    found = []
    past = any(t.tag_ in ("VBD", "VBN") for t in doc)
    for token in doc:
        if (
            not past
            and token.lower_ in _RELATIVE
            and near(token, 1) not in ("'s", "’s", "night", "morning", "evening")
            and token.i
        ):
            found += [
                swap_word(token, other) for other in _RELATIVE[token.lower_] if other not in doc.text.lower()
            ]
        if token.lower_ in ("week", "month", "year", "weekend") and near(token, -1) in (
            "next",
            "last",
            "this",
        ):
            found += [swap_word(token, w) for w in ("week", "month", "year") if w != token.lower_]
    return pick([e for c in found if (e := rewrite(doc, [c], "day", keeps=False))], rng)


def date_format(doc: Any, rng: Random) -> Edit | None:
    """15 March 1990 / March 15, 1990 / 1990-03-15, 19th century / nineteenth century, 7 pm / 7:00 pm."""
    found: list[Change] = [*_full_dates(doc), *_centuries(doc), *_clock(doc)]
    return pick([e for c in found if (e := rewrite(doc, [c], "date_format", keeps=True))], rng)


def _full_dates(doc: Any) -> list[Change]:
    found: list[Change] = []
    for token in (t for t in doc if _is_month(t) and t.text[0].isupper()):
        name, text = token.text, doc.text
        tail = re.match(
            rf"{name} (\d{{1,2}})(?:st|nd|rd|th)?(?:, (\d{{4}}))?(?![\d/–-])(?!,? \d)", text[token.idx :]
        )
        head = re.search(r"(?<![\d–-])(?<![–-] )\b(\d{1,2})(?:st|nd|rd|th)? $", text[: token.idx])
        if tail and not head and 0 < int(tail[1]) < 32:
            found += [
                (token.idx, token.idx + tail.end(), made)
                for made in _dates(int(tail[1]), name, tail[2], american=False)
            ]
        elif head and 0 < int(head[1]) < 32:
            rest = re.match(rf"{name}(?: (\d{{4}}))?\b(?![/–-])", text[token.idx :])
            if rest and not text[: head.start()].endswith(("the ", "and ", "or ", "to ")):
                span = head.start(), token.idx + rest.end()
                found += [(*span, made) for made in _dates(int(head[1]), name, rest[1], american=True)]
    return found


def _dates(number: int, name: str, year_text: str | None, *, american: bool) -> list[str]:
    if american:
        made = [f"{name} {number}, {year_text}" if year_text else f"{name} {number}"]
    else:
        made = [f"{number} {name} {year_text}" if year_text else f"{number} {name}"]
    if year_text:
        made.append(f"{year_text}-{MONTHS.index(name.lower()) + 1:02}-{number:02}")
    else:
        made.append(f"{name} {ordinal(number)}")
    return made


def _centuries(doc: Any) -> list[Change]:
    teens = {w: w + "th" for w in WORDS[13:20]} | {"twenty": "twentieth"}
    names = {i: ORDINALS[i] if i < len(ORDINALS) else teens[WORDS[i]] for i in range(1, 21)}
    numbers = {name: i for i, name in names.items()}
    found = []
    for token in doc:
        follows = near(token, 1) in ("century", "centuries") or (
            near(token, 1) == "-" and near(token, 2) == "century"
        )
        digits = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)", token.lower_)
        if follows and digits and int(digits[1]) in names:
            found.append(swap_word(token, names[int(digits[1])]))
        elif follows and token.lower_ in numbers:
            found.append(swap_word(token, ordinal(numbers[token.lower_])))
    return found


def _clock(doc: Any) -> list[Change]:
    found: list[Change] = []
    for match in re.finditer(
        r"(?<![\d:.$])\b(1[0-2]|[1-9])(:00)? ?(am|pm|AM|PM|a\.m\.|p\.m\.)(?![\w])", doc.text
    ):
        half = match[3].replace(".", "").lower()
        hour = int(match[1]) % 12 + (12 if half == "pm" else 0)
        colon = "" if match[2] else ":00"
        found += [(*match.span(), f"{match[1]}{colon} {half}"), (*match.span(), f"{hour}:00")]
    return found
