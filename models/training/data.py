"""Training examples: in, the files of shared/data and corpus/gold; out, words with labels for each head."""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from extractor.tagging import ENTITY_LABELS, SLOT_LABELS, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEED = 7
IGNORED = -100
FOLDS = Path(__file__).parent / "folds.json"
GOLD = Path(__file__).parents[2] / "corpus" / "gold"
# What people corrected in a store, from `pembinaan train --corrections`; not in git, as the words are of others.
CORRECTIONS = GOLD / "own-corrections.jsonl"
# Our newest articles: a run that has not seen them says what it finds in them, for the links to learn from.
KEPT_BACK = "own-s*.jsonl"
SHORT_NAME = 3  # a first name up to this long is too often another word
TYPE_WORDS = {
    "rutan": "Rutan|Rumah Tahanan(?: Negara)?",
    "rutan_perempuan": "Rutan(?: Perempuan)?|Rumah Tahanan(?: Negara)?(?: Perempuan)?",
    "lapas": "Lapas|LP|Lembaga Pemasyarakatan",
    "lapas_narkotika": "Lapas(?: Narkotika)?|Lapastika|Lapsustik|Lembaga Pemasyarakatan(?: Narkotika)?",
    "lapas_perempuan": "Lapas(?: Perempuan| Wanita)?|LPP|Lapuan|Lembaga Pemasyarakatan(?: Perempuan)?",
    "lapas_terbuka": "Lapas(?: Terbuka)?|Lembaga Pemasyarakatan(?: Terbuka)?",
    "lpka": "LPKA|Lembaga Pembinaan Khusus Anak",
    "bapas": "Bapas|Balai Pemasyarakatan",
}


@dataclass(frozen=True)
class Example:
    """One text with a label a word for each head; None where the source says nothing of that head."""

    text: str
    words: list[tuple[int, int]]
    entities: list[int] | None
    slots: list[int] | None
    relevant: bool | None
    mentions: tuple[Marked, ...] = ()


class Marked(NamedTuple):
    """A marked mention: its words, and the numbers of the programs that have its value."""

    first: int
    last: int  # one past its last word
    programs: frozenset[int]


def read_ner(path: Path) -> Iterator[Example]:
    """Yield the sentences of a file of `word [tag] label` lines (idner-news-2k, NERGrit)."""
    names = {"PERSON": "PER", "ORGANISATION": "ORG", "PLACE": "LOC"}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split() for line in block.splitlines() if len(line.split()) > 1]
        if rows:
            labels = [_renamed(row[-1], names) for row in rows]
            yield _sentence([row[0] for row in rows], labels)


def _renamed(label: str, names: dict[str, str]) -> str:
    bio, _, name = label.partition("-")
    return f"{bio}-{names.get(name, name)}" if name else "O"


def _sentence(tokens: list[str], labels: list[str]) -> Example:
    text = " ".join(tokens)
    starts, at = [], 0
    for token in tokens:
        starts.append((at, at + len(token)))
        at += len(token) + 1
    words = split_words(text)
    found: list[int] = []
    at = 0
    for start, _ in words:
        while start >= starts[at][1]:
            at += 1
        label = labels[at]
        if label.startswith("B-") and start != starts[at][0]:
            label = "I" + label[1:]
        found.append(ENTITY_LABELS.index(label))
    return Example(text, words, found, None, None)


