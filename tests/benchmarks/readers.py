"""How fast inputs are read, and how much memory that takes.

    python -P tests/benchmarks/readers.py [--rows 100000]

Writes an input of so many small articles in every format and reads it in a process of its own: rows a second, and
growth of its memory over what it took after an input of a few rows.
"""

import argparse
import csv
import gzip
import io
import json
import os
import re
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

TEXT = "Sebanyak sepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025). " * 10
FEW = 20
NAMES = ("in.jsonl", "in.jsonl.gz", "in.csv", "in.tsv.gz", "in.parquet", "in.urls", "in.warc", "in.warc.gz", "pages")


def rows(count):
    """Yield rows of one small article each, half of it noise, so that packed inputs are not packed into nothing."""
    for number in range(count):
        yield {"id": str(number), "title": f"Lapas Latih Menjahit {number}", "text": TEXT + os.urandom(500).hex()}


def write(path, count):
    """Write an input of the kind that the name says."""
    if path.suffix == ".parquet":
        write_parquet(path, count)
    elif ".warc" in path.name:
        write_archive(path, count)
    elif not path.suffix:
        path.mkdir()
        for row in rows(count):
            (path / f"{row['id']}.html").write_text(f"<p>{row['text']}</p>")
    else:
        with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as out:
            if path.suffix == ".urls":
                out.writelines(f"https://a.example/berita/{row['id']}\n" for row in rows(count))
            elif ".jsonl" in path.name:
                out.writelines(json.dumps(row) + "\n" for row in rows(count))
            else:
                writer = csv.DictWriter(out, ["id", "title", "text"], delimiter="\t" if ".tsv" in path.name else ",")
                writer.writeheader()
                writer.writerows(rows(count))


def write_parquet(path, count):
    """Write all rows as one group, as pandas does: the hardest to read in little memory."""
    columns = {name: [row[name] for row in rows(count)] for name in ("id", "title", "text")}
    parquet.write_table(pa.table(columns), path, row_group_size=count)


def write_archive(path, count):
    """Write each row as a page with status 200."""
    with path.open("wb") as out:
        archive = WARCWriter(out, gzip=path.suffix == ".gz")
        for row in rows(count):
            told = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            page = io.BytesIO(f"<p>{row['text']}</p>".encode())
            url = f"https://a.example/{row['id']}"
            archive.write_record(archive.create_warc_record(url, "response", payload=page, http_headers=told))


def memory(field):
    """Return a figure of this process's memory in MiB: VmRSS now, VmHWM at its peak."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{field}:\s+(\d+)", told)[1]) / 1024


def measure(path, few):
    """Print the figures of one input, after all that is imported once was imported for a small one."""
    for _ in read_documents(few):
        pass
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before, began = memory("VmRSS"), time.perf_counter()
    count = sum(1 for _ in read_documents(path))
    seconds = time.perf_counter() - began
    size = f"{Path(path).stat().st_size / 2**20:,.0f} MiB" if Path(path).is_file() else "a folder"
    growth = memory("VmHWM") - before
    print(f"{Path(path).name} ({size}): {count:,} documents, {count / seconds:,.0f} a second, {growth:.1f} MiB more")


def main():
    """Print the figures of all formats."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(*args.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            path, few = Path(folder, name), Path(folder, f"few-{name}")
            write(path, args.rows)
            write(few, FEW)
            subprocess.run([sys.executable, "-P", __file__, "--measure", str(path), str(few)], check=True)


if __name__ == "__main__":
    main()
