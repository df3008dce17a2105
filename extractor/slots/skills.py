"""What is taught: the shortest phrase that names it, and its category."""

from __future__ import annotations

import re
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.gazetteers import skills as gazetteer
from extractor.language import text_of
from extractor.mentions import Mention
from extractor.schema import Method, Skill
from extractor.slots import beside, ranking, tagged

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?:/[^\W\d_]+)?|\d+\w*|[^\w\s]|\n")
_AND = re.compile(r"\s+(?:dan|serta|&)\s+")
_Phrase = tuple[int, int, gazetteer.Term]
_TAIL = 3  # words that may follow a head before its product
_LINKS = frozenset({"dan", "serta", "sama", "plus", "maupun", "hingga", "sampai", "juga", "kemudian", "lalu"})


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class Candidate(NamedTuple):
    """A skill phrase and every place it stands."""

    spans: list[ranking.Span]
    term: gazetteer.Term
    features: set[str]
    tags: set[str]
    method: Method

    @property
    def span(self) -> ranking.Span:
        """Where its evidence stands."""
        return self.spans[0]


def candidates(doc: Doc) -> list[Candidate]:
    """Return the skill phrases of the article, one a distinct wording, in order of first mention."""
    text, body = text_of(doc), int(doc._.body_start)
    groups: dict[str, tuple[list[ranking.Span], gazetteer.Term]] = {}
    ruled = _phrases(text)
    unseen = [_trim(text, m.start, m.end) for m in tagged.unseen(doc, "skill", [(s, e) for s, e, _ in ruled])]
    for start, end, term in [*ruled, *((s, e, _term(text[s:e])) for s, e in unseen if s < e)]:
        groups.setdefault(_key(text[start:end]), ([], term))[0].append((start, end))
    categories = [term.category for _, term in groups.values()]
    found = []
    for key, (spans, term) in groups.items():
        features = ranking.context(text, spans, body)
        same = categories.count(term.category)
        features |= {f"kind={term.kind}", f"len={min(len(key.split()), 4)}", f"same={min(same, 5)}"}
        features |= {f"head={key.split()[0] if key.split()[0] in gazetteer.heads() else '-'}"}
        features |= {f"term={' '.join(term.words)}", f"cat={term.category}"}
        features |= {f"title&{'@title' in features}", f"n={min(len(groups), 8)}"}
        method: Method = "model" if set(spans) <= set(unseen) else "rule"
        found.append(Candidate(spans, term, features, tagged.features(doc, "skill", spans, method), method))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return each skill phrase at its first mention, scored by how likely it is what is taught, and not said yet."""
    return beside.mentions(doc, "skill", candidates(doc), rated)


def rated(doc: Doc, found: list[Candidate], logits: list[float]) -> list[beside.Rated]:
    """Return the candidates as the second look sees them."""
    made = []
    for candidate, logit in zip(found, logits, strict=True):
        start, end = candidate.spans[0]
        stems = gazetteer.stems(text_of(doc)[start:end])
        marks = {candidate.term.kind, f"by={candidate.method}", f"general={gazetteer.is_general(stems)}"}
        kind = candidate.term.category
        made.append(beside.Rated(logit, stems, kind, frozenset(marks), tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Skill | None:
    """Return the skill that a mention names, without words such as "pelatihan" at its edges.

    The category and ISCO-08 code come from the gazetteer; a phrase without a known word is "other".
    """
    start, end = _trim(text_of(doc), mention.start, mention.end)
    if start >= end:
        return None
    term = _term(text_of(doc)[start:end])
    name = re.sub(r"\s+", " ", text_of(doc)[start:end])
    code = gazetteer.isco(name, term)
    return Skill.model_construct(name=name, category=term.category, isco=code, confidence=mention.score, evidence=[])


def _term(phrase: str) -> gazetteer.Term:
    """Return the term that says most about a phrase: a trade before a product, the longer before the shorter."""
    words = [w.text.casefold() for w in _words(phrase)]
    known = [term for i in range(len(words)) if (term := gazetteer.match(words, i))]
    unknown = gazetteer.Term(tuple(words), "other", None, "trade")
    return max(known, key=lambda t: (t.kind == "trade", len(t.words)), default=unknown)


_EDGE = re.compile(
    r"(?:pelatihan|keterampilan|ketrampilan|kegiatan|program|kursus|kelas|bidang|bimbingan|latihan|belajar|"
    r"seperti|berupa|tentang|cara|teknik|dan|serta|atau|dalam|materi|praktik|pembinaan)(?!\w)\s*|[^\w]+",
    re.IGNORECASE,
)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (edge := _EDGE.match(text, start, end)):
        start = edge.end()
    while end > start and not text[end - 1].isalnum() and text[end - 1] != ")":
        end -= 1
    return start, end


def _words(text: str) -> list[_Word]:
    return [_Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


def _phrases(text: str) -> list[_Phrase]:
    words = _words(text)
    folded = [w.text.casefold() for w in words]
    found, i = [], 0
    while i < len(words):
        term, last = _at(folded, i)
        if term is None:
            i += 1
            continue
        found.append((words[i].start, words[last - 1].end, term))
        i = last
    return _joined(text, found)


def _joined(text: str, phrases: list[_Phrase]) -> list[_Phrase]:
    """Join terms that make one phrase: side by side ("anyaman purun"), or of one head ("membuat roti dan kue").

    The first trade among them names the category.
    """
    found: list[_Phrase] = []
    for start, end, term in phrases:
        if found:
            first, last, before = found[-1]
            gap = text[last:start]
            headed = text[first:last].split(maxsplit=1)[0].casefold() in gazetteer.heads()
            both = headed and before.kind == term.kind == "product" and before.category == term.category
            if gap.strip(" ") == "" or (both and _AND.fullmatch(gap)):
                named = term if (before.kind, term.kind) == ("product", "trade") else before
                found[-1] = (first, end, named)
                continue
        found.append((start, end, term))
    return found


def _at(folded: list[str], i: int) -> tuple[gazetteer.Term | None, int]:
    """Return the term that opens at word `i`, with its head before it, and the index behind its last word."""
    own = gazetteer.match(folded, i)
    last = i + (len(own.words) if own else 1)
    if folded[i] in gazetteer.heads():
        for j in range(i + 1, min(i + 1 + _TAIL, len(folded))):
            if not folded[j][0].isalpha() or (own and folded[j] in _LINKS):
                break
            term = gazetteer.match(folded, j)
            if term and j + len(term.words) > last:
                return term, j + len(term.words)
    return own, last


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
