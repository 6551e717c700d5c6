"""What users know of pairs of texts: JSON Lines, read, checked and divided by query.

A line is one of these objects (other fields are ignored):

``{"query": ..., "passage": ..., "relevant": true | false}``  the passage answers the query, or does not
``{"query": ..., "passage": ..., "served": true | false}``    an outcome: it served its task, or did not
``{"first": ..., "second": ..., "same": true | false}``       one cached answer serves both, or does not
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from germane.errors import InputError
from germane.learn.examples import UNKNOWN, Example
from germane.measure.split import Split, split_of
from germane.read.decode import read_text
from germane.read.part import Unreadable
from germane.verify.outputs import NEAR_MISS, RELEVANT

SHAPES = (("query", "passage", "relevant"), ("query", "passage", "served"), ("first", "second", "same"))
LONGEST = 100_000
"""Characters of a text; the encoder reads the first thousand or so of them."""


def read_outcomes(path: Path) -> list[Example]:
    """The examples of a file, each once. Raises ``InputError`` with the line's number where one is not as
    described above, or one pair is said to be both."""
    try:
        lines = read_text(path).split("\n")
    except FileNotFoundError as error:
        raise InputError(f"{path} is not there", hint="name a JSON Lines file") from error
    except (OSError, Unreadable) as error:
        raise InputError(f"{path} cannot be read: {error}", hint="name a JSON Lines file") from error
    found: dict[tuple[str, str, str], tuple[Example, int]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        example = _example(line, f"{path}:{number}")
        key = (example.query, example.passage, example.source)
        known, where = found.setdefault(key, (example, number))
        if known != example:
            raise InputError(f"{path}:{number} contradicts line {where}", hint="leave one of them out")
    if not found:
        raise InputError(f"{path} is empty", hint="one JSON object a line; see docs/train.md")
    return [example for example, _ in found.values()]


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON", hint="one JSON object a line; see docs/train.md") from error
    shape = next((s for s in SHAPES if isinstance(row, dict) and all(name in row for name in s)), None)
    if shape is None:
        raise InputError(f"{where} has no {' or '.join(', '.join(s) for s in SHAPES)}")
    first, second, label = (row[name] for name in shape)
    if not isinstance(label, bool):
        raise InputError(f"{where}: {shape[2]} is true or false, not {json.dumps(label)[:40]}")
    for name, text in zip(shape, (first, second), strict=False):
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise InputError(f"{where}: {name} is no text of 1 to {LONGEST} characters")
    if shape[2] == "same":
        return Example(first, second, "user/same", RELEVANT if label else NEAR_MISS, int(label))
    return Example(first, second, "user/answers", RELEVANT if label else NEAR_MISS, UNKNOWN)


def divided(found: Sequence[Example]) -> dict[Split, list[Example]]:
    """By query: examples that share one, or a text that both are compared with, are of one part. The part is
    that of the SHA-256 of the first text of each such family: train 10/16, dev 2/16, test 4/16."""
    root: dict[str, str] = {}

    def top(text: str) -> str:
        root.setdefault(text, text)
        while root[text] != text:
            root[text] = root[root[text]]
            text = root[text]
        return text

    for example in found:
        texts = [example.query, example.passage] if example.same != UNKNOWN else [example.query]
        for text in texts[1:]:
            a, b = sorted((top(texts[0]), top(text)))
            root[b] = a
    parts: dict[Split, list[Example]] = {"train": [], "dev": [], "test": []}
    for example in found:
        parts[split_of(top(example.query).encode("utf-8", "replace").decode())].append(example)
    return parts
