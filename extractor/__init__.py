"""Reads Indonesian news on the training of prison residents into records with evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from extractor.article import Article, read_html, read_text
from extractor.errors import InputError, PembinaanError
from extractor.schema import ArticleRecord

if TYPE_CHECKING:
    from extractor.fetching import Policy
    from extractor.pipeline import Pipeline
    from extractor.visit import ReadHtml

__all__ = ["Article", "ArticleRecord", "InputError", "PembinaanError", "Pipeline", "extract", "load"]


def __getattr__(name: str) -> object:
    # spaCy takes seconds to import, and who asks for a store or an error's type needs none of it.
    if name == "Pipeline":
        from extractor.pipeline import Pipeline  # noqa: PLC0415  spaCy, as above

        return Pipeline
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def load(tagger: str | None = None) -> Pipeline:
    """Return the pipeline, loaded once for each `tagger`.

    Args:
        tagger: None for what ships, "none" for rules alone, or a directory with a Hugging Face token classifier.

    Raises:
        InputError: there is no such tagger.
    """
    from extractor.pipeline import Pipeline  # noqa: PLC0415  spaCy, as above

    return Pipeline(tagger)


def extract(  # noqa: PLR0913  the three sources are one argument each, by design
    *,
    url: str | None = None,
    html: str | bytes | None = None,
    text: str | None = None,
    published: dt.date | dt.datetime | None = None,
    policy: Policy | None = None,
    pipeline: Pipeline | None = None,
    read: ReadHtml = read_html,
) -> ArticleRecord:
    """Return the record of one article, given as exactly one of an address, a page or a text.

    Args:
        url: the address of a news page; it is fetched politely, from public addresses only.
        html: the page itself, as text or bytes.
        text: the article's text with its title on the first line.
        published: the day of publication, where the caller knows it better than the page.
        policy: what may be fetched; the default allows public http(s) addresses.
        pipeline: a pipeline from `load`; the default is the shipped one.
        read: reads a page; `extractor.article.worker.SafeReader.read_html` does so in a process that can be killed, for
            pages of strangers.

    Raises:
        InputError: none or several of the three were given, there is nothing to read in them, or the page ran over the
            reader's limits.
        FetchError: the page may not or could not be fetched; the type says why.
    """
    if sum(source is not None for source in (url, html, text)) != 1:
        raise InputError("give exactly one of url, html and text")
    if url is not None:
        from extractor.visit import visit  # noqa: PLC0415  the HTTP client takes a while, and most uses never fetch

        article = visit(url, policy, read)
    elif html is not None:
        article = read(html, None, None)
    else:
        article = read_text(text or "")
    if not article.title and not article.text:
        raise InputError("there is no text to read in this input")
    if published is not None:
        article = replace(article, published=published)
    return (pipeline or load()).extract(article)
