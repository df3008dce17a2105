"""A record's JSON as rows of the tables that `columns.toml` describes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]  # column to value; a column that is not there is empty
Record = Mapping[str, Any]  # an ArticleRecord as JSON by alias


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that is exported.

    Attributes:
        name: what its rows call it: their column `id`.
        record: its record's JSON.
        chosen: the positions, from 0, of those of its programs that are exported, each with the number that fusion
            gave it; None where all are, and nothing is known of fusion.
    """

    name: str
    record: Record
    chosen: Mapping[int, int | None] | None = None

    def programs(self) -> Iterator[tuple[int, Record, int | None]]:
        """Yield the programs that are exported, each between its position from 1 and its number after fusion."""
        for position, program in enumerate(self.record["programs"]):
            if self.chosen is None:
                yield position + 1, program, None
            elif position in self.chosen:
                yield position + 1, program, self.chosen[position]


def rows_of(table: str, entry: Entry) -> list[Row]:
    """Return the rows that an article gives one of `corpus.columns.TABLES`."""
    return _ROWS[table](entry)


def flat_rows(entry: Entry) -> list[Row]:
    """Return the rows of the table of programs, and where the article has none, one row that says so."""
    return _programs(entry) or [_article_part(entry)]


def _articles(entry: Entry) -> list[Row]:
    article = entry.record["article"]
    row = _article_part(entry)
    row |= {key: article[key] for key in ("canonical_url", "author", "language", "text_sha256")}
    row |= {key: entry.record[key] for key in ("warnings", "truncated")}
    return [row | {"program_count": sum(1 for _ in entry.programs())}]


def _article_part(entry: Entry) -> Row:
    article = entry.record["article"]
    row = {"id": entry.name} | {key: article[key] for key in ("url", "title", "publisher")}
    row |= {key: entry.record[key] for key in ("status", "relevance", "pipeline_version", "model_version")}
    return row | {"published": _day(article["published"])}


def _programs(entry: Entry) -> list[Row]:
    article = _article_part(entry)
    return [
        article | {"program": position, "fused": fused} | _program(program)
        for position, program, fused in entry.programs()
    ]


def _program(program: Record) -> Row:
    row: Row = {"program_key": program["key"], "program_confidence": program["confidence"]}
    if facility := program["facility"]:
        row |= _facility(facility)
        row |= {"facility_confidence": facility["confidence"], "facility_evidence": _words(facility)}
    if date := program["date"]:
        row |= {"date_start": _day(date["start"]), "date_end": _day(date["end"]), "date_precision": date["precision"]}
        row |= {"date_confidence": date["confidence"], "date_evidence": _words(date)}
    for slot in ("partner", "instructor", "skill"):
        values = program[f"{slot}s"]
        row[f"{slot}s"] = [value["name"] for value in values]
        row[f"{slot}_confidences"] = [value["confidence"] for value in values]
        row[f"{slot}_evidence"] = [_words(value) for value in values]
    row["partner_kinds"] = [value["kind"] for value in program["partners"]]
    row["skill_categories"] = [value["category"] for value in program["skills"]]
    if participants := program["participants"]:
        row |= {"participants": participants["count"], "participants_group": participants["group"]}
        row |= {"participants_confidence": participants["confidence"], "participants_evidence": _words(participants)}
    return row


def _facility(value: Record) -> Row:
    row = {f"facility_{key}": value[key] for key in ("type", "class", "place", "province")}
    row["facility_regency"] = value.get("regency")  # records of before 0.5.0 have none
    return row | {"facility": value["name"], "facility_id": value["facility_id"]}


def _partner(value: Record) -> Row:
    return {"partner": value["name"], "partner_acronym": value["acronym"], "partner_kind": value["kind"]}


def _instructor(value: Record) -> Row:
    row = {f"instructor_{key}": value[key] for key in ("title", "affiliation")}
    return row | {"instructor": value["name"]}


def _skill(value: Record) -> Row:
    return {"skill": value["name"], "skill_category": value["category"], "skill_isco": value["isco"]}


def _values(slot: str, row_of: Callable[[Record], Row]) -> Callable[[Entry], list[Row]]:
    """Return what makes a row of each value of a slot, with the program that it is of."""

    def rows(entry: Entry) -> list[Row]:
        found = []
        for position, program, _ in entry.programs():
            head = {"id": entry.name, "url": entry.record["article"]["url"]}
            head |= {"program": position, "program_key": program["key"]}
            values = program[slot] if isinstance(program[slot], list) else [program[slot]]
            found += [head | row_of(value) | _evidence(value) for value in values if value]
        return found

    return rows


def _evidence(value: Record) -> Row:
    first = value["evidence"][0]
    row = {f"evidence_{key}": first[key] for key in ("field", "start", "end")}
    return row | {"confidence": value["confidence"], "evidence": first["text"], "method": first["method"]}


def _words(value: Record) -> str:
    return str(value["evidence"][0]["text"])


def _day(value: str | None) -> dt.date | None:
    """Return the day of an ISO 8601 date or time, as it reads where it was published."""
    return dt.date.fromisoformat(value[:10]) if value else None


_ROWS: dict[str, Callable[[Entry], list[Row]]] = {
    "articles": _articles,
    "programs": _programs,
    "facilities": _values("facility", _facility),
    "partners": _values("partners", _partner),
    "instructors": _values("instructors", _instructor),
    "skills": _values("skills", _skill),
}
