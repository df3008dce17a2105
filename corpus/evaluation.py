"""How right the records are: precision, recall and F1 of every slot against annotated articles."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from corpus.matching import CORE_SLOTS, SLOTS, Program, Value, match, pair_programs, values
from extractor.article.model import Article
from extractor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from extractor import Pipeline
    from extractor.schema import ArticleRecord

Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """Counts of one slot: values that match, values predicted, values in the gold."""

    matched: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, matched: int, predicted: int, gold: int) -> None:
        """Add another article's counts."""
        self.matched += matched
        self.predicted += predicted
        self.gold += gold

    @property
    def precision(self) -> float:
        """Share of the predicted values that are right; 0 where nothing is predicted."""
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold values that were found; 0 where there is none."""
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """One error: a gold value that was missed, or a predicted value that is wrong."""

    article: str
    slot: str
    kind: Literal["missed", "wrong"]
    value: Value


@dataclass(slots=True)
class Report:
    """The figures of a run, by slot, with every error. "relevance" asks if an article has any program.

    `chances` has the confidence of each value that came with one, and whether it was right.
    """

    scores: dict[str, Score] = field(default_factory=lambda: {slot: Score() for slot in (*SLOTS, "relevance")})
    misses: list[Miss] = field(default_factory=list)
    chances: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def macro(self) -> float:
        """Mean F1 of the five core slots: facility, date, partners, instructors, skills."""
        return sum(self.scores[slot].f1 for slot in CORE_SLOTS) / len(CORE_SLOTS)

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Return the figures by slot, ready for JSON."""
        figures: dict[str, dict[str, float]] = {
            slot: {
                "precision": score.precision,
                "recall": score.recall,
                "f1": score.f1,
                "gold": score.gold,
                "predicted": score.predicted,
            }
            for slot, score in self.scores.items()
        }
        return figures | {"macro": {"f1": self.macro}}


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a JSON Lines file of articles, in order.

    Raises:
        InputError: The file cannot be read, a line is not JSON, or a row lacks `id` or `programs`.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON") from error
        if not isinstance(row, dict) or not {"id", "programs"} <= row.keys():
            raise InputError(f"{path}, line {number}: a gold article has id and programs")
        rows.append(row)
    return rows


def score(gold: Iterable[Row], predicted: Mapping[str, list[Program]]) -> Report:
    """Return the figures of the programs predicted by article id; an article left out counts as empty."""
    report = Report()
    for row in gold:
        truth, guess = row["programs"], predicted.get(row["id"], [])
        report.scores["relevance"].add(bool(truth and guess), bool(guess), bool(truth))
        for one, other in pair_programs(truth, guess):
            for slot in SLOTS:
                left, right = values(one, slot), values(other, slot)
                matched, missed, wrong = match(slot, left, right)
                report.scores[slot].add(matched, len(right), len(left))
                failed = {id(value) for value in wrong}
                report.chances += [(v["confidence"], id(v) not in failed) for v in right if "confidence" in v]
                report.misses += [Miss(row["id"], slot, "missed", value) for value in missed]
                report.misses += [Miss(row["id"], slot, "wrong", value) for value in wrong]
    return report


def predict(pipeline: Pipeline, rows: Iterable[Row]) -> dict[str, ArticleRecord]:
    """Return the pipeline's record of every row's title and text, by article id.

    Raises:
        InputError: A row has no title or text, or its publication day is not a date.
    """
    kept = list(rows)
    records = pipeline.extract_many(as_article(row) for row in kept)
    return {row["id"]: record for row, record in zip(kept, records, strict=True)}


def programs(record: ArticleRecord) -> list[Program]:
    """Return a record's programs as the plain objects that `score` reads."""
    return [program.model_dump(mode="json", by_alias=True) for program in record.programs]


def as_article(row: Row) -> Article:
    """Return a row's title and text as what the pipeline reads.

    Raises:
        InputError: It has no title or text, or its publication day is not a date.
    """
    try:
        published = dt.date.fromisoformat(row["published"]) if row.get("published") else None
        return Article(title=row["title"], text=row["text"], publisher=row.get("publisher"), published=published)
    except (KeyError, ValueError) as error:
        raise InputError(f"article {row['id']}: needs title, text and a published day or null") from error
