"""Indonesian as the newsrooms write it: sentences, numerals, dates, names.

Importing this package registers the `Doc` extension `body_start`: the offset in `doc.text` at which the
article's body begins, after its title and a blank line.
"""

from __future__ import annotations

from spacy.tokens import Doc

if not Doc.has_extension("body_start"):
    Doc.set_extension("body_start", default=2)


def text_of(doc: Doc) -> str:
    """Return `doc.text`, put together once: spaCy does so from all tokens at every reading."""
    text: str | None = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return text
