"""One module a format, each with ``parts(path)``: yields ``Part`` and ``Fault`` or raises ``Unreadable``.

Formats whose parser can hang, crash or eat memory on bad input are *isolated*: parsed in a child process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

from germane.read.part import Fault, Part

SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".rst": "rst",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".vtt": "subtitles",
    ".srt": "subtitles",
    ".py": "python",
}

MODULES = {
    "markdown": "markdown",
    "text": "plain",
    "rst": "restructured",
    "html": "hypertext",
    "pdf": "pdf",
    "docx": "word",
    "csv": "table",
    "jsonl": "json_lines",
    "json": "json_list",
    "beir": "json_lines",
    "subtitles": "subtitles",
    "python": "docstrings",
}

ISOLATED = frozenset({"markdown", "rst", "html", "pdf", "docx", "json", "subtitles", "python"})


def parser(format: str) -> Callable[[Path], Iterator[Part | Fault]]:
    """The ``parts`` function of a format; its library is imported only now."""
    module = import_module(f"germane.read.formats.{MODULES[format]}")
    return cast("Callable[[Path], Iterator[Part | Fault]]", module.parts)
