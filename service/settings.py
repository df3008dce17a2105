"""What an operator may set, each by an environment variable PEMBINAAN_<NAME>."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.source import MAX_BYTES


class Settings(BaseSettings):
    """The service's settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="PEMBINAAN_")

    tagger: str | None = Field(default=None, description="As `--tagger` of the command line.")
    deadline: float = Field(default=30, gt=0, description="Seconds that one request may take.")
    page_seconds: float = Field(default=10, gt=0, description="Seconds that the reading of one page may take.")
    workers: int = Field(default=2, ge=1, description="Articles read at the same time.")
    queue: int = Field(default=16, ge=0, description="Requests that may wait for a worker.")
    max_body: int = Field(default=MAX_BYTES, ge=1, description="Bytes that a request's body may have.")
