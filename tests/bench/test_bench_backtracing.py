"""The backtracing benchmark: its loader, the methods, the measures, and figures that others printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from germane.bench import run_benchmark
from germane.bench.backtracing_methods import okapi
from germane.errors import InputError
from germane.measure.backtracing import FOLDERS, load_backtracing


def test_bm25_prefers_the_turn_with_the_rare_word() -> None:
    texts = ["the cat sat", "the dog ran", "the cat ran off", "the owl hooted at the cat"]
    assert int(np.argmax(okapi("which owl", texts))) == 3
    assert not okapi("nothing shared", texts).any()


def made(folder: Path) -> Path:
    """The authors' layout with a query a domain."""
    told = [{"text": t} for t in ("We add two and two.", "The moon is made of cheese.", "Goodbye.")]
    asked: dict[str, object] = {
        "lecture": [{"text": "cheese, really?", "annotatedSourceSentencesIndices": [1]}],
        "news": [{"text": "What is added?", "sentence_id": 1}],
        "conversation": [{"text": "Goodbye.", "source_sentences": [1], "id": 3, "emotion": "sadness"}],
    }
    for domain, (queries, sources) in FOLDERS.items():
        for part, rows in ((queries, asked[domain]), (sources, [{**t, "speaker": "A"} for t in told])):
            (folder / "data" / part).mkdir(parents=True)
            (folder / "data" / part / "x.json").write_text(json.dumps(rows))
    return folder


def test_the_layout_is_read_and_places_count_from_zero(tmp_path: Path) -> None:
    made(tmp_path)
    rows = {domain: next(load_backtracing(tmp_path, domain)) for domain in FOLDERS}
    assert {domain: row.causes for domain, row in rows.items()} == {
        "lecture": (1,), "news": (0,), "conversation": (1,),
    }  # fmt: skip
    assert rows["conversation"].candidates == 2


def test_a_run_gives_every_measure_of_both_protocols(tmp_path: Path) -> None:
    result = run_benchmark("backtracing", made(tmp_path), ["germane", "position", "bm25", "edit", "random"])
    germane, position = result.systems[0], result.systems[1]
    assert germane.measures["lecture/acc@1"] == 1
    assert position.measures["conversation/masked/acc@1"] == 1
    assert {f"{d}/{m}@{k}" for d in FOLDERS for m in ("acc", "dist") for k in (1, 3)} <= set(germane.measures)
    edit = next(s for s in result.systems if s.name == "edit")
    assert edit.measures["conversation/acc@1"] == 0  # the query's own turn is the nearest to it
    assert "Conversations, with the causal mask" in str(result)


def test_another_folder_and_another_system_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the backtracing benchmark"):
        run_benchmark("backtracing", tmp_path)
    with pytest.raises(InputError, match="no system oracle"):
        run_benchmark("backtracing", made(tmp_path), ["oracle"])


@pytest.mark.slow
@pytest.mark.data
def test_bm25_is_what_the_authors_printed(data: Path) -> None:
    """Table 2 of arXiv 2403.03956: .08/.15, .43/.64 and .01/.35, each within .02; and the traps."""
    result = run_benchmark("backtracing", data / "backtracing", ["bm25", "position"])
    bm25, position, printed = (
        next(s.measures for s in result.systems if s.name == name)
        for name in ("bm25", "position", "bm25 (printed)")
    )
    for measure in ("lecture/acc@1", "lecture/acc@3", "news/acc@1", "news/acc@3", "conversation/acc@1",
                    "conversation/acc@3"):  # fmt: skip
        assert bm25[measure] == pytest.approx(printed[measure], abs=0.02)
    assert position["news/acc@1"] == pytest.approx(0.268, abs=0.001)
    assert position["conversation/masked/acc@1"] == pytest.approx(0.899, abs=0.001)


@pytest.mark.slow
@pytest.mark.data
def test_the_scorer_beats_similarity_where_text_must_do_the_work(data: Path) -> None:
    """On the first 200 queries of each domain; the whole is in benchmarks/results/backtracing.md."""
    result = run_benchmark("backtracing", data / "backtracing", ["germane", "cosine", "position"], limit=200)
    germane, cosine, position = (s.measures for s in result.systems)
    assert germane["news/acc@1"] > max(cosine["news/acc@1"], position["news/acc@1"]) + 0.1
    assert germane["lecture/acc@1"] > position["lecture/acc@1"] + 0.1
    assert germane["conversation/masked/acc@1"] > cosine["conversation/masked/acc@1"] + 0.3
