"""Batches for the reading processes: of bounded size, pages fetched beside, a host at a time."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from made_documents import SETUP, text

from corpus.documents import Document, Outcome
from corpus.engines.fetching import batches
from corpus.engines.local import LocalEngine
from extractor.fetching import Policy, hosts

BODY = (
    "<html><title>Judul Berita</title><body><p>"
    + "Warga binaan belajar menjahit di lapas. " * 20
    + "</p></body></html>"
)


class Site(ThreadingHTTPServer):
    """Pages; /slow/… takes its time, /gated waits to be let through; it notes how many of its pages were being asked for at once."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.gate = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}/{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        site = self.server
        with site.lock:
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        if self.path == "/gated":
            site.gate.wait(10)
        time.sleep(0.3 if self.path.startswith("/slow") else 0.02)
        found = not self.path.startswith(("/missing", "/robots"))
        body = BODY.encode() if found else b""
        with site.lock:
            site.at_once -= 1
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def sites():
    hosts._hosts.clear()
    made = [Site(), Site()]
    yield made
    for site in made:
        site.shutdown()
        site.server_close()


def policy(*sites):
    ports = frozenset(site.server_port for site in sites)
    return Policy(networks=(ip_network("127.0.0.1/32"),), ports=ports, pause=0.01)


def test_batches_have_sixteen_documents_and_fewer_where_they_are_large():
    assert [len(batch) for batch in batches((n, text(n)) for n in range(40))] == [16, 16, 8]
    large = [(n, Document(str(n), html=b"x" * 3_000_000)) for n in range(3)]
    assert [len(batch) for batch in batches(large)] == [2, 1]


def test_addresses_are_fetched_and_failures_say_why(sites):
    addresses = [sites[0].url(f"a{n}") for n in range(5)] + [sites[1].url("missing"), "http://10.0.0.1/a", "no address"]
    documents = [Document(address, url=address) for address in addresses]
    outcomes = dict(LocalEngine(SETUP, workers=1, policy=policy(*sites)).run(enumerate(documents)))
    assert [outcomes[n].code for n in range(8)] == [None] * 5 + ["http_status", "blocked", "blocked"]
    assert outcomes[0].record.article.title == "Judul Berita"
    assert outcomes[0].record.article.url == addresses[0]
    assert outcomes[5].digest == documents[5].digest


def test_a_host_is_asked_for_one_page_at_a_time_and_holds_no_other(sites):
    slow = [Document(str(n), url=sites[0].url(f"slow/{n}")) for n in range(5)]
    fast = [Document(str(n), url=sites[1].url(f"fast/{n}")) for n in range(5)]
    order = [
        task.document.url
        for batch in batches(enumerate([*slow, *fast]), policy(*sites))
        for task in batch
        if not isinstance(task.found, Outcome)
    ]
    assert len(order) == 10
    assert order[-3:] == [document.url for document in slow[-3:]]
    assert [site.most_at_once for site in sites] == [1, 1]


def test_what_was_fetched_does_not_wait_for_a_slow_page(sites):
    pages = [Document("a", url=sites[0].url("a")), Document("b", url=sites[1].url("gated"))]
    arrived = []
    for batch in batches(enumerate(pages), policy(*sites)):
        arrived += [task.document.id for task in batch]
        if arrived == ["a"]:
            sites[1].gate.set()
    assert arrived == ["a", "b"]
