"""A record as a reviewer sees it: each value with what people said of it, the text with the values' words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.corrections import LISTS, SLOTS
from service.highlight import Piece, Span, paragraphs
from service.pages.texts import Words
from service.pages.values import headline

Json = dict[str, Any]
State = Literal["read", "accepted", "edited", "rejected", "added"]
_STATES: dict[str, State] = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}


@dataclass(slots=True)
class Shown:
    """A value, what was last said of it, and who said so.

    Attributes:
        id: names it on the page.
        slot: what it is a value of.
        value: as it stands, or stood until it was rejected.
        state: what was last said of it.
        author: who said so; None where nobody did.
    """

    id: str
    slot: str
    value: Json
    state: State = "read"
    author: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the record, as corrected, has it."""
        return self.state != "rejected"


@dataclass(slots=True)
class Reviewed:
    """A program with its values by slot.

    Attributes:
        position: its place among the record's programs, those that people added among them.
        confidence: how sure it is; None where a person added it.
        state: what was last said of it as a whole.
        author: who said so.
        slots: its values.
    """

    position: int
    confidence: float | None
    state: State = "read"
    author: str | None = None
    slots: dict[str, list[Shown]] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether it is a program, as corrected."""
        return self.state != "rejected"

    @property
    def standing(self) -> Iterator[Shown]:
        """The values that it has, as corrected."""
        return (shown for values in self.slots.values() for shown in values if shown.stands and self.stands)


def review(programs: Iterable[Json], corrections: Iterable[Mapping[str, Any]]) -> list[Reviewed]:
    """Return a record's programs with what the corrections, in order, say of them."""
    found = [_reviewed(position, program) for position, program in enumerate(programs)]
    for said in corrections:
        slot, action = said["slot"], said["action"]
        if slot == "program" and action == "add":
            found.append(_reviewed(len(found), said["after"], _STATES[action], said["author"]))
        elif said["program"] is not None and said["program"] < len(found):
            program = found[said["program"]]
            if slot == "program":
                program.state, program.author = _STATES[action], said["author"]
            elif slot in SLOTS:
                _apply(program, said)
    return found


def marked(article: Mapping[str, Any], programs: Iterable[Reviewed]) -> dict[str, list[list[Piece]]]:
    """Return title and text as paragraphs of pieces; the note of a piece's span is the id of the value."""
    spans: dict[str, list[Span]] = {"title": [], "text": []}
    for program in programs:
        for shown in program.standing:
            for proof in shown.value.get("evidence", ()):
                spans[proof["field"]].append(Span(proof["start"], proof["end"], shown.slot, shown.id))
    return {name: paragraphs(article[name] or "", found) for name, found in spans.items()}


def labels(words: Words, programs: Iterable[Reviewed]) -> dict[str, str]:
    """Return by a value's id what to call it."""
    return {
        shown.id: f"{words(f'slot.{shown.slot}')}: {headline(words, shown.slot, shown.value)}"
        for program in programs
        for shown in program.standing
    }


def _reviewed(position: int, program: Json, state: State = "read", author: str | None = None) -> Reviewed:
    reviewed = Reviewed(position, program.get("confidence"), state, author)
    for slot in SLOTS:
        part = program.get(slot)
        values = part if isinstance(part, list) else [part] if part else []
        ids = (f"v{position}-{slot}-{number}" for number in range(len(values)))
        reviewed.slots[slot] = [Shown(i, slot, value, state, author) for i, value in zip(ids, values, strict=True)]
    return reviewed


def _apply(program: Reviewed, said: Mapping[str, Any]) -> None:
    """Change what one correction of a value changes; one whose value does not stand any more changes nothing."""
    slot, action, before = said["slot"], said["action"], said["before"]
    values = program.slots[slot]
    state, author = _STATES[action], said["author"]
    if action == "add":
        again = next((one for one in values if not one.stands and _same(one.value, said["after"])), None)
        if again is not None:
            values.remove(again)
        if slot not in LISTS:
            values.clear()
        names = {one.id for one in values}
        number = next(n for n in range(len(values) + 1) if f"v{program.position}-{slot}-{n}" not in names)
        values.append(Shown(f"v{program.position}-{slot}-{number}", slot, said["after"], state, author))
        return
    meant = next((one for one in values if one.stands and _same(one.value, before)), None)
    if meant is not None:
        meant.state, meant.author = state, author
        meant.value = said["after"] or meant.value


def _same(value: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether both say the same, however sure they are and wherever it stands."""
    unsaid = {"confidence", "evidence"}
    return {k: v for k, v in value.items() if k not in unsaid} == {k: v for k, v in other.items() if k not in unsaid}
