"""What people say of records: checked against the record, added for good, and turned into annotated articles.

A correction names a slot of a program by its position, and the value that it is about as it stood: `before`. One that
was made after others stands on what they left. Slots are those of a Program, and two more: "program", for a program as
a whole, and "record", which can only be accepted, for all that a record says, or does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import ValidationError

from corpus.store import Store
from corpus.store.rows import clean
from corpus.store.store import Action
from corpus.store.tables import Correction, Record, Version, now
from extractor.errors import InputError, PembinaanError
from extractor.schema import Facility, Instructor, Model, Participants, Partner, ProgramDate, Skill

Json = dict[str, Any]
Slot = Literal["facility", "date", "partners", "instructors", "skills", "participants", "program", "record"]

SLOTS: dict[str, type[Model]] = {
    "facility": Facility, "date": ProgramDate, "partners": Partner,
    "instructors": Instructor, "skills": Skill, "participants": Participants,
}  # fmt: skip
LISTS = ("partners", "instructors", "skills")
_NEEDS = {  # action: before, after
    "accept": (True, False),
    "edit": (True, True),
    "reject": (True, False),
    "add": (False, True),
}
_EMPTY: Json = {slot: [] if slot in LISTS else None for slot in SLOTS}
_CHUNK = 100  # articles of one query
MAX_PROGRAMS = 100  # of one article, those that people add among them


class NoRecordError(PembinaanError):
    """There is no such record."""

    code = "not_found"


def add(  # noqa: PLR0913  a correction has that many parts
    store: Store,
    record: int,
    program: int | None,
    slot: Slot,
    action: Action,
    *,
    author: str,
    before: Json | None = None,
    after: Json | None = None,
    note: str | None = None,
) -> Json:
    """Add a correction, and return its row. It stands for good; a later one may say otherwise.

    Args:
        store: where the record is.
        record: its number.
        program: the program's position; None for the record as a whole, and for a program that is added.
        slot: what is meant.
        action: what is said of it.
        author: who says so.
        before: the value as it stands; confidence and evidence may be left out. None for whole programs.
        after: the value as it should be, with `evidence`: one or more of {field, start, end, text}. What it leaves out
            of the slot's parts is null.
        note: why.

    Raises:
        NoRecordError: there is no such record.
        InputError: it does not fit the record: there is no such program or value, or its words are not in the text.
    """
    with store.writing() as connection:
        asked = sa.select(Record.body, Version.text).join(Version, Version.id == Record.version_id)
        found = connection.execute(asked.where(Record.id == record)).first()
        if found is None:
            raise NoRecordError(f"there is no record {record}")
        said = connection.execute(
            sa.select(*Correction.__table__.columns).where(Correction.record_id == record).order_by(Correction.id)
        )
        fields = {"title": found.body["article"]["title"], "text": found.text or ""}
        programs = corrected(found.body["programs"], _rows(said))
        _check_shape(program, slot, action, before, after)
        before, after = _fit(programs, fields, program, slot, before, after)
        row: Json = {"record_id": record, "program": program, "slot": slot, "action": action, "before": before}
        row |= {"after": after, "author": author, "note": note}
        adding = sa.insert(Correction).values(**clean(row), at=now()).returning(*Correction.__table__.columns)
        return dict(connection.execute(adding).mappings().one())


def corrected(programs: Iterable[Json], said: Iterable[Mapping[str, Any]]) -> list[Json | None]:
    """Return a record's programs as the corrections leave them, each at its position; None: it is none.

    Programs that were added follow those that were read, in order.
    """
    left: list[Json | None] = [dict(program) for program in programs]
    for one in said:
        slot, action, position = one["slot"], one["action"], one["program"]
        if slot == "record" or action == "accept":
            continue
        if slot == "program":
            if action == "add":
                left.append(_EMPTY | one["after"])
            elif position < len(left):
                left[position] = None
            continue
        program = left[position] if position is not None and position < len(left) else None
        if program is not None:
            program[slot] = _changed(program[slot], slot, action, one["before"], one["after"])
    return left


def annotated(store: Store) -> Iterator[Json]:
    """Yield a row of the gold format for each article that has corrections, as they left it, in order.

    Where records by several readers were corrected, the last one that was counts.
    """
    last = sa.func.max(Correction.id)
    asked = (
        sa.select(Record.version_id, Record.id)
        .join(Correction, Correction.record_id == Record.id)
        .group_by(Record.version_id, Record.id)
        .order_by(Record.version_id, last.desc())
    )
    with store.reading() as connection:
        chosen: dict[int, int] = {}
        for row in connection.execute(asked):
            chosen.setdefault(row.version_id, row.id)
    ids = list(chosen.values())
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        with store.reading() as connection:
            records = connection.execute(
                sa.select(Record.id, Record.body, Version.text, Version.published_day)
                .join(Version, Version.id == Record.version_id)
                .where(Record.id.in_(some))
                .order_by(Record.version_id)
            ).all()
            asked = sa.select(*Correction.__table__.columns).where(Correction.record_id.in_(some))
            said: dict[int, list[Json]] = {record: [] for record in some}
            for one in _rows(connection.execute(asked.order_by(Correction.id))):
                said[one["record_id"]].append(one)
        for record in records:
            programs = corrected(record.body["programs"], said[record.id])
            yield _row(record.body["article"], record.text or "", record.published_day, programs)


def _check_shape(program: int | None, slot: Slot, action: Action, before: Json | None, after: Json | None) -> None:
    """Refuse what says too little or too much for its slot and action."""
    if slot == "record":
        if action != "accept" or program is not None or before is not None or after is not None:
            raise InputError("a record as a whole can only be accepted, without program, before and after")
        return
    adds_program = slot == "program" and action == "add"
    if (program is None) != adds_program:
        raise InputError(
            "leave program out" if adds_program else "program says which of the record's programs is meant"
        )
    if slot == "program":
        if action == "edit" or before is not None or (after is not None) != adds_program:
            raise InputError("a program as a whole is accepted, rejected or, with after, added; before is null")
        return
    for name, given, needed in zip(("before", "after"), (before, after), _NEEDS[action], strict=True):
        if (given is not None) != needed:
            raise InputError(f"to {action}, {name} {'is the value' if needed else 'is null'}")


def _fit(  # noqa: PLR0913, PLR0917  one decision over all parts
    programs: list[Json | None],
    fields: Mapping[str, str],
    position: int | None,
    slot: Slot,
    before: Json | None,
    after: Json | None,
) -> tuple[Json | None, Json | None]:
    """Return before, as it stands in the record, and after, whole; refuse what does not fit."""
    if slot == "record":
        return None, None
    if position is None:
        if len(programs) >= MAX_PROGRAMS:
            raise InputError(f"an article has at most {MAX_PROGRAMS} programs")
        return None, _whole_program(after or {}, fields)
    program = programs[position] if position < len(programs) else None
    if program is None:
        raise InputError(f"the record has no program at position {position}, or it was rejected")
    if slot == "program":
        return None, None
    standing = program[slot] if slot in LISTS else [program[slot]] if program[slot] else []
    value = None if after is None else _whole_value(slot, after, fields)
    if before is not None:
        if (found := _find(standing, slot, before)) is None:
            raise InputError(f"before is no value that stands in {slot} of program {position}")
        before = found
    elif slot not in LISTS and standing:
        raise InputError(f"{slot} of program {position} has a value; edit it")
    elif value is not None and _find(standing, slot, value) is not None:
        raise InputError(f"{slot} of program {position} has that value")
    return before, value


def _whole_program(given: Json, fields: Mapping[str, str]) -> Json:
    if strange := sorted(given.keys() - SLOTS.keys()):
        raise InputError(f"after has parts that no program has: {', '.join(strange)[:100]}")
    program = dict(_EMPTY)
    for slot, part in given.items():
        if slot in LISTS:
            if not isinstance(part, list):
                raise InputError(f"after.{slot} is a list of values")
            program[slot] = [_whole_value(slot, value, fields) for value in part]
        elif part is not None:
            program[slot] = _whole_value(slot, part, fields)
    if program == _EMPTY:
        raise InputError("after has no value")
    return program


def _whole_value(slot: str, given: Any, fields: Mapping[str, str]) -> Json:  # noqa: ANN401  a stranger's JSON
    """Return a value with all its parts; refuse what its slot cannot have, and words that are not in the article."""
    if not isinstance(given, dict):
        raise InputError(f"a value of {slot} is an object")
    proof = given.get("evidence")
    if not isinstance(proof, list) or not proof:
        raise InputError(f"a value of {slot} needs evidence: where its words stand in the title or the text")
    try:
        parts = [{"method": "rule"} | one for one in proof]
        value = SLOTS[slot].model_validate(given | {"confidence": 1.0, "evidence": parts})
    except (TypeError, ValidationError) as error:
        raise InputError(f"{slot}: {_first(error)}") from None
    whole = value.model_dump(mode="json", by_alias=True)
    for one in whole["evidence"]:
        if not one["start"] < one["end"] or fields[one["field"]][one["start"] : one["end"]] != one["text"]:
            raise InputError(f"{slot}: {one['text'][:50]!r} does not stand at {one['start']} of the {one['field']}")
        del one["method"]  # a person's
    for name in ("name", "title", "affiliation", "acronym", "place"):
        if isinstance(whole.get(name), str) and not whole[name].strip():
            raise InputError(f"{slot}: {name} is blank; null where there is none")
    if slot == "date" and whole["start"] > whole["end"]:
        raise InputError("date: it ends before it starts")
    if slot == "participants" and whole["count"] is None and whole["group"] is None:
        raise InputError("participants: give a count, a group or both")
    del whole["confidence"]
    return whole


def _first(error: TypeError | ValidationError) -> str:
    if isinstance(error, TypeError):
        return "evidence is a list of objects"
    one = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"


def _find(values: Iterable[Json], slot: str, like: Json) -> Json | None:
    """Return the first of the values that says the same."""
    wanted = _said(slot, like)
    return next((value for value in values if _said(slot, value) == wanted), None)


def _said(slot: str, value: Json) -> Json:
    """Return what a value says, without how sure it is and where it stands."""
    parts = {field.alias or name for name, field in SLOTS[slot].model_fields.items()} - {"confidence", "evidence"}
    return {part: value.get(part) for part in parts}


def _changed(standing: Any, slot: str, action: Action, before: Json | None, after: Json | None) -> Any:  # noqa: ANN401  a value, a list of them, or none
    """Return a slot after one correction; a value that does not stand there any more is left as it is."""
    if slot not in LISTS:
        return after if action in {"edit", "add"} else None
    if action == "add":
        return [*standing, after]
    found = _find(standing, slot, before or {})
    new = [] if after is None else [after]
    return [one for value in standing for one in (new if value is found else [value])]


def _rows(found: sa.CursorResult[*tuple[Any, ...]]) -> list[Json]:
    return [dict(row) for row in found.mappings()]


def _row(article: Json, text: str, published: Any, programs: list[Json | None]) -> Json:  # noqa: ANN401  a day or a time
    whole = f"{article['title']}\n\n{text}"
    rows = [_gold(program, whole) for program in programs if program is not None]
    return {
        # By its words, so that an article is in the same fold whichever store it comes from.
        "id": f"corrected-{hashlib.sha256(whole.encode()).hexdigest()[:16]}",
        "source_url": article["canonical_url"] or article["url"],
        "publisher": article["publisher"],
        "published": published and published.isoformat(),
        "kind": ("negative", "program")[len(rows)] if len(rows) < 2 else "multi",
        "title": article["title"],
        "text": text,
        "programs": rows,
    }


def _gold(program: Json, whole: str) -> Json:
    row: Json = {}
    for slot in SLOTS:
        if slot in LISTS:
            row[slot] = [_gold_value(slot, value, whole) for value in program[slot]]
        else:
            row[slot] = program[slot] and _gold_value(slot, program[slot], whole)
    return row


_GOLD = {
    "facility": ("type", "class", "place"),
    "date": ("start", "end"),
    "partners": ("acronym", "kind"),
    "instructors": ("title", "affiliation"),
    "skills": ("category",),
    "participants": ("count", "group"),
}


def _gold_value(slot: str, value: Json, whole: str) -> Json:
    """Return a value as annotators write it: the words of the article that name it, and what they mean."""
    name = value.get("name")
    words = name if name and name in whole else value["evidence"][0]["text"]
    return {"text": words} | {part: value[part] for part in _GOLD[slot]}
