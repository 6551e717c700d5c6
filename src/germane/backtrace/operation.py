"""Backtracing over files and over the documents of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from germane.backtrace.cause import Backtrace
from germane.backtrace.finding import backtrace, placed, trace
from germane.backtrace.reading import plain, read_turns
from germane.backtrace.scorer import known_domain, shipped
from germane.backtrace.signals import read
from germane.encode.protocol import Encoder
from germane.types import Query

SURE = 1 - 1e-6


def in_file(
    query: str, path: Path | str, *, at: int | None = None, domain: str = "", context: str = "", k: int = 5
) -> Backtrace:
    """``finding.backtrace`` of the turns of a file. Raises ``InputError`` where it cannot be read."""
    return backtrace(query, read_turns(path), at=at, domain=domain, context=context, k=k)


def over_documents(
    query: Query, texts: Mapping[str, str], domain: str, k: int, encoder: Encoder
) -> Backtrace:
    """Over several sequences, ``texts`` by document: at most one of them holds the cause, so that what speaks
    for one speaks against the others. With prior odds of one for each and for none, the probability of a
    document is its odds by the sum of all odds and one."""
    known_domain(domain)
    each: dict[str, Backtrace] = {}
    for name, text in texts.items():
        if turns := [turn for turn in plain(text) if turn.text.strip()]:
            at = placed(query.text, turns, None, query.context)
            each[name] = trace(query.text, read(turns, encoder), at, domain, k, encoder, shipped())
    odds = {name: min(b.present, SURE) / (1 - min(b.present, SURE)) for name, b in each.items()}
    total = 1 + sum(odds.values())
    causes = [
        replace(
            cause, document=name, probability=cause.probability / max(b.present, 1e-9) * odds[name] / total
        )
        for name, b in each.items()
        for cause in b.causes
    ]
    best = sorted(causes, key=lambda cause: -cause.probability)[:k]
    searched = sum(b.searched for b in each.values())
    return Backtrace(query.text, tuple(best), (total - 1) / total, None, searched)
