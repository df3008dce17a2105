"""The line from an article to its record: relevance, mentions, values, programs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

from spacy.lang.id import Indonesian
from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.tokens import Doc

import extractor.language.sentences  # noqa: F401  (registers the component)
from extractor.article.model import Article
from extractor.combine import combine
from extractor.evidence import evidence
from extractor.mentions import Mention, Slot
from extractor.programs import Values, programs
from extractor.relevance import THRESHOLD, relevance
from extractor.schema import ArticleInfo, ArticleRecord, Facility, Program, Value
from extractor.slots import date, facility, instructors, participants, partners, skills

MAX_CHARS = 200_000  # an article's text beyond this is not read; the record says `truncated`

# A value below its threshold is left out: near the best F1 of cross-validated candidates, by
# `python -m models.training.rankers --folds 5`; for skills, of two with the same F1 the more precise.
THRESHOLDS = {"facility": 0.2, "date": 0.45, "participants": 0.3, "instructor": 0.22, "skill": 0.4, "partner": 0.38}

V = TypeVar("V", bound=Value)


def pipeline_version() -> str:
    """Return the version of the installed distribution."""
    try:
        return version("pembinaan")
    except PackageNotFoundError:
        return "0"


class _Indonesian(Indonesian):  # type: ignore[no-untyped-call]  # spaCy's hook is not typed
    """spacy.blank("id") without its 16,000 tokenizer exceptions: they take seconds to build, and no slot needs them."""

    class Defaults(Indonesian.Defaults):  # type: ignore[valid-type, misc]  # a class kept in an attribute
        tokenizer_exceptions = BASE_EXCEPTIONS


class Pipeline:
    """Everything loaded once; `extract` may be called from several threads."""

    def __init__(self, tagger: str | None = None) -> None:
        self.nlp = _Indonesian()
        self.nlp.max_length = 10 * MAX_CHARS
        self.nlp.add_pipe("sentences")
        self.model_version: str | None = None
        if tagger not in (None, "none"):
            # The tagger brings onnxruntime or transformers, which rules alone do not need.
            from extractor.tagger import load_tagger  # noqa: PLC0415

            self.nlp.add_pipe("program_tagger", config={"tagger": tagger})
            self.model_version = load_tagger(tagger).version
        self.version = pipeline_version()

    def warm(self) -> None:
        """Load every table by reading one small article."""
        self.extract(Article("Lapas Ngawi Gelar Pelatihan", "Warga binaan belajar menjahit, Senin (1/1/2024)."))

    def extract_many(self, articles: Iterable[Article]) -> Iterator[ArticleRecord]:
        """Yield the record of each article, in order."""
        for article in articles:
            yield self.extract(article)

    def extract(self, article: Article) -> ArticleRecord:
        """Return the record of one article. Any text gives a record; none raises."""
        title, text = article.title[:1000], article.text[:MAX_CHARS]
        warnings: list[str] = []
        found: list[Program] = []
        chance = relevance(title, text)
        if chance >= THRESHOLD and article.status in ("ok", "paywalled"):
            doc = self.nlp.make_doc(f"{title}\n\n{text}")
            doc._.body_start = len(title) + 2
            for _, component in self.nlp.pipeline:
                doc = component(doc)
            found = programs(values(doc, article))
        status = article.status
        if status == "ok" and not found:
            status = "not_relevant"
        info = ArticleInfo(
            url=article.url,
            canonical_url=article.canonical_url,
            title=title,
            author=article.author,
            publisher=article.publisher,
            published=article.published,
            language=article.language,
            text=text,
            text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        )
        return ArticleRecord(
            pipeline_version=self.version,
            model_version=self.model_version,
            status=status,
            article=info,
            relevance=round(chance, 4),
            programs=found,
            warnings=warnings,
            truncated=article.truncated or len(text) < len(article.text),
        )


def values(doc: Doc, article: Article) -> Values:
    """Return the values of each slot, surest first, with evidence."""
    published = article.published
    named = facility.candidates(doc)
    facilities = _resolved(doc, "facility", [c.best for c in named], lambda m: facility.resolve(doc, m))
    return Values(
        facilities=facilities,
        places=_places(doc, named, facilities),
        dates=_resolved(doc, "date", date.find(doc, published), lambda m: date.resolve(doc, m, published)),
        partners=_resolved(doc, "partner", partners.find(doc), lambda m: partners.resolve(doc, m)),
        instructors=_resolved(doc, "instructor", instructors.find(doc), lambda m: instructors.resolve(doc, m)),
        skills=_resolved(doc, "skill", skills.find(doc), lambda m: skills.resolve(doc, m)),
        participants=_resolved(doc, "participants", participants.find(doc), lambda m: participants.resolve(doc, m)),
    )


def _places(doc: Doc, named: list[facility.Candidate], facilities: list[Facility]) -> list[tuple[int, int]]:
    """Return the body offset of every mention of the facilities with its number among them, in order."""
    body = int(doc._.body_start)
    numbers = {(f.evidence[0].field, f.evidence[0].start): i for i, f in enumerate(facilities)}
    found = []
    for candidate in named:
        proof = evidence(doc, candidate.best)
        number = numbers.get((proof.field, proof.start)) if proof else None
        if number is not None:
            found += [(start - body, number) for start, _ in candidate.spans if start >= body]
    return sorted(found)


def _resolved(doc: Doc, slot: Slot, rules: list[Mention], resolve: Callable[[Mention], V | None]) -> list[V]:
    tagged = (doc._.slot_mentions or []) if Doc.has_extension("slot_mentions") else []
    mentions = combine(rules, [m for m in tagged if m.slot == slot])
    found: list[V] = []
    for mention in sorted(mentions, key=lambda m: (-m.score, m.start)):
        if mention.score < THRESHOLDS[mention.slot]:
            break
        value, proof = resolve(mention), evidence(doc, mention)
        if value is not None and proof is not None:
            found.append(value.model_copy(update={"confidence": round(mention.score, 4), "evidence": [proof]}))
    return found
