"""The tagger: words, windows, decoding, the component, the shipped model and a Hugging Face one."""

import itertools
import json

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from extractor.mentions import Mention
from extractor.tagger import Entity, ProgramTaggerComponent, Reading, Tags, decode, entities, load_tagger
from extractor.tagging import ENTITY_LABELS, MAX_PIECES, SLOT_LABELS, WordEncoder, spans, split_words, viterbi, windows


class Letters:
    """Cuts a word into its characters."""

    def encode(self, sequence, *, add_special_tokens):
        assert not add_special_tokens
        return type("Encoded", (), {"ids": [ord(c) for c in sequence]})


class Fixed:
    """A tagger that finds the first word of every text."""

    version = "fixed"

    def __init__(self):
        self.seen = []

    def annotate(self, texts):
        self.seen += texts
        return [Reading([Mention("skill", 0, 3, 0.9, "model")], [Entity("ORG", 0, 3, 0.8)], 0.7) for _ in texts]


def probabilities(labels, names):
    rows = np.full((len(labels), len(names)), 0.01, dtype=np.float32)
    for index, label in enumerate(labels):
        rows[index, names.index(label)] = 0.9
    return rows


def test_words_are_letters_or_one_sign():
    text = "Lapas (IIB), 13/10"
    assert [text[a:b] for a, b in split_words(text)] == ["Lapas", "(", "IIB", ")", ",", "13", "/", "10"]


def test_a_word_after_a_space_is_marked():
    encoder = WordEncoder(Letters())
    text = "ab (cd"
    assert encoder.encode(text, split_words(text)) == [[ord(c) for c in w] for w in ("▁ab", "▁(", "cd")]


@given(st.lists(st.integers(1, 16), max_size=900))
def test_windows_cover_every_word_and_fit(lengths):
    found = windows(lengths)
    assert {i for start, end in found for i in range(start, end)} == set(range(len(lengths)))
    assert all(sum(lengths[start:end]) <= MAX_PIECES - 2 for start, end in found)
    assert all(later[0] < earlier[1] and later[1] > earlier[1] for earlier, later in itertools.pairwise(found))


@given(st.lists(st.lists(st.floats(0, 1), min_size=7, max_size=7), max_size=12))
def test_a_path_never_continues_what_did_not_begin(rows):
    path = viterbi(np.array(rows, dtype=np.float32).reshape(-1, 7))
    assert len(path) == len(rows)
    for before, label in zip([0, *path], path, strict=False):
        if label and label % 2 == 0:
            assert before in {label - 1, label}


def test_spans_part_neighbors_of_one_kind():
    assert spans([1, 2, 1, 0, 3]) == [(0, 0, 2), (0, 2, 3), (1, 4, 5)]


def test_decoding_gives_offsets_and_scores():
    text = "oleh Balai Latihan Kerja"
    words = split_words(text)
    tags = Tags(
        words,
        probabilities(["O", "B-partner", "I-partner", "I-partner"], SLOT_LABELS),
        probabilities(["O", "B-ORG", "I-ORG", "I-ORG"], ENTITY_LABELS),
        1.0,
    )
    (mention,) = decode(tags)
    assert (mention.slot, text[mention.start : mention.end], mention.method) == ("partner", text[5:], "model")
    assert mention.score == pytest.approx(0.91)
    assert [(e.label, e.start, e.end) for e in entities(tags)] == [("ORG", 5, len(text))]


def test_unsure_spans_come_out_as_candidates():
    rows = np.zeros((1, len(SLOT_LABELS)), dtype=np.float32)
    rows[0, [0, SLOT_LABELS.index("B-skill")]] = 0.6, 0.4
    (mention,) = decode(Tags([(0, 4)], rows, rows[:, : len(ENTITY_LABELS)], 0.5))
    assert (mention.slot, mention.score) == ("skill", pytest.approx(0.4))


def test_the_component_sets_attributes_and_passes_by_gated_docs():
    nlp = spacy.blank("id")
    docs = [nlp.make_doc(text) for text in ("satu dua", "tiga", "empat")]
    docs[1]._.gated_out = True
    tagger = Fixed()
    out = list(ProgramTaggerComponent(tagger).pipe(docs, batch_size=2))
    assert [doc.text for doc in out] == ["satu dua", "tiga", "empat"]
    assert tagger.seen == ["satu dua", "empat"]
    assert out[0]._.slot_mentions[0].slot == "skill"
    assert out[0]._.entities[0].label == "ORG"
    assert (out[0]._.relevance, out[1]._.relevance) == (0.7, None)


def test_no_tagger_in_a_folder_is_a_clear_refusal(tmp_path):
    with pytest.raises(InputError, match="--tagger none"):
        load_tagger(str(tmp_path))


def test_a_hugging_face_folder_stands_in(tmp_path):
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lapas", "menjahit", "blk"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    labels = ["O", "B-skill", "I-skill", "B-PER", "I-PER"]
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    model = transformers.BertForTokenClassification(config)
    model.classifier.bias.data[1] = 9.0
    model.save_pretrained(tmp_path)
    transformers.BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["architectures"] == ["BertForTokenClassification"]
    tagger = load_tagger(str(tmp_path))
    found, empty = tagger.annotate(["Lapas menjahit", " "])
    assert {m.slot for m in found.mentions} == {"skill"}
    assert (found.entities, found.relevance, empty) == ([], None, Reading([], []))
