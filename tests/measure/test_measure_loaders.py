"""Loaders on tiny folders in the official layouts."""

from __future__ import annotations

import json

import pytest

from germane.errors import InputError
from germane.measure.beir import load_beir
from germane.measure.limit import load_limit
from germane.measure.pairs import load_cannot, load_mrpc, load_paws, load_sick, load_stsb
from germane.measure.questions import load_clinc, load_condaqa, load_hotpot, load_squad, load_tatqa
from germane.measure.smart import load_cacm, load_cisi, load_cranfield
from germane.measure.split import split_of


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


CORPUS = jsonl({"_id": "d1", "title": "T", "text": "one"}, {"_id": "d2", "text": "two"})
QUERIES = jsonl({"_id": "q1", "text": "first?"}, {"_id": "q2", "text": "second?"}, {"_id": "q3", "text": "?"})


def test_beir(tmp_path):
    table = "query-id\tcorpus-id\tscore\nq2\td2\t2\nq2\td1\t0\nq1\td1\t0\n"
    write(tmp_path, corpus_dot_jsonl=CORPUS, queries_dot_jsonl=QUERIES, qrels__test_dot_tsv=table)
    found = load_beir(tmp_path)
    assert found.corpus["d1"].full == "T one"
    assert found.corpus["d2"].full == "two"
    assert found.queries == {"q2": "second?"}  # q1 has grade 0 only, q3 no judgement
    assert found.qrels == {"q2": {"d2": 2, "d1": 0}}
    with pytest.raises(InputError, match=r"qrels/train\.tsv not found"):
        load_beir(tmp_path, "train")


def test_a_wrong_folder_names_what_was_looked_for(tmp_path):
    with pytest.raises(InputError, match=r"corpus\.jsonl, queries\.jsonl, qrels/test\.tsv not found"):
        load_beir(tmp_path)
    with pytest.raises(InputError, match=r"cran\.all\.1400"):
        load_cranfield(tmp_path)


def test_a_broken_line_is_named(tmp_path):
    write(tmp_path, corpus_dot_jsonl=CORPUS + "{", queries_dot_jsonl=QUERIES, qrels__test_dot_tsv="h\n")
    with pytest.raises(InputError, match=r"corpus\.jsonl:3 is not JSON"):
        load_beir(tmp_path)
    write(tmp_path, corpus_dot_jsonl=CORPUS, qrels__test_dot_tsv="h\nq1 d1 1\n")
    with pytest.raises(InputError, match=r"test\.tsv:2"):
        load_beir(tmp_path)


def test_limit_at_any_of_its_three_places(tmp_path):
    qrels = jsonl({"query-id": "q1", "corpus-id": "d1", "score": 1})
    home = tmp_path / "data" / "limit-small"
    write(home, corpus_dot_jsonl=CORPUS, queries_dot_jsonl=QUERIES, qrels_dot_jsonl=qrels)
    for place in (home, tmp_path / "data", tmp_path):
        assert load_limit(place).qrels == {"q1": {"d1": 1}}
    with pytest.raises(InputError, match=r"LIMIT \(limit\)"):
        load_limit(tmp_path, "limit")


def test_cranfield_numbers_queries_by_position_and_turns_the_codes_round(tmp_path):
    write(
        tmp_path,
        cran_dot_all_dot_1400=".I 1\n.T\nwings in\nair .\n.A\nsmith\n.W\nwings in\nair .\nlift grows .\n"
        ".I 2\n.T\n.W\n",
        cran_dot_qry=".I 001\n.W\nwhat lifts\n.I 004\n.W\nwhat heats\n",
        cranqrel="1 1 1 \n2 1 4\n2 2 -1 \n",
    )
    found = load_cranfield(tmp_path)
    assert found.queries == {"1": "what lifts", "2": "what heats"}
    assert found.qrels == {"1": {"1": 4}, "2": {"1": 1, "2": 0}}
    assert found.corpus["1"] == ("wings in air .", "lift grows .")
    assert found.corpus["2"] == ("", "")


