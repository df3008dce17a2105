"""The service with a reader that makes records by rule, in this process, or in one of its own: STORE SECONDS LEASE."""

import asyncio
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "corpus"))

from made_records import make_record

from corpus.documents import Outcome
from extractor.errors import TimedOutError
from service.app import create_app
from service.reading import Versions
from service.settings import Settings


class MadeReading:
    """Reads "… 17": the record with that number, after a while; "late" fails, "deadly" ends the process."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.versions = None
        self.began = 0
        self.cancelled = 0

    async def start(self):
        self.versions = Versions("0.2.0", "1.0.1")
        return self

    async def close(self):
        pass

    def check_ready(self):
        return self.versions

    async def read_for_job(self, document):
        self.began += 1
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        words = (document.text or document.url).split()
        if "deadly" in words:
            os._exit(9)
        if "late" in words:
            raise TimedOutError("https://a.example", "too late")
        if "broken" in words:
            raise RuntimeError("/etc/passwd")
        return Outcome(document.id, document.digest, make_record(int(words[-1])))

    async def read(self, document, _=None):
        return Outcome(document.id, document.digest, make_record(0))


def made_app(store, seconds=0.0, reading=None, **settings):
    return create_app(Settings(store=str(store), hosts=("*",), **settings), reading=reading or MadeReading(seconds))


def documents(first, number):
    return [{"id": f"d{n}", "text": f"Judul\n\nNomor {n}"} for n in range(first, first + number)]


if __name__ == "__main__":
    import uvicorn

    address, seconds, lease = sys.argv[1:]
    app = made_app(address, float(seconds), lease=float(lease))
    uvicorn.run(app, host="127.0.0.1", port=0, timeout_graceful_shutdown=10)
