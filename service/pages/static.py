"""GET /static/…: styles, scripts and the icon, from the package, each under an address that changes with it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from service.problems import ProblemError

router = APIRouter(include_in_schema=False)

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_PLACES = {
    "page.css": ("service", "templates/page.css"),  # also that of the report that `pembinaan extract` writes
    "pages.css": ("service.pages", "static/pages.css"),
    "pages.js": ("service.pages", "static/pages.js"),
    "htmx.min.js": ("service.pages", "static/htmx.min.js"),
    "icon.svg": ("service.pages", "static/icon.svg"),
}


def address(name: str) -> str:
    """Return the address of a file, which is another when its content is."""
    return f"/static/{_digest(name)}/{name}"


@router.get("/static/{digest}/{name}")
def get_static(digest: str, name: str) -> Response:
    """Give a file. It may be kept for good under this address."""
    if name not in _PLACES or digest != _digest(name):
        raise ProblemError(404, "not_found", "There is no such file.")
    media_type = _TYPES[name.rpartition(".")[2]]
    return Response(_content(name), media_type=media_type, headers={"cache-control": "max-age=31536000, immutable"})


@cache
def _content(name: str) -> bytes:
    package, path = _PLACES[name]
    return files(package).joinpath(path).read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]
