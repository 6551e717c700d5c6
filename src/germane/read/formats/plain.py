"""Plain text, kept as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from germane.read.decode import read_text
from germane.read.part import Part, clean


def parts(path: Path) -> Iterator[Part]:
    yield Part("", "", clean(read_text(path)).strip())
