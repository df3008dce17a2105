"""`pembinaan monitor` as it is typed: what it prints and sends, and its codes."""

import http.server
import json
import sys
import threading
from pathlib import Path
from typing import ClassVar

import pytest
import typer
from typer.testing import CliRunner

import extractor.fetching
from corpus.monitoring.lock import alone
from corpus.store import Store
from extractor.errors import InputError
from extractor.fetching import hosts
from service.commands.monitor import monitor

sys.path.append(str(Path(__file__).parents[1] / "extractor" / "fetching"))

from local_servers import Site, opened, response

TITLE = "Lapas Ngawi [bold]Gelar[/bold] Pelatihan Barista bagi Warga Binaan"
PAGE = f"""<!doctype html><html lang=id><head><title>{TITLE}</title>
<meta property="article:published_time" content="2025-10-13T09:00:00+07:00"></head><body><article><h1>{TITLE}</h1>
<p>Sebanyak 20 warga binaan Lapas Kelas IIB Ngawi mengikuti pelatihan barista bersama Balai Latihan Kerja (BLK) Ngawi,
Senin (13/10/2025). Instruktur dari BLK, Siti Aminah, mengajarkan cara menyeduh kopi selama lima hari di aula lapas.</p>
<p>Kepala Lapas Ngawi, Budi Santoso, mengatakan pelatihan itu menjadi bekal setelah bebas.</p></article></body></html>"""


@pytest.fixture
def site(monkeypatch):
    hosts._hosts.clear()
    server = Site()
    monkeypatch.setattr(extractor.fetching, "Policy", lambda **changes: opened(server, **changes))
    url = server.give("/lapas-ngawi-gelar-pelatihan", response(PAGE.encode()))
    feed = f"<rss><item><title>Lapas Ngawi Gelar Pelatihan</title><link>{url}</link></item></rss>"
    server.give("/feed", response(feed.encode(), Content_Type="text/xml"))
    yield server
    server.close()


@pytest.fixture
def hook():
    """A webhook: what it was sent, and the status that it answers."""

    class Hook(http.server.BaseHTTPRequestHandler):
        taken: ClassVar = []
        status = 204

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.taken.append((self.headers["Content-Type"], json.loads(body)))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    Hook.url = f"http://127.0.0.1:{server.server_port}/"
    yield Hook
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(tmp_path, site):
    app = typer.Typer()
    app.command()(monitor)

    def call(*options, sources=("/feed",)):
        listed = tmp_path / "sources.toml"
        listed.write_text(
            "".join(
                f'[[source]]\nname = "s{n}"\nkind = "feed"\nurl = "{site.root}{path}"\n'
                for n, path in enumerate(sources)
            )
        )
        options = [str(listed), "--store", str(tmp_path / "store.sqlite"), "--tagger", "none", *options]
        return CliRunner().invoke(app, options, env={"COLUMNS": "200"})

    return call


def test_a_table_of_what_is_new_and_nothing_the_second_time(run, site):
    first = run()
    assert first.exit_code == 0, first.output
    assert TITLE in first.stdout
    assert "Lapas Kelas IIB Ngawi · 2025-10-13 · Barista" in first.stdout
    assert "1 new articles with programs, 0 without, 0 failed, 0 waiting; 1 of 1 sources could be read" in first.stdout
    second = run()
    assert second.exit_code == 0
    assert second.stdout.startswith("0 new articles")
    assert site.asked.count("/lapas-ngawi-gelar-pelatihan") == 1


def test_json_goes_to_the_webhook_too(run, hook):
    result = run("--format", "json", "--webhook", hook.url)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    ((kind, sent),) = hook.taken
    assert kind == "application/json"
    assert sent == report
    (new,) = report["articles"]
    assert (new["title"], new["source"], new["published"][:10]) == (TITLE, "s0", "2025-10-13")
    assert new["programs"][0]["facility"]["place"]
    assert report["sources"] == [
        {"name": "s0", "listed": 1, "promising": 1, "new": 1, "error": None, "failing": 0, "problems": []}
    ]


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:1/", "http://[", "nothing"])
def test_a_webhook_that_does_not_take_the_report_is_told(run, hook, address, monkeypatch):
    monkeypatch.setattr("stamina._core._compute_backoff", lambda *_: 0.0, raising=False)
    hook.status = 500
    result = run("--webhook", address or hook.url)
    assert result.exit_code == 1
    assert "the webhook did not take the report" in result.stderr
    assert "1 new articles" in result.stdout
    assert len(hook.taken) == (0 if address else 3)


def test_the_codes_say_what_failed(run, site):
    site.give("/bad", response(b"", "500 Oops"))
    assert run(sources=("/feed", "/bad")).exit_code == 1
    result = run(sources=("/bad",))
    assert result.exit_code == 2
    assert "http_status" in result.stdout
    assert "s0" in result.stdout


def test_an_article_that_failed_is_named(run, site):
    site.give("/lapas-ngawi-gelar-pelatihan", response(b"", "500 Oops"))
    result = run()
    assert result.exit_code == 1
    assert f"{site.root}/lapas-ngawi-gelar-pelatihan" in result.stdout
    assert "1 waiting" in result.stdout


def test_a_second_run_beside_another_leaves_at_once(run, site, tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store, alone(store.engine):
        result = run()
    assert result.exit_code == 0
    assert "another run is at work" in result.stderr
    assert site.asked == []


def test_wrong_input_is_refused(run, tmp_path):
    with pytest.raises(InputError, match="not a date"):
        raise run("--since", "kemarin").exception
    with pytest.raises(InputError, match="is a folder"):
        raise run("--store", str(tmp_path)).exception
