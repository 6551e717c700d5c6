"""Retrieval benchmarks over a real index: small, made up, in the official layout."""

from __future__ import annotations

import json

import pytest

from germane.bench import run_benchmark
from germane.bench.retrieval import run_retrieval
from germane.errors import InputError
from germane.measure.sets import RetrievalSet, Text

TEXTS = {
    "find": "Return the lowest index where the substring is found, or -1.",
    "sort": "Sort the list in ascending order and return None.",
    "heap": "Push an item onto the heap, keeping the heap invariant.",
    "copy": "Copy a file with its data and permission bits.",
    "time": "A clock that cannot go backwards, unlike the wall clock.",
}
QUERIES = {
    "1": "lowest index of a substring",
    "2": "put an item on the heap",
    "3": "clock that never goes back",
}
QRELS = {"1": {"find": 1, "sort": 0}, "2": {"heap": 1}, "3": {"time": 1}}
TINY = RetrievalSet("tiny", {id: Text("", text) for id, text in TEXTS.items()}, QUERIES, QRELS, "made up")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    names = ("bm25", "dense", "fusion", "maxsim", "exact")
    folder = tmp_path_factory.mktemp("bench") / "index"
    return run_retrieval(TINY, ("nDCG@10", "R@100", "condensed/nDCG@10"), names, folder=folder)


def by_name(result):
    return {system.name: system for system in result.systems}


def test_every_system_ranks_and_is_timed(result):
    systems = by_name(result)
    assert set(systems) == {"bm25", "dense", "fusion", "maxsim", "exact"}
    for name in ("dense", "fusion", "maxsim"):
        assert systems[name].measures["R@100"] == 1  # five documents: all of them are ranked
        assert systems[name].milliseconds["encode"]["p50"] > 0
    assert systems["bm25"].measures["nDCG@10"] > 0.9


def test_the_cascade_ranks_results_then_rejected():
    systems = by_name(run_retrieval(TINY, ("nDCG@10", "R@100"), ("germane",)))
    assert set(systems) == {"germane", "germane/results"}
    assert systems["germane"].measures["R@100"] == 1
    assert systems["germane/results"].measures["R@100"] <= 1
    stages = systems["germane"].milliseconds.keys()
    assert stages >= {"encode", "dense", "lexical", "fetch", "verify", "total"}


def test_dense_is_the_exact_ranking(result):
    systems = by_name(result)
    assert systems["dense"].measures == systems["exact"].measures


def test_the_result_is_the_contract(result):
    row = json.loads(json.dumps(result.to_dict()))
    assert row["benchmark"] == "tiny"
    assert row["queries"] == 3
    assert all(system["interval"].keys() == system["measures"].keys() for system in row["systems"])
    assert {"system", "against", "measure", "difference", "interval", "p"} == set(row["comparisons"][0])


def test_limit_and_systems_are_honoured():
    short = run_retrieval(TINY, ("nDCG@10",), ("bm25",), limit=2)
    assert short.queries == 2
    assert [system.name for system in short.systems] == ["bm25"]


def test_wrong_names_are_refused_before_anything_is_indexed(tmp_path):
    with pytest.raises(InputError, match="no system wat"):
        run_retrieval(TINY, ("nDCG@10",), ("wat",))
    with pytest.raises(InputError, match="no benchmark wat"):
        run_benchmark("wat")
    with pytest.raises(InputError, match="needs its data"):
        run_benchmark("scifact")
    with pytest.raises(InputError, match=r"corpus\.jsonl"):
        run_benchmark("scifact", tmp_path)
    with pytest.raises(InputError, match="limit of 0"):
        run_benchmark("scifact", tmp_path, limit=0)
