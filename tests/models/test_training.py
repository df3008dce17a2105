"""The steps of training, each on a handful of lines."""

import json
import struct

import numpy as np
import pytest
from tokenizers import Tokenizer

from extractor.tagger import ProgramTagger
from extractor.tagging import ENTITY_LABELS, SLOT_LABELS, WordEncoder, spans
from models.training import data, encoder, evaluate, vocabulary

ARTICLE = {
    "id": "t-1",
    "title": "Rutan Jepara Gandeng BLK",
    "text": "Rumah Tahanan Negara (Rutan) Kelas IIB Jepara bersama Balai Latihan Kerja (BLK) melatih menjahit. "
    "Darno Hadi mengajar. Kata Darno, menjahit itu mudah.",
    "programs": [
        {
            "facility": {
                "text": "Rumah Tahanan Negara (Rutan) Kelas IIB Jepara",
                "type": "rutan",
                "class": "IIB",
                "place": "Jepara",
            },
            "date": None,
            "partners": [{"text": "Balai Latihan Kerja (BLK)", "acronym": "BLK", "kind": "government"}],
            "instructors": [{"text": "Darno Hadi", "title": None, "affiliation": None}],
            "skills": [{"text": "menjahit", "category": "sewing_fashion"}],
            "participants": None,
        }
    ],
}


def test_every_mention_of_a_value_is_marked():
    example = data.article_example(ARTICLE)
    names = [label[2:] for label in SLOT_LABELS[1::2]]
    found = [
        (names[kind], example.text[example.words[first][0] : example.words[last - 1][1]])
        for kind, first, last in spans(example.slots)
    ]
    assert found == [
        ("facility", "Rutan Jepara"),
        ("partner", "BLK"),
        ("facility", "Rumah Tahanan Negara (Rutan) Kelas IIB Jepara"),
        ("partner", "Balai Latihan Kerja (BLK)"),
        ("skill", "menjahit"),
        ("instructor", "Darno Hadi"),
        ("instructor", "Darno"),
        ("skill", "menjahit"),
    ]
    assert example.relevant


def test_mentions_are_marked_with_the_programs_that_have_their_value():
    second = {
        **ARTICLE["programs"][0],
        "partners": [],
        "instructors": [],
        "skills": [{"text": "mudah", "category": "other"}],
    }
    example = data.article_example({**ARTICLE, "programs": [*ARTICLE["programs"], second]})
    found = {
        example.text[example.words[m.first][0] : example.words[m.last - 1][1]]: set(m.programs)
        for m in example.mentions
    }
    assert found["Rutan Jepara"] == {0, 1}
    assert found["BLK"] == found["menjahit"] == {0}
    assert found["mudah"] == {1}


def test_sentences_keep_their_labels_when_words_are_cut(tmp_path):
    path = tmp_path / "s.txt"
    path.write_text("PT. NOUN B-ORG\nMaju PROPN I-ORG\n. PUNCT O\n\nAni\tB-PERSON\n", encoding="utf-8")
    first, second = data.read_ner(path)
    assert [ENTITY_LABELS[i] for i in first.entities] == ["B-ORG", "I-ORG", "I-ORG", "O"]
    assert [ENTITY_LABELS[i] for i in second.entities] == ["B-PER"]


def test_articles_on_one_program_share_a_fold():
    articles = [{"id": f"a{i}"} for i in range(10)] + [{"id": "b", "same_as": "a3"}]
    parts = data.folds(articles)
    assert parts["b"] == parts["a3"]
    assert set(parts.values()) == set(range(5))


def test_what_is_kept_back_is_not_among_the_older_articles():
    newest, older = ({a["id"] for a in articles} for articles in (data.kept_back(), data.older_articles()))
    assert newest
    assert not newest & older
    assert newest | older == {a["id"] for a in data.own_articles()}


def file_of(tensors, pieces):
    """Build an encoder file as MODEL.md describes it: one f32 tensor, one of q4 blocks."""
    blob = "".join(pieces).encode()
    offsets = np.cumsum([0, *(len(p.encode()) for p in pieces)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 32, len(pieces), 4, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob)) + offsets.tobytes()
    head += np.arange(len(pieces), dtype="<f4").tobytes() + blob + struct.pack("<iI", 1, 2) + b"xy"
    directory = sum(2 + len(name) + 21 for name, *_ in tensors) + 4
    at, entries, bodies = len(head) + directory, struct.pack("<i", len(tensors)), b""
    for name, kind, count, body in tensors:
        entries += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(body))
        at += len(body)
        bodies += body
    return head + entries + bodies