def test_cisi(tmp_path):
    write(
        tmp_path,
        CISI_dot_ALL=".I 1\r\n.T\r\nA title\r\n.W\r\n  Words.\r\n.X\r\n1\t5\t1\r\n",
        CISI_dot_QRY=".I 1\n.W\nPlain?\n.I 58\n.T\nLong\n.A\nSomebody\n.W\nabstract.\n.B\n(JASIS)\n",
        CISI_dot_REL="    58      1\t0\t0.000000\n",
    )
    found = load_cisi(tmp_path)
    assert found.queries == {"58": "Long abstract."}
    assert found.qrels == {"58": {"1": 1}}
    assert found.corpus["1"] == ("A title", "Words.")


def test_cacm_ids_lose_their_zeros(tmp_path):
    write(
        tmp_path,
        cacm_dot_all=".I 1\n.T\nAlgebra\n.W\npart one\n.K\nkeys\n.W\npart two\n",
        query_dot_text=".I 1\n.W\n TSS?\n.N\n 1. Somebody\n",
        qrels_dot_text="01 0001  0 0\n",
    )
    found = load_cacm(tmp_path)
    assert found.queries == {"1": "TSS?"}
    assert found.qrels == {"1": {"1": 1}}
    assert found.corpus["1"] == ("Algebra", "part one part two")


def test_first_keeps_the_corpus(tmp_path):
    table = "h\nq1\td1\t1\nq2\td2\t1\n"
    write(tmp_path, corpus_dot_jsonl=CORPUS, queries_dot_jsonl=QUERIES, qrels__test_dot_tsv=table)
    short = load_beir(tmp_path).first(1)
    assert list(short.queries) == list(short.qrels) == ["q1"]
    assert len(short.corpus) == 2


def test_split_of_goes_by_the_first_digit():
    # sha256: 'a' ca97..., 'b' 3e23..., 'abc' ba78...
    assert [split_of(name) for name in ("a", "b", "abc")] == ["test", "train", "dev"]


def test_squad_and_its_unanswerable(tmp_path):
    asked = [
        {
            "id": "1",
            "question": "Who?",
            "answers": [{"text": "Rollo"}, {"text": "Rollo"}],
            "is_impossible": False,
        },
        {"id": "2", "question": "Why?", "answers": [], "is_impossible": True},
    ]
    data = {"data": [{"title": "b", "paragraphs": [{"context": "Rollo led.", "qas": asked}]}]}
    one, two = load_squad(write(tmp_path, **{"dev-v2_dot_0_dot_json": json.dumps(data)}))
    assert (one.answers, one.answerable, one.split) == (("Rollo",), True, "train")
    assert (two.answers, two.answerable, two.unit) == ((), False, "b")


def test_condaqa_splits_by_passage(tmp_path):
    row = {
        "QuestionID": "q1", "sentence1": "edited", "sentence2": "asked?", "label": "NO", "PassageID": 4,
        "PassageEditID": 2, "SampleID": 9, "original passage": "was", "original cue": "not",
    }  # fmt: skip
    (found,) = load_condaqa(write(tmp_path, condaqa_dev_dot_json=jsonl(row)))
    assert (found.passage, found.question, found.edit, found.unit) == ("edited", "asked?", 2, "4")
    assert found.split == split_of("4")


def test_clinc(tmp_path):
    parts = {key: [[key, "oos" if "oos" in key else "greet"]] for part in ("train", "val", "test")
             for key in (part, f"oos_{part}")}  # fmt: skip
    found = list(load_clinc(write(tmp_path, data_full_dot_json=json.dumps(parts))))
    assert [(c.intent, c.split) for c in found[2:4]] == [("greet", "dev"), ("oos", "dev")]


def test_paws_keeps_a_quotation_mark(tmp_path):
    write(tmp_path, **{"dev-en_dot_tsv": 'a "b c\td\t1\nx\ty\t0\n'})
    one, two = load_paws(tmp_path)
    assert one[:5] == ("dev-en:0", 'a "b c', "d", True, "paraphrase")
    assert two.same is False


