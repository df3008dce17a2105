"""/articles/{id}: an article with its record, and forms that say of each value whether it is right."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from corpus import corrections
from corpus.corrections import Slot
from corpus.store import Store
from corpus.store.accounts import Kept, kept
from corpus.store.store import Action
from extractor.errors import InputError
from service.api.stored import Number, OpenStore, missing
from service.pages.review import labels, marked, review
from service.pages.texts import Words, language_of
from service.pages.values import FIELDS, details, edited, headline
from service.pages.web import PageRoute, remember, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

AUTHOR = "pembinaan_author"
Json = dict[str, Any]


class CorrectionForm(BaseModel, extra="allow"):
    """What a form of the article page sends; besides these, the fields of its slot."""

    record_id: int = Field(ge=1, le=2**63 - 1)
    program: int | None = Field(default=None, ge=0, le=1000)
    slot: Slot
    action: Action
    before: str = Field(default="", max_length=100_000)
    note: str = Field(default="", max_length=2000)
    words: str = Field(default="", max_length=2000)
    field: str = Field(default="text", pattern="^(title|text)$")
    at: int | None = Field(default=None, ge=0, description="Where the words begin.")
    back: str = Field(default="", max_length=100, pattern="^[a-z0-9-]*$", description="The value to go on with.")


class AuthorForm(BaseModel):
    """Who corrects, and the article that they look at."""

    author: str = Field(max_length=100)
    article: int = Field(ge=1, le=2**63 - 1)


@router.get("/articles/{id}")
def get_article(request: Request, store: OpenStore, id: Number) -> Response:  # noqa: A002  the path names it so
    """Show an article."""
    return _page(request, _kept(store, id))


@router.post("/articles/{id}")
def correct(
    request: Request,
    store: OpenStore,
    id: Number,  # noqa: A002  the path names it so
    form: Annotated[CorrectionForm, Form()],
) -> Response:
    """Add a correction, and show the article with it; one that does not fit is told beside it."""
    article = _kept(store, id)
    words = Words(language_of(request))
    try:
        author = _author(request, words)
        _check_fresh(form, article, words)
        before, after = _change(form, article, words)
        program = form.program
        if form.slot != "record" and program is None and form.action == "add":
            # The first value of a program that was missed.
            slot, after = "program", {form.slot: [after] if form.slot in corrections.LISTS else after}
        else:
            slot = form.slot
        corrections.add(
            store, form.record_id, program, slot, form.action,  # type: ignore[arg-type]  # "program" is a Slot
            author=author, before=before, after=after, note=form.note.strip() or None,
        )  # fmt: skip
    except InputError as error:
        return _page(request, article, str(error), 422)
    return RedirectResponse(f"/articles/{id}" + (f"#{form.back}" if form.back else ""), 303)


@router.post("/author")
def set_author(form: Annotated[AuthorForm, Form()]) -> Response:
    """Keep the name under which a person corrects, and go back to the article."""
    response = RedirectResponse(f"/articles/{form.article}", 303)
    remember(response, AUTHOR, quote(form.author.strip()))
    return response


def show(request: Request, record: Json, template: str, status: int = 200, **context: object) -> Response:
    """Return a page that shows a record; one of the store where `article` is in the context, else one to look at."""
    article: Kept | None = context.get("article")  # type: ignore[assignment]  # a template's context holds anything
    words = Words(language_of(request))
    programs = review(record["programs"], article.corrections if article else ())
    return render(
        request, template, status,
        record=record, programs=programs, pieces=marked(record["article"], programs),
        labels=labels(words, programs), fields=FIELDS, headline=headline, details=details, dump=json.dumps,
        **context,
    )  # fmt: skip


def _page(request: Request, article: Kept, error: str | None = None, status: int = 200) -> Response:
    return show(request, article.record, "article.html", status, article=article, author=_name(request), error=error)


def _kept(store: Store, number: int) -> Kept:
    found = kept(store, number)
    if found is None:
        raise missing("article")
    return found


def _name(request: Request) -> str:
    return unquote(request.cookies.get(AUTHOR, ""))[:100]


def _author(request: Request, words: Words) -> str:
    """Return who says so: the name that was given, and whose key it was sent with."""
    author = " · ".join(filter(None, (_name(request), getattr(request.state, "caller", None))))
    if not author:
        raise InputError(words("article.no_author"))
    return author


def _check_fresh(form: CorrectionForm, article: Kept, words: Words) -> None:
    """Refuse what was said of a record that another has replaced since the page was shown."""
    if form.record_id != article.record_id:
        raise InputError(words("article.stale"))


def _change(form: CorrectionForm, article: Kept, words: Words) -> tuple[Json | None, Json | None]:
    """Return the value before and after, as far as the form's action has them."""
    if form.slot in {"program", "record"}:
        return None, None
    before = _parsed(form.before) if form.action != "add" else None
    if form.action not in {"edit", "add"}:
        return before, None
    if form.action == "add" and form.before:  # what was rejected is right after all
        again = _parsed(form.before)
        return None, {name: part for name, part in again.items() if name != "confidence"}
    typed = {name: str(value) for name, value in (form.model_extra or {}).items()}
    if form.words.strip():
        evidence = [_evidence(form, article, words)]
        if form.slot in {"partners", "instructors", "skills", "facility"} and not typed.get("name", "").strip():
            typed["name"] = evidence[0]["text"]
    elif before:
        evidence = before.get("evidence", [])
    else:
        raise InputError(words("article.no_words"))
    return before, edited(form.slot, typed, before or {}, evidence)


def _evidence(form: CorrectionForm, article: Kept, words: Words) -> Json:
    """Return where the form's words stand: where it says, else where they stand first."""
    wanted = form.words.strip()
    info = article.record["article"]
    places = [(form.field, form.at)] if form.at is not None else []
    places += [(name, (info[name] or "").find(wanted)) for name in ("text", "title")]
    for name, start in places:
        end = (start or 0) + len(wanted)
        if start is not None and start >= 0 and (info[name] or "")[start:end] == wanted:
            return {"field": name, "start": start, "end": end, "text": wanted}
    raise InputError(words("article.not_found_words", words=wanted[:60]))


def _parsed(text: str) -> Json:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError("before is no value of a record")
    return value
