"""A URL to its whole article: the page that was asked for, and the further pages of the same article."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from extractor.article import Article, read_html
from extractor.errors import PembinaanError
from extractor.fetching import Policy, fetch

ReadHtml = Callable[[bytes | str, str | None, str | None], Article]


def visit(url: str, policy: Policy | None = None, read: ReadHtml = read_html) -> Article:
    """Return the article at `url`, its further pages joined.

    Where the outlet has an address of the whole article, that is read instead of the parts. A further page that cannot
    be had leaves the article `truncated`, and never fails what has been read. All pages together share the policy's
    deadline.

    Args:
        url: a page's address.
        policy: what may be fetched.
        read: reads one page; `worker.SafeReader.read_html` does so in a process that can be killed.

    Raises:
        FetchError: the page may not or could not be fetched; the type says why.
        InputError: the page could not be read within the reader's limits.
    """
    chosen = policy or Policy()
    ends = time.monotonic() + chosen.deadline
    first = _read(url, chosen, read)
    parts = [first.text]
    truncated = first.truncated
    for address in first.pages:
        left = ends - time.monotonic()
        if left <= 0:
            truncated = True
            break
        try:
            other = _read(address, replace(chosen, deadline=left), read)
        except PembinaanError:
            truncated = True
            break
        if other.text.startswith(first.text[:200]):  # the whole article on one page
            parts = [max(first.text, other.text, key=len)]
        else:
            parts.append(other.text)
        truncated = truncated or other.truncated
    return replace(first, url=url, text=_joined(parts), truncated=truncated)


def _read(url: str, policy: Policy, read: ReadHtml) -> Article:
    page = fetch(url, policy)
    return read(page.body, page.final_url, page.charset)


def _joined(parts: list[str]) -> str:
    """Return the paragraphs of all parts in order, those that every page repeats once."""
    paragraphs = dict.fromkeys(paragraph for part in parts for paragraph in part.split("\n\n"))
    return "\n\n".join(paragraphs) if len(parts) > 1 else parts[0]