def read_programs(path: Path) -> list[dict[str, Any]]:
    """Return the annotated articles of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def article_example(article: dict[str, Any]) -> Example:
    """Return an annotated article with every mention of every gold value marked."""
    text = f"{article['title']}\n\n{article['text']}"
    words = split_words(text)
    labels = [0] * len(words)
    taken = [False] * len(text)
    programs: dict[tuple[int, int, str], set[int]] = {}
    for number, span in _mentions(article, text):
        programs.setdefault(span, set()).add(number)
    marked = []
    for start, end, slot in sorted(programs, key=lambda s: (s[0] - s[1], s[0], s[2])):
        if any(taken[start:end]):
            continue
        taken[start:end] = [True] * (end - start)
        inside = [i for i, (a, b) in enumerate(words) if a < end and b > start]
        for place, index in enumerate(inside):
            labels[index] = SLOT_LABELS.index(("I-" if place else "B-") + slot)
        marked.append(Marked(inside[0], inside[-1] + 1, frozenset(programs[start, end, slot])))
    return Example(text, words, None, labels, bool(article["programs"]), tuple(marked))


def _mentions(article: dict[str, Any], text: str) -> Iterator[tuple[int, tuple[int, int, str]]]:
    for number, program in enumerate(article["programs"]):
        for slot, wording in _wordings(program):
            for match in re.finditer(wording, text):
                yield number, (match.start(), match.end(), slot)


def _wordings(program: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield slot and pattern of everything that names a value of the program."""
    if facility := program["facility"]:
        yield "facility", _whole(facility["text"])
        if facility["place"] and facility["type"] in TYPE_WORDS:
            kind = rf"(?:{TYPE_WORDS[facility['type']]})(?: \([\w ]+\))?(?: Ke?las ?[I123]{{1,3}} ?[AB]?)?"
            yield "facility", rf"(?i)(?<!\w){kind} {re.escape(facility['place'])}(?!\w)"
    if program["date"]:
        yield "date", _whole(program["date"]["text"])
    if program["participants"]:
        yield "participants", _whole(program["participants"]["text"])
    for partner in program["partners"]:
        yield "partner", _whole(partner["text"])
        bare = re.sub(r"\s*\([^)]*\)", "", partner["text"])
        yield "partner", _whole(bare)
        if partner["acronym"]:
            yield "partner", rf"(?<!\w){re.escape(partner['acronym'])}(?!\w)"
    for instructor in program["instructors"]:
        yield "instructor", _whole(instructor["text"])
        first = instructor["text"].split()[0].strip(".,")
        if len(first) > SHORT_NAME:
            yield "instructor", rf"(?<!\w){re.escape(first)}(?!\w)"
    for skill in program["skills"]:
        yield "skill", _whole(skill["text"])


def _whole(phrase: str) -> str:
    return rf"(?i)(?<!\w){re.escape(phrase)}(?!\w)"


def read_news(path: Path, count: int, length: int = 500) -> list[Example]:
    """Return the beginnings of `count` news articles that name no prison: nothing of a program is in them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(SEED).shuffle(rows)
    texts = [f"{row['title']}\n\n{row['text'][:length]}" for row in rows]
    texts = [t for t in texts if not re.search(r"(?i)lapas|rutan|warga binaan|napi|pelatihan", t)][:count]
    return [Example(t, w := split_words(t), None, [0] * len(w), relevant=False) for t in texts]


def gold_files(shared: Path) -> list[Path]:
    """Return the files of annotated articles that are scored in folds."""
    return [shared / "programs" / "dev.jsonl", shared / "programs" / "train.jsonl"]


def gold_articles(shared: Path) -> list[dict[str, Any]]:
    """Return the annotated articles of shared/data, which are the ones that are scored."""
    return [a for path in gold_files(shared) for a in read_programs(path)]


def own_files() -> list[Path]:
    """Return the files of our own articles, and of those that people corrected, which only teach."""
    return sorted(GOLD.glob("own-*.jsonl"))


def own_articles() -> list[dict[str, Any]]:
    """Return our own annotated articles, which nothing is scored on."""
    return [a for path in own_files() for a in read_programs(path)]


def kept_back() -> list[dict[str, Any]]:
    """Return those of our own articles that the first run does not learn from."""
    return [a for path in sorted(GOLD.glob(KEPT_BACK)) for a in read_programs(path)]


def older_articles() -> list[dict[str, Any]]:
    """Return our own articles but those that are kept back."""
    newest = {a["id"] for a in kept_back()}
    return [a for a in own_articles() if a["id"] not in newest]


def fold_of(articles: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the fold of each article id, as written down in folds.json; new ones are added there."""
    kept: dict[str, int] = json.loads(FOLDS.read_text(encoding="utf-8")) if FOLDS.exists() else {}
    new = [a for a in articles if a["id"] not in kept]
    if new:
        kept |= folds(new)
        FOLDS.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return kept


def folds(articles: Iterable[dict[str, Any]], count: int = 5) -> dict[str, int]:
    """Return the fold of each article id; articles on the same program share one."""
    articles = list(articles)
    same = {a["id"]: a["same_as"] for a in articles if a.get("same_as")}
    roots = {a["id"]: min(a["id"], same.get(a["id"], a["id"])) for a in articles}
    order = sorted(set(roots.values()))
    random.Random(SEED).shuffle(order)
    fold = {root: index % count for index, root in enumerate(order)}
    return {name: fold[root] for name, root in sorted(roots.items())}
