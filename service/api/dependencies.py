"""What several routes need of the service, and what they refuse alike."""

from typing import Annotated, Any

from fastapi import Depends, Request

import extractor
from service.problems import MEDIA_TYPE, Problem, ProblemError


def json_only(request: Request) -> None:
    """Refuse a body that is not announced as JSON: a page of another site could send it without asking."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ProblemError(415, "unsupported_media_type", "Send the body as application/json.")


def warm_pipeline(request: Request) -> extractor.Pipeline:
    """Return the pipeline.

    Raises:
        ProblemError: it is being loaded (503).
    """
    pipeline: extractor.Pipeline | None = request.app.state.pipeline
    if pipeline is None:
        raise ProblemError(503, "not_ready", "The pipeline is being loaded; try again soon.", retry_after=2)
    return pipeline


WarmPipeline = Annotated[extractor.Pipeline, Depends(warm_pipeline)]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of the problems that an operation may answer with."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema(ref_template="#/components/schemas/{model}")}}
    return {status: {"description": "A problem (RFC 9457).", "content": content} for status in statuses}
