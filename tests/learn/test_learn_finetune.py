"""A user's own pairs: read, divided, learnt from, and kept only where that helps."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="training only")
pytest.importorskip("onnxscript", reason="training only")

from germane.cli import app
from germane.errors import InputError
from germane.learn import finetune, train_verifier
from germane.learn.finetune import FEWEST
from germane.learn.outcomes import divided, read_outcomes
from germane.verify.verifier import Verifier

HOUSE = {"flarn": "polish", "grobble": "lift", "sprell": "paint", "quib": "count"}
PLANETS = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto", "ceres", "eris")
PARTS = ("deck", "hatch", "pump", "lamp", "valve", "door", "fan", "pipe", "mast", "rope", "crane", "anchor")


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def house_rule(path: Path) -> Path:
    """The words of a house: what they mean there, and what they do not."""
    verbs = list(HOUSE.values())
    rows: list[dict[str, object]] = []
    for planet in PLANETS:
        for part in PARTS[:6]:
            for i, (word, meaning) in enumerate(HOUSE.items()):
                first = f"{word} the {part} of {planet}"
                rows.append({"first": first, "second": f"{meaning} the {part} of {planet}", "same": True})
                other = verbs[(i + 1) % len(verbs)]
                rows.append({"first": first, "second": f"{other} the {part} of {planet}", "same": False})
    return written(path, rows)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "has no query, passage, relevant or"),
        ('{"query": "a", "passage": "b"}', "has no query"),
        ('{"query": "a", "passage": "b", "relevant": 1}', "true or false"),
        ('{"query": " ", "passage": "b", "relevant": true}', "no text"),
        ('{"first": "a", "second": 3, "same": true}', "no text"),
        ('{"query": "q", "passage": "p", "served": false}', "contradicts line 1"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"query": "q", "passage": "p", "relevant": true}\n\n' + line, encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        read_outcomes(path)
    assert "pairs.jsonl:3" in error.value.message


def test_no_file_an_empty_one_and_a_binary_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        read_outcomes(tmp_path / "none")
    with pytest.raises(InputError, match="is empty"):
        read_outcomes(written(tmp_path / "empty", []))
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 9)
    with pytest.raises(InputError, match="cannot be read"):
        read_outcomes(tmp_path / "binary")


def test_no_query_and_no_compared_text_is_in_two_parts(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"query": f"q{i // 3}", "passage": f"p{i}", "served": i % 2 == 0} for i in range(90)
    ]
    rows += [{"first": f"a{i}", "second": f"a{i + 1}", "same": True} for i in range(0, 90, 3)]
    rows += [{"first": f"a{i + 1}", "second": f"a{i + 2}", "same": False} for i in range(0, 90, 3)]
    parts = divided(read_outcomes(written(tmp_path / "p", rows)))
    assert sum(map(len, parts.values())) == len(rows)
    texts = [
        {t for e in part for t in ([e.query] if e.same < 0 else [e.query, e.passage])}
        for part in parts.values()
    ]
    assert all(texts) and not texts[0] & texts[1] and not texts[0] & texts[2] and not texts[1] & texts[2]


def test_too_few_pairs_are_refused_before_anything_is_trained(tmp_path: Path) -> None:
    path = written(tmp_path / "p", [{"query": f"q{i}", "passage": "p", "served": True} for i in range(200)])
    with pytest.raises(InputError, match=f"each needs {FEWEST}"):
        train_verifier(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_torch_the_line_that_installs_it_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['torch'] = None; from germane.cli import main; main(sys.argv[1:])"
    arguments = ["train", "verifier", "--data", "p", "--out", str(tmp_path / "o"), "--json"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["hint"] == "pip install 'germane[train]'"


def test_only_a_verifier_can_be_trained_so_far(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["train", "cat", "--data", "p", "--out", str(tmp_path / "o")])
    assert isinstance(done.exception, InputError) and "'cat'" in done.exception.message


def test_another_folder_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match="no folder of a verifier"):
        train_verifier(house_rule(tmp_path / "p"), tmp_path / "out")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_rule_of_the_house_is_learnt_and_saved(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["train", "verifier", "--data", str(house_rule(tmp_path / "p")), "--out",
                                    str(tmp_path / "own"), "--steps", "80", "--json"])  # fmt: skip
    fields = json.loads(done.stdout)
    assert fields["saved"] is True and fields["reason"] == ""
    assert fields["after"]["same"] > fields["before"]["same"] + 0.1
    assert all(fields["after"][name] > value - 0.02 for name, value in fields["before"].items())
    own = Verifier(tmp_path / "own")
    pair = ("flarn the winch of the sun", "polish the winch of the sun")
    assert own.same([pair])[0] > Verifier.load().same([pair])[0]
    said = CliRunner().invoke(app, ["guard", *pair, "--verifier", str(tmp_path / "own"), "--json"])
    assert json.loads(said.stdout)["probability"] == pytest.approx(own.same([pair])[0], abs=1e-3)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_better_is_not_saved(tmp_path: Path) -> None:
    """At a rate of nothing nothing is learnt."""
    done = finetune.train_verifier(house_rule(tmp_path / "p"), tmp_path / "own", steps=2, rate=0.0)
    assert done.before == done.after
    assert not done.saved and "no better" in done.reason and not (tmp_path / "own").exists()
