"""Time of the pages over 100,000 records, as a browser would ask for them, on SQLite.

usage: python tests/benchmarks/pages.py [RECORDS]

The records are those of store.py. A time is from asking to the whole page in hand, the median of 7; beside it the time
that the process itself worked, which is what counts where others work on the machine.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "service" / "pages"))

import importlib.util
import logging

import structlog
from fastapi.testclient import TestClient
from pages_made import pages_app

from corpus.documents import Outcome
from corpus.store import Store

HERE = Path(__file__).parent
RECORDS = 100_000
PATHS = (
    "/programs",
    "/programs?province=Jawa+Timur",
    "/programs?skill_category=culinary",
    "/programs?text=jahit+malang",
    "/programs?facility=lapas+malang",
    "/programs?partner=dinas+tenaga+kerja",
    "/programs?min_confidence=0.8",
    "/programs?since=2021-03-01&until=2021-03-31",
    "/programs?province=Jawa+Barat&facility_type=lapas&skill_category=agriculture&text=tani&min_confidence=0.5",
    "/programs?partner_kind=ngo&sort=surest",
    "/programs?sort=largest",
    "/facets",
    "/facets?partner=dinas+tenaga+kerja",
    "/runs",
    "/runs/1",
    "/articles/1",
)


def main(records):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        fill(path, records)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with TestClient(pages_app(path)) as client:
            for asked in PATHS:
                show(client, asked, 7)
            show(client, "/", 1)
            show(client, "/", 7)


def fill(path, records):
    spec = importlib.util.spec_from_file_location("store_benchmark", HERE / "store.py")
    made = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(HERE))  # store.py takes it out again
    spec.loader.exec_module(made)
    with Store.open(path) as store:
        run = store.begin_run("batch", "benchmark", made.READER)
        for first in range(0, records, 500):
            some = range(first, min(first + 500, records))
            store.save(run, [(n, Outcome(str(n), f"{n:064x}", made.made(n))) for n in some], made.READER)
        store.end_run(run)


def show(client, asked, times):
    walls, works = [], []
    for _ in range(times + (times > 1)):
        wall, work = time.perf_counter(), time.process_time()
        page = client.get(asked)
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
        assert page.status_code == 200, page.text
    took, worked = (statistics.median(every[-times:]) * 1000 for every in (walls, works))
    print(f"{asked:105} {took:6.0f} ms   worked {worked:6.0f} ms   {len(page.content) / 1000:5.0f} kB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
