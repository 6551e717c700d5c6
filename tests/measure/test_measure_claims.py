"""Claims and the text that bears on them, from tiny files in the official layouts."""

from __future__ import annotations

import json

import pytest

from germane.errors import InputError
from germane.measure.claims import NLI, load_negation_nli, load_scifact_claims

HEAD = "id,claim,evidence_doc_id,evidence_label,evidence_sentences,cited_doc_ids\n"


def scifact(folder, rows):
    corpus = {"_id": "7", "title": "Zinc.", "text": "It helps."}
    (folder / "corpus.jsonl").write_text(json.dumps(corpus) + "\n")
    (folder / "claims_validation.csv").write_text(HEAD + rows)
    return folder


def test_scifact_takes_a_claim_and_an_abstract_once(tmp_path):
    rows = '3,"Zinc, it helps.",7,SUPPORT,[2 5],[7]\n3,"Zinc, it helps.",7,SUPPORT,[6],[7]\n'
    rows += "4,Zinc harms.,7,CONTRADICT,[2],[7]\n5,Tin helps.,,,[],[]\n"
    one, two = load_scifact_claims(scifact(tmp_path, rows))
    assert one == ("3/7", "Zinc, it helps.", "Zinc. It helps.", "SUPPORT", "7")
    assert (two.claim, two.label, two.unit) == ("Zinc harms.", "CONTRADICT", "7")


def test_scifact_names_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"claims_train\.csv, corpus\.jsonl not found"):
        list(load_scifact_claims(tmp_path, "train"))
    with pytest.raises(InputError, match=r"claims_validation\.csv:2 .*'8'"):
        list(load_scifact_claims(scifact(tmp_path, "3,Zinc.,8,SUPPORT,[1],[8]\n")))


def test_three_negations_of_one_pair_share_their_unit(tmp_path):
    (tmp_path / "clean_data").mkdir()
    path = tmp_path / "clean_data" / "SNLI.txt"
    rows = "".join(f"{n}\tNo dog sleeps.\tIt is awake.\tneutral\n" for n in range(4))
    path.write_text("index\tText\tHypothesis\tgold_label\n" + rows)
    found = list(load_negation_nli(tmp_path, "SNLI"))
    assert found[0] == ("SNLI:0", "It is awake.", "No dog sleeps.", "neutral", "SNLI:0")
    assert [claim.unit for claim in found] == ["SNLI:0"] * 3 + ["SNLI:1"]
    path.write_text("index\tText\tHypothesis\tgold_label\n0\tNo dog sleeps.\n")
    with pytest.raises(InputError, match=r"SNLI\.txt:2"):
        list(load_negation_nli(tmp_path, "SNLI"))
    with pytest.raises(InputError, match=r"RTE\.txt not found"):
        list(load_negation_nli(tmp_path, "RTE"))
    with pytest.raises(InputError, match="no part QNLI"):
        list(load_negation_nli(tmp_path, "QNLI"))


@pytest.mark.data
def test_real_counts(data):
    assert [sum(1 for _ in load_negation_nli(data / "negation-nli", part)) for part in NLI] == [1_500] * 3
    assert sum(1 for _ in load_scifact_claims(data / "scifact")) == 209
    assert sum(1 for _ in load_scifact_claims(data / "scifact", "train")) == 564
