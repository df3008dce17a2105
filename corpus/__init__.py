"""Many articles: read, kept, brought together, exported and counted; the gold articles and the measure against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.frames import load

__all__ = ["load"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a module's attribute may be anything
    if name == "load":  # what it needs takes a second to import, and most who import from here do not call it
        from corpus.frames import load  # noqa: PLC0415  slow, and seldom asked for

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
