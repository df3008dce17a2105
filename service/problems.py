"""Errors over HTTP: every one is a problem in the sense of RFC 9457, application/problem+json."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extractor.errors import PembinaanError

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

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers = {"retry-after": str(retry_after)} if retry_after else {}


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
    return problem(STATUS_BY_CODE.get(error.code, 422), error.code, str(error))
