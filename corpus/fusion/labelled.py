"""Annotated articles as tellings, to measure fusion on: the annotated values, or those that a pipeline read."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from corpus.copies import Copy, Text, find_copies
from corpus.evaluation import Row
from corpus.evaluation import programs as as_objects
from corpus.fusion.evidence import WEIGHTS, Weights
from corpus.fusion.fusing import fuse
from corpus.fusion.telling import Origin, Telling, TellingId, read_cues
from corpus.matching import pair_programs
from extractor.gazetteers.facilities import find_unit
from extractor.programs import key
from extractor.schema import ArticleRecord, Program


def truth(rows: Iterable[Row]) -> dict[TellingId, Hashable]:
    """Return the cluster of every annotated program; one that is in none is one of its own.

    `clusters` has one for each of an article's programs; `cluster` or `same_as` are of an article with one.
    """
    labels: dict[TellingId, Hashable] = {}
    for row in rows:
        names = row.get("clusters") or [_cluster(row)] * len(row["programs"])
        labels |= {(row["id"], n): name or (row["id"], n) for n, name in enumerate(names)}
    return labels


def _cluster(row: Row) -> Hashable:
    twin = row.get("same_as")
    return row.get("cluster") or (twin and min(row["id"], twin))


def annotated(rows: Iterable[Row]) -> list[Telling]:
    """Return the annotated programs as tellings whose every value is sure."""
    return [_telling(row, n, _program(row, program)) for row in rows for n, program in enumerate(row["programs"])]


def read(rows: Iterable[Row], records: Mapping[str, ArticleRecord]) -> list[Telling]:
    """Return the programs that a pipeline read in the articles (`corpus.evaluation.predict`)."""
    return [_telling(row, n, program) for row in rows for n, program in enumerate(records[row["id"]].programs)]


def copies(rows: Iterable[Row]) -> list[Copy]:
    """Return the articles that repeat others."""
    texts = [Text(row["id"], _day(row), row["title"], row["text"]) for row in rows]
    return list(find_copies(sorted(texts, key=lambda t: (t.day or dt.date.min, t.article))))


def found(tellings: Iterable[Telling], copied: Sequence[Copy], by: Weights = WEIGHTS) -> dict[TellingId, str]:
    """Return the key of the fused program of each telling."""
    return {(s.article, s.program): f.key for f in fuse(tellings, copied, by=by) for s in f.sources}


def paired(
    rows: Iterable[Row], records: Mapping[str, ArticleRecord], keys: Mapping[TellingId, str]
) -> dict[TellingId, Hashable]:
    """Return the key for each annotated program, by the program read that agrees with it best.

    One that was not read is in no group: it counts as one of its own.
    """
    labels: dict[TellingId, Hashable] = {}
    for row in rows:
        guesses = as_objects(records[row["id"]])
        positions = {id(guess): n for n, guess in enumerate(guesses)}
        numbers = {id(program): n for n, program in enumerate(row["programs"])}
        for gold, guess in pair_programs(row["programs"], guesses):
            if gold:
                at = (row["id"], numbers[id(gold)])
                labels[at] = keys[row["id"], positions[id(guess)]] if guess else at
    return labels


def _telling(row: Row, position: int, program: Program) -> Telling:
    origin = Origin(row["id"], row.get("source_url"), row["title"], row.get("publisher"), _day(row))
    return Telling(origin, position, program, read_cues(program, row["title"], row["text"]))


def _day(row: Row) -> dt.date | None:
    return dt.date.fromisoformat(row["published"]) if row.get("published") else None


def _program(row: Row, program: Row) -> Program:
    facility, date, trainees = program["facility"], program["date"], program["participants"]
    unit = facility and facility["place"] and find_unit(facility["type"], facility["place"], facility["class"])
    if facility:
        facility = _value(row, facility) | {"facility_id": unit.facility_id if unit else None}
    made = Program.model_validate(
        {
            "facility": facility,
            "date": date
            and {k: v for k, v in _value(row, date).items() if k != "name"} | {"precision": _precision(date)},
            "participants": trainees and {k: v for k, v in _value(row, trainees).items() if k != "name"},
            **{slot: [_value(row, value) for value in program[slot]] for slot in ("partners", "instructors", "skills")},
            "confidence": 1.0,
            "key": "",
        }
    )
    return made.model_copy(update={"key": key(made.facility, made.date, made.skills)})


def _value(row: Row, value: Row) -> dict[str, Any]:
    """Return an annotated value as the schema has it, at the first place that has its words."""
    words = value["text"]
    field = "title" if words in row["title"] else "text"
    start = row[field].index(words)
    evidence = {"field": field, "start": start, "end": start + len(words), "text": words, "method": "rule"}
    return {k: v for k, v in value.items() if k != "text"} | {"name": words, "confidence": 1.0, "evidence": [evidence]}


def _precision(date: Row) -> str:
    start, end = dt.date.fromisoformat(date["start"]), dt.date.fromisoformat(date["end"])
    last = calendar.monthrange(end.year, end.month)[1]
    if start.day != 1 or end.day != last:
        return "day"
    return (
        "month"
        if (start.year, start.month) == (end.year, end.month)
        else "year"
        if end.month - start.month == 11
        else "day"
    )
