"""A slot's value as a page shows it and as a form gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from corpus.columns import CODES
from extractor.gazetteers.regions import provinces
from extractor.schema import FacilityClass
from service.pages.texts import Words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a value in a form.

    Attributes:
        name: as in the record's JSON.
        kind: what is typed: "text", "number", "date", or one of `options`.
        codes: the kind of code of the data dictionary that it is.
        options: what it may be, where that is a short list.
        required: whether a value must have it.
    """

    name: str
    kind: str = "text"
    codes: str | None = None
    options: tuple[str, ...] = ()
    required: bool = False


def _coded(name: str, codes: str, *, required: bool = False) -> Field:
    return Field(name, "select", codes, tuple(CODES[codes]), required)


FIELDS: dict[str, tuple[Field, ...]] = {
    "facility": (
        Field("name", required=True),
        _coded("type", "facility_type", required=True),
        Field("class", "select", None, get_args(FacilityClass)),
        Field("place"),
        Field("regency"),
        Field("province", "select", None, provinces()),
    ),
    "date": (
        Field("start", "date", required=True),
        Field("end", "date", required=True),
        _coded("precision", "date_precision", required=True),
    ),
    "partners": (
        Field("name", required=True),
        Field("acronym"),
        _coded("kind", "partner_kind", required=True),
    ),
    "instructors": (Field("name", required=True), Field("title"), Field("affiliation")),
    "skills": (Field("name", required=True), _coded("category", "skill_category", required=True)),
    "participants": (Field("count", "number"), _coded("group", "group")),
}
_KEPT = {"facility": ("facility_id",), "skills": ("isco",)}  # what no form shows, while the name stays


def headline(words: Words, slot: str, value: Mapping[str, Any]) -> str:
    """Return what a value says in a few words."""
    if slot == "date":
        return words.days(value.get("start"), value.get("end"), value.get("precision"))
    if slot == "participants":
        count, group = value.get("count"), value.get("group")
        parts = (count and words.number(count), group and words.code("group", group))
        return " · ".join(str(part) for part in parts if part)
    return str(value.get("name") or "")


def details(words: Words, slot: str, value: Mapping[str, Any]) -> str:
    """Return the rest of what a value says; empty where there is none."""
    shown = []
    for field in FIELDS[slot]:
        part = value.get(field.name)
        if part and field.name not in {"name", "start", "end", "precision", "count", "group"}:
            shown.append(words.code(field.codes, part) if field.codes else str(part))
    return " · ".join(shown)


def edited(slot: str, form: Mapping[str, str], before: Mapping[str, Any], evidence: list[Json]) -> Json:
    """Return a value as a form has it, with the words that it is from; `before` is what it was, empty if it was not."""
    value: Json = {field.name: form.get(field.name, "").strip() or None for field in FIELDS[slot]}
    if before and before.get("name") == value.get("name"):
        value |= {name: before[name] for name in _KEPT.get(slot, ()) if before.get(name)}
    return value | {"evidence": evidence}
