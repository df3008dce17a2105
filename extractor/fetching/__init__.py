"""May this URL be fetched, and how: the only room that knows the HTTP client."""

from extractor.fetching.fetch import fetch
from extractor.fetching.guard import check_url
from extractor.fetching.policy import Accept, Page, Policy

__all__ = ["Accept", "Page", "Policy", "check_url", "fetch"]
