"""What surrounds an article, as compiled patterns (the data is noise.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Final

LONGEST_NOISE: Final = 260
LONGEST_HEADING: Final = 60
LONGEST_NAME: Final = 80

_data = tomllib.loads(files("extractor.article").joinpath("noise.toml").read_text("utf-8"))

TAGS: Final = frozenset(_data["tags"])
_NAMES: Final = re.compile(
    rf"(?:.*[-_])?(?:{'|'.join(_data['words'])})(?:[-_]\S*)?|{'|'.join(_data['names'])}", re.IGNORECASE
)
_BLOCKS: Final = re.compile("|".join(_data["blocks"]), re.IGNORECASE)
_SECTIONS: Final = re.compile(rf"\W*(?:{'|'.join(_data['sections'])})\b.{{0,25}}$", re.IGNORECASE)
_CAPTIONS: Final = re.compile("|".join(_data["captions"]), re.IGNORECASE)
_TEXT_NAMES: Final = re.compile(_data["text"]["good"], re.IGNORECASE)
STATUS: Final = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _data["status"].items()}


@lru_cache(maxsize=10_000)
def _name_is_noise(name: str) -> bool:
    return len(name) <= LONGEST_NAME and _NAMES.fullmatch(name) is not None


def is_noise_name(name: str) -> bool:
    """Return whether a class name or id says that the element is not body text."""
    return _name_is_noise(name)


def is_text_name(name: str) -> bool:
    """Return whether a class name or id says that the element holds the article."""
    return _TEXT_NAMES.search(name[:200]) is not None


def is_noise(text: str) -> bool:
    """Return whether a block of text is the page's and not the article's: "Baca juga: …", credits, shares."""
    return len(text) <= LONGEST_NOISE and _BLOCKS.match(text) is not None


def opens_list(text: str) -> bool:
    """Return whether a block is the heading of a list of other articles or of comments."""
    return len(text) <= LONGEST_HEADING and _SECTIONS.match(text) is not None


def is_caption(text: str) -> bool:
    """Return whether a block at the article's head is a photo's caption by its credit."""
    return len(text) <= LONGEST_NOISE * 2 and _CAPTIONS.search(text[-120:]) is not None
