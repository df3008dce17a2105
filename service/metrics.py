"""What is counted, for Prometheus. Labels have few values: routes as they are written down, never a caller's path."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Scope

_METHODS = frozenset(http.HTTPMethod)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "pembinaan_requests", "Answers by route and status.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "pembinaan_request_seconds", "Time to an answer.", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._readings = Counter(
            "pembinaan_readings",
            "Articles by what came of them: a record's status, or why there is none.",
            ["status"],
            registry=self.registry,
        )
        self._batches = Histogram(
            "pembinaan_batch_articles",
            "Articles that a process took at a time.",
            buckets=(1, 2, 4, 8, 16, 32),
            registry=self.registry,
        )
        self._tokens = Histogram(
            "pembinaan_batch_tokens",
            "Tokens, roughly, that a process took at a time.",
            buckets=(64, 128, 256, 512, 1024, 4096, 16384, 65536),
            registry=self.registry,
        )

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answer; status 0 is a caller who went."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def reading(self, status: str) -> None:
        """Count an article that was read or could not be."""
        self._readings.labels(status).inc()

    def batch(self, articles: int, tokens: int) -> None:
        """Count what a process took."""
        self._batches.observe(articles)
        self._tokens.observe(tokens)

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a figure that is asked for whenever the metrics are."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)
