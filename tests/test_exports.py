"""The public names are just these, and every room keeps to the rooms above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import germane
from germane import errors

ROOMS = (
    "types", "errors", "read", "encode", "store", "trace", "recall", "edit", "measure", "verify",
    "backtrace", "route", "operate", "indexing", "index", "audit", "doctor", "learn", "demo", "bench",
    "serve", "adapters", "show", "cli",
)  # fmt: skip
HEAVY = ["torch", "onnxruntime", "matplotlib", "scipy", "tantivy", "spacy", "docx", "lxml", "docutils"]
SOURCE = Path(germane.__file__).parent


def test_exported_names() -> None:
    assert len(set(germane.__all__)) == len(germane.__all__)
    assert set(germane.__all__) == {
        "Document", "Evidence", "Hit", "Index", "Passage", "Query", "Verdict", "Verifier", "backtrace",
        "guard",
        "__version__",
    }  # fmt: skip
    for name in germane.__all__:
        assert getattr(germane, name)
    with pytest.raises(AttributeError):
        _ = germane.no_such_name


def test_every_error_is_drawn_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    raised = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, Exception)]
    assert len(raised) >= 9
    for error in raised:
        assert error.__name__ in tree
        assert issubclass(error, errors.GermaneError)


def imports() -> list[tuple[str, str, str]]:
    """Each ``germane`` import outside type checking: the file, its room, the room it imports from."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                node.body = []
            if isinstance(node, ast.ImportFrom) and node.module:
                whole, *rest = node.module.split(".")
                names = rest[:1] or [alias.name for alias in node.names if alias.name in ROOMS]
                found += [(str(path.relative_to(SOURCE)), room, name) for name in names if whole == "germane"]
    return found


def test_a_room_imports_only_from_rooms_above_it() -> None:
    for path, room, other in imports():
        if room in ("__init__", "__main__"):
            continue
        assert room in ROOMS, f"{path}: name the room {room} in ROOMS and in docs/design.md"
        assert ROOMS.index(other) <= ROOMS.index(room), f"{path} imports {other}, which is below {room}"


@pytest.mark.parametrize("module", ["germane", "germane.index", "germane.cli"])
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import {module}, sys; print(*[m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_torch_stays_in_learn() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] != "learn":
            assert "import torch" not in path.read_text(), path
