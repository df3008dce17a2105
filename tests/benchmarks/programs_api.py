"""Time of filtered pages of /v1/programs over 100,000 records, as a caller has them from the server's process.

usage: python tests/benchmarks/programs_api.py [RECORDS] [STORE]

The records and filters are those of store.py; a STORE that is there already is taken as it is. A page has 50 programs.
Time is the median of 15, from asking to the page in hand over one connection, the first left out; beside it the slowest.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import httpx
from store import QUERIES, READER, RECORDS, RUNS, made

from corpus.documents import Outcome
from corpus.store import Store


def main(records, place):
    if not Path(place).exists():
        fill(place, records)
    environment = os.environ | {"PEMBINAAN_STORE": str(place), "PEMBINAAN_TAGGER": "none", "PEMBINAAN_WORKERS": "1"}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    log = Path(place).with_suffix(".log")
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)
        try:
            with httpx.Client(base_url=address_in(log), timeout=60, trust_env=False) as client:
                measure(client)
        finally:
            process.terminate()
            process.wait(60)


def fill(place, records):
    with Store.open(place) as store:
        run = store.begin_run("batch", "benchmark", READER)
        for first in range(0, records, 500):
            some = range(first, min(first + 500, records))
            store.save(run, [(n, Outcome(str(n), f"{n:064x}", made(n))) for n in some], READER)
        store.end_run(run)


def address_in(log):
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    sys.exit(f"the server did not start:\n{log.read_text()}")


def measure(client):
    while client.get("/readyz").status_code != 200:  # what warms the reader takes the processor meanwhile
        time.sleep(0.5)
    slowest = 0.0
    for name, where in QUERIES.items():
        query = {("text" if part == "words" else part): value for part, value in asdict(where).items() if value}
        for kind in ("json", "csv"):
            times = []
            for _ in range(RUNS + 1):
                start = time.perf_counter()
                response = client.get("/v1/programs", params=query | {"format": kind})
                times.append(time.perf_counter() - start)
                response.raise_for_status()
            median = statistics.median(times[1:])
            slowest = max(slowest, median)
            print(f"  {name:38} {kind:4} {median * 1000:7.1f} ms   {max(times[1:]) * 1000:7.1f} ms at most")
    print(f"the slowest median {slowest * 1000:.0f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        where = sys.argv[2] if len(sys.argv) > 2 else Path(folder) / "store.sqlite"
        main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS, where)
