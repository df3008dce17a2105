"""Records as pages: one self-contained HTML file, no script, nothing loaded, untrusted text inert."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from extractor.errors import InputError
from service.highlight import Piece, Span, paragraphs
from service.labels import SLOT_LABELS, STATUS_LABELS, details, headline, slot_values
from service.templating import templates_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.evaluation import Report, Row
    from extractor.schema import ArticleRecord


def record_page(record: ArticleRecord) -> str:
    """Return a page with the article, every evidence span in its slot's color, beside the record.

    Raises:
        InputError: The record was made without its article's text.
    """
    if record.article.text is None:
        raise InputError("the HTML page shows the article, so the record needs its text")
    row = record.model_dump(mode="json", by_alias=True)
    return _render("record.html", record=row, article=_marked(row["article"], row["programs"]))


def report_page(report: Report, gold: Iterable[Row], records: dict[str, ArticleRecord]) -> str:
    """Return a page with the figures and every article that has a miss, gold beside prediction."""
    misses: dict[str, list[Any]] = {}
    for miss in report.misses:
        misses.setdefault(miss.article, []).append(miss)
    articles = []
    for row in gold:
        if row["id"] not in misses:
            continue
        predicted = records[row["id"]].model_dump(mode="json", by_alias=True)
        sides = (_marked(row, row["programs"]), _marked(predicted["article"], predicted["programs"]))
        articles.append({"id": row["id"], "misses": misses[row["id"]], "sides": sides})
    return _render("report.html", report=report, articles=articles)


def _marked(article: dict[str, Any], programs: list[dict[str, Any]]) -> dict[str, list[list[Piece]]]:
    """Return the title and the text of an article as paragraphs of pieces."""
    spans = {field: list(_spans(article, programs, field)) for field in ("title", "text")}
    return {field: paragraphs(article[field] or "", found) for field, found in spans.items()}


def _spans(article: dict[str, Any], programs: list[dict[str, Any]], field: str) -> Iterator[Span]:
    for program in programs:
        for slot, value in slot_values(program):
            label = f"{SLOT_LABELS[slot][0]}: {headline(slot, value)}"
            for evidence in value.get("evidence") or _quoted(article, value):
                if evidence["field"] == field:
                    yield Span(evidence["start"], evidence["end"], slot, label)


def _quoted(article: dict[str, Any], value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where a gold value's words stand first: in the text, else in the title."""
    for field in ("text", "title"):
        start = article[field].find(value["text"])
        if start >= 0:
            return [{"field": field, "start": start, "end": start + len(value["text"])}]
    return []


def _render(template: str, **context: object) -> str:
    style = files("service").joinpath("templates/page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    # Our own file, and its characters are what the hash above was made of.
    page = _environment().get_template(template)
    return page.render(style=Markup(style), policy=policy, **context)  # noqa: S704  our own file, see above


@cache
def _environment() -> Environment:
    environment = templates_of("service")
    environment.globals |= {"slot_labels": SLOT_LABELS, "status_labels": STATUS_LABELS}
    environment.filters |= {"headline": lambda value, slot: headline(slot, value)}
    environment.filters |= {"details": lambda value, slot: details(slot, value)}
    environment.filters |= {"slot_values": slot_values}
    return environment
