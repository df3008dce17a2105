"""What a tagger said of articles that it was not trained on, kept for fitting what comes after it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.tagger import Reading, Tags, reading

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


TEMPERATURE = "temperature.json"


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
            several=np.array(t.several, dtype=float),
            ties=np.array(t.ties, dtype=np.float16),
        )


def read_probabilities(folder: Path, name: str) -> Tags:
    """Return the tags of the article `name` as they were saved.

    Raises:
        FileNotFoundError: the tagger was not asked for this article.
    """
    with np.load(folder / f"{name}.npz") as kept:
        words = [(int(a), int(b)) for a, b in kept["words"]]
        slots, named = kept["slots"].astype(np.float32), kept["entities"].astype(np.float32)
        ties = kept["ties"].astype(np.float32)
        return Tags(words, slots, named, float(kept["relevance"]), float(kept["several"]), ties)


def read_tags(folder: Path, name: str) -> Reading:
    """Return what the tagger found in the article `name`, as `ProgramTagger.annotate` does.

    Probabilities are cooled by the temperature of the folder, if one was fitted.

    Raises:
        FileNotFoundError: the tagger was not asked for this article.
    """
    kept = read_probabilities(folder, name)
    path = folder / TEMPERATURE
    by = json.loads(path.read_text(encoding="utf-8"))["temperature"] if path.exists() else 1.0
    return reading(replace(kept, slots=cooled(kept.slots, by), entities=cooled(kept.entities, by)))


def cooled(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Return what the probabilities [words, labels] would be with their logits divided by the temperature."""
    raised = np.maximum(probabilities, 1e-7) ** np.float32(1 / temperature)
    shares: NDArray[np.float32] = raised / raised.sum(axis=-1, keepdims=True)
    return shares
