"""Light rewordings of everyday commands and questions: how do I X / how to X / what is the way to X."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick, tidy
from germane.edit.rewrite import capital, checked

_HOW = re.compile(
    r"^(?:how (?:do|can|would|should|could) (?:i|you|we|one) (?:go about )?|how to |"
    r"(?:what is|what's) the (?:best |right )?way to |tell me how to |show me how to |explain how to |"
    r"(?:can|could) you (?:tell|show) me how to |i (?:need|want) to (?:know|learn) how to |"
    r"(?:what are the|the|tell me the) steps to |what steps do i (?:need to )?take to |"
    r"what do i (?:need|have) to do to |do you know how to |"
    r"(?:what is|what's) the procedure to )(?P<deed>.+)$"
)
_HOWS = (
    "how do i {}",
    "how to {}",
    "how can i {}",
    "what is the way to {}",
    "what are the steps to {}",
    "steps to {}",
    "tell me how to {}",
    "show me how to {}",
    "what do i need to do to {}",
    "i want to know how to {}",
)
_NOT_DEED = re.compile(
    r"^(know|tell|say|spell|feel|pronounce|get along|like|look|think|be|have to|need|want|mean|"
    r"sound|define|refer|call|describe|"
    r"find out if|not|go)\b|\b(you|yourself|your)\b"
)
# Each pair of frames says the same; {} is the rest.
_FRAMES: tuple[tuple[str, ...], ...] = (
    (
        r"what does (?P<x>[\w' -]+) mean",
        "what is the meaning of {}",
        "what is meant by {}",
        "tell me the meaning of {}",
    ),
    (r"what(?: is|'s) the meaning of (?P<x>[\w' -]+)", "what does {} mean", "what is meant by {}"),
    (
        r"where can i (?:find|get) (?P<x>.+)",
        "where is it possible to find {}",
        "where do i find {}",
        "tell me where to find {}",
    ),
    (r"is it possible to (?P<x>.+)", "can one {}", "is there a way to {}"),
    (r"is there (?:a|any) way (?:that i can|i can|to) (?P<x>.+)", "is it possible to {}", "can i somehow {}"),
    (r"i(?: would|'d) like to (?P<x>.+)", "i want to {}", "i wish to {}"),
    (r"i (?:want|wanna) to (?P<x>(?!know).+)", "i would like to {}", "i'd like to {}", "i wish to {}"),
    (r"i need to (?P<x>(?!know|be).+)", "i have to {}", "i've got to {}"),
    (r"i need (?P<x>(?:a|an|the|some|my|your) .+)", "i require {}", "what i need is {}"),
    (
        r"(?:what is|what's) the (?P<x>(?:name|address|number|date|price|cost|balance|weather|time|status|"
        r"limit|rate|population|"
        r"capital|temperature|distance|deadline|amount|reason|size|height|length|weight|definition|"
        r"recipe|forecast)\b.*)",
        "tell me the {}",
        "give me the {}",
        "i would like to know the {}",
    ),
    (
        r"(?:give me|tell me|show me) the (?P<x>(?!way|steps|meaning).+)",
        "let me know the {}",
        "i would like to know the {}",
    ),
    (r"(?:give me|tell me) my (?P<x>.+)", "let me know my {}", "i would like to know my {}"),
    (r"(?:what is|what's) my (?P<x>.+)", "tell me my {}", "i would like to know my {}"),
    (
        r"how many (?P<x>[\w -]+) are there in (?P<y>.+)",
        "what is the number of {x} in {y}",
        "what number of {x} are there in {y}",
    ),
    (
        r"how much does (?P<x>.+) cost",
        "what does {} cost",
        "what is the price of {}",
        "what is the cost of {}",
    ),
    (r"how much do (?P<x>.+) cost", "what do {} cost", "what is the price of {}"),
    (r"in (?:what|which) year (?P<x>(?:did|was|were) .+)", "what year {}", "when {}"),
    (r"(?:what|which) year (?P<x>(?:did|was|were) .+)", "in what year {}", "in which year {}"),
    (r"on what date (?P<x>(?:did|was|were|is) .+)", "on which date {}", "on what day {}"),
    (
        r"in what (?P<x>(?:country|city|state|county|region|century|decade|month|place|part|area) .+)",
        "in which {}",
    ),
    (
        r"in which (?P<x>(?:country|city|state|county|region|century|decade|month|place|part|area) .+)",
        "in what {}",
    ),
    (
        r"which (?P<x>(?!of|one|is|are|was|were|do|does|did|has|have|can)\w+ "
        r"(?:is|are|was|were|did|do|does|has|have|can|could) .+)",
        "what {}",
    ),
    (
        r"what (?P<x>(?:country|countries|city|cities|person|people|company|group|state|team|king|river|"
        r"language|war|book|event) "
        r"(?:is|are|was|were|did|do|does|has|have|can|could) .+)",
        "which {}",
    ),
    (r"what (?:kind|type|sort) of (?P<x>.+)", "which kind of {}", "what sort of {}", "what type of {}"),
    (r"why (?P<x>(?:did|does|do|is|are|was|were) .+)", "for what reason {}"),
    (r"what(?: is| are|'s) some (?P<x>.+)", "name some {}", "list some {}"),
    (r"what (?P<x>caused|causes) (?P<y>.+)", "what was the cause of {y}"),
    (r"where (?:is|are|was|were) (?P<x>.+) located", "what is the location of {}"),
    (r"when (?P<x>(?:does|do|will) .+)", "at what time {}"),
    (r"i(?: am|'m) looking for (?P<x>.+)", "i am trying to find {}", "i am searching for {}"),
    (r"what time is it (?P<x>.+)", "what is the time {}", "tell me the time {}"),
    (
        r"how long does it take to (?P<x>.+)",
        "how much time does it take to {}",
        "what time does it take to {}",
    ),
    (r"how long (?P<x>(?:did|does|do|will) .+)", "how much time {}", "for how long {}"),
    (r"let me know (?P<x>.+)", "tell me {}"),
    (r"what(?:'s| is) happening (?P<x>.+)", "what is going on {}"),
    (r"find me (?P<x>.+)", "find {} for me", "look for {} for me"),
    (
        r"remind me to (?P<x>.+)",
        "give me a reminder to {}",
        "set a reminder for me to {}",
        "don't let me forget to {}",
    ),
    (r"set (?:a|an) (?P<x>alarm|reminder|timer) (?P<y>.+)", "create {a} {x} {y}", "make {a} {x} {y}"),
    (r"do i have (?P<x>any .+|enough .+)", "have i got {}"),
    (r"do you know (?P<x>(?:what|where|who|when|how|if) .+)", "can you tell me {}", "tell me {}"),
    (r"can you tell me (?P<x>(?:what|where|who|when|how|if|the) .+)", "tell me {}", "please tell me {}"),
    (r"tell me (?P<x>(?:what|where|who|when|if) .+)", "can you tell me {}", "i would like to know {}"),
    (
        r"what can i (?P<x>(?:substitute|use|do|make|cook|replace) .+)",
        "what could i {}",
        "what is there that i can {}",
    ),
)


def howto(doc: Any, rng: Random) -> Edit | None:
    """ "how do i change the oil" to "steps to change the oil"."""
    body, large, mark = _body(doc)
    found = _HOW.match(body)
    if found is None or _NOT_DEED.search(found["deed"]) or not _deed(doc, found["deed"]):
        return None
    frames = [f for f in _HOWS if not body.startswith(f.split("{")[0])]
    return _made(doc, [f.format(found["deed"]) for f in frames], "howto", rng, large, mark)


def rewording(doc: Any, rng: Random) -> Edit | None:
    """ "what does X mean" to "what is the meaning of X", "I would like to X" to "I want to X"."""
    body, large, mark = _body(doc)
    made: list[str] = []
    for pattern, *frames in _FRAMES:
        if found := re.fullmatch(pattern, body):
            parts = found.groupdict()
            article = "an" if parts["x"][:1] == "a" else "a"
            made += [f.replace("{}", "{x}").format(**{**parts, "a": article}) for f in frames]
    return _made(doc, made, "rewording", rng, large, mark)


def _deed(doc: Any, deed: str) -> bool:
    """Does what follows start with a plain verb?"""
    at = doc.text.lower().rfind(deed)
    verb = next((t for t in doc if t.idx >= at), None)
    return bool(
        verb is not None and verb.tag_ in ("VB", "VBP") and (verb.pos_ == "VERB" or verb.tag_ == "VB")
    )


def _body(doc: Any) -> tuple[str, bool, bool]:
    """The text with its first letter small and its end mark off; was it large, did it have a mark?"""
    text = doc.text.strip()
    body = text.rstrip(".?! ")
    if "." in body or "?" in body or "\n" in body:
        return "", False, False
    low = re.sub(r"^I\b", "i", body) if re.match(r"I\b", body) else body[:1].lower() + body[1:]
    return re.sub(r"\bI\b", "i", low), text[:1].isupper(), text != body


def _made(doc: Any, texts: list[str], kind: str, rng: Random, large: bool, mark: bool) -> Edit | None:
    edits = []
    for text in texts:
        asks = re.match(
            r"(what|how|where|when|which|who|why|is|can|do|in wh|on wh|at wh|for wh|have|could)", text
        )
        written = (capital(re.sub(r"\bi\b", "I", text)) if large else text) + (
            ("?" if asks else ".") if mark else ""
        )
        edits.append(checked(doc, Edit(kind, True, tidy(written), doc.text, tidy(written))))
    return pick([edit for edit in edits if edit], rng)
