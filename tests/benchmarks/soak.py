"""The whole line under faults: a local server, fetching, reading, storing; every page ends stored or with its reason.

    python -P tests/benchmarks/soak.py [--pages 5000] [--tagger none]

Twenty-four local sites serve the pages; about one in ten is a fault: no answer, half an answer, 500, 503, a reset, a
gzip bomb, an endless body, a page of 100,000 nested elements, no article. Prints how many pages ended in which way, the
rate, and the growth of the driver's memory; fails where a page is lost, counted twice, or ended in the wrong way.
"""

import argparse
import asyncio
import gzip
import ipaddress
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from corpus.batch import run_batch
from corpus.documents import Document
from corpus.engines.local import LocalEngine
from corpus.engines.worker import Setup
from corpus.reading import reader_of
from corpus.store import Store
from extractor import load
from extractor.fetching import Policy

SITES = 24
PLACES = ("Ngawi", "Blitar", "Tuban", "Kediri", "Madiun", "Jember", "Malang", "Kudus", "Sragen", "Brebes")
SKILLS = ("menjahit", "membatik", "las listrik", "barista", "membuat roti", "budidaya lele", "servis motor", "sablon")
BOMB = gzip.compress(b"<p>" + b"x" * 50_000_000)
NESTED = b"<html><body>" + b"<div>" * 100_000 + b"dalam</body></html>"
# What a page of each kind must end as; None is a record.
FAULTS = {
    "silent": {"timeout"},
    "half": {"connection", "timeout", "http_status"},
    "500": {"http_status"},
    "503": {"http_status", "timeout"},
    "reset": {"connection", "timeout"},
    "bomb": {"too_large"},
    "endless": {"too_large", "timeout"},
    "nested": {None, "read_limit", "input"},
    "pdf": {"not_html"},
}


def page(number):
    """Return an article of our own about a training, another one for every number."""
    dice = random.Random(number)
    place, skill, count = dice.choice(PLACES), dice.choice(SKILLS), dice.randint(8, 60)
    day = f"{dice.randint(1, 28)}/{dice.randint(1, 12)}/2025"
    text = "".join(
        f"<p>{sentence}</p>"
        for sentence in (
            f"Sebanyak {count} warga binaan Lapas Kelas IIB {place} mengikuti pelatihan {skill} di aula, Senin ({day}).",
            f"Pelatihan nomor {number} itu digelar bersama Balai Latihan Kerja (BLK) {place} selama lima hari.",
            "Kepala Lapas berharap para peserta pulang dengan keahlian yang bisa langsung dipakai mencari nafkah.",
            "Materi diberikan oleh instruktur yang sudah lama mengajar, mulai dari dasar sampai praktik mandiri.",
        )
    )
    title = f"Lapas {place} Latih {count} Warga Binaan {skill.title()} Angkatan {number}"
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"


def fault_of(number):
    """Return the fault of a page, or None."""
    dice = random.Random(number * 7 + 1)
    return dice.choice(list(FAULTS)) if dice.random() < 0.1 else None


async def answer(reader, writer):
    """Answer one request, or misbehave."""
    try:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        if path == "/robots.txt":
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            await respond(writer, int(path.rsplit("/", 1)[-1]))
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def respond(writer, number):
    """Send page `number`, with its fault."""
    fault, head = fault_of(number), "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    body = page(number).encode()
    if fault == "silent":
        await asyncio.sleep(60)
    elif fault == "half":
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:100])
    elif fault in {"500", "503"}:
        writer.write(f"HTTP/1.1 {fault} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    elif fault == "reset":
        writer.transport.abort()
    elif fault == "bomb":
        writer.write(f"{head}Content-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB)
    elif fault == "endless":
        writer.write(f"{head}\r\n".encode())
        while True:
            writer.write(b"<p>tanpa akhir</p>" * 4000)
            await writer.drain()
    elif fault == "nested":
        writer.write(f"{head}Content-Length: {len(NESTED)}\r\n\r\n".encode() + NESTED)
    elif fault == "pdf":
        writer.write(f"{head}Content-Length: 9\r\n\r\n%PDF-1.7\n".encode())
    else:
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def serve(pipe):
    """Serve all sites on free ports of 127.0.0.1 and say which."""

    async def main():
        servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(SITES)]
        pipe.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.Event().wait()

    asyncio.run(main())


def memory():
    """Return the mebibytes that this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 2**20


def main():
    """Run the soak and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--tagger", default=None)
    args = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    ports = ours.recv()
    policy = Policy(
        networks=(ipaddress.ip_network("127.0.0.1/32"),), ports=frozenset(ports), pause=0, deadline=4, attempts=2
    )
    urls = [f"http://127.0.0.1:{ports[n % SITES]}/{n}" for n in range(args.pages)]
    setup = Setup(reader_of(load(args.tagger)), args.tagger)
    levels = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder, "soak.sqlite")) as store:
        engine = LocalEngine(setup, policy=policy)
        began = time.perf_counter()
        documents = (Document(url, url=url) for url in urls)
        tally = run_batch(documents, engine, store, setup.reader, label="soak", tell=lambda _: levels.append(memory()))
        seconds = time.perf_counter() - began
        ends = {key: None for key, _ in store.records(tally.run)}
        failures = {failure["id"]: failure["code"] for failure in store.failures(tally.run)}
    server.terminate()
    wrong = [
        (url, fault_of(n), failures.get(url))
        for n, url in enumerate(urls)
        if (url in ends) == (url in failures) or failures.get(url) not in FAULTS.get(fault_of(n), {None})
    ]
    print(f"{args.pages} pages in {seconds:.0f} s, {args.pages / seconds:.1f} a second")
    print(f"stored {len(ends)}, failed {len(failures)}: {dict(Counter(failures.values()))}")
    early = levels[len(levels) // 10]
    print(f"memory of the driver {early:.0f} MiB after a tenth, {max(levels):.0f} MiB at most")
    if wrong or len(ends) + len(failures) != args.pages:
        sys.exit(f"{len(wrong)} pages ended wrongly: {wrong[:5]}")


if __name__ == "__main__":
    main()
