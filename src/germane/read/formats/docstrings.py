"""Python docstrings, read from the source with ``ast``: nothing is imported or run.

One document a documented module, class or function; its title is the qualified name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from germane.read.decode import read_bytes
from germane.read.part import Block, Part, Unreadable, compose

Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def parts(path: Path) -> Iterator[Part]:
    try:
        tree = ast.parse(read_bytes(path))
    except SyntaxError as error:
        raise Unreadable(f"not valid Python: {error.msg}, line {error.lineno or 0}") from None
    except ValueError:
        raise Unreadable("binary, not Python source") from None
    yield from _scope(tree, _module(path))


def _module(path: Path) -> str:
    """The dotted name: a folder belongs to it while it is a package."""
    names = [] if path.stem == "__init__" else [path.stem]
    folder = path.absolute().parent
    while (folder / "__init__.py").exists() and folder != folder.parent:
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join(names) or path.stem


def _scope(root: Scope, name: str) -> Iterator[Part]:
    """Walks with a stack of its own: sources may nest deeper than Python's."""
    stack: list[tuple[ast.AST, str]] = [(root, name)]
    while stack:
        node, name = stack.pop()
        if isinstance(node, Scope):
            text = ast.get_docstring(node)
            if text and text.strip():
                kind = type(node).__name__.removesuffix("Def").removeprefix("Async").lower()
                yield compose(
                    [Block(name, 1), Block(text)], key=f"::{name}", title=name, metadata={"kind": kind}
                )
        for child in reversed(_statements(node)):
            named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            stack.append((child, f"{name}.{child.name}" if named else name))  # type: ignore[attr-defined]


def _statements(node: ast.AST) -> list[ast.AST]:
    """Definitions stand in bodies only, so expressions are never walked."""
    found: list[ast.AST] = []
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += value
    return found
