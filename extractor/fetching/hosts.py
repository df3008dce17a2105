"""One connection a host, with a pause between pages, across all fetches of this process."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.errors import TimedOutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.fetching.connection import Deadline
    from extractor.fetching.robots import Rules

_MOST_HOSTS = 4096


@dataclass(slots=True)
class Host:
    """What this process remembers of one origin; `free_at` and `rules_until` are monotonic seconds."""

    free_at: float = 0.0
    rules: Rules | None = None
    rules_until: float = 0.0
    _busy: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, deadline: Deadline) -> Iterator[None]:
        """Hold the host alone; others wait for their turn.

        Raises:
            TimedOutError: the turn did not come before the deadline.
        """
        if not self._busy.acquire(timeout=deadline.remaining()):
            raise TimedOutError(deadline.url, "other pages of this site are still being fetched")
        try:
            yield
        finally:
            self._busy.release()

    def wait(self, deadline: Deadline) -> None:
        """Wait until the host may be asked again.

        Raises:
            TimedOutError: that is after the deadline.
        """
        pause = self.free_at - time.monotonic()
        deadline.sleep(pause, f"the site is to be left alone for {pause:.0f} s more")


_hosts: dict[str, Host] = {}
_hosts_lock = threading.Lock()


def host_of(origin: str) -> Host:
    """Return what is remembered of `origin`; of the hosts seen, the earliest are forgotten first."""
    with _hosts_lock:
        while len(_hosts) >= _MOST_HOSTS and origin not in _hosts:
            del _hosts[next(iter(_hosts))]
        return _hosts.setdefault(origin, Host())
