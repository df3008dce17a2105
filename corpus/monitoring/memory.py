"""What the monitor remembers in the store: which articles are still to be read, and how sources fared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from corpus.monitoring.entries import Entry
from corpus.store import Store
from corpus.store.errors import told
from corpus.store.tables import Seen, Source

MOST_ATTEMPTS = 3  # runs in which an article is tried that cannot be had
_WAITING = "waiting"  # followed by the number of runs in which it failed
_READ, _FAILED = "read", "failed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is still to be read, and in how many runs that failed."""

    url: str
    title: str
    source: str
    attempts: int


def remember(store: Store, source: str, entries: Iterable[Entry]) -> None:
    """Keep articles that are to be read."""
    store.mark_seen(source, [(entry.url, entry.title) for entry in entries], f"{_WAITING} 0")


def waiting(store: Store) -> list[Waiting]:
    """Return the articles that are to be read: those that never failed first, of these the last found first."""
    asked = (
        sa.select(Seen.url, Seen.title, Source.name, Seen.state)
        .join(Source, Source.id == Seen.source_id)
        .where(Seen.state.startswith(_WAITING))
        .order_by(Seen.state, Seen.found_at.desc(), Seen.url)
    )
    with told(), store.engine.connect() as connection:
        return [
            Waiting(url, title or "", source, int(state.removeprefix(_WAITING)))
            for url, title, source, state in connection.execute(asked)
        ]


def settle(store: Store, article: Waiting) -> None:
    """Note that the article was read and saved."""
    store.mark_seen(article.source, [(article.url, article.title)], _READ)


def postpone(store: Store, article: Waiting, *, for_good: bool) -> bool:
    """Note that the article could not be had; return whether a later run will try again."""
    attempts = article.attempts + 1
    again = not for_good and attempts < MOST_ATTEMPTS
    store.mark_seen(article.source, [(article.url, article.title)], f"{_WAITING} {attempts}" if again else _FAILED)
    return again


def note(store: Store, source: str, error: str | None = None) -> int:
    """Note how a source fared; return in how many runs in a row it has now failed."""
    failing = store.source_state(source).get("failing", 0) + 1 if error else 0
    store.set_source_state(source, {"failing": failing, "error": error})
    return failing
