"""Measures of rankings, by ``ir_measures`` and in its spelling: nDCG@10, R@100, RR@10, Success@1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from germane.errors import InputError
from germane.measure.sets import Qrels
from germane.measure.trec import from_rankings


def evaluate(
    qrels: Qrels, rankings: Mapping[str, Sequence[str]], measures: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Each measure's value for every query of ``qrels``, in that order, shape ``(queries,)``.

    ``rankings[query]`` are document ids, best first. A query without a ranking scores 0: nothing
    found is an answer, not a gap. nDCG has linear gains and a log2 discount, as in trec_eval.
    Raises ``InputError`` for a measure that ir_measures does not know.
    """
    import ir_measures

    try:
        parsed = {name: ir_measures.parse_measure(name) for name in measures}
    except (ValueError, NameError, SyntaxError) as error:
        raise InputError(f"{error}", hint="spelled as ir_measures does, such as nDCG@10") from error
    position = {query: row for row, query in enumerate(qrels)}
    values = {name: np.zeros(len(position)) for name in measures}
    names = {str(measure): name for name, measure in parsed.items()}
    graded = {query: dict(grades) for query, grades in qrels.items()}
    # pytrec_eval drops queries with an empty ranking; they are the zeros already in place.
    run = {q: scores for q, scores in from_rankings(rankings).items() if scores and q in position}
    for found in ir_measures.iter_calc(list(parsed.values()), graded, run):
        values[names[str(found.measure)]][position[found.query_id]] = found.value
    return values
