"""When a predicted value is the gold value: one rule a slot, and the pairing of an article's programs.

Values and programs are plain JSON objects, so that a gold row (its words under `text`), a record of ours and
another system's output are measured alike.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

Value = Mapping[str, Any]
Program = Mapping[str, Any]

CORE_SLOTS = ("facility", "date", "partners", "instructors", "skills")
SLOTS = (*CORE_SLOTS, "participants")

_TABLES = tomllib.loads(files("corpus").joinpath("matching.toml").read_text("utf-8"))
_FAMILIES: dict[str, str] = _TABLES["families"]
_PERSON_TITLES = frozenset(_TABLES["person_titles"].split())
_SKILL_FILLERS = frozenset(_TABLES["skill_fillers"].split())
_PREFIXES: list[str] = _TABLES["prefixes"].split()
_SUFFIXES: list[str] = _TABLES["suffixes"].split()

_SHORTEST_STEM = 3
_CLOSE_NAME = 0.75
_CLOSE_PLACE = 0.99
_CLOSE_SKILL = 0.5
_MOST_PROGRAMS_TO_PERMUTE = 6

_WORD = re.compile(r"[0-9a-zà-ÿ]+")
_BRACKETED = re.compile(r"\([^)]*\)")
_BRACKETED_ACRONYM = re.compile(r"\(([A-Z][A-Za-z0-9]{1,11})\)")
_BARE_ACRONYM = re.compile(r"[A-Z0-9]{2,12}")


def values(program: Program, slot: str) -> list[Value]:
    """Return the slot's values, empty where there is none; participants count only with a number."""
    value = program.get(slot)
    if not value or (slot == "participants" and value.get("count") is None):
        return []
    return list(value) if isinstance(value, list) else [value]


def same(slot: str, gold: Value, predicted: Value) -> bool:
    """Return whether `predicted` is as good as `gold` for the slot."""
    return _RULES[slot](gold, predicted)


def match(slot: str, gold: Sequence[Value], predicted: Sequence[Value]) -> tuple[int, list[Value], list[Value]]:
    """Return how many values match one to one, the gold values missed and the predicted values wrong."""
    missed, wrong = [], list(predicted)
    for value in gold:
        hit = next((index for index, other in enumerate(wrong) if same(slot, value, other)), None)
        if hit is None:
            missed.append(value)
        else:
            del wrong[hit]
    return len(gold) - len(missed), missed, wrong


def pair_programs(gold: Sequence[Program], predicted: Sequence[Program]) -> Iterator[tuple[Program, Program]]:
    """Yield the programs two by two, paired so that most core values match; one left over meets `{}`.

    More than six programs on a side are paired greedily in gold order, fewer by trying every pairing.
    """
    gain = [[_agreement(one, other) for other in predicted] for one in gold]
    greedy = max(len(gold), len(predicted)) > _MOST_PROGRAMS_TO_PERMUTE
    pairs = _greedy_pairs(gain) if greedy else _best_pairs(gain, len(predicted))
    paired_gold, paired_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
    yield from ((gold[i], predicted[j]) for i, j in pairs)
    yield from ((one, {}) for i, one in enumerate(gold) if i not in paired_gold)
    yield from (({}, other) for j, other in enumerate(predicted) if j not in paired_predicted)


def _agreement(one: Program, other: Program) -> int:
    return sum(match(slot, values(one, slot), values(other, slot))[0] for slot in CORE_SLOTS)


def _greedy_pairs(gain: list[list[int]]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    free = list(range(len(gain[0]))) if gain else []
    for i, row in enumerate(gain):
        if not free:
            break
        best = max(free, key=row.__getitem__)
        free.remove(best)
        pairs.append((i, best))
    return pairs


def _best_pairs(gain: list[list[int]], predicted: int) -> list[tuple[int, int]]:
    few, many = sorted((len(gain), predicted))
    pairings = [list(zip(range(few), choice, strict=True)) for choice in itertools.permutations(range(many), few)]
    if len(gain) > predicted:
        pairings = [[(i, j) for j, i in pairs] for pairs in pairings]
    return max(pairings, key=lambda pairs: sum(gain[i][j] for i, j in pairs))


def _same_facility(gold: Value, predicted: Value) -> bool:
    families = [_FAMILIES.get(value.get("type", ""), value.get("type")) for value in (gold, predicted)]
    close = _overlap(_words(gold.get("place")), _words(predicted.get("place"))) >= _CLOSE_PLACE
    return families[0] == families[1] and close


def _same_date(gold: Value, predicted: Value) -> bool:
    first, second = ((value.get("start"), value.get("end") or value.get("start")) for value in (gold, predicted))
    return first == second


def _same_partner(gold: Value, predicted: Value) -> bool:
    acronym = _acronym(gold)
    if acronym and acronym == _acronym(predicted):
        return True
    names = (_words(_BRACKETED.sub(" ", _name(value))) for value in (gold, predicted))
    return _overlap(*names) >= _CLOSE_NAME


def _same_instructor(gold: Value, predicted: Value) -> bool:
    return _overlap(_person(gold), _person(predicted)) >= _CLOSE_NAME


def _same_skill(gold: Value, predicted: Value) -> bool:
    one, other = _content(gold), _content(predicted)
    within = set(one) <= set(other) or set(other) <= set(one)
    return gold.get("category") == predicted.get("category") and (within or _overlap(one, other) >= _CLOSE_SKILL)


def _same_participants(gold: Value, predicted: Value) -> bool:
    return bool(gold.get("count") == predicted.get("count"))


_RULES: dict[str, Callable[[Value, Value], bool]] = {
    "facility": _same_facility,
    "date": _same_date,
    "partners": _same_partner,
    "instructors": _same_instructor,
    "skills": _same_skill,
    "participants": _same_participants,
}


def _name(value: Value) -> str:
    return value.get("name") or value.get("text") or ""


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").casefold())


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the F1 of two bags of words: 1.0 for two empty ones, 0.0 where only one is empty."""
    if not one or not other:
        return float(not one and not other)
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other))


def _person(value: Value) -> list[str]:
    bare = re.sub(r",.*$", "", _name(value)).casefold()
    kept = [word for word in bare.split() if word.strip(".,") not in _PERSON_TITLES]
    return [part for word in kept for part in _words(word)]


def _acronym(value: Value) -> str | None:
    stated: str | None = value.get("acronym")
    if not stated:
        name = _name(value)
        if bracketed := _BRACKETED_ACRONYM.search(name):
            stated = bracketed[1]
        elif _BARE_ACRONYM.fullmatch(name.strip()):
            stated = name
    return stated.casefold() if stated else None


def _content(value: Value) -> list[str]:
    """Return the stems of the words that say what the skill is, or of all of them where none does."""
    tokens = _words(_name(value))
    return [_stem(word) for word in tokens if word not in _SKILL_FILLERS] or [_stem(word) for word in tokens]


def _stem(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word
