"""reStructuredText by docutils, with nothing executed, included or read from configuration files.

Roles and directives that docutils does not know (Sphinx's and others') keep their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles

from germane.read.decode import read_text
from germane.read.part import Block, Part, compose

_settings = {
    "_disable_config": True,
    "docinfo_xform": False,
    "doctitle_xform": False,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "line_length_limit": 1_000_000,
    "raw_enabled": False,
    "report_level": 5,
    "smart_quotes": False,
    "syntax_highlight": "none",
}
_role = re.compile(r":([a-zA-Z][\w:+.-]*):`")
_directive = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([a-zA-Z][\w:+.-]*)::", re.MULTILINE)
_target = re.compile(r"^[!~]?(.*?)\s*(?:<[^<>]*>)?$", re.DOTALL)
_silent = {
    "toctree",
    "index",
    "module",
    "currentmodule",
    "highlight",
    "testsetup",
    "testcleanup",
    "sectionauthor",
}


_literal = {
    "code-block",
    "digraph",
    "doctest",
    "graphviz",
    "ipython",
    "mermaid",
    "productionlist",
    "prompt",
    "sourcecode",
    "testcode",
    "testoutput",
}
_options = re.compile(r"^[ \t]*:[\w-]+:(?:[ \t].*)?$\n?", re.MULTILINE)


class _Transparent(Directive):  # type: ignore[misc]
    """A directive we do not know: its argument is a paragraph, its content is read as usual."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = directives.DummyDict() if hasattr(directives, "DummyDict") else None

    def run(self) -> list[nodes.Node]:
        if self.name in _silent:
            return []
        holder = nodes.container()
        argument = _options.sub("", self.arguments[0]).strip() if self.arguments else ""
        if "`" in argument:
            said, _ = self.state.inline_text(argument, self.lineno)
            holder += nodes.paragraph("", "", *said)
        elif argument:
            holder += nodes.paragraph("", argument)
        self.state.nested_parse(self.content, self.content_offset, holder)
        return [holder]


class _Literal(_Transparent):
    """Code of any kind: its content is kept as it stands; its argument is the name of a language."""

    def run(self) -> list[nodes.Node]:
        argument = _options.sub("", self.arguments[0]) if self.arguments else ""
        _, _, unparted = argument.partition("\n")  # no blank line stood before the content
        code = "\n".join((unparted, *self.content)).strip("\n")
        return [nodes.literal_block(code, code)] if code.strip() else []


def _text_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    found = _target.match(nodes.unescape(text))
    return [nodes.inline(rawtext, found[1] if found and found[1] else text)], []


def parts(path: Path) -> Iterator[Part]:
    text = read_text(path)
    for name in set(_role.findall(text)):
        if name.lower() not in roles._role_registry:
            roles.register_local_role(name, _text_role)
    for name in set(_directive.findall(text)):
        if name.lower() not in directives._directive_registry:
            directives.register_directive(name, _Literal if name in _literal else _Transparent)
    yield compose(_blocks(publish_doctree(text, settings_overrides=_settings), 0))


def _blocks(node: nodes.Element, level: int) -> Iterator[Block]:  # noqa: C901 (one case a kind of node)
    tight = isinstance(node, nodes.list_item | nodes.field_body | nodes.definition)
    for child in node.children:
        match child:
            case nodes.title() if isinstance(node, nodes.section):
                yield Block(child.astext(), level)
            case nodes.section():
                yield from _blocks(child, level + 1)
            case nodes.comment() | nodes.system_message() | nodes.substitution_definition() | nodes.target():
                continue
            case nodes.label() | nodes.topic(attributes={"classes": ["contents", *_]}):
                continue
            case nodes.field():
                yield Block(": ".join(part.astext() for part in child.children), tight=True)
            case nodes.image() if child.get("alt"):
                yield Block(child["alt"])
            case nodes.row():
                cells = (entry.astext().replace("\n", " ") for entry in child.children)
                yield Block(" | ".join(cells), tight=True)
            case nodes.TextElement():
                yield Block(child.astext(), tight=tight)
            case nodes.Element():
                yield from _blocks(child, level)
