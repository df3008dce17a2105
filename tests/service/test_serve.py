"""The real server with the real pipeline, as `pembinaan serve` starts it."""

import asyncio
import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time

import httpx
import pytest

from extractor.schema import ArticleRecord
from service.api.extract import EXAMPLES


@contextlib.contextmanager
def serving(log, **settings):
    """Run the service; yield its process and a client."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    environment = os.environ | {f"PEMBINAAN_{name.upper()}": value for name, value in settings.items()}
    with log.open("w") as stderr, subprocess.Popen(command, stderr=stderr, env=environment) as process:
        try:
            with httpx.Client(base_url=address_of(log), timeout=60, trust_env=False) as client:
                wait_until_ready(client)
                yield process, client
        finally:
            process.terminate()
            process.wait(40)


def address_of(log):
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8")):
            return found[0]
        time.sleep(0.1)
    pytest.fail("the service did not start")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("serve") / "log") as (_, client):
        yield client


def wait_until_ready(client):
    for _ in range(600):
        if client.get("/readyz").status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail("the service did not become ready")


def test_the_service_reads_an_article(server):
    response = server.post("/v1/extract", json=EXAMPLES["text"]["value"])
    assert response.status_code == 200
    record = ArticleRecord.model_validate_json(response.content)
    assert record.status == "ok"
    assert record.programs[0].facility.place == "Sukamaju"
    assert record.programs[0].skills[0].category == "sewing_fashion"


def test_the_service_fetches_no_private_address(server):
    response = server.post("/v1/extract", json={"url": str(server.base_url)})
    assert response.status_code == 403
    assert response.json()["code"] == "blocked"


def test_a_full_service_refuses_at_once_and_sigterm_lets_what_has_begun_end(tmp_path):
    article = "Sepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025). " * 400
    body = {"text": f"Lapas Sukamaju Latih Menjahit\n\n{article}"}

    async def ask(process, address):
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, limits=limits) as client:
            asked = [asyncio.ensure_future(client.post("/v1/extract", json=body)) for _ in range(12)]
            # One is read, two wait, and so nine are refused; the three are on their way when the signal comes.
            for answered in itertools.islice(asyncio.as_completed(asked), 9):
                await answered
            process.send_signal(signal.SIGTERM)
            answers = await asyncio.gather(*asked)
            with pytest.raises(httpx.ConnectError):
                await client.post("/v1/extract", json=body, headers={"connection": "close"})
            return answers

    with serving(tmp_path / "log", tagger="none", workers="1", queue="2") as (process, client):
        answers = asyncio.run(ask(process, str(client.base_url)))
        assert process.wait(40) in (0, -signal.SIGTERM)
    assert {answer.status_code for answer in answers} == {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) >= 3
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert lines[0]["event"] == "settings"
    assert sum(line["event"] == "request" and line["path"] == "/v1/extract" for line in lines) == 12
    assert "warga binaan" not in (tmp_path / "log").read_text("utf-8")


def test_a_wrong_setting_ends_the_start_with_its_name():
    command = [sys.executable, "-m", "service.cli", "serve"]
    environment = os.environ | {"PEMBINAAN_DEADLINE": "-1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "deadline" in done.stderr


def test_a_store_that_is_none_ends_the_start_in_one_line(tmp_path):
    (tmp_path / "store.sqlite").write_text("no store")
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    environment = os.environ | {"PEMBINAAN_STORE": str(tmp_path / "store.sqlite")}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("pembinaan: ")
    assert "store.sqlite is not an SQLite file" in run.stderr
