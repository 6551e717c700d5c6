"""Docstrings of the standard library by qualified name, without importing what they describe.

Modules written in Python are read from source with ``ast``: importing them all would have side
effects. Compiled types and functions have no source and are read from the loaded module.
"""

from __future__ import annotations

import _thread
import ast
import importlib
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from germane.demo.modules import COMPILED, SOURCES, Source

SHORTEST = 16
"""Docstrings of fewer characters say nothing that their name does not."""

_OWN_SIGNATURE = re.compile(r"[\w.]+(\(.*\)(?:\s*-+>?.*)?)\s*")
_RECEIVER = re.compile(r"\$\w+(, /)?(, )?|, /(?=\))")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

HOOKS = ("breakpointhook", "displayhook", "excepthook", "unraisablehook")


class Docstring(NamedTuple):
    """What one public name says of itself; ``signature`` is empty where it is not cheaply known."""

    name: str
    module: str
    signature: str
    text: str


def docstrings() -> list[Docstring]:
    """Every public docstring of the chosen modules, one a qualified name, in alphabetical order."""
    found: dict[str, Docstring] = {}
    for entry in (*_all_compiled(), *_all_sources()):
        if len(entry.text) >= SHORTEST:
            found.setdefault(entry.name, entry)
    return [found[name] for name in sorted(found)]


def _all_compiled() -> Iterator[Docstring]:
    for public, compiled in COMPILED.items():
        try:
            module = importlib.import_module(compiled)
        except ImportError:
            continue
        yield from _of_module(public, module)
    yield from _of_class("re.Pattern", "re", re.Pattern)
    yield from _of_class("re.Match", "re", re.Match)
    yield from _of_class("threading.Lock", "threading", _thread.LockType)
    yield from _of_class("threading.RLock", "threading", _thread.RLock)


def _of_module(public: str, module: ModuleType) -> Iterator[Docstring]:
    prefix = "" if public == "builtins" else f"{public}."
    for name in getattr(module, "__all__", vars(module)):
        # A program may have put hooks of its own into sys; what Python came with is kept beside them.
        value = getattr(module, f"__{name}__" if name in HOOKS else name)
        if name.startswith("_") or getattr(value, "__name__", "") != name:
            continue  # private, a constant, or another name of something
        if inspect.isbuiltin(value) and (public, name) != ("io", "open"):
            yield _compiled(prefix + name, public, value)
        elif inspect.isclass(value) and name != "UCD":  # which repeats the functions of unicodedata
            yield from _of_class(prefix + name, public, value)
    if public == module.__name__ and public != "builtins":
        yield Docstring(public, public, "", inspect.cleandoc(module.__doc__ or ""))


def _of_class(name: str, module: str, kind: type) -> Iterator[Docstring]:
    yield _compiled(name, module, kind)
    for member in vars(kind):
        value = getattr(kind, member, None)
        if not member.startswith("_") and _is_described(value):
            yield _compiled(f"{name}.{member}", module, value)


def _is_described(value: object) -> bool:
    """A routine or an attribute of a type; a plain constant would only repeat its type's docstring."""
    return inspect.isroutine(value) or inspect.isgetsetdescriptor(value) or inspect.ismemberdescriptor(value)


def _compiled(name: str, module: str, value: Any) -> Docstring:
    text = inspect.cleandoc(getattr(value, "__doc__", None) or "")
    first, _, rest = text.partition("\n")
    if own := _OWN_SIGNATURE.fullmatch(first):  # as in "S.index(sub[, start[, end]]) -> int"
        return (
            Docstring(name, module, own[1], rest.strip())
            if rest
            else Docstring(name, module, "", name + own[1])
        )
    signature = getattr(value, "__text_signature__", None) or ""
    return Docstring(name, module, _RECEIVER.sub("", signature), text)


def _all_sources() -> Iterator[Docstring]:
    library = Path(os.__file__).parent
    for source in SOURCES:
        path = library / source.path
        if path.is_file():
            yield from _of_source(source, ast.parse(path.read_bytes()))


def _of_source(source: Source, tree: ast.Module) -> Iterator[Docstring]:
    exported = _exported(tree)
    for node in _definitions(tree.body):
        if exported and node.name not in exported and node.name not in source.renamed:
            continue
        renamed = source.renamed.get(node.name, node.name)
        yield from _of_node(node, source.module, f"{source.module}.{renamed}".rstrip("."))
    yield Docstring(source.module, source.module, "", ast.get_docstring(tree) or "")


def _of_node(node: _Definition, module: str, name: str) -> Iterator[Docstring]:
    if name != module:  # a class whose methods are offered as functions of the module
        signature = "" if isinstance(node, ast.ClassDef) else _signature(node)
        yield Docstring(name, module, signature, ast.get_docstring(node) or "")
    if isinstance(node, ast.ClassDef):
        for member in _definitions(node.body):
            yield from _of_node(member, module, f"{name}.{member.name}")


def _definitions(body: list[ast.stmt]) -> Iterator[_Definition]:
    """Public definitions of a body, those under ``if`` and ``try`` among them, as they stand."""
    for node in body:
        if isinstance(node, _Definition):
            if not node.name.startswith("_"):
                yield node
        elif isinstance(node, ast.If | ast.Try):
            yield from _definitions(node.body)
            yield from _definitions(node.orelse)
            for handler in getattr(node, "handlers", ()):
                yield from _definitions(handler.body)


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The parameters as written, without the receiver; empty for an attribute."""
    if any(isinstance(d, ast.Name) and d.id.endswith("property") for d in node.decorator_list):
        return ""
    return "(" + re.sub(r"^(self|cls)\b(, /)?(, )?", "", ast.unparse(node.args)) + ")"


def _exported(tree: ast.Module) -> set[str]:
    """The names of a literal ``__all__``; empty where there is none or it is computed or added to."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            try:
                names = set(ast.literal_eval(node.value))
            except ValueError:
                return set()
        elif isinstance(node, ast.AugAssign | ast.Expr) and ast.unparse(node).startswith("__all__"):
            return set()
    return names
