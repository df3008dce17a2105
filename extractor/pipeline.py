"""The line from an article to its record: relevance, mentions, values, programs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import islice, pairwise
from typing import NamedTuple

from spacy.lang.id import Indonesian
from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.tokens import Doc

import extractor.language.sentences  # noqa: F401  (registers the component)
from extractor import doubts
from extractor.article.model import Article
from extractor.evidence import evidence
from extractor.links import Found
from extractor.mentions import Mention
from extractor.programs import programs
from extractor.relevance import GATE, relevance, tagged_relevance
from extractor.schema import ArticleInfo, ArticleRecord, Program, Value
from extractor.slots import date, facility, instructors, participants, partners, ranking, skills

# An article's text beyond this is not read, and the record says `truncated`. The longest reports of newsrooms have half
# of it; with it the costliest text takes the tagger about 15 seconds on two cores.
MAX_CHARS = 50_000

MOST = 50  # values of a slot that are kept, the surest; no report tells of more, and the work grows with their square
SPARE = 0.05  # the likelihood from which a date may still be a further program's
_RUN = re.compile(r"\S{150}")  # longer than any word, and than most addresses

BATCH = 16  # articles that the tagger reads at a time

if not Doc.has_extension("gate"):
    Doc.set_extension("gate", default=0.0)


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

    def make_doc(self, text: str) -> Doc:
        """Return the text in tokens; a run without a blank is cut: the tokenizer takes the square of its length."""
        ends = [match.end() for match in _RUN.finditer(text)]
        if not ends:
            return super().make_doc(text)
        pieces = [super(_Indonesian, self).make_doc(text[start:end]) for start, end in pairwise([0, *ends, len(text)])]
        return Doc.from_docs(pieces, ensure_whitespace=False) or pieces[0]


class Pipeline:
    """Everything loaded once; `extract` may be called from several threads.

    Args:
        tagger: as in `extractor.load`.
        threads: how many threads the tagger computes with.

    Raises:
        InputError: there is no such tagger.
    """

    def __init__(self, tagger: str | None = None, threads: int = 2) -> None:
        self.nlp = _Indonesian()
        self.nlp.max_length = 10 * MAX_CHARS
        self.nlp.add_pipe("sentences")
        self.rankers = ranking.load("rules")
        self.model_version: str | None = None
        if tagger != "none":
            from extractor.tagger import load_tagger  # noqa: PLC0415  onnxruntime, which rules alone do not need

            self.nlp.add_pipe("program_tagger", config={"tagger": tagger, "threads": threads})
            self.rankers = ranking.load("tagger")
            self.model_version = load_tagger(tagger, threads).version
        self.version = pipeline_version()

    def warm(self) -> None:
        """Load every table by reading one small article."""
        self.extract(Article("Lapas Ngawi Gelar Pelatihan", "Warga binaan belajar menjahit, Senin (1/1/2024)."))

    def extract(self, article: Article) -> ArticleRecord:
        """Return the record of one article. Any text gives a record; none raises."""
        return next(self.extract_many([article]))

    def extract_many(self, articles: Iterable[Article]) -> Iterator[ArticleRecord]:
        """Yield the record of each article, in order; up to 16 are read at a time."""
        stream = iter(articles)
        while group := list(islice(stream, BATCH)):
            docs = self.nlp.pipe([self._doc(article) for article in group])
            yield from (self._record(article, doc) for article, doc in zip(group, docs, strict=True))

    def _doc(self, article: Article) -> Doc:
        title, text = article.title[:1000], article.text[:MAX_CHARS]
        chance = relevance(title, text, self.rankers)
        out = chance < GATE or article.status not in ("ok", "paywalled")
        doc = self.nlp.make_doc("" if out else f"{title}\n\n{text}")
        doc._.gated_out, doc._.gate = out, chance
        doc._.body_start, doc._.rankers = len(title) + 2, self.rankers
        return doc

    def _record(self, article: Article, doc: Doc) -> ArticleRecord:
        title, text = article.title[:1000], article.text[:MAX_CHARS]
        chance = doc._.gate
        if not doc._.gated_out and doc._.slot_mentions is not None:
            chance = tagged_relevance(doc, title, text)
        taken = not doc._.gated_out and chance >= ranking.threshold(self.rankers, "relevance")
        found: list[Program] = []
        warnings: list[str] = []
        if taken:
            values = read_values(doc, article)
            found = programs(doc, values.found, values.spare)
            warnings = doubts.weekdays(found) + doubts.left_out(doc, values.rest)
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


class Read(NamedTuple):
    """The values of an article, surest first in each slot; `spare` dates, which are too unlikely beside the surest.

    `rest` are the mentions that were left out.
    """

    found: list[Found[Value]]
    spare: list[Found[Value]]
    rest: list[Mention]


def read_values(doc: Doc, article: Article) -> Read:
    """Return the values of the article, each with its evidence and every place that names it."""
    published = article.published
    slots: list[tuple[Iterable[Mention], Callable[[Mention], Value | None]]] = [
        (facility.find(doc), lambda m: facility.resolve(doc, m)),
        (date.find(doc, published), lambda m: date.resolve(doc, m, published)),
        (partners.find(doc), lambda m: partners.resolve(doc, m)),
        (instructors.find(doc), lambda m: instructors.resolve(doc, m)),
        (skills.find(doc), lambda m: skills.resolve(doc, m)),
        (participants.find(doc), lambda m: participants.resolve(doc, m)),
    ]
    read = Read([], [], [])
    for mentions, resolve in slots:
        kept = 0
        for mention in sorted(mentions, key=lambda m: (-m.score, m.start)):
            sure = mention.score >= ranking.limit(doc, mention.slot) and kept < MOST
            if not sure:
                read.rest.append(mention)
            if not sure and (mention.slot != "date" or mention.score < SPARE or kept >= MOST):
                continue
            value, proof = resolve(mention), evidence(doc, mention)
            if value is not None and proof is not None:
                value = value.model_copy(update={"confidence": round(mention.score, 4), "evidence": [proof]})
                spans = mention.spans or ((mention.start, mention.end),)
                (read.found if sure else read.spare).append(Found(mention.slot, value, spans))
                kept += 1
    return read
