"""Small documents, and the sorting that makes two runs comparable."""

from corpus.documents import Document
from corpus.engines.worker import Setup
from corpus.reading import reader_of
from extractor import load

RULES = reader_of(load("none"))
SETUP = Setup(RULES, "none")


def text(number):
    return Document(
        f"d{number}",
        text=f"Lapas Sukamaju Latih Menjahit {number}\n\nSebanyak {number + 2} warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025).",
    )


def page(number, body="<p>" + "Warga binaan belajar menjahit di Lapas Sukamaju. " * 10 + "</p>"):
    return Document(f"p{number}", html=f"<html><title>Judul Berita {number}</title><body>{body}</body></html>".encode())


def in_order(outcomes):
    """Return the outcomes as bytes, by position."""
    return [
        (position, outcome.id, outcome.code, outcome.record and outcome.record.model_dump_json())
        for position, outcome in sorted(outcomes, key=lambda pair: pair[0])
    ]
