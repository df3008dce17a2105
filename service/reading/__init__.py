"""Articles read beside the event loop: pages are fetched by threads, articles read by processes."""

from service.reading.reading import Reading, Versions

__all__ = ["Reading", "Versions"]
