"""From offsets in the Doc (title, blank line, body) to evidence in the record."""

from __future__ import annotations

from spacy.tokens import Doc

from extractor.language import text_of
from extractor.mentions import Mention
from extractor.schema import Evidence


def evidence(doc: Doc, mention: Mention) -> Evidence | None:
    """Return the words of a mention with their place in title or body; None for one that lies in neither."""
    body, text = int(doc._.body_start), text_of(doc)
    if 0 <= mention.start < mention.end <= body - 2:
        start, end, field = mention.start, mention.end, "title"
    elif body <= mention.start < mention.end <= len(text):
        start, end, field = mention.start - body, mention.end - body, "text"
    else:
        return None
    words = text[mention.start : mention.end]
    return Evidence.model_validate(
        {"field": field, "start": start, "end": end, "text": words, "method": mention.method}
    )
