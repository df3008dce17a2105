"""What an operator may set: by environment variables PEMBINAAN_<NAME>, or in the TOML file PEMBINAAN_SETTINGS names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import limits
import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, TomlConfigSettingsSource

from extractor.errors import InputError
from extractor.limits import MAX_BYTES

if TYPE_CHECKING:
    from pydantic_settings import PydanticBaseSettingsSource

FILE = "PEMBINAAN_SETTINGS"


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _rate(value: str) -> str:
    limits.parse_many(value)  # a ValueError becomes the setting's
    return value


def _default_store() -> str:
    return str(platformdirs.user_data_path("pembinaan", ensure_exists=True) / "store.sqlite")


class Settings(BaseSettings):
    """The service's settings with their defaults.

    Which networks may be fetched from is not among them: public addresses only, whatever the environment says.
    """

    model_config = SettingsConfigDict(env_prefix="PEMBINAAN_", extra="forbid", frozen=True)

    store: str = Field(
        default_factory=_default_store, description="Where records and jobs live: a path, or postgresql://…"
    )
    tagger: str | None = Field(default=None, description="As `--tagger` of the command line.")
    workers: int = Field(default=2, ge=1, description="Processes that read, each with its own model; and for pages.")
    batch_tokens: int = Field(
        default=512, ge=1, description="Tokens, roughly, that a process takes at a time; one article may have more."
    )
    queue: int = Field(default=2, ge=0, description="Requests that may wait for a process.")
    fetchers: int = Field(default=16, ge=1, description="Pages that are fetched or parsed at the same time.")
    lease: float = Field(
        default=60, ge=0.1, description="Seconds after which other replicas take over the jobs of one that is silent."
    )
    deadline: float = Field(default=30, gt=0, description="Seconds that one request may take.")
    page_seconds: float = Field(default=10, gt=0, description="Seconds that the parsing of one page may take.")
    max_body: int = Field(default=MAX_BYTES, ge=1, description="Bytes that a request's body may have.")
    max_job_body: int = Field(default=32 * 2**20, ge=1, description="Bytes that the body of a job may have.")
    rate: Annotated[str, AfterValidator(_rate)] | None = Field(
        default=None, description="What one key, or one address without a key, may ask: 120/minute; none: no limit."
    )
    keys: dict[str, Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]] = Field(
        default={}, description="Callers, each with the hash that `pembinaan key` printed; none: no key is asked for."
    )
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Names under which the service is asked for, parted by commas; * for any.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the base class gives it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, os.environ.get(FILE))

    def shown(self) -> dict[str, Any]:
        """Return the settings as they may be printed: no hash of a key, no password of the store."""
        return self.model_dump(mode="json") | {"keys": list(self.keys), "store": _masked(self.store)}


def load_settings() -> Settings:
    """Return the settings of the environment and the file.

    Raises:
        InputError: a setting is wrong or the file cannot be read; the message names the setting and not its value.
    """
    file = os.environ.get(FILE)
    if file and not Path(file).is_file():
        raise InputError(f"{FILE}: there is no file {file}")
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InputError(f"settings: {wrong}") from None
    except ValueError as error:  # the file is no TOML, a variable no JSON
        raise InputError(f"settings: {error}") from None


def _masked(address: str) -> str:
    """Return a store's address without user, password and options."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
