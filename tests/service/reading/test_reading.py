"""Reading with real processes, by rules alone: what slow sites, hostile pages, deadlines and jobs do to it."""

import asyncio
import contextlib
import http.server
import ipaddress
import json
import threading
import time

import pytest

from corpus.documents import Document
from corpus.reading import reader_of
from extractor import extract, load
from extractor.fetching import Policy
from service.metrics import Metrics
from service.problems import ProblemError
from service.reading import Reading
from service.settings import Settings

TEXT = "Lapas Sukamaju Latih Menjahit\n\nSepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025)."
PAGE = f"<html><body><article><h1>Lapas Sukamaju Latih Menjahit</h1><p>{TEXT.split(chr(10))[2] * 3}</p></article></body></html>"


class Site(http.server.BaseHTTPRequestHandler):
    """A page at once, or when it is let."""

    let = threading.Event()

    def do_GET(self):
        if self.path == "/slow":
            Site.let.wait(20)
        body = PAGE.encode()
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the deadline has passed
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.let.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def run(site):
    """Runs a function of the reading in its event loop."""
    port = int(site.rpartition(":")[2])
    policy = Policy(networks=(ipaddress.ip_network("127.0.0.1/32"),), ports=frozenset({port}), pause=0)
    settings = Settings(tagger="none", workers=1, queue=1, fetchers=1, deadline=20, page_seconds=5)

    async def start():
        reading = Reading(settings, Metrics(), policy)
        with pytest.raises(ProblemError, match="being loaded"):
            await reading.read(Document("", text=TEXT))
        return await reading.start()

    with asyncio.Runner() as runner:
        reading = runner.run(start())
        yield lambda scenario: runner.run(scenario(reading))
        Site.let.set()
        runner.run(reading.close())


def test_the_record_is_the_librarys(run):
    outcome = run(lambda reading: reading.read(Document("a", text=TEXT)))
    assert outcome.record == extract(text=TEXT, pipeline=load("none"))
    assert outcome.record.programs


def test_the_versions_are_known_once_it_is_warm(run):
    async def versions(reading):
        return reading.check_ready()

    assert run(versions).reader == reader_of(load("none"))


@pytest.mark.parametrize("kind", ["html", "url"])
def test_pages_are_read(run, site, kind):
    document = (
        Document("a", html=PAGE.encode())
        if kind == "html"
        else Document("a", url=f"{site}/berita/2025/10/13/lapas-sukamaju-latih-menjahit")
    )
    outcome = run(lambda reading: reading.read(document))
    assert outcome.record.programs, outcome
    assert outcome.digest == document.digest


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (Document("", url="http://169.254.169.254/"), "blocked"),
        (Document("", url="nonsense"), "blocked"),
        (Document("", text="\n \n"), "input"),
        (Document("", html=b"<p></p>"), "input"),
    ],
)
def test_what_cannot_be_read_says_why(run, document, code):
    for way in (lambda reading: reading.read(document), lambda reading: reading.read_for_job(document)):
        outcome = run(way)
        assert (outcome.record, outcome.code) == (None, code)
        assert outcome.reason


def test_a_slow_site_holds_no_text_and_has_a_bound_and_a_deadline(run, site):
    Site.let.clear()

    async def scenario(reading):
        slow = [asyncio.ensure_future(reading.read(Document("", url=f"{site}/slow"), 3)) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(ProblemError) as full:
            await reading.read(Document("", url=f"{site}/slow"))
        assert full.value.status == 503
        assert (await reading.read(Document("", text=TEXT), 3)).record
        return await asyncio.gather(*slow, return_exceptions=True)

    began = time.monotonic()
    first, second = run(scenario)
    assert time.monotonic() - began < 10
    assert 504 in {getattr(answer, "status", 504) for answer in (first, second)}
    Site.let.set()


def test_the_callers_deadline_is_shorter_than_the_services_and_never_longer(run):
    with pytest.raises(ProblemError, match="within 1e-05 s") as caught:
        run(lambda reading: reading.read(Document("", text=TEXT), 0.00001))
    assert caught.value.status == 504


def test_many_of_a_job_are_read_in_their_turn(run):
    async def scenario(reading):
        documents = [Document(str(n), text=f"{TEXT} {n}") for n in range(40)]
        return await asyncio.gather(*(reading.read_for_job(document) for document in documents))

    outcomes = run(scenario)
    assert [outcome.id for outcome in outcomes] == [str(n) for n in range(40)]
    assert all(outcome.record for outcome in outcomes)


def test_a_page_made_to_be_slow_is_given_up_and_others_are_read(run):
    bomb = "<html><body>" + "<div>" * 60_000 + "x" * 100_000 + "<table><tr><td>" * 20_000 + "</body></html>"
    outcome = run(lambda reading: reading.read(Document("", html=bomb.encode())))
    assert outcome.record or outcome.code in {"read_limit", "input"}
    assert run(lambda reading: reading.read(Document("", html=PAGE.encode()))).record


def test_a_record_of_every_hostile_text(run):
    for text in ("x" * 1_000_000, "\0\u202e\u200b" * 10_000, "(" * 100_000, json.dumps(["a"] * 50_000)):
        outcome = run(lambda reading, text=text: reading.read(Document("", text=text)))
        assert outcome.record, outcome.reason
