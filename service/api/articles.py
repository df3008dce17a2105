"""/v1/articles: an article with its record and what people said of it."""

import datetime as dt
from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from corpus.store.accounts import kept
from extractor.schema import ArticleRecord
from service.api.corrections import CorrectionAnswer
from service.api.dependencies import problems
from service.api.stored import Number, OpenStore, missing, to_json

router = APIRouter(prefix="/v1", tags=["articles"])


class ArticleAnswer(BaseModel):
    """An article, its current record, and the corrections of that."""

    id: int
    address: str = Field(description="What names it in the store.")
    first_seen: dt.datetime
    versions: int = Field(description="How many versions of it were read.")
    record_id: int
    record: ArticleRecord
    corrections: list[CorrectionAnswer]


@router.get("/articles/{id}", response_model=ArticleAnswer, responses=problems(404, 422, 503))
def get_article(id: Number, store: OpenStore) -> Response:  # noqa: A002  the path names it so
    """Give an article with its record, text included."""
    found = kept(store, id)
    if found is None:
        raise missing("article")
    # The record as it is stored: read as a model again, a day of publication would become a time.
    return Response(to_json(asdict(found)), media_type="application/json")
