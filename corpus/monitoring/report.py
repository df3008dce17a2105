"""What a run of the monitor found: for a table, as JSON, for a webhook."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from extractor.schema import ArticleRecord


@dataclass(frozen=True, slots=True)
class SourceResult:
    """How one source fared.

    Attributes:
        name: the source.
        listed: the articles that it lists, of the days asked for.
        promising: those that may report a training, by title, summary and address.
        new: those that no run has seen before.
        error: why it could not be read at all.
        failing: in how many runs in a row that was so.
        problems: what of it could not be read.
    """

    name: str
    listed: int = 0
    promising: int = 0
    new: int = 0
    error: str | None = None
    failing: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that was read and saved in this run; `programs` as in a record, without evidence."""

    url: str
    title: str
    source: str
    status: str
    published: str | None
    programs: list[Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be had, and whether a later run will try again."""

    url: str
    title: str
    source: str
    code: str
    reason: str
    again: bool


@dataclass(slots=True)
class Report:
    """One run: its sources, the new articles with programs, how many were read without any, the failures."""

    since: dt.date | None
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    sources: list[SourceResult] = field(default_factory=list)
    articles: list[NewArticle] = field(default_factory=list)
    without_programs: int = 0
    failures: list[Failure] = field(default_factory=list)
    waiting: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        data = dataclasses.asdict(self)
        for name, value in data.items():
            if isinstance(value, dt.date):
                data[name] = value.isoformat()
        return data


def new_article(url: str, title: str, source: str, record: ArticleRecord) -> NewArticle:
    """Return what is said of a record that was saved."""
    body = record.model_dump(mode="json", by_alias=True, include={"status", "programs", "article"})
    article = body["article"]
    return NewArticle(
        url=url,
        title=article["title"] or title,
        source=source,
        status=body["status"],
        published=article["published"],
        programs=[_without_evidence(program) for program in body["programs"]],
    )


def _without_evidence(value: Any) -> Any:  # noqa: ANN401  any part of a record
    if isinstance(value, dict):
        return {name: _without_evidence(part) for name, part in value.items() if name != "evidence"}
    return [_without_evidence(part) for part in value] if isinstance(value, list) else value
