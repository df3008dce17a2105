"""The real server with the real pipeline, as `pembinaan serve` starts it."""

import re
import subprocess
import sys
import time

import httpx
import pytest

from extractor.schema import ArticleRecord
from service.api.extract import EXAMPLES


@pytest.fixture(scope="module")
def server():
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        lines = iter(process.stderr.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def wait_until_ready(client):
    for _ in range(600):
        if client.get("/readyz").status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail("the service did not become ready")


def test_the_service_reads_an_article(server):
    assert server.get("/livez").status_code == 200
    wait_until_ready(server)
    response = server.post("/v1/extract", json=EXAMPLES["text"]["value"])
    assert response.status_code == 200
    record = ArticleRecord.model_validate_json(response.content)
    assert record.status == "ok"
    assert record.programs[0].facility.place == "Sukamaju"
    assert record.programs[0].skills[0].category == "sewing_fashion"


def test_the_service_fetches_no_private_address(server):
    wait_until_ready(server)
    response = server.post("/v1/extract", json={"url": str(server.base_url)})
    assert response.status_code == 403
    assert response.json()["code"] == "blocked"
