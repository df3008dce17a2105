"""`pembinaan serve`: the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Start the HTTP API; its description is at /openapi.json."""
    import uvicorn

    from service.app import create_app

    uvicorn.run(create_app(), host=host, port=port, server_header=False)
