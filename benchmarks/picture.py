"""Draws the README's picture: one real query, what similarity returns and what germane returns.

    python benchmarks/picture.py [--question "new set of the elements found in both sets"]

The demo's text is indexed (what is indexed already is kept), the question asked, and both orders drawn as
they come, beside the similarity map of what similarity puts first. Writes ``docs/picture.png``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.layout_engine import ConstrainedLayoutEngine

from germane.demo import demo_documents, load_questions
from germane.demo.run import default_folder, similar_first
from germane.encode.load import load_encoder
from germane.index import Index
from germane.show.text import shorten
from germane.types import Evidence, Hit, Verdict
from germane.verify.drawing import drawing
from germane.verify.picture import draw_axes

COLOURS = {
    Verdict.RELEVANT: "#2e7d32",
    Verdict.UNSURE: "#f9a825",
    Verdict.NEAR_MISS: "#c62828",
    Verdict.OFF_TOPIC: "#9e9e9e",
}
ROWS = 5
LONGEST = 78
"""Characters of a line that have room in a column."""
MEANING = "green: the best match of a word; red: nothing stands for it; ×: its opposite, or another number"


def label(hit: Hit) -> str:
    return hit.passage.place.document.split("/")[-1]


def column(axes: Any, hits: list[Hit], title: str, right: tuple[str, ...], *, verified: bool) -> None:
    """One ranked list: a line a hit, and under it a bar as long as its score, coloured by verdict where there
    is one."""
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    for row, hit in enumerate(hits):
        score = (hit.probability if verified else hit.signals.similarity) or 0.0
        colour = COLOURS[hit.verdict] if verified and hit.verdict else "#5c6bc0"
        axes.barh(row + 0.26, score, height=0.2, color=colour, alpha=0.85)
        mark = "✓" if hit.passage.place.document in right else "✗"
        said = f"{mark} {label(hit)}  {score:.2f}"
        if verified and hit.verdict:
            said += f"  {hit.verdict.value.replace('_', '-')}"
            said += f" ({hit.reason})" if hit.reason and hit.verdict is not Verdict.OFF_TOPIC else ""
        axes.text(0.0, row - 0.1, shorten(said, LONGEST), va="center", fontsize=9, parse_math=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(ROWS - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.spines[:].set_visible(False)


def map_of(axes: Any, question: str, decoy: Hit) -> None:
    """The similarity map of the look-alike, and what its marks mean."""
    query, passage = load_encoder().encode([question, decoy.passage.text]).tokens
    draw_axes(axes, drawing(query, question, passage, decoy.passage.text, columns=32))
    axes.set_anchor("W")
    said = f", {decoy.verdict.value.replace('_', '-')}" if decoy.verdict else ""
    axes.set_title(
        f"similarity map of {label(decoy)}{said}", loc="left", fontsize=11, fontweight="bold", pad=8
    )
    axes.set_xlabel(MEANING, loc="left")


def draw(question: str, right: tuple[str, ...], found: Evidence, out: Path) -> None:
    """The whole picture of one search into ``out``. Raises ``SystemExit`` where nothing was found."""
    decoy = similar_first(found)
    if decoy is None:
        raise SystemExit(f"nothing was found for {question!r}: there is nothing to draw")
    hits = [*found.results, *found.rejected]
    similar = sorted(hits, key=lambda hit: -(hit.signals.similarity or 0.0))
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    figure = plt.figure(figsize=(11, 6.8), dpi=150, layout=layout)
    figure.suptitle(f"“{question}”", fontsize=14, fontweight="bold", x=0.011, ha="left")
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[1, 1.3])[:, 0]
    left, best = above.subplots(1, 2)
    column(left, similar[:ROWS], "by similarity: the cosine", right, verified=False)
    column(best, hits[:ROWS], "by germane: the verdict, and the probability", right, verified=True)
    map_of(below.subplots(), question, decoy)
    out.parent.mkdir(exist_ok=True)
    figure.savefig(out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--question", default="put an element on the left end of a deque")
    parser.add_argument("--index", type=Path, default=None, help="a kept index of the demo's text")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "docs" / "picture.png")
    arguments = parser.parse_args()
    asked = next((q for q in load_questions() if q.question == arguments.question), None)
    if asked is None:
        parser.error("the question is none of the demo's, whose right answers are known")
    with Index.make(arguments.index or default_folder()) as index:
        index.add_documents(demo_documents(), source="demo")
        found = index.search(asked.question, 100, explain=True)
    draw(asked.question, asked.answers, found, arguments.out)


if __name__ == "__main__":
    main()
