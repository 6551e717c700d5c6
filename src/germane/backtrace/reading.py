"""A file as a sequence: subtitles, chats, logs, JSON, or any document, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from germane.backtrace.lines import chat, log
from germane.backtrace.turns import Turn
from germane.errors import InputError
from germane.read.decode import read_text
from germane.read.part import Unreadable
from germane.read.passages import sentences

TEXT = ("text", "content", "body", "message", "utterance", "msg")
SPEAKER = ("speaker", "role", "author", "user", "from", "name")
TIME = ("time", "timestamp", "start", "date", "ts")
LISTS = ("turns", "messages", "segments", "sentences", "texts", "utterances", "events")
"""Fields that hold the sequence where the file is one object (chat exports, Whisper's segments)."""
MOST = 100_000
"""Turns; a longer sequence is no one's reading."""


def read_turns(path: Path | str) -> list[Turn]:
    """The turns of a file, by its kind: cues of ``.srt`` and ``.vtt`` joined to sentences with their times;
    ``.json`` and ``.jsonl`` a list of texts or of objects; a chat or a log by its lines; any other document
    that germane reads, by its sentences.

    Raises ``InputError`` where there is no such file, where it cannot be read, or is empty.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"there is no file {path}", hint="check the path")
    try:
        found = [turn for turn in _turns(path) if turn.text.strip()]
    except (Unreadable, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path} cannot be read: {reason}", hint="give a text file") from None
    if not found:
        raise InputError(f"{path} holds no text", hint="give a file with at least one sentence")
    if len(found) > MOST:
        raise InputError(f"{path} has {len(found):,} turns; {MOST:,} are the most", hint="cut the file")
    return found


def _turns(path: Path) -> Iterator[Turn]:
    kind = path.suffix.lower()
    if kind in (".srt", ".vtt"):
        from germane.backtrace.subtitles import spoken

        yield from spoken(path)
    elif kind in (".json", ".jsonl", ".ndjson"):
        yield from _records(_json(read_text(path), lines=kind != ".json"))
    elif kind in ("", ".txt", ".text", ".log", ".chat"):
        yield from plain(read_text(path))
    else:
        yield from (Turn(text) for text in _document(path))


def plain(text: str) -> Iterator[Turn]:
    """The turns of a plain text: of a chat or a log where most lines look like one, else its sentences."""
    found = chat(text) or log(text)
    yield from found or (Turn(" ".join(text[a:b].split())) for a, b in sentences(text))


def _document(path: Path) -> Iterator[str]:
    from germane.read.files import crawl
    from germane.read.found import File
    from germane.read.reader import read
    from germane.types import Document

    for found in crawl([path]):
        for item in read(found) if isinstance(found, File) else [found]:
            if not isinstance(item, Document):
                raise Unreadable(item.reason)
            for start, end in sentences(item.text):
                yield " ".join(item.text[start:end].split())


def _json(text: str, *, lines: bool) -> list[Any]:
    try:
        if lines:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not valid JSON: {str(error)[:80]}") from None
    if isinstance(found, dict):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list)), None)
        if found is None:
            raise Unreadable(f"its object has none of {', '.join(LISTS)}")
    if not isinstance(found, list):
        raise Unreadable("JSON is read when it is a list of texts or of objects with a text")
    return list(found)


def _records(items: list[Any]) -> Iterator[Turn]:
    for order, item in enumerate(items, 1):
        if isinstance(item, str):
            yield Turn(" ".join(item.split()))
            continue
        if not isinstance(item, dict) or not any(name in item for name in TEXT):
            raise Unreadable(f"item {order} has no text; fields read: {', '.join(TEXT)}")
        text = _first(item, TEXT)  # empty where a message holds none, such as a call of a tool
        yield Turn(" ".join(text.split()), _first(item, SPEAKER), _first(item, TIME))


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    found = (fields[name] for name in names if isinstance(fields.get(name), str | int | float))
    return str(next((value for value in found if str(value).strip()), ""))
