"""Markdown (CommonMark with tables) by markdown-it-py: text without markup, headings kept."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from germane.read.decode import read_text
from germane.read.part import Block, Part, compose

_front_matter = re.compile(
    r"\A(?:---[ \t]*\n((?:[ \t]*(?:#[^\n]*)?\n)*[\w\"'-][^:\n]*:\s(?:.*?\n)?)(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n(.*?\n)\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
"""YAML or TOML. A rule across the page opens a text as well: YAML begins with a key."""

_title = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE)
_unseen = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_tag = re.compile(r"</?[a-zA-Z][^<>]*>")
_attributes = re.compile(r"\s*\{[#.:][^{}]*\}$")


def parts(path: Path) -> Iterator[Part]:
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    title = ""
    if front := _front_matter.match(text):
        found = _title.search(front[1] or front[2])
        title = found[1].strip("\"'") if found else ""
        text = text[front.end() :]
    yield compose(_blocks(MarkdownIt("commonmark").enable("table").parse(text)), title=title)


def _blocks(tokens: list[Token]) -> Iterator[Block]:  # noqa: C901 (one case a kind of token)
    level, lists = 0, 0
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "bullet_list_open" | "ordered_list_open":
                lists += 1
            case "bullet_list_close" | "ordered_list_close":
                lists -= 1
            case "tr_open":
                cells = []
            case "tr_close":
                yield Block(" | ".join(cells or ()), tight=True)
                cells = None
            case "inline" if cells is not None:
                cells.append(" ".join(_inline(token).split()))
            case "inline":
                text = _inline(token)
                yield Block(_attributes.sub("", text) if level else text, level, tight=lists > 0)
                level = 0
            case "fence" | "code_block":
                yield Block(token.content)
            case "html_block":
                yield Block(html.unescape(_tag.sub(" ", _unseen.sub("", token.content))))


def _inline(token: Token) -> str:
    words: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or (
            child.type == "html_inline" and child.content.lower().startswith("<br")
        ):
            words.append("\n")
    return "".join(words)
