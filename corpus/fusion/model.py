"""The shape of a fused program: one training as all outlets that tell of it have it, with who said what."""

from __future__ import annotations

import datetime as dt
from typing import Generic, Literal, TypeVar

from pydantic import Field

from extractor.schema import (
    Evidence,
    Facility,
    Instructor,
    Model,
    Participants,
    Partner,
    Probability,
    ProgramDate,
    Skill,
)

V = TypeVar("V", Facility, ProgramDate, Partner, Instructor, Skill, Participants)


class Source(Model):
    """One article's telling of the program."""

    article: str = Field(description="The article's address in the store: its URL, or the digest of its text.")
    program: int = Field(ge=0, description="Which of the article's programs it is, from 0.")
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: dt.date | None = None
    copy_of: int | None = Field(
        default=None, description="The source whose text this one repeats, whole or abridged; null where it is its own."
    )
    confidence: Probability = Field(description="Of the program as this source has it.")


class Vote(Model):
    """That a source says a value, and where."""

    source: int = Field(ge=0, description="Its place in `sources`, from 0.")
    said: str = Field(description="The value as this source has it: a name, an ISO 8601 day or interval, a number.")
    confidence: Probability
    evidence: list[Evidence] = Field(description="The words, at offsets of that source's own title and text.")


class Told(Model, Generic[V]):
    """A value with the votes for it. `value` is as the source that says it best has it, with that source's evidence."""

    value: V
    votes: list[Vote] = Field(min_length=1, description="The first is of the source that `value` is from.")
    independent: int = Field(ge=1, description="How many votes there are when copies of one text count once.")


class Option(Model):
    """One of the readings that sources differ in."""

    said: str
    votes: list[Vote] = Field(min_length=1)
    independent: int = Field(ge=1)


class Conflict(Model):
    """What sources contradict each other in. The first option is the one that stands in the program."""

    slot: Literal["facility", "date", "participants"]
    field: Literal["type", "class", "range", "count", "group"]
    options: list[Option] = Field(min_length=2)


class FusedProgram(Model):
    """One program with all its sources. What no source says is null or empty.

    Partners, instructors and skills are all that any source names: that another does not name one contradicts nothing.
    The facility, the date and the trainees are those with the most independent votes; what else was said of them
    stands in `conflicts`.
    """

    key: str = Field(description="Names the program; kept when it is fused anew with further sources.")
    facility: Told[Facility] | None = None
    date: Told[ProgramDate] | None = None
    partners: list[Told[Partner]] = Field(default=[])
    instructors: list[Told[Instructor]] = Field(default=[])
    skills: list[Told[Skill]] = Field(default=[])
    participants: Told[Participants] | None = None
    conflicts: list[Conflict] = Field(default=[])
    confidence: Probability = Field(description="That of its surest source.")
    sources: list[Source] = Field(min_length=1, description="In order of publication, those without a day last.")
    independent: int = Field(ge=1, description="How many sources there are when copies of one text count once.")
