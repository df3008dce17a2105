"""Errors over HTTP: every one is a problem in the sense of RFC 9457, application/problem+json."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from corpus.store import StoreError
from extractor.errors import PembinaanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

    from corpus.documents import Outcome

logger = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

# An error of ours by its code: 422 where the caller's input cannot be used, 403 where reading it is not
# allowed, 502 and 504 where the other site failed us.
STATUS_BY_CODE = {
    "input": 422,
    "blocked": 403,
    "robots": 403,
    "dns": 502,
    "tls": 502,
    "timeout": 504,
    "too_large": 422,
    "not_html": 422,
    "http_status": 502,
    "connection": 502,
}


_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 415: "unsupported_media_type"}


class FieldProblem(BaseModel):
    """What is wrong with one part of the request."""

    field: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it, with a `code` that a program can rely on."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = Field(default=None, description="Which fields are wrong, and why.")


class ProblemError(Exception):
    """Raised where the service itself refuses a request."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers = dict(headers or {}) | ({"retry-after": str(retry_after)} if retry_after else {})


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response that tells of an error."""
    body = Problem(title=http.HTTPStatus(status).phrase, status=status, code=code, detail=detail, errors=errors)
    return Response(body.model_dump_json(exclude_none=True), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def from_error(error: PembinaanError | ProblemError) -> Response:
    """Return the response for an error that was raised on purpose."""
    if isinstance(error, ProblemError):
        return problem(error.status, error.code, error.detail, headers=error.headers)
    if isinstance(error, StoreError):  # what the database said is for the log
        logger.error("store", reason=str(error))
        detail = "The store cannot be used now; try again soon."
        return problem(503, error.code, detail, headers={"retry-after": "5"})
    return problem(STATUS_BY_CODE.get(error.code, 422), error.code, str(error))


def from_outcome(outcome: Outcome) -> Response:
    """Return the response for a document that could not be read."""
    if outcome.code == PembinaanError.code:  # unforeseen: the reason may say more than it should
        return problem(500, "internal", "The article could not be read.")
    code = outcome.code or "unread"
    return problem(STATUS_BY_CODE.get(code, 422), code, outcome.reason or "")


def handle_errors(app: FastAPI) -> None:
    """Have the application answer every error with a problem."""

    @app.exception_handler(PembinaanError)
    @app.exception_handler(ProblemError)
    async def on_purpose(_: Request, error: PembinaanError | ProblemError) -> Response:
        return from_error(error)

    @app.exception_handler(HTTPException)
    async def by_framework(_: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "refused")
        return problem(error.status_code, code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return problem(400, "malformed", "The body is not JSON.")
        errors = [
            FieldProblem(field=".".join(str(part) for part in one["loc"][1:]), message=one["msg"]) for one in found
        ]
        return problem(422, "invalid", "The request does not fit its description.", errors=errors)
