"""HTML or text to an Article: charset, metadata, body, and what kind of page it is."""

from extractor.article.model import Article
from extractor.article.reader import read_html, read_text

__all__ = ["Article", "read_html", "read_text"]
