"""Draws the README's picture: one real query, what similarity returns and what germane returns.

    python benchmarks/picture.py [--question "new set of the elements found in both sets"]

The demo's text is indexed (or its kept index used), the question asked, and both orders drawn as they
come, beside the similarity map of the look-alike that was rejected. Writes ``docs/picture.png``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from germane.demo import load_questions
from germane.demo.run import default_folder, similar_first
from germane.encode.load import load_encoder
from germane.index import Index
from germane.types import Hit, Verdict
from germane.verify.drawing import drawing
from germane.verify.picture import draw_axes

COLOURS = {
    Verdict.RELEVANT: "#2e7d32",
    Verdict.UNSURE: "#f9a825",
    Verdict.NEAR_MISS: "#c62828",
    Verdict.OFF_TOPIC: "#9e9e9e",
}
ROWS = 5


def label(hit: Hit) -> str:
    return hit.passage.place.document.split("/")[-1]


def column(axes: Any, hits: list[Hit], title: str, right: tuple[str, ...], *, verified: bool) -> None:
    """One ranked list: a bar a hit, as long as its score, coloured by verdict where there is one."""
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    for row, hit in enumerate(hits):
        score = (hit.probability if verified else hit.signals.similarity) or 0.0
        colour = COLOURS[hit.verdict] if verified and hit.verdict else "#5c6bc0"
        axes.barh(row + 0.24, score, height=0.22, color=colour, alpha=0.85)
        mark = "✓" if hit.passage.place.document in right else "✗"
        said = f"{mark} {label(hit)}  {score:.2f}"
        if verified and hit.verdict:
            said += f"  {hit.verdict.value.replace('_', '-')}"
            said += f": {hit.reason}" if hit.reason and hit.verdict is not Verdict.RELEVANT else ""
        axes.text(0.0, row - 0.12, said, va="center", fontsize=9)
    axes.set_xlim(0, 1)
    axes.set_ylim(ROWS - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.spines[:].set_visible(False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--question", default="put an element on the left end of a deque")
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "docs" / "picture.png")
    arguments = parser.parse_args()
    [asked] = [q for q in load_questions() if q.question == arguments.question]
    with Index.open(arguments.index or default_folder()) as index:
        found = index.search(asked.question, 100)
    hits = [*found.results, *found.rejected]
    by_similarity = sorted(hits, key=lambda hit: -(hit.signals.similarity or 0.0))
    decoy = similar_first(found)
    assert decoy is not None
    figure = plt.figure(figsize=(11, 6.4), dpi=150, layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=[1, 1.15])
    figure.suptitle(f"“{asked.question}”", fontsize=14, fontweight="bold", x=0.01, ha="left")
    column(
        figure.add_subplot(grid[0, 0]), by_similarity[:ROWS], "by similarity", asked.answers, verified=False
    )
    column(figure.add_subplot(grid[0, 1]), hits[:ROWS], "by germane", asked.answers, verified=True)
    query, passage = load_encoder().encode([asked.question, decoy.passage.text]).tokens
    axes = figure.add_subplot(grid[1, :])
    draw_axes(axes, drawing(query, asked.question, passage, decoy.passage.text, columns=32))
    axes.set_title(f"the similarity map of {label(decoy)}", loc="left", fontsize=11, fontweight="bold")
    arguments.out.parent.mkdir(exist_ok=True)
    figure.savefig(arguments.out)


if __name__ == "__main__":
    main()
