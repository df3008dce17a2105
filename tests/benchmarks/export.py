"""Seconds and memory of exporting a store in each format, of counting, plotting and loading it.

usage: python tests/benchmarks/export.py [RECORDS] [STORE]

Makes a store of RECORDS (100,000) articles of one program each where STORE is not there yet (the default lies in the
temporary folder), and goes through it once in a process of its own a format. Growth is what the process's peak memory
gains after the first tenth of the articles: what is flat stays near 0 whatever the number.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "corpus"))

from made_records import make_record

import corpus
from corpus import export, plots, stats
from corpus.documents import Outcome
from corpus.store import Store
from extractor.schema import ArticleRecord

READER = "0.2.0+1.0.1"
BODY = " Warga binaan mengikuti pelatihan yang digelar bersama mitra." * 30  # about what an article has


def fill(path: Path, records: int) -> None:
    with Store.open(path) as store:
        run = store.begin_run("batch", "made", READER)
        for first in range(0, records, 500):
            numbers = range(first, min(first + 500, records))
            store.save(run, [(n, Outcome(str(n), f"{n:064x}", made(n))) for n in numbers], READER)


def made(number: int) -> ArticleRecord:
    record = make_record(number)
    record.article.text += BODY
    return record


def peak() -> float:
    """Megabytes; getrusage would tell those of the process that began this one too."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def exporting(path: Path, records: int, suffix: str) -> str:
    entries, marks = export.current, []

    def marked(*args):
        for number, entry in enumerate(entries(*args)):
            if number == records // 10:
                marks.append(peak())
            yield entry

    export.current = marked
    with Store.open(path) as store, tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out{suffix}"
        export.export_store(store, out)
        size = out.stat().st_size / 1e6
    return f"{size:7.1f} MB, memory +{peak() - marks[0]:.0f} MB after the first tenth, peak {peak():.0f} MB"


def counting(path: Path, records: int, _what: str) -> str:
    with Store.open(path) as store:
        counts = stats.count(store)
    return f"{counts.programs:,} programs, peak {peak():.0f} MB"


def plotting(path: Path, records: int, _what: str) -> str:
    with Store.open(path) as store, tempfile.TemporaryDirectory() as folder:
        plots.plot(stats.count(store), Path(folder) / "all.svg")
    return f"peak {peak():.0f} MB"


def loading(path: Path, records: int, table: str) -> str:
    return f"{len(corpus.load(path, table)):,} rows, peak {peak():.0f} MB"


TASKS = {task.__name__: task for task in (exporting, counting, plotting, loading)}
ROUND = [("exporting", suffix) for suffix in (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".xlsx")]
ROUND += [("counting", "all"), ("plotting", "all"), ("loading", "programs"), ("loading", "skills")]


def main(records: int = 100_000, store: str = "", task: str = "", what: str = "") -> None:
    records, path = int(records), Path(store or f"{tempfile.gettempdir()}/pembinaan-export-{records}.sqlite")
    start = time.perf_counter()
    if task:
        told = TASKS[task](path, records, what)
        print(f"{task:9} {what:10} {time.perf_counter() - start:6.1f} s  {told}")
        return
    if not path.exists():
        fill(path, records)
        print(f"{records:,} records saved in {time.perf_counter() - start:.0f} s", flush=True)
    for name, kind in ROUND:
        subprocess.run([sys.executable, __file__, str(records), str(path), name, kind], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
