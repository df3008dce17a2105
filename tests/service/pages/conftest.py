"""Fixtures of the pages' tests."""

from pages_client import client, filled, reviewer  # noqa: F401  fixtures
