"""Indonesian numbers in words and digits."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

_DIGITS = re.compile(r"(\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,9})(?:\s?-?an)?(?:\s+(ribu|juta))?")
_MAX_WORDS = 12


@cache
def number_words() -> dict[str, int]:
    """Return the words of numerals.csv (Kamus Besar Bahasa Indonesia) with their values."""
    with files("extractor.language").joinpath("numerals.csv").open(encoding="utf-8") as lines:
        return {row["word"]: int(row["value"]) for row in csv.DictReader(lines)}


def parse_number(text: str) -> int | None:
    """Return the number that all of `text` says: `15`, `1.250`, `25an`, `dua puluh tiga`, `kelima`; else None.

    Vague words (`puluhan`, `belasan`, `sejumlah`) have no number. `kelima` is read as "the five".
    """
    text = text.strip().casefold()
    if digits := _DIGITS.fullmatch(text):
        scale = number_words()[digits[2]] if digits[2] else 1
        return int(re.sub(r"[.,]", "", digits[1])) * scale
    words = text.split()
    if not 1 <= len(words) <= _MAX_WORDS:
        return None
    if words[0].startswith("ke") and words[0] not in number_words():
        words[0] = words[0].removeprefix("ke")
    return _from_words(words)


def _from_words(words: list[str]) -> int | None:
    total, group, unit = (
        0,
        0,
        None,
    )  # finished thousands, hundreds and tens so far, a digit waiting for its scale
    for word in words:
        value = number_words().get(word)
        if value is None:
            return None
        if word in {"belas", "puluh", "ratus"}:
            if unit is None:
                return None
            group, unit = group + (10 + unit if word == "belas" else unit * value), None
        elif word in {"ribu", "juta"}:
            total, group, unit = total + (group + (unit or 0)) * value, 0, None
        elif value < 10:
            if unit is not None:
                return None
            unit = value
        else:
            group += value
    return total + group + (unit or 0)


def spell(number: int) -> str:
    """Return `number` (0 to 999,999) in Indonesian words; ValueError outside that range."""
    if not 0 <= number < 1_000_000:
        raise ValueError(f"no words for {number}: it must be from 0 to 999999")
    units = {value: word for word, value in number_words().items() if value < 10 or value in (10, 11)}
    units[10] = "sepuluh"
    if number < 12:
        return units[number]
    if number < 20:
        return f"{units[number - 10]} belas"
    for size, word, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "sepuluh")):
        count, rest = divmod(number, size)
        if count:
            head = one if count == 1 else f"{spell(count)} {word}"
            return f"{head} {spell(rest)}" if rest else head
    raise AssertionError("unreachable")
