"""GET /livez and /readyz: whether the process answers, and whether it can read."""

from fastapi import APIRouter, Depends

from service.api.dependencies import problems, warm_pipeline

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses=problems(503), dependencies=[Depends(warm_pipeline)])
async def readyz() -> dict[str, str]:
    """Say whether articles can be read now."""
    return {"status": "ready"}
