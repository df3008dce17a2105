"""How fast a batch is with one and with two processes, and how much memory its driver takes over a long one.

    python -P tests/benchmarks/batch.py [--articles 400] [--soak 100000] [--rounds 3]

The first part reads the same annotated articles, as texts and as pages, with one reading process and with two, of one thread
each; it prints articles a second and the processor time of the reading processes for each. The second reads made texts by
the rules alone and prints the driver's memory from the 2,000th article on. The machine should have nothing else to do. Where
it has, as root: setsid -w bash -c 'echo -15 > /proc/self/autogroup; exec python -P tests/benchmarks/batch.py'
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from corpus.batch import run_batch
from corpus.documents import Document
from corpus.engines.local import LocalEngine
from corpus.engines.worker import Setup
from corpus.reading import reader_of
from corpus.store import Store
from extractor import load

GOLD = Path(__file__).parents[2] / "corpus" / "gold"


def gold(number, pages):
    """Return so many different documents, made of the annotated articles."""
    rows = [json.loads(line) for path in sorted(GOLD.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    documents = []
    for index in range(number):
        row = rows[index % len(rows)]
        title = f"{row['title']} ({index})"
        if pages:
            body = "".join(f"<p>{part}</p>" for part in row["text"].split("\n") if part.strip())
            html = f"<html><title>{title}</title><body><h1>{title}</h1><article>{body}</article></body></html>"
            documents.append(Document(str(index), html=html.encode()))
        else:
            documents.append(Document(str(index), text=f"{title}\n\n{row['text']}"))
    return documents


def speed(documents, workers, tagger):
    """Return articles a second once the processes are ready, and the processor seconds of all of them."""
    setup = Setup(reader_of(load(tagger)), tagger)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        seen, spent = [], os.times()

        def tell(tally):
            seen.append((time.perf_counter(), tally.total))

        run_batch(documents, LocalEngine(setup, workers), store, setup.reader, label="benchmark", tell=tell)
    # Without the start, which a long run does not feel, and without the end, where one process has no work any more.
    (began, first), (ended, last) = seen[len(seen) // 10], seen[len(seen) * 9 // 10]
    now = os.times()
    cpu = now.user + now.system - spent.user - spent.system
    below = now.children_user + now.children_system - spent.children_user - spent.children_system
    return (last - first) / (ended - began), cpu, below


def compare(number, rounds):
    for kind in ("texts", "pages"):
        documents = gold(number, kind == "pages")
        for round_ in range(rounds):
            figures = {workers: speed(documents, workers, None) for workers in (1, 2)}
            for workers, (rate, cpu, below) in figures.items():
                load_ = os.getloadavg()[0]
                print(
                    f"{kind}, {workers} workers: {rate:.1f} articles/s, processor {below:.1f} s below and "
                    f"{cpu:.1f} s in the driver (load {load_:.1f})"
                )
            print(f"{kind}, round {round_ + 1}: {figures[2][0] / figures[1][0]:.2f} times")


def soak(number):
    """Print the driver's resident memory while it reads so many articles."""
    setup = Setup(reader_of(load("none")), "none")
    marks = []

    def documents():
        for index in range(number):
            yield Document(str(index), text=f"Cuaca kota {index}\n\nHujan turun di kota pada hari ke-{index}. " * 20)

    def tell(tally):
        if not marks or tally.total >= marks[-1][0] + max(2000, number // 20):
            marks.append((tally.total, resident()))
            print(f"{tally.total:,} articles: {marks[-1][1]:.1f} MB, {time.perf_counter() - began:.0f} s", flush=True)

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        began = time.perf_counter()
        run_batch(documents(), LocalEngine(setup), store, setup.reader, label="soak", tell=tell)
    late = [size for total, size in marks if total >= 2000]
    print(
        f"growth from the 2,000th to the {number:,}th article: {late[-1] - late[0]:+.1f} MB, most {max(late) - late[0]:+.1f} MB"
    )


def resident():
    """Return the megabytes of this process's resident memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", type=int, default=100_000)
    args = parser.parse_args()
    if args.articles:
        compare(args.articles, args.rounds)
    if args.soak:
        soak(args.soak)


if __name__ == "__main__":
    main()
