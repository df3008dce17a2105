"""GET /livez, /readyz and /metrics: whether the process answers, whether it can read, and what it has done."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from service.api.dependencies import ReadingOf, problems

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses=problems(503))
async def readyz(reading: ReadingOf) -> dict[str, str]:
    """Say whether articles can be read now."""
    reading.check_ready()
    return {"status": "ready"}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return what is counted, for Prometheus."""
    return Response(request.app.state.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})
