"""POST /v1/extract: one article to its record, while the caller waits."""

import datetime as dt
from typing import Annotated, Any, Self

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from corpus.documents import Document
from extractor.schema import ArticleRecord
from service.api.dependencies import ReadingOf, json_only, problems, unless_gone
from service.problems import from_outcome

router = APIRouter(prefix="/v1", tags=["extract"])

_LEDE = (
    "Sebanyak sepuluh warga binaan Lapas Kelas IIB Sukamaju mengikuti pelatihan menjahit, Senin (13/10/2025)."
    " Lapas bekerja sama dengan Balai Latihan Kerja (BLK) Sukamaju. Para peserta dibimbing instruktur Dewi"
    " Lestari, yang mengajarkan cara membuat pola hingga menjahit kemeja."
)
EXAMPLES: dict[str, Any] = {
    "text": {
        "summary": "A text, its title on the first line",
        "value": {
            "text": f"Pelatihan Menjahit bagi Warga Binaan Lapas Sukamaju\n\n{_LEDE}",
            "published": "2025-10-14",
        },
    },
    "html": {
        "summary": "A page that the caller has",
        "value": {"html": f"<html><body><h1>Pelatihan Menjahit di Lapas Sukamaju</h1><p>{_LEDE}</p></body></html>"},
    },
    "url": {
        "summary": "A page to fetch",
        "value": {"url": "https://news.example.org/lapas-sukamaju-latih-menjahit", "include_text": False},
    },
}


class ExtractRequest(BaseModel):
    """One article: exactly one of `url`, `html` and `text`."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, min_length=1, description="An http or https address to fetch.")
    html: str | None = Field(default=None, min_length=1, description="An HTML page.")
    text: str | None = Field(default=None, min_length=1, description="A text, its title on the first line.")
    published: dt.date | dt.datetime | None = Field(default=None, description="When it was published.")
    include_text: bool = Field(default=True, description="Whether the record holds the article's text.")

    @model_validator(mode="after")
    def exactly_one_source(self) -> Self:
        """Refuse none and more than one."""
        if sum(source is not None for source in (self.url, self.html, self.text)) != 1:
            raise ValueError("give exactly one of url, html and text")
        return self


@router.post(
    "/extract",
    response_model=ArticleRecord,
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 408, 413, 415, 422, 502, 503, 504),
)
async def extract(
    request: Request,
    reading: ReadingOf,
    body: Annotated[ExtractRequest, Body(openapi_examples=EXAMPLES)],
    deadline: Annotated[
        float | None, Query(gt=0, allow_inf_nan=False, description="Seconds to wait, at most the service's own limit.")
    ] = None,
) -> Response:
    """Read one article into a record."""
    html = body.html.encode("utf-8", "surrogatepass") if body.html else None
    document = Document("", url=body.url, html=html, text=body.text, published=body.published)
    outcome = await unless_gone(request, reading.read(document, deadline))
    if outcome.record is None:
        return from_outcome(outcome)
    if not body.include_text:
        outcome.record.article.text = None
    return Response(outcome.record.model_dump_json(by_alias=True), media_type="application/json")