def test_the_encoder_file_is_read(tmp_path):
    block = np.float16(0.5).tobytes() + bytes([0x98] * 16)  # low nibble 8 is 0, high nibble 9 is one scale
    path = tmp_path / "e.bin"
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁a", "é"]
    path.write_bytes(
        file_of([("emb.word", 1, 64, block * 2), ("emb.ln.w", 0, 32, np.ones(32, "<f4").tobytes())], pieces)
    )
    made = encoder.read(path)
    assert made.pieces == pieces
    assert made.tensors["emb.word"].tolist() == [[0.0] * 16 + [0.5] * 16] * 2
    assert made.tensors["emb.ln.w"].shape == (32,)


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "e.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="no E5S1 file"):
        encoder.read(path)


def test_the_vocabulary_keeps_what_is_seen_and_single_letters():
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "▁lapas", "▁tidak", "稣", "<mask>"]
    made = encoder.Encoder({}, 0.0, {}, pieces, [0.0] * 4 + [-5.0, -3.0, -4.0, -4.0, -9.0, 0.0])
    keep = vocabulary.kept(made, ["di lapas, lapas"])
    assert [pieces[i] for i in keep] == ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "▁lapas"]


def test_scores_count_exact_spans():
    scores = evaluate.span_scores([([1, 2, 0, 3], [1, 2, 0, 0]), ([1, 0], [1, 2])], ("PER", "ORG", "LOC"))
    assert scores == {"micro": 0.4, "PER": 0.5, "ORG": 0.0, "LOC": 0.0}


def test_a_network_survives_export_and_int8(tmp_path):
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    pytest.importorskip("transformers")
    from models.training import export, network  # noqa: PLC0415  (they need the extra [train])

    torch.manual_seed(1)
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz."]
    made = network.Tagger(network.config(len(pieces), hidden=64, layers=2, heads=2, ff=128))
    torch.save(made.state_dict(), tmp_path / "model.pt")
    vocabulary.tokenizer(pieces, [0.0] * len(pieces)).save(str(tmp_path / "tokenizer.json"))
    export.export(tmp_path, tmp_path / "out", "0.0.1")
    tagger = ProgramTagger(tmp_path / "out", threads=1)
    text = "satu dua tiga. " * 90
    long, empty, short = tagger.tag([text, "", "satu dua."])
    assert tagger.version == "0.0.1"
    assert [len(t.words) for t in (long, empty, short)] == [360, 0, 3]
    assert np.allclose(long.slots.sum(axis=1), 1, atol=1e-3)
    words = tagger.tag(["satu dua."])[0]
    assert np.allclose(words.slots, short.slots, atol=0.02)  # int8 scales depend on the batch
    item = network.items(data.Example("satu dua.", short.words, None, None, None), WordEncoder(tokenizer_of(tmp_path)))[
        0
    ]
    ids, mask, *_ = network.batch([item])
    with torch.no_grad():
        _, slots, relevance, several, ties = made.eval()(ids, mask)
    first = torch.softmax(slots[0, 1], dim=-1).numpy()
    assert np.allclose(first, short.slots[0], atol=0.02)
    assert short.relevance == pytest.approx(float(torch.sigmoid(relevance[0])), abs=0.02)
    assert short.several == pytest.approx(float(torch.sigmoid(several[0])), abs=0.02)
    assert np.allclose(ties[0, 1].numpy(), short.ties[0], atol=0.1)


def tokenizer_of(folder):
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_the_mean_of_runs_lies_between_them(tmp_path):
    torch = pytest.importorskip("torch")
    from models.training.average import average  # noqa: PLC0415  (needs the extra [train])

    for name, value in (("fold0", 1.0), ("fold1", 2.0)):
        (tmp_path / name).mkdir()
        torch.save({"slots.weight": torch.full((2, 3), value)}, tmp_path / name / "model.pt")
        (tmp_path / name / "tokenizer.json").write_text("{}", encoding="utf-8")
        about = {"fold": 0, "epochs": 4, "steps": 10, "seconds": 5, "pieces": 7}
        (tmp_path / name / "run.json").write_text(json.dumps(about), encoding="utf-8")
    made = average([tmp_path / "fold0", tmp_path / "fold1"], tmp_path / "mean")
    assert torch.load(made / "model.pt")["slots.weight"].tolist() == [[1.5] * 3] * 2
    about = json.loads((made / "run.json").read_text("utf-8"))
    assert about == {"runs": ["fold0", "fold1"], "steps": 20, "seconds": 10, "pieces": 7}
    assert (made / "tokenizer.json").exists()
