"""Patterns of what is not to be read, as git has them (pathspec)."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from germane.errors import InputError

MOST = 2**20
"""Bytes of a ``.gitignore`` that are read."""


def excludes(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns that a user named. Raises ``InputError`` for a line that is none."""
    for line in lines:
        if not _is_pattern(line):
            raise InputError(f"not an exclude pattern: {line!r}", hint="use .gitignore patterns")
    return _spec(lines)


def gitignore(path: Path) -> GitIgnoreSpec:
    """A ``.gitignore``. Lines that are no pattern have no say, as in git; nor has what is not a file."""
    try:
        with path.open("rb") if path.is_file() else io.BytesIO() as stream:
            lines = stream.read(MOST).decode("utf-8-sig", "replace").split("\n")
    except OSError:
        lines = []
    return _spec([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        _spec([line])
    except (ValueError, re.error):
        return False
    return True


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    with warnings.catch_warnings(action="ignore"):  # of re, about ``[[``
        return GitIgnoreSpec.from_lines(lines)
