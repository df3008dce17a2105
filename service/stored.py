"""The store behind the service, open as long as that lives, and the worker that reads its jobs."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from corpus.store import Store
from service.jobs import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from service.jobs.worker import Reads


@asynccontextmanager
async def stored(app: FastAPI, address: str, reads: Reads, *, lease: float) -> AsyncIterator[Store]:
    """Open the store for the routes and read its jobs until the end.

    Args:
        app: whose routes are over the store.
        address: where it is.
        reads: what reads the jobs' documents; it must outlive this.
        lease: seconds after which other replicas take over what this one holds, if it is silent.

    Raises:
        InputError: it cannot be opened.
    """
    store = await asyncio.to_thread(Store.open, address)
    try:
        async with Worker(store, reads, lease=lease) as worker:
            app.state.store, app.state.wake_jobs = store, worker.wake
            yield store
    finally:
        app.state.store = None
        await asyncio.to_thread(store.close)
