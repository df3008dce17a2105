"""/v1/corrections: what people say of records, added for good."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from corpus import corrections
from corpus.corrections import NoRecordError, Slot
from service.api.dependencies import json_only, problems
from service.api.stored import OpenStore, missing
from service.problems import ProblemError

router = APIRouter(prefix="/v1", tags=["corrections"])

Action = Literal["accept", "edit", "reject", "add"]
_VALUE = "as in the record's JSON, with evidence: [{field, start, end, text}], words of the title or the text"

EXAMPLES: dict[str, Any] = {
    "edit": {
        "summary": "A skill of another category",
        "value": {
            "record_id": 1,
            "program": 0,
            "slot": "skills",
            "action": "edit",
            "before": {"name": "membuat dimsum", "category": "other", "isco": None},
            "after": {
                "name": "membuat dimsum",
                "category": "culinary",
                "evidence": [{"field": "text", "start": 82, "end": 96, "text": "membuat dimsum"}],
            },
            "author": "Rina",
        },
    },
    "reject": {
        "summary": "It is no training",
        "value": {"record_id": 1, "program": 0, "slot": "program", "action": "reject", "author": "Rina"},
    },
}


class CorrectionRequest(BaseModel):
    """What is said of a value."""

    model_config = ConfigDict(extra="forbid")

    record_id: int = Field(ge=1, le=2**63 - 1)
    program: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="Its position in the record; null for the record, or one that is added.",
    )
    slot: Slot
    action: Action
    before: dict[str, JsonValue] | None = Field(
        default=None, description="The value as it stands; confidence and evidence may be left out."
    )
    after: dict[str, JsonValue] | None = Field(default=None, description=f"The value as it should be, {_VALUE}.")
    author: str | None = Field(
        default=None, min_length=1, max_length=100, description="Who says so; with an API key it may be left out."
    )
    note: str | None = Field(default=None, max_length=2000, description="Why.")


class CorrectionAnswer(BaseModel):
    """A correction as it stands, for good."""

    id: int
    record_id: int
    program: int | None
    slot: str
    action: Action
    before: JsonValue
    after: JsonValue
    author: str
    note: str | None
    at: dt.datetime


@router.post(
    "/corrections",
    status_code=201,
    response_model=CorrectionAnswer,
    dependencies=[Depends(json_only)],
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
def post_correction(
    request: Request, store: OpenStore, body: Annotated[CorrectionRequest, Body(openapi_examples=EXAMPLES)]
) -> dict[str, Any]:
    """Add a correction. Nothing is ever changed or taken back; a later one may say otherwise."""
    caller = getattr(request.state, "caller", None)
    author = " · ".join(filter(None, (body.author and body.author.strip(), caller)))
    if not author:
        raise ProblemError(422, "invalid", "author: say who you are.")
    said = body.model_dump(include={"before", "after", "note"})
    try:
        return corrections.add(store, body.record_id, body.program, body.slot, body.action, author=author, **said)
    except NoRecordError:
        raise missing("record") from None
