"""Which candidate is a value of the training: a linear model over the words around its mentions.

The weights are data (weights/<set>/<table>.json), fitted by `models.training.rankers` on the annotated articles:
logistic regression on named features, one weight a feature, a bias under "". The set "rules" judges by the words
alone. The set "tagger" adds, for each slot, a table over the rules' judgment and what the program tagger says (see
tagged.py), its own second looks (beside.py) and thresholds. A doc carries the set that it is read with, as
`doc._.rankers`.
"""

from __future__ import annotations

import csv
import json
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from spacy.tokens import Doc

from extractor.mentions import Slot

Span = tuple[int, int]
Rankers = Mapping[str, Mapping[str, float]]

if not Doc.has_extension("rankers"):
    Doc.set_extension("rankers", default=None)

# In an article that surely tells of several programs a value is worth taking at a share of the threshold: without a
# second trade, prison or teacher the programs are not told apart, and all their values are lost. From sweeps.
SEVERAL, EASED = 0.7, 0.6
_TOKEN = re.compile(r"\d+|\w+|[^\w\s]|\n")
_STEPS = (-4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4)
_CLOSE, _REACH = 40, 120  # characters between a mention and a cue
_NEAR, _FAR = 3, 8  # words on each side: by position, then as a bag


@cache
def load(name: Literal["rules", "tagger"]) -> Rankers:
    """Return the fitted tables of a set by name; what the set "tagger" has no table for is the rules' own."""
    folder = files("extractor.slots").joinpath("weights", name)
    paths = [path for path in folder.iterdir() if path.name.endswith(".json")] if folder.is_dir() else []
    tables = {path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8")) for path in paths}
    return tables if name == "rules" else {**load("rules"), **tables}


def judge(rankers: Rankers | None, table: str, features: Iterable[str]) -> float:
    """Return the logit that a table gives these features; 0 where it was not fitted.

    Args:
        rankers: the set that the doc is read with; None for the shipped rules.
        table: the name of the table.
        features: what is seen.
    """
    weights = (load("rules") if rankers is None else rankers).get(table, {})
    return weights.get("", 0.0) + sum(weights.get(f, 0.0) for f in features)


def rate(rankers: Rankers | None, slot: str, features: Iterable[str], tags: set[str]) -> float:
    """Return the logit that a candidate is a value of the slot.

    Args:
        rankers: the set that the doc is read with.
        slot: the slot, or "relevance".
        features: the words around the candidate.
        tags: what the tagger says of it; empty without a tagger.
    """
    logit = judge(rankers, slot, features)
    return judge(rankers, f"{slot}.tagged", tags | steps(logit)) if tags else logit


def steps(logit: float) -> set[str]:
    """Return the steps that a logit is above, as features."""
    return {f"x>{step}" for step in _STEPS if logit > step}


def threshold(rankers: Rankers | None, slot: str) -> float:
    """Return the probability from which a candidate of the slot is taken."""
    return (load("rules") if rankers is None else rankers).get("threshold", {}).get(slot, 0.5)


def limit(doc: Doc, slot: Slot) -> float:
    """Return the probability from which a value of the slot is taken in this article."""
    bar = threshold(doc._.rankers, slot)
    return EASED * bar if (doc._.several or 0) > SEVERAL else bar


def sigmoid(x: float) -> float:
    """Return the logistic function of `x`, safe for any size."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def logit(p: float) -> float:
    """Return the inverse of `sigmoid`, with `p` kept away from 0 and 1 by 1e-4."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def context(text: str, spans: Sequence[Span], body_start: int) -> set[str]:
    """Return the features of a candidate whose mentions are `spans` of `text` (its first ones count).

    "L1=oleh" is the word before, "R1=," the one after, "L~dipandu" and "R~mengajar" stand within eight
    words in the same line, "@title", "@lead" and "@late" tell where, "#3" how many mentions (up to 4).
    """
    found = {f"#{min(len(spans), 4)}"}
    for start, end in spans[:6]:
        found.add(_where(text, start, body_start))
        before, after = text[max(0, start - 120) : start], text[end : end + 120]
        line_before, line_after = before.rpartition("\n")[2], after.partition("\n")[0]
        left = [_shape(t) for t in _TOKEN.findall(line_before)][-_FAR:][::-1]
        right = [_shape(t) for t in _TOKEN.findall(line_after)][:_FAR]
        found.update(f"L{i}={w}" for i, w in enumerate([*left, "^"][:_NEAR], 1))
        found.update(f"R{i}={w}" for i, w in enumerate([*right, "$"][:_NEAR], 1))
        found.update(_cues(text, start, end))
        found.update(f"L~{w}" for w in left)
        found.update(f"R~{w}" for w in right)
    return found


_SEVERAL = re.compile(
    r"\b(?:dua|tiga|empat|lima|enam|tujuh|delapan|[2-8]) (?:jenis|macam|bidang|kelas|pelatihan|program|angkatan|"
    r"gelombang|keterampilan|ketrampilan|kejuruan|keahlian|kegiatan|sesi|paket|lapas|rutan)|\bmasing-masing\b",
    re.IGNORECASE,
)


def several(text: str) -> bool:
    """Tell whether a text speaks of a number of trainings, or of each of several."""
    return bool(_SEVERAL.search(text))


def _cues(text: str, start: int, end: int) -> set[str]:
    """Return which cues of cues.csv (compiled here) stand in the sentence, before ("<<role") and after (">>role").

    Those within 40 characters count once more ("<role", ">role").
    """
    cues = _cue_places(text)
    left = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start), start - _REACH)
    right = min((p for p in (text.find("\n", end), text.find(". ", end)) if p >= 0), default=len(text))
    found = set()
    for place, cue in cues[bisect_left(cues, (left, "")) : bisect_left(cues, (min(right, end + _REACH), ""))]:
        if start <= place < end:
            continue
        side, distance = ("<", start - place) if place < start else (">", place - end)
        found.add(f"{side}{side}{cue}")
        if distance <= _CLOSE:
            found.add(f"{side}{cue}")
    return found


@lru_cache(maxsize=2)
def _cue_places(text: str) -> list[tuple[int, str]]:
    """Return where the cues of a text stand, in order; kept for the slots that ask one after another."""
    return [(m.start(), m.lastgroup or "") for m in _cue_pattern().finditer(text)]


@cache
def _cue_pattern() -> re.Pattern[str]:
    with files("extractor.slots").joinpath("cues.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    parts = []
    for cue in dict.fromkeys(row["cue"] for row in rows):
        words = sorted((row["words"] for row in rows if row["cue"] == cue), key=len, reverse=True)
        parts.append(f"(?P<{cue}>{'|'.join(words)})")
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def _where(text: str, start: int, body_start: int) -> str:
    if start < body_start:
        return "@title"
    return "@lead" if text.count("\n\n", body_start, start) == 0 else "@body"


def _shape(token: str) -> str:
    """Fold what is particular: numbers become 0, -nya falls off long words."""
    if token.isdigit():
        return "0"
    word = token.casefold()
    return word.removesuffix("nya") if len(word) > 6 else word
