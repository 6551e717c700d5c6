"""Requests and commands: "can you mute the room?" / "mute the room", politeness put in and left out."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, tidy
from germane.edit.rewrite import capital, checked
from germane.edit.syntax import imperative

_ASKS = (
    "can you {}",
    "could you {}",
    "would you {}",
    "i want you to {}",
    "i need you to {}",
    "i would like you to {}",
)
_ASKED = re.compile(
    r"^(?:(?:can|could|will|would) you (?:please )?|i (?:want|need) you to |i(?: would|'d) like you to |"
    r"i'd like for you to |"
    r"would you mind |are you able to )(?P<deed>.+)$",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:hi|hello|hey|please|excuse me),? +(?=\w)|"
    r",? *\b(?:please|thanks|thank you|if you please|if you don't mind)(?=[.!?]*$)|"
    r"(?<=you) please(?= )",
    re.IGNORECASE,
)


def request(doc: Any, rng: Random) -> Edit | None:
    """ "can you mute the room?" to "mute the room", and a command to such a request."""
    text = doc.text.strip()
    body, mark = text.rstrip(".?!"), text[len(text.rstrip(".?!")) :]
    found = _ASKED.match(body)
    if found and "mind" not in found[0][: found.start("deed")]:
        deed, verb = found["deed"], next((t for t in doc if t.idx >= doc.text.find(found["deed"])), None)
        if (
            verb is None
            or verb.tag_ not in ("VB", "VBP")
            or verb.lower_ in ("be", "have", "please", "like", "do", "speak", "understand")
        ):
            return None
        made = capital(deed) if text[:1].isupper() else deed
        return _made(doc, made + ("." if mark else ""), "request")
    verb = imperative(doc)
    if verb is None or verb.i > 1 or not text.isascii():
        return None
    deed = re.sub(r"^please,? ", "", body, flags=re.IGNORECASE)
    if re.search(r"\b(you|your|please|thanks|can i|i'm|what|how|is|are)\b", deed, re.IGNORECASE):
        return None
    frame = rng.choice(_ASKS)
    said = frame.format(deed[:1].lower() + deed[1:])
    if text[:1].isupper():
        said = capital(re.sub(r"\bi\b", "I", said))
    end = ("?" if frame[0] != "i" else ".") if mark or text[:1].isupper() else ""
    return _made(doc, said + end, "request")


def politeness(doc: Any, rng: Random) -> Edit | None:
    """ "please", "thanks" and greetings left out, or a "please" put in."""
    text = doc.text.strip()
    if _POLITE.search(text):
        made = _POLITE.sub("", text).strip(" ,")
        return (
            _made(doc, capital(made) if text[:1].isupper() else made, "politeness")
            if len(made.split()) > 1
            else None
        )
    body, mark = text.rstrip(".?!"), text[len(text.rstrip(".?!")) :]
    asks = re.match(r"^((?:can|could|will|would) you) (?!please|tell)(\w.+)$", body, re.IGNORECASE)
    if asks:
        made = rng.choice(
            (f"{asks[1]} please {asks[2]}{mark}", f"{body} please{mark}", f"{body}, please{mark}")
        )
        return _made(doc, made, "politeness")
    if imperative(doc) is None or re.search(r"\b(please|thanks)\b", text, re.IGNORECASE):
        return None
    low = text[:1].lower() + text[1:]
    first = f"please {low}{''}" if text[:1].islower() else f"Please {low}"
    end = rng.choice(
        (f"{body} please{mark}", f"{body}, please{mark}", f"{body}, thanks{mark}", f"{body}, thank you{mark}")
    )
    return _made(doc, rng.choice((first, end)), "politeness")


def _made(doc: Any, text: str, kind: str) -> Edit | None:
    return checked(doc, Edit(kind, True, tidy(text), doc.text, tidy(text)))
