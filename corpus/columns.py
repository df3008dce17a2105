"""The data dictionary: which tables are exported, what each column means, and the words for every code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

ColumnType = Literal["text", "texts", "integer", "number", "numbers", "day", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, its meaning in English and Indonesian, its unit, the codes that its values are of."""

    name: str
    type: ColumnType
    en: str
    id: str
    unit: str | None = None
    codes: str | None = None


_DATA = tomllib.loads(files("corpus").joinpath("columns.toml").read_text("utf-8"))
_COLUMNS = {name: Column(name, **column) for name, column in _DATA["columns"].items()}

TABLES: dict[str, tuple[Column, ...]] = {
    table: tuple(_COLUMNS[name] for name in names) for table, names in _DATA["tables"].items()
}

# Code to its words in Indonesian and in English.
CODES: dict[str, dict[str, tuple[str, str]]] = {
    kind: {code: (words[0], words[1]) for code, words in codes.items()} for kind, codes in _DATA["codes"].items()
}
