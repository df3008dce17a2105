"""The program tagger: slots, entities, ties and relevance in one pass of an ONNX model; a spaCy component."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from extractor.errors import InputError
from extractor.mentions import SLOTS, Mention
from extractor.slots.ranking import sigmoid
from extractor.tagging import (
    BOS,
    ENTITIES,
    ENTITY_LABELS,
    EOS,
    PAD,
    SLOT_LABELS,
    WordEncoder,
    spans,
    split_words,
    viterbi,
    windows,
)
from extractor.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Floats = NDArray[np.float32]
BATCH_PIECES = 1024  # padded pieces a run; larger batches are no faster on two cores
CANDIDATE_BIAS = 0.15  # factor on the probability of O, so that less sure spans come out too


@dataclass(frozen=True)
class Entity:
    """A person (PER), organization (ORG) or place (LOC) named in `doc.text[start:end]`."""

    label: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Tags:
    """What the model says of one text: probabilities of each word's labels, and of relevance."""

    words: list[tuple[int, int]]
    slots: Floats  # [words, len(SLOT_LABELS)]
    entities: Floats  # [words, len(ENTITY_LABELS)]
    relevance: float
    several: float | None = None  # the probability of more than one program
    ties: Floats | None = None  # [words, numbers], see extractor.ties; None in a model without that head


@dataclass(frozen=True)
class Reading:
    """What a tagger finds in one text; None where it does not know."""

    mentions: list[Mention]
    entities: list[Entity]
    relevance: float | None = None
    several: float | None = None
    ties: Ties | None = None

    def leave_on(self, doc: Doc) -> None:
        """Set the doc's attributes, those of extractor.mentions."""
        doc._.slot_mentions, doc._.entities, doc._.relevance = self.mentions, self.entities, self.relevance
        doc._.several, doc._.ties = self.several, self.ties


def reading(tags: Tags) -> Reading:
    """Return what the tags of a text come to."""
    ties = None if tags.ties is None else Ties(tags.words, tags.ties)
    return Reading(decode(tags), entities(tags), tags.relevance, tags.several, ties)


class Tagger(Protocol):
    """What the component needs of a tagger."""

    version: str

    def annotate(self, texts: Sequence[str]) -> list[Reading]:
        """Return what it finds in each text."""
        ...


class ProgramTagger:
    """The tagger that ships; `tag` may be called from several threads."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        missing = [n for n in ("model.onnx", "tokenizer.json", "config.json") if not (folder / n).is_file()]
        if missing:
            raise InputError(f"no tagger in {folder}: {', '.join(missing)} missing (use --tagger none, or train one)")
        about = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.version: str = about["version"]
        self._temperature = float(about.get("temperature", 1.0))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False  # it keeps the largest batch's memory for good
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._heads = [output.name for output in self._session.get_outputs()]
        self._pieces = WordEncoder(Tokenizer.from_file(str(folder / "tokenizer.json")))

    def tag(self, texts: Sequence[str]) -> list[Tags]:
        """Return the tags of each text, in order; windows of all texts run together, batched by length."""
        words = [split_words(text) for text in texts]
        encoded = [self._pieces.encode(text, spans_) for text, spans_ in zip(texts, words, strict=True)]
        jobs = [(n, start, end) for n, pieces in enumerate(encoded) for start, end in windows([len(p) for p in pieces])]
        lengths = {job: 2 + sum(len(p) for p in encoded[job[0]][job[1] : job[2]]) for job in jobs}
        sums: list[dict[str, Floats]] = [{} for _ in texts]
        relevance = [0.0] * len(texts)
        several: list[float | None] = [None] * len(texts)
        weights = [np.zeros((len(w), 1), dtype=np.float32) for w in words]
        for group in _batches(sorted(jobs, key=lengths.__getitem__), lengths):
            outputs = self._run([[p for w in encoded[n][s:e] for p in w] for n, s, e in group])
            for row, (number, start, end) in enumerate(group):
                firsts = 1 + np.cumsum([0, *(len(p) for p in encoded[number][start : end - 1])])
                weight = _trust(end - start, start > 0, end < len(words[number]))
                weights[number][start:end] += weight
                for head in ("entities", "slots", "ties"):
                    if head not in outputs:
                        continue
                    said = outputs[head][row, firsts]
                    if head != "ties":
                        said = _softmax(said / self._temperature)
                    total = sums[number].setdefault(head, np.zeros((len(words[number]), said.shape[1]), np.float32))
                    total[start:end] += weight * said
                if start == 0:
                    relevance[number] = sigmoid(float(outputs["relevance"][row]))
                    several[number] = sigmoid(float(outputs["several"][row])) if "several" in outputs else None
        found = []
        for number, spans_ in enumerate(words):
            mean = {head: total / weights[number] for head, total in sums[number].items()}
            slots = mean.get("slots", np.zeros((0, len(SLOT_LABELS)), np.float32))
            entities = mean.get("entities", np.zeros((0, len(ENTITY_LABELS)), np.float32))
            found.append(Tags(spans_, slots, entities, relevance[number], several[number], mean.get("ties")))
        return found

    def _run(self, rows: list[list[int]]) -> dict[str, Floats]:
        width = 2 + max(len(row) for row in rows)
        ids = np.full((len(rows), width), PAD, dtype=np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row) + 2] = [BOS, *row, EOS]
            mask[index, : len(row) + 2] = 1
        outputs: list[Floats] = self._session.run(self._heads, {"input_ids": ids, "attention_mask": mask})
        return dict(zip(self._heads, outputs, strict=True))

    def annotate(self, texts: Sequence[str]) -> list[Reading]:
        """Return what it finds in each text."""
        return [reading(tags) for tags in self.tag(texts)]


def _batches(
    jobs: list[tuple[int, int, int]], lengths: dict[tuple[int, int, int], int]
) -> Iterator[list[tuple[int, int, int]]]:
    group: list[tuple[int, int, int]] = []
    for job in jobs:
        if group and lengths[job] * (len(group) + 1) > BATCH_PIECES:
            yield group
            group = []
        group.append(job)
    if group:
        yield group


def _trust(count: int, left: bool, right: bool) -> Floats:
    """Return a weight a word, lower near an edge where the window was cut: context is missing there."""
    place = np.arange(count, dtype=np.float32)
    weight = np.ones(count, dtype=np.float32)
    if left:
        weight = np.minimum(weight, (place + 1) / 32)
    if right:
        weight = np.minimum(weight, (count - place) / 32)
    return weight[:, None]


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def decode(tags: Tags) -> list[Mention]:
    """Return the slot mentions of a text, less sure ones too; `score` is its labels' mean probability."""
    biased = tags.slots.copy()
    biased[:, 0] *= CANDIDATE_BIAS
    return [
        Mention(
            SLOTS[kind],
            tags.words[first][0],
            tags.words[last - 1][1],
            _sure(tags.slots, kind, first, last),
            "model",
        )
        for kind, first, last in spans(viterbi(biased))
    ]


