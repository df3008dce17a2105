"""A record's JSON as rows of the tables that `columns.toml` describes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]  # column to value; a column that is not there is empty
Record = Mapping[str, Any]  # an ArticleRecord as JSON by alias


def rows_of(table: str, name: str, record: Record) -> list[Row]:
    """Return the rows that a record gives a table.

    Args:
        table: one of `corpus.columns.TABLES`.
        name: what the rows call the article: the value of their column `id`.
        record: the record's JSON, with or without the article's text.
    """
    return _ROWS[table](name, record)


def flat_rows(name: str, record: Record) -> list[Row]:
    """Return the rows of the table of programs, and where the article has none, one row that says so."""
    return rows_of("programs", name, record) or [_article_part(name, record)]


def _articles(name: str, record: Record) -> list[Row]:
    article = record["article"]
    row = _article_part(name, record) | {
        key: article[key] for key in ("canonical_url", "author", "language", "text_sha256")
    }
    row |= {key: record[key] for key in ("warnings", "truncated")}
    return [row | {"program_count": len(record["programs"])}]


def _article_part(name: str, record: Record) -> Row:
    article = record["article"]
    row = {"id": name} | {key: article[key] for key in ("url", "title", "publisher")}
    row |= {key: record[key] for key in ("status", "relevance", "pipeline_version", "model_version")}
    return row | {"published": _day(article["published"])}


def _programs(name: str, record: Record) -> list[Row]:
    article = _article_part(name, record)
    return [article | _program(position, program) for position, program in enumerate(record["programs"], 1)]


def _program(position: int, program: Record) -> Row:
    row: Row = {"program": position, "program_key": program["key"], "program_confidence": program["confidence"]}
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
    return row | {"facility": value["name"], "facility_id": value["facility_id"]}


def _partner(value: Record) -> Row:
    return {"partner": value["name"], "partner_acronym": value["acronym"], "partner_kind": value["kind"]}


def _instructor(value: Record) -> Row:
    row = {f"instructor_{key}": value[key] for key in ("title", "affiliation")}
    return row | {"instructor": value["name"]}


def _skill(value: Record) -> Row:
    return {"skill": value["name"], "skill_category": value["category"], "skill_isco": value["isco"]}


def _values(slot: str, row_of: Callable[[Record], Row]) -> Callable[[str, Record], list[Row]]:
    """Return what makes the rows of the values of one slot, each with the program that it is of."""

    def rows(name: str, record: Record) -> list[Row]:
        found = []
        for position, program in enumerate(record["programs"], 1):
            head = {"id": name, "url": record["article"]["url"], "program": position, "program_key": program["key"]}
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


_ROWS: dict[str, Callable[[str, Record], list[Row]]] = {
    "articles": _articles,
    "programs": _programs,
    "facilities": _values("facility", _facility),
    "partners": _values("partners", _partner),
    "instructors": _values("instructors", _instructor),
    "skills": _values("skills", _skill),
}
