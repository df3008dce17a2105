"""May this URL be fetched, and how: the only room that knows the HTTP client."""

from extractor.fetching.client import Page, check_url, fetch
from extractor.fetching.policy import Policy

__all__ = ["Page", "Policy", "check_url", "fetch"]
