"""What every page has: its words, its headers, its errors as pages, and forms that only our own pages can send.

Nothing that a person needs is in a session: whoever may reach the service may read and correct, as its caller if it
asks for keys. So there is no session cookie that SameSite could guard, and a browser adds what lets it in (its place
in the network, its key) to any request. What keeps another site from sending our forms is therefore where a request
says it comes from: a browser always tells, no script can change it, and the service answers to its own names only
(`Guard`), so that no other site can share them. A token in every form would add state and prove the same.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from extractor.errors import PembinaanError
from service.pages import static
from service.pages.texts import COOKIE, Words, language_of
from service.problems import STATUS_BY_CODE, ProblemError
from service.templating import templates_of

YEAR = 365 * 24 * 3600
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # With no-referrer a browser hides from us that a form is our own.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE = frozenset({"GET", "HEAD"})

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CrossSiteError(ProblemError):
    """A form was not sent by a page of ours."""

    def __init__(self) -> None:
        super().__init__(403, "cross_site", "The form was sent from another site.")


class PageRoute(APIRoute):
    """A route for people: it refuses forms of other sites, and tells of errors in a page."""

    def get_route_handler(self) -> Handler:
        """Return the handler with all that around it."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                if request.method not in _SAFE:
                    check_own(request)
                response = await inner(request)
            except (ProblemError, PembinaanError, RequestValidationError) as error:
                response = _problem(request, error)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return handler


def check_own(request: Request) -> None:
    """Refuse a form that a page of another site sent, and one that does not say.

    Raises:
        CrossSiteError: it was.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:  # sent over https and on this machine; newer than Origin, and never "null" for our own pages
        if site != "same-origin":
            raise CrossSiteError
        return
    # An origin has no path, so that what stands behind its scheme is its host.
    _, apart, host = request.headers.get("origin", "").lower().partition("://")
    if not apart or host != request.headers.get("host", "").lower():
        raise CrossSiteError


def render(request: Request, template: str, status: int = 200, **context: object) -> Response:
    """Return a page, in the language of who asks."""
    words = Words(language_of(request))
    page = _environment().get_template(template)
    html = page.render(t=words, request=request, static=static.address, address=address, **context)
    response = HTMLResponse(html, status)
    response.headers["vary"] = "cookie"
    if "lang" in request.query_params:
        remember(response, COOKIE, words.language)
    return response


def remember(response: Response, cookie: str, value: str) -> None:
    """Have the browser keep a choice; not for other sites, and not for scripts."""
    response.set_cookie(cookie, value, max_age=YEAR, httponly=True, samesite="strict")


def address(request: Request, at: str | None = None, **changes: object) -> str:
    """Return the page's own address, or that of a page that takes the same query, with parts of the query changed.

    What is None is taken out.
    """
    query: dict[str, object] = {name: value for name, value in request.query_params.items() if value}
    query |= changes
    left = {name: str(value) for name, value in query.items() if value is not None}
    return (at or request.url.path) + (f"?{urlencode(left)}" if left else "")


def _problem(request: Request, error: Exception) -> Response:
    if isinstance(error, ProblemError):
        status, code, detail = error.status, error.code, str(error)
    elif isinstance(error, PembinaanError):
        status, code, detail = STATUS_BY_CODE.get(error.code, 422), error.code, str(error)
    else:  # an address or a form that no page of ours made
        status, code, detail = 404 if request.method in _SAFE else 422, "invalid", ""
    if code == "store":
        status = 503
    response = render(request, "problem.html", status, number=status, code=code, detail=detail)
    response.headers.update(getattr(error, "headers", {}))
    return response


@cache
def _environment() -> Environment:
    environment = templates_of("service.pages")
    environment.filters["of"] = lambda key, table: table[key]
    return environment
