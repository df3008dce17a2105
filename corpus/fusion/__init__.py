"""One program told by several outlets, as one: pure functions over tellings, and the step over a store."""

from corpus.fusion.fusing import fuse
from corpus.fusion.model import Conflict, FusedProgram, Option, Source, Told, Vote
from corpus.fusion.telling import Cues, Origin, Telling, read_cues

__all__ = [
    "Conflict",
    "Cues",
    "FusedProgram",
    "Option",
    "Origin",
    "Source",
    "Telling",
    "Told",
    "Vote",
    "fuse",
    "read_cues",
]
