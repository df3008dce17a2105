"""The output contract: what `extract` returns and what the HTTP API sends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1"

FacilityType = Literal[
    "rutan", "lapas", "lapas_narkotika", "lapas_perempuan", "lapas_terbuka",
    "lpka", "bapas", "rutan_perempuan", "rehab_center", "other",
]  # fmt: skip
FacilityClass = Literal["I", "II", "IIA", "IIB", "III"]
PartnerKind = Literal["government", "company", "ngo", "education", "religious", "community", "other"]
SkillCategory = Literal[
    "culinary", "sewing_fashion", "textile_craft", "handicraft", "woodworking", "construction",
    "welding_metal", "automotive", "electrical_electronics", "agriculture", "livestock_fisheries",
    "beauty_barber", "digital_it", "arts_music", "entrepreneurship", "literacy_education",
    "cleaning_laundry", "health_wellness", "other",
]  # fmt: skip
Group = Literal["women", "men", "youth"]
Status = Literal[
    "ok", "not_relevant", "paywalled", "js_only", "soft_404", "blocked", "gallery", "video", "not_article",
]  # fmt: skip
Method = Literal["model", "rule", "gazetteer"]
Probability = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Base of the contract's parts: unknown keys are errors, names as in JSON."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Evidence(Model):
    """The words a value was read from: `field[start:end] == text`, in characters."""

    field: Literal["title", "text"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    method: Method


class Value(Model):
    """What every extracted value carries."""

    confidence: Probability
    evidence: list[Evidence] = Field(min_length=1)


class Facility(Value):
    """The correctional or rehabilitation facility whose residents are trained."""

    name: str
    type: FacilityType
    class_: FacilityClass | None = Field(default=None, alias="class")
    place: str | None = None
    province: str | None = None
    regency: str | None = None
    facility_id: str | None = None


class ProgramDate(Value):
    """When the training takes place, as an inclusive range of days."""

    start: dt.date
    end: dt.date
    precision: Literal["day", "month", "year"]


class Partner(Value):
    """An organization outside the facility that cooperates, sponsors, teaches or certifies."""

    name: str
    acronym: str | None = None
    kind: PartnerKind = "other"


class Instructor(Value):
    """A named person who teaches, without honorific or degree."""

    name: str
    title: str | None = None
    affiliation: str | None = None


class Skill(Value):
    """What is taught, in the shortest phrase that names it."""

    name: str
    category: SkillCategory = "other"
    isco: str | None = None


class Participants(Value):
    """The trainees: how many, and of which group."""

    count: int | None = Field(default=None, ge=1)
    group: Group | None = None


class Program(Model):
    """One training activity for the residents of one facility. What is not known is null or empty."""

    facility: Facility | None = None
    date: ProgramDate | None = None
    partners: list[Partner] = []
    instructors: list[Instructor] = []
    skills: list[Skill] = []
    participants: Participants | None = None
    confidence: Probability
    key: str


class ArticleInfo(Model):
    """The article the programs were read from. `text` is the body that evidence offsets count in."""

    url: str | None = None
    canonical_url: str | None = None
    title: str
    author: str | None = None
    publisher: str | None = None
    published: dt.datetime | dt.date | None = None
    language: str | None = None
    text: str | None
    text_sha256: str


class ArticleRecord(Model):
    """One article's record."""

    schema_version: str = SCHEMA_VERSION
    pipeline_version: str
    model_version: str | None
    status: Status
    article: ArticleInfo
    relevance: Probability
    programs: list[Program] = []
    warnings: list[str] = []
    truncated: bool = False
