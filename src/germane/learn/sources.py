"""Plain licensed text: SQuAD's paragraphs, commands of CLINC150, and docstrings of libraries.

Docstrings are those of numpy, scipy, matplotlib, networkx, sympy, scikit-learn, onnx (BSD, MIT or
Apache licences), read from source with ``ast``. Python's own are left out: the demo asks about them.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from germane.measure.questions import load_clinc, load_squad

LIBRARIES = (
    "numpy",
    "scipy",
    "matplotlib",
    "networkx",
    "sympy",
    "sklearn",
    "torch",
    "onnx",
    "markdown_it",
    "PIL",
)
_SECTION = re.compile(r"^\s*(\w[\w ]*)\n\s*[-=~]{3,}\s*$", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`<]*?)(?:\s*<[^>]*>)?`|``?([^`]*)``?")


class Described(NamedTuple):
    """A function or class: its dotted name, the first sentence of its docstring, and the prose after it
    (a parameter section or example is cut off)."""

    name: str
    module: str
    first: str
    body: str


def plain_texts(data: Path) -> Iterator[str]:
    """Text of the train splits, for word counts and projections."""
    yield from dict.fromkeys(q.passage for q in load_squad(data / "squad2") if q.split == "train")
    yield from (c.text for c in load_clinc(data / "clinc150") if c.split == "train")
    for entry in descriptions():
        yield f"{entry.first} {entry.body}"


@lru_cache(maxsize=1)
def descriptions(libraries: tuple[str, ...] = LIBRARIES) -> list[Described]:
    """The documented public functions and classes of ``libraries``, one per first sentence, in order
    of name. A library that is not installed is passed over."""
    found: dict[str, Described] = {}
    for library in libraries:
        spec = importlib.util.find_spec(library)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if any((part.startswith("_") and part != "__init__") or "test" in part for part in parts):
                continue
            for entry in _of_file(path, ".".join((library, *parts)).removesuffix(".__init__")):
                found.setdefault(entry.first.lower(), entry)
    return sorted(found.values())


def _of_file(path: Path, module: str) -> Iterator[Described]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            text = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
            first, body = _prose(text)
            if 4 <= len(first.split()) <= 40:
                yield Described(node.name, module, first, body)


def _prose(text: str) -> tuple[str, str]:
    """The first sentence and the rest of the prose before any section, markup taken off."""
    cut = _SECTION.search(text)
    prose = text[: cut.start()] if cut else text
    kept = [
        block
        for block in re.split(r"\n\s*\n", prose)
        if block.strip()
        and not re.match(r"\s*(>>>|\.\. |:\w+|Args|Return|Example|Note|Param)", block)
        and not block.startswith("    ")
    ]
    flat = [" ".join(_ROLE.sub(lambda m: m[1] or m[2] or "", block).split()) for block in kept]
    if not flat:
        return "", ""
    first, _, rest = flat[0].partition(". ")
    return first.rstrip(".") + ".", " ".join([rest, *flat[1:]]).strip()