def entities(tags: Tags) -> list[Entity]:
    """Return the persons, organizations and places of a text."""
    return [
        Entity(
            ENTITIES[kind],
            tags.words[first][0],
            tags.words[last - 1][1],
            _sure(tags.entities, kind, first, last),
        )
        for kind, first, last in spans(viterbi(tags.entities))
    ]


def _sure(probabilities: Floats, kind: int, first: int, last: int) -> float:
    both = probabilities[first:last, 1 + 2 * kind : 3 + 2 * kind].sum(axis=1)
    return min(1.0, float(both.mean()))


class HuggingFaceTagger:
    """Any token classifier that transformers can load from a folder; needs the extra [hf].

    Labels `B-facility` … become mentions, `B-PER` … entities; it knows nothing of relevance.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import transformers  # noqa: PLC0415  (torch takes seconds, and most installs lack it)

            model = transformers.AutoModelForTokenClassification.from_pretrained(str(folder))
        except ImportError as error:
            raise InputError("a Hugging Face tagger needs the extra: pip install 'pembinaan[hf]'") from error
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder))
        # Many folders leave the limit open, and a text beyond the positions would be an error.
        limit = min(tokenizer.model_max_length, model.config.max_position_embeddings)
        tokenizer.model_max_length = limit
        self._pipeline = transformers.pipeline(
            "token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="first", stride=limit // 8
        )
        self.version = f"hf:{folder.name}"

    def annotate(self, texts: Sequence[str]) -> list[Reading]:
        """Return mentions and entities of each text, and nothing else."""
        found: list[Reading] = []
        for text in texts:
            mentions, named = [], []
            for span in self._pipeline(text) if text.strip() else []:
                label, start, end, score = (
                    span["entity_group"],
                    span["start"],
                    span["end"],
                    float(span["score"]),
                )
                if label in SLOTS:
                    mentions.append(Mention(label, start, end, score, "model"))
                elif label in ENTITIES:
                    named.append(Entity(label, start, end, score))
            found.append(Reading(mentions, named))
        return found


@cache
def load_tagger(path: str | None = None, threads: int = 2) -> Tagger:
    """Return the shipped tagger, or the one in the folder `path`; loaded once.

    Raises:
        InputError: there is no tagger in that folder, or it needs an extra that is not installed.
    """
    if path is None:
        with as_file(files("models").joinpath("program-tagger")) as folder:
            return ProgramTagger(folder, threads)
    folder = Path(path)
    if not (folder / "model.onnx").is_file() and _token_classifier(folder / "config.json"):
        return HuggingFaceTagger(folder)
    return ProgramTagger(folder, threads)


def _token_classifier(config: Path) -> bool:
    if not config.is_file():
        return False
    names = json.loads(config.read_text(encoding="utf-8")).get("architectures") or []
    return any(str(name).endswith("ForTokenClassification") for name in names)


class ProgramTaggerComponent:
    """Leaves its reading on each doc; passes by docs with `doc._.gated_out`."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 16) -> Iterator[Doc]:
        """Tag docs, `batch_size` at a time, and yield them in order."""
        group: list[Doc] = []
        for doc in docs:
            group.append(doc)
            if len(group) == batch_size:
                yield from self._tagged(group)
                group = []
        yield from self._tagged(group)

    def _tagged(self, group: list[Doc]) -> list[Doc]:
        chosen = [doc for doc in group if not doc._.gated_out]
        for doc, found in zip(chosen, self.tagger.annotate([doc.text for doc in chosen]), strict=True):
            found.leave_on(doc)
        return group


@Language.factory("program_tagger", default_config={"tagger": None, "threads": 2})
def make_program_tagger(
    nlp: Language,  # noqa: ARG001  spaCy calls factories with it
    name: str,  # noqa: ARG001  the same
    tagger: str | None,
    threads: int,
) -> ProgramTaggerComponent:
    """Return the component with the shipped tagger, or that of the folder `tagger`."""
    return ProgramTaggerComponent(load_tagger(tagger, threads))
