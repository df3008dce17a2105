"""The pages that people look at: server-made HTML that works without a script, quicker and by keyboard with one."""

from fastapi import APIRouter

from service.pages import article, overview, programs, runs, static, trial

router = APIRouter(include_in_schema=False)
for _page in (static, overview, programs, article, trial, runs):
    router.include_router(_page.router)

__all__ = ["router"]
