"""The list of sources: which addresses are watched, and what each of them is."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from extractor.errors import InputError

Kind = Literal["feed", "sitemap", "page"]


class Source(BaseModel):
    """One address that is watched.

    Attributes:
        name: what reports call it.
        kind: a feed, a sitemap (or a list of sitemaps), or a page with links.
        url: its address.
        links: for a page: the regular expression of its articles' addresses.
        prisons: whether all that it lists is about prisons, so that a title need not say it.
        known: how its address is known.
        checked: whether somebody has seen it work.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    kind: Kind
    url: str = Field(max_length=2000)
    links: str | None = None
    prisons: bool = False
    known: str = ""
    checked: bool = False

    @field_validator("url")
    @classmethod
    def _web(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("must begin with http:// or https://")
        return url

    @field_validator("links")
    @classmethod
    def _expression(cls, links: str | None) -> str | None:
        try:
            re.compile(links or "")
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from error
        return links


class _Entry(Source):
    """A source as its file has it: `{}` in name and address stands for each of the words in `each`."""

    each: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _filled(self) -> Self:
        if bool(self.each) != ("{}" in self.url):
            raise ValueError("an address with {} needs the words to put there in `each`, and only it does")
        return self

    def sources(self) -> list[Source]:
        fields = self.model_dump(exclude={"each"})
        if not self.each:
            return [Source(**fields)]
        names = [self.name.replace("{}", word) if "{}" in self.name else f"{self.name} {word}" for word in self.each]
        return [
            Source(**{**fields, "name": name, "url": self.url.replace("{}", word)})
            for name, word in zip(names, self.each, strict=True)
        ]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: list[_Entry] = Field(min_length=1)


def read_sources(path: Path | None = None) -> list[Source]:
    """Return the sources that a TOML file names, without a path those that are shipped.

    Raises:
        InputError: the file cannot be read, or says something that cannot be understood; the message says where.
    """
    where = path or files("corpus.monitoring") / "sources.toml"
    try:
        data = tomllib.loads(where.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{path}: is not TOML ({error})") from error
    try:
        entries = _File.model_validate(data).source
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise InputError(f"{path}: {place}: {first['msg']}") from error
    sources = [source for entry in entries for source in entry.sources()]
    for name, count in Counter(source.name for source in sources).items():
        if count > 1:
            raise InputError(f"{path}: the name {name!r} is given to {count} sources; each needs its own")
    return sources
