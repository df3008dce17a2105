"""How fast inputs are read, and how much memory that takes.

    python -P tests/benchmarks/readers.py [--rows 100000]

Writes an input of so many small articles in every format and reads it: rows a second, growth of the process's memory.
"""

import argparse
import csv
import gzip
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.readers import read_documents

TEXT = "Sebanyak sepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025). " * 20
NAMES = ("in.jsonl", "in.jsonl.gz", "in.csv", "in.parquet", "in.warc.gz")


def rows(count):
    """Yield rows of one small article each."""
    for number in range(count):
        yield {"id": str(number), "title": f"Lapas Latih Menjahit {number}", "text": TEXT}


def write(path, count):
    """Write an input of the kind that the name says."""
    if path.suffix == ".parquet":
        with parquet.ParquetWriter(
            path, pa.schema([(name, pa.string()) for name in ("id", "title", "text")])
        ) as writer:
            for start in range(0, count, 1000):
                some = [{"id": str(n), "title": "A", "text": f"{n} {TEXT}"} for n in range(start, start + 1000)]
                writer.write_table(pa.Table.from_pylist(some))
    elif ".warc" in path.name:
        with path.open("wb") as out:
            archive = WARCWriter(out, gzip=True)
            for row in rows(count):
                told = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                page = io.BytesIO(f"<p>{row['text']}</p>".encode())
                url = f"https://a.example/{row['id']}"
                archive.write_record(archive.create_warc_record(url, "response", payload=page, http_headers=told))
    else:
        with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as out:
            if ".csv" in path.name:
                writer = csv.DictWriter(out, ["id", "title", "text"])
                writer.writeheader()
                writer.writerows(rows(count))
            else:
                out.writelines(json.dumps(row) + "\n" for row in rows(count))


def measure(path):
    """Print the figures of one input; in a process of its own, whose peak is then its own."""
    next(iter(read_documents(path)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    count = sum(1 for _ in read_documents(path))
    seconds = time.perf_counter() - began
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{Path(path).name}: {count} documents, {count / seconds:,.0f} a second, {growth:.1f} MiB more at the peak")


def main():
    """Print the figures of all formats."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            path = Path(folder, name)
            write(path, args.rows)
            subprocess.run([sys.executable, "-P", __file__, "--measure", str(path)], check=True)


if __name__ == "__main__":
    main()
