"""Ranking measures and TREC runs."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.errors import InputError
from germane.measure.ranking import evaluate
from germane.measure.trec import format_run, from_rankings, ordered, read_run, write_run

QRELS = {"1": {"a": 3, "b": 1, "x": 0}, "2": {"c": 1}, "3": {"d": 1, "e": 1}}
RANKINGS = {"1": ["b", "z", "a"], "2": [], "3": ["d", "y"], "unasked": ["a"]}


def test_measures_by_hand():
    values = evaluate(QRELS, RANKINGS, ["nDCG@10", "R@2", "RR@10", "Success@1"])
    dcg, ideal = 1 + 3 / log2(4), 3 + 1 / log2(3)
    assert values["nDCG@10"] == pytest.approx([dcg / ideal, 0, 1 / (1 + 1 / log2(3))])
    assert values["R@2"].tolist() == [0.5, 0, 0.5]
    assert values["RR@10"].tolist() == [1, 0, 1]
    assert values["Success@1"].tolist() == [1, 0, 1]


def test_a_query_without_a_ranking_counts_as_zero():
    assert evaluate(QRELS, {}, ["nDCG@10"])["nDCG@10"].tolist() == [0, 0, 0]


def test_an_unknown_measure_is_named():
    with pytest.raises(InputError, match="nDCGG"):
        evaluate(QRELS, RANKINGS, ["nDCGG@10"])


@given(st.dictionaries(st.text("abc1", min_size=1, max_size=3), st.integers(0, 2), min_size=1))
def test_a_run_file_keeps_the_order_and_ties_fall_by_id(scores):
    run = {"q": {d: float(s) for d, s in scores.items()}}
    ranked = [line.split() for line in format_run(run, "t")]
    assert [int(row[3]) for row in ranked] == list(range(1, len(scores) + 1))
    assert [(float(row[4]), row[2]) for row in ranked] == sorted(
        ((float(s), d) for d, s in scores.items()), reverse=True
    )


def test_ties_are_broken_as_trec_eval_breaks_them():
    tied = {"q": {"a": 1.0, "b": 1.0}}
    first = ordered(tied["q"])[0]
    import ir_measures

    found = list(ir_measures.iter_calc([ir_measures.Success @ 1], {"q": {first: 1}}, tied))
    assert found[0].value == 1


def test_write_then_read(tmp_path):
    run = from_rankings(RANKINGS)
    write_run(tmp_path / "r.txt", run, "germane")
    assert read_run(tmp_path / "r.txt") == {q: s for q, s in run.items() if s}
    (tmp_path / "bad.txt").write_text("1 Q0 a 1 high\n")
    with pytest.raises(InputError, match=r"bad\.txt:1"):
        read_run(tmp_path / "bad.txt")


def test_an_id_with_a_space_cannot_go_into_a_run():
    with pytest.raises(InputError, match="Geneva Durben"):
        list(format_run({"q": {"Geneva Durben": 1.0}}, "t"))
