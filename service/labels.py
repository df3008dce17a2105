"""The words that pages and tables show for slots, groups and statuses, and values as one line of text."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LABELS = tomllib.loads(files("service").joinpath("templates/labels.toml").read_text("utf-8"))

SLOT_LABELS: dict[str, tuple[str, str]] = {slot: (pair[0], pair[1]) for slot, pair in _LABELS["slots"].items()}
GROUP_LABELS: dict[str, str] = _LABELS["groups"]
STATUS_LABELS: dict[str, str] = _LABELS["statuses"]


def headline(slot: str, value: Mapping[str, Any]) -> str:
    """Return what a value says in a few words, from a record's JSON or from a gold row."""
    if slot == "date":
        return date_range(value)
    if slot == "participants":
        group = GROUP_LABELS.get(value.get("group") or "", "")
        count = value.get("count")
        return " · ".join(str(part) for part in (count, group) if part) or str(value.get("text") or "")
    return str(value.get("name") or value.get("text") or "")


def details(slot: str, value: Mapping[str, Any]) -> str:
    """Return the rest of a value, parts joined by a middle dot; empty where there is none."""
    keys = {
        "facility": ("type", "class", "place", "regency", "province", "facility_id"),
        "date": ("precision",),
        "partners": ("acronym", "kind"),
        "instructors": ("title", "affiliation"),
        "skills": ("category", "isco"),
    }.get(slot, ())
    return " · ".join(str(value[key]) for key in keys if value.get(key))


def date_range(value: Mapping[str, Any]) -> str:
    """Return one day, or the first and the last day, as ISO 8601 dates."""
    start, end = value.get("start"), value.get("end")
    return str(start) if end in {start, None} else f"{start} – {end}"


def slot_values(program: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every value of a program's JSON with its slot, in the order of the slots."""
    for slot in SLOT_LABELS:
        found = program.get(slot)
        for value in found if isinstance(found, list) else [found]:
            if value:
                yield slot, value