def test_rows_that_share_a_sentence_are_not_torn_apart(tmp_path):
    rows = "".join(f"s{n}\ts{n + 1}\t0\n" for n in range(0, 40))  # a chain: one unit
    split = {pair.split for pair in load_paws(write(tmp_path, **{"dev-en_dot_tsv": rows}))}
    assert split == {split_of("dev-en:0")}
    loose = "".join(f"a{n}\tb{n}\t0\n" for n in range(0, 40))
    pairs = list(load_paws(write(tmp_path, **{"dev-en_dot_tsv": loose})))
    assert [p.split for p in pairs] == [split_of(f"dev-en:{n}") for n in range(40)]


def test_cannot_takes_parts_and_keeps_their_splits(tmp_path):
    from germane.measure.pairs import CANNOT

    for names in CANNOT.values():
        for name in names:
            write(tmp_path, **{f"datasets/{name}": "sentence\tnegated\nA.\tNot A.\n"})
    anto = "datasets/antonym-substitution/processed/sem_anto_neg.tsv"
    write(tmp_path, **{anto: "premise\thypothesis\tlabel\nNot fat.\tNot thin.\t1\nNot fat.\tThin.\t0\n"})
    everything = list(load_cannot(tmp_path))
    some = list(load_cannot(tmp_path, ["semantoneg"]))
    assert [p.same for p in some] == [False, True]
    assert len(everything) == 8 + 2
    assert set(some) < set(everything)
    with pytest.raises(InputError, match="no part wat"):
        load_cannot(tmp_path, ["wat"])


def test_sick_mrpc_and_stsb_have_official_splits(tmp_path):
    head = "\t".join("abcdefghijkl") + "\n"
    cells = ["1", "A", "B", "ENTAILMENT", "4.5", "A_entails_B", "B_entails_A", "", "", "", "", "TRIAL"]
    one, two = load_sick(
        write(
            tmp_path,
            SICK_dot_txt=head + "\t".join(cells) + "\n" + "\t".join(cells).replace("B_ent", "B_neut"),
        )
    )
    assert (one.same, one.score, one.split, two.same) == (True, 4.5, "dev", False)
    write(tmp_path, msr_paraphrase_test_dot_txt='\ufeffQ\t1\t2\ts\tt\n0\t7\t8\tSaid "a.\tSaid b.\n')
    (pair,) = load_mrpc(tmp_path)
    assert (pair.first, pair.same, pair.split) == ('Said "a.', False, "test")
    write(tmp_path, **{"stsb-en-dev_dot_csv": '"A, then b.",C.,4.75\n'})
    (scored,) = load_stsb(tmp_path, "dev")
    assert (scored.first, scored.same, scored.score) == ("A, then b.", None, 4.75)


def test_tatqa_takes_what_text_answers(tmp_path):
    def question(uid, source, paragraphs):
        return {"uid": uid, "question": f"{uid}?", "answer_from": source, "rel_paragraphs": paragraphs}

    context = {
        "table": {"uid": "t1"},
        "paragraphs": [{"order": 2, "text": "second"}, {"order": 3, "text": "third"}],
        "questions": [question("a", "text", ["3"]), question("b", "table", []), question("c", "text", [])],
    }
    write(
        tmp_path,
        tatqa_dataset_dev_dot_json=json.dumps([context]),
        tatqa_dataset_test_gold_dot_json=json.dumps([]),
    )
    assert list(load_tatqa(tmp_path)) == [("a", "a?", ("second", "third"), (1,), split_of("t1"))]


def test_hotpot_names_its_supporting_paragraphs(tmp_path):
    row = {
        "_id": "h1", "question": "who?", "supporting_facts": [["B", 0], ["B", 1]],
        "context": [["A", ["one."]], ["B", ["two.", " three."]]],
    }  # fmt: skip
    (found,) = load_hotpot(write(tmp_path, hotpotqa_train_dot_json=json.dumps([row])))
    assert found.passages == ("A\n\none.", "B\n\ntwo. three.")
    assert (found.relevant, found.split) == ((1,), split_of("h1"))
