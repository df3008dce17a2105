"""`pembinaan serve`: the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Start the HTTP API; its description is at /openapi.json, its settings in docs/deploy.md.

    SIGTERM lets what has begun end within the deadline and takes nothing new.
    """
    import structlog
    import uvicorn

    from corpus.store import Store
    from service.app import create_app
    from service.logs import configure
    from service.settings import load_settings

    settings = load_settings()
    Store.open(settings.store).close()  # what is wrong with it is said now, in one line
    configure()
    logger = structlog.get_logger()
    logger.info("settings", **settings.shown())
    if not settings.keys and host not in {"127.0.0.1", "::1", "localhost"}:
        logger.warning("no keys", meaning=f"whoever reaches {host} may use the service; see docs/deploy.md")
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=round(settings.deadline) + 5,
    )
