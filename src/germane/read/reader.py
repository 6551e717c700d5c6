"""A file to its documents. Whatever is wrong with the file ends as one ``Skip``, never as an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from germane.read.formats import ISOLATED, parser
from germane.read.found import File, Hidden, is_refused
from germane.read.part import Fault, Part, Unreadable
from germane.types import Document, Skip

_word = re.compile(r"[^\W_]")


def read(file: File) -> Iterator[Document | Skip | Hidden]:
    """The documents of ``file``, one at a time, then at most one ``Skip`` for what could not be read, or
    ``Hidden`` where it may be read at another time.

    A document's id is the file's id, followed by ``#record`` or ``::name`` where a file holds several.
    ``metadata`` has ``format`` and ``path`` beside the record's own scalar fields.
    """
    seen: dict[int, int] = {}
    faults: list[Fault] = []
    documents, passed_over, reason, refused = 0, 0, "", False
    try:
        for item in _parts(file):
            if isinstance(item, Fault):
                passed_over += item.many
                faults = faults or [item]
            elif _word.search(item.text):  # nothing else can be found
                documents += 1
                yield _document(file, item, seen)
    except (Unreadable, OSError, RecursionError, MemoryError) as error:
        reason, refused = _reason(error), isinstance(error, OSError) and is_refused(error)
    if faults:
        where = f"{faults[0].where}: {faults[0].reason}"
        many = (
            "1 record not read, at" if passed_over == 1 else f"{passed_over:,} records not read, the first at"
        )
        reason = f"{many} {where}" + (f"; {reason}" if reason else "")
    elif not documents and not reason:
        reason = "no docstrings in it" if file.format == "python" else "no text in it"
    if refused:
        yield Hidden(file.id, file.path, reason)
    elif reason:
        yield Skip(file.id, reason)


def _reason(error: Exception) -> str:
    match error:
        case Unreadable():
            return error.reason
        case OSError():
            return f"cannot be read: {error.strerror or type(error).__name__}"
        case RecursionError():
            return "nested too deep"
        case _:
            return "needs too much memory to read"


def _parts(file: File) -> Iterator[Part | Fault]:
    if file.size == 0:
        raise Unreadable("empty file")
    format = file.format
    if format == "json":
        from germane.read.formats.json_lines import fits

        format = "jsonl" if fits(file.path) else format
    if format not in ISOLATED:
        return parser(format)(file.path)
    from germane.read.isolate import child

    return child.parts(format, file.path)


def _document(file: File, part: Part, seen: dict[int, int]) -> Document:
    key = _unused(part.key, seen) if part.key else ""
    metadata = {**part.metadata, "format": file.format, "path": file.id}
    title = part.title or file.path.stem.encode("utf-8", "replace").decode()
    return Document(file.id + key, part.text, title, part.sections, metadata)


def _unused(key: str, seen: dict[int, int]) -> str:
    """``key``, or ``key~2`` and so on: a repeated record id must not replace the record before it.

    ``seen`` counts by hash: a file may have many millions of keys.
    """
    mark, many, unused = hash(key), seen.get(hash(key), 0), key
    while hash(unused) in seen:
        many += 1
        unused = f"{key}~{many}"
    seen[mark] = max(many, 1)
    seen.setdefault(hash(unused), 1)
    return unused
