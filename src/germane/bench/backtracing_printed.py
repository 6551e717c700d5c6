"""What the authors printed for backtracing (arXiv 2403.03956, their result files), to stand beside ours."""

from __future__ import annotations


def _row(lecture: str, news: str, conversation: str) -> dict[str, float]:
    """``acc@1 acc@3 dist@1 dist@3`` a domain, as far as they are printed."""
    names = ("acc@1", "acc@3", "dist@1", "dist@3")
    domains = (("lecture", lecture), ("news", news), ("conversation", conversation))
    return {
        f"{domain}/{name}": float(value)
        for domain, line in domains
        for name, value in zip(names, line.split(), strict=False)
        if value != "-"
    }


PRINTED = {
    "random": _row(".01 .03 167.5 67.8", ".07 .20 7.63 3.02", ".11 .31 3.70 1.73"),
    "edit": _row(".04 .08 157.9 70.7", ".07 .18 7.73 3.43", ".01 .16 1.33 .94"),
    "bm25": _row(".08 .15 122.7 50.7", ".43 .64 4.58 1.41", ".01 .35 1.34 .71"),
    "bi-encoder, question answering": _row(".23 .37 91.9 35.2", ".48 .71 4.11 1.16", ".01 .32 1.32 .77"),
    "bi-encoder": _row(".26 .40 84.7 38.6", ".49 .75 3.71 .99", ".01 .37 1.32 .70"),
    "cross-encoder": _row(".22 .39 96.6 33.8", ".66 .85 2.45 .57", ".01 .15 1.32 .92"),
    "reranker": _row(".30 .44 92.2 41.4", ".66 .85 2.66 .64", ".01 .21 1.32 .86"),
    "gpt-3.5-turbo-16k": _row(".15 - 73.9 -", ".67 - 1.47 -", ".47 - .96 -"),
    "p(q|x_t), OPT-6.7B": _row(".30 .43 - -", ".66 .82 2.69 .83", ".02 .56 1.33 .51"),
    "p(q|x<=t), OPT-6.7B": _row(".16 .26 - -", ".52 .73 1.94 .98", ".18 .65 1.92 .65"),
    "ATE, GPT-J": _row(".08 .18 - -", ".67 .79 2.94 .86", ".03 .18 1.58 .96"),
    "p(q|x_t), GPT-2": _row(".21 .34 - -", ".43 .64 4.55 1.50", ".03 .46 1.50 .63"),
}
"""The language models saw lectures in windows of 20 sentences: their distances there are of another scale,
and left out."""
