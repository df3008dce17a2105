"""A batch of made texts, for tests that kill it: STORE, how many texts, an engine, and the head of a Ray cluster.

Prints how far the run is after every transaction.
"""

import sys

from corpus.batch import run_batch
from corpus.documents import Document
from corpus.engines.local import LocalEngine
from corpus.engines.worker import Setup
from corpus.reading import reader_of
from corpus.store import Store
from extractor import load


def made(number):
    return Document(
        f"d{number}",
        text=f"Lapas Sukamaju Latih Menjahit {number}\n\nSebanyak {number + 2} warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025).",
    )


def main():
    sys.stdout.reconfigure(line_buffering=True)
    path, many, engine, *address = sys.argv[1:]
    reader = reader_of(load("none"))
    setup = Setup(reader, "none")
    if engine == "ray":
        from corpus.engines.ray import RayEngine  # noqa: PLC0415  it is slow to import

        chosen = RayEngine(setup, address=address[0])
    else:
        chosen = LocalEngine(setup, workers=2)
    with Store.open(path) as store:
        tally = run_batch(
            (made(n) for n in range(int(many))),
            chosen,
            store,
            reader,
            label="made",
            tell=lambda t: sys.stdout.write(f"{t.total}\n"),
        )
    sys.stdout.write(f"{tally.read} {tally.known} {tally.failed}\n")


if __name__ == "__main__":
    main()
