"""Plain text that is written line by line: chats (who said what) and logs (when what happened)."""

from __future__ import annotations

import re
from collections import Counter

from germane.backtrace.turns import Turn

SHARE = 0.6
"""Of the lines that are not empty, so many must look like a chat or a log for the text to be read as one."""
LONGEST = 4000
"""Characters of a turn that goes on over several lines, such as a traceback in a log."""

_TIME = (
    r"(?:\d{4}[-/.]\d\d?[-/.]\d\d?(?:[T ,]+\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d\d?[./-]\d\d?[./-]\d{2,4}(?:,? \d\d?:\d\d(?::\d\d)?(?:[ \u202f]?[AaPp][Mm])?)?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d\d? \d\d:\d\d:\d\d"
    r"|\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?(?:[ \u202f]?[AaPp][Mm])?)"
)
_timed = re.compile(rf"\s*\[?(?P<time>{_TIME})\]?\s*(?:[-–|]\s+)?(?P<text>\S.*)")
_machine = re.compile(
    r"\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|TRACE|NOTICE|CRIT\w*)\b|^\s*\w{3} +\d\d? \d\d:"
)
"""What a log writes after a time, and no person: a level; and the dates of syslog."""
_NAME = r"(?:<(?P<nick>[^<>\s]{1,30})>|(?P<name>[^\W\d_][^:<>\[\]{}=/\\\"]{0,30}?)\s?:)"
_named = re.compile(rf"\s*{_NAME}(?:\s+(?P<text>\S.*)|$)")


def chat(text: str) -> list[Turn]:
    """The turns of a chat, or nothing where ``text`` is none: ``Anna: hello``, with a time before it or not,
    ``<anna> hello``. A line without a name goes on with the turn before."""
    lines = [line for line in text.splitlines() if line.strip()]
    heads = [_said(line) for line in lines]
    names = Counter(head.speaker for head in heads if head)
    # Labels such as "Note:" come once each; people speak again.
    if sum(names.values()) < max(2, SHARE * len(lines)) or len(names) > 1 + sum(names.values()) / 2:
        return []
    return _joined(lines, heads)


def log(text: str) -> list[Turn]:
    """The entries of a log, or nothing where ``text`` is none: lines that begin with a time. Others, such as
    those of a traceback, go on with the entry before. An entry's text keeps its time, which queries name."""
    lines = [line for line in text.splitlines() if line.strip()]
    heads = [Turn(line.strip(), "", m["time"]) if (m := _timed.match(line)) else None for line in lines]
    if sum(head is not None for head in heads) < max(2, SHARE * len(lines)):
        return []
    return _joined(lines, heads)


def _said(line: str) -> Turn | None:
    time = _timed.match(line)
    rest = time["text"] if time else line
    name = _named.match(rest)
    if not name:
        return None
    speaker = (name["nick"] or name["name"]).strip()
    if (
        len(speaker.split()) > 4
        or not (name["text"] or "").strip()
        or _machine.search(line[: line.index(name["text"])])
    ):
        return None
    return Turn(name["text"].strip(), speaker, time["time"] if time else "")


def _joined(lines: list[str], heads: list[Turn | None]) -> list[Turn]:
    found: list[Turn] = []
    for line, head in zip(lines, heads, strict=True):
        if head or not found:
            found.append(head or Turn(line.strip()))
        elif len(found[-1].text) + len(line) <= LONGEST:
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {line.strip()}")
        else:
            found.append(Turn(line.strip()))
    return found
