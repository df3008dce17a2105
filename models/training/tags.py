"""What a tagger said of articles that it was not trained on, kept for fitting what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.tagger import Entity, Tags, decode, entities

if TYPE_CHECKING:
    from pathlib import Path

    from extractor.mentions import Mention


def save_tags(tags: list[Tags], articles: list[dict[str, Any]], folder: Path) -> None:
    """Write the tags of each article to `folder`/<id>.npz: words, slots, entities, relevance."""
    folder.mkdir(parents=True, exist_ok=True)
    for t, article in zip(tags, articles, strict=True):
        np.savez_compressed(
            folder / f"{article['id']}.npz",
            words=np.array(t.words),
            slots=t.slots.astype(np.float16),
            entities=t.entities.astype(np.float16),
            relevance=np.array(t.relevance),
        )


def read_tags(folder: Path, name: str) -> tuple[list[Mention], list[Entity], float]:
    """Return the mentions, entities and relevance of the article `name`, as `ProgramTagger.annotate` does.

    Raises:
        FileNotFoundError: the tagger was not asked for this article.
    """
    with np.load(folder / f"{name}.npz") as kept:
        words = [(int(a), int(b)) for a, b in kept["words"]]
        slots, named = kept["slots"].astype(np.float32), kept["entities"].astype(np.float32)
        tags = Tags(words, slots, named, float(kept["relevance"]))
    return decode(tags), entities(tags), tags.relevance
