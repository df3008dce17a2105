"""One document to its record, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from corpus.documents import Document, Outcome
from extractor.article import Article, read_html, read_text
from extractor.errors import InputError, PembinaanError

if TYPE_CHECKING:
    from extractor import Pipeline
    from extractor.fetching import Policy
    from extractor.visit import ReadHtml


class Versioned(Protocol):
    """Whatever knows the versions of its pipeline and model."""

    @property
    def version(self) -> str:
        """The pipeline's."""
        ...

    @property
    def model_version(self) -> str | None:
        """The model's; None for rules alone."""
        ...


def reader_of(pipeline: Versioned) -> str:
    """Return what names this way of reading: the versions of pipeline and model; other versions may read otherwise."""
    return f"{pipeline.version}+{pipeline.model_version or 'rules'}"


def read(
    documents: Iterable[Document], pipeline: Pipeline, policy: Policy | None = None, read_page: ReadHtml = read_html
) -> Iterator[Outcome]:
    """Yield the outcome of each document, in order; none raises.

    Args:
        documents: what to read.
        pipeline: what reads it.
        policy: what may be fetched.
        read_page: reads a page; `SafeReader.read_html` where pages are strangers'.
    """
    for document in documents:
        try:
            article = article_of(document, policy, read_page)
        except PembinaanError as error:
            yield failed(document, error)
        else:
            yield outcome_of(document, article, pipeline)


def outcome_of(document: Document, article: Article, pipeline: Pipeline) -> Outcome:
    """Return the outcome of a document whose article is at hand.

    One article at a time: the tagger's numbers are scaled by all that it reads together, so that an article's
    confidences would depend on its neighbors, and a run that was cut off would end in other records than one that
    was not. It is no slower.
    """
    return Outcome(document.id, document.digest, pipeline.extract(article))


def failed(document: Document, error: PembinaanError) -> Outcome:
    """Return the outcome of a document that could not be read."""
    return Outcome(document.id, document.digest, code=error.code, reason=str(error))


def article_of(document: Document, policy: Policy | None = None, read_page: ReadHtml = read_html) -> Article:
    """Return a document's article, fetched where the document is an address alone.

    Raises:
        FetchError: it may not or could not be fetched.
        InputError: there is nothing to read in it, or it ran over the reader's limits.
    """
    if document.html is not None:
        article = read_page(document.html, document.url, None)
    elif document.text is not None:
        article = replace(read_text(document.text), url=document.url)
    elif document.url is not None:
        from extractor.visit import visit  # noqa: PLC0415  the HTTP client takes a while, and most inputs never fetch

        article = visit(document.url, policy, read_page)
    else:
        raise InputError("there is neither an address, a page nor a text")
    if not article.title and not article.text:
        raise InputError("there is no text to read in this input")
    return replace(article, published=document.published) if document.published is not None else article
