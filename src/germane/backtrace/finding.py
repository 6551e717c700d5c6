"""``backtrace``: the places of a sequence that most likely caused a query."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from germane.backtrace.cause import Backtrace, Cause
from germane.backtrace.scorer import Scorer, known_domain, shipped
from germane.backtrace.signals import NAMES, Read, read, signals
from germane.backtrace.turns import Turn, turns_of
from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Encoder
from germane.errors import EncoderMismatch, InputError

ENOUGH = 12
"""Characters of a context or a turn by which the place is told."""
MOST = 5
"""Causes, by default."""
_SHOWN = {"similarity": "similarity", "maxsim": "maxsim", "lexical": "lexical", "new": "new rare"}


def backtrace(
    query: str, turns: Sequence[Turn | str], *, at: int | None = None, domain: str = "", context: str = "",
    k: int = MOST, encoder: Encoder | None = None, scorer: Scorer | None = None,
) -> Backtrace:  # fmt: skip
    """The ``k`` places of a sequence that most likely caused ``query``, best first, each with a probability.

    ``at`` is the place of the query in the sequence, from 0: its own turn is no candidate, nor is what comes
    after. Without it, a query that is one of the turns stands where it last occurs; else, where ``context``
    (what was said before) occurs, the query stands after that; else it came after the whole. ``domain`` is
    one of ``lecture``, ``news``, ``conversation``, ``thread`` and ``log``, each with habits of its own, or
    empty.

    Raises ``InputError`` for an empty query or sequence, a place outside it or with nothing before it, an
    unknown domain; ``EncoderMismatch`` where the scorer learnt with another encoder.
    """
    if not isinstance(query, str) or not query.strip():
        raise InputError("the query is empty", hint="ask with at least one word")
    if isinstance(turns, str) or not isinstance(context, str):
        raise InputError("turns are a list of texts, a context is text", hint="split the text into sentences")
    if not isinstance(k, int) or k < 1 or not isinstance(at, int | None):
        raise InputError(
            "k is a whole number from 1, a place one from 0", hint="leave them out, or mend them"
        )
    sequence = turns_of(turns)
    if not any(turn.text.strip() for turn in sequence):
        raise InputError("the sequence is empty", hint="give at least one sentence")
    encoder, scorer = encoder or OnnxEncoder(threads=1), scorer or shipped()
    place = placed(query, sequence, at, context)
    return trace(query, read(sequence, encoder), place, domain, k, encoder, scorer)


def placed(query: str, turns: Sequence[Turn], at: int | None = None, context: str = "") -> int | None:
    """Where the query stands, or None where that is not known. Raises ``InputError``."""
    if at is not None:
        if not 0 <= at <= len(turns):
            raise InputError(f"no place {at} in a sequence of {len(turns)}", hint="places count from 0")
        if at == 0:
            raise InputError("nothing comes before place 0", hint="the cause of a query comes before it")
        return at
    asked, before = _plain(query), _plain(context)
    own = [i for i, turn in enumerate(turns) if _plain(turn.text) == asked]
    if own == [0]:
        raise InputError("the query is the first turn: nothing comes before it", hint="ask in other words")
    if own:
        return own[-1]
    if before:
        met = [i for i, turn in enumerate(turns) if _ends(_plain(turn.text), before)]
        return met[-1] + 1 if met else None
    return None


def trace(
    query: str, sequence: Read, at: int | None, domain: str, k: int, encoder: Encoder, scorer: Scorer
) -> Backtrace:
    """``backtrace`` of a sequence that has been read, the query's place known or not."""
    known_domain(domain)
    if encoder.identity != scorer.encoder:
        raise EncoderMismatch(
            f"the causal scorer learnt with {scorer.encoder}, not {encoder.identity}",
            hint="leave the encoder out, or train a scorer for it",
        )
    pooled, [tokens] = encoder.encode([query], kind="query")
    speaker = sequence.turns[at].speaker if at is not None and at < len(sequence.turns) else ""
    known = signals(query, pooled[0], tokens, sequence, at, speaker)
    share, present = scorer.probabilities(known, domain)
    column = {name: known[:, NAMES.index(source)] for name, source in _SHOWN.items()}
    end = at if at is not None else len(sequence.turns)
    order = np.argsort(-share, kind="stable")[:k]
    causes = tuple(
        Cause(
            int(i),
            sequence.turns[i],
            round(float(share[i]) * present, 6),
            {
                **{name: round(float(values[i]), 6) for name, values in column.items()},
                "distance": end - int(i),
            },
        )
        for i in order
    )
    return Backtrace(
        query, causes, present, at, len(known), tuple(map(float, share * present)),
        tuple(map(float, column["similarity"])),
    )  # fmt: skip


def _ends(text: str, before: str) -> bool:
    """Whether a context ends with the turn ``text``, or the turn with it: by whole words, not by chance."""
    short, long = sorted((text, before), key=len)
    return len(short) >= ENOUGH and f" {long}".endswith(f" {short}")


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
