"""/v1/jobs over a real store: accepted, asked after, given out, cancelled; and what is refused."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from made_service import MadeReading, documents, made_app

from corpus.store import jobs
from extractor.schema import ArticleRecord
from service.api.jobs import MAX_DOCUMENTS


@pytest.fixture
def reading():
    return MadeReading()


@pytest.fixture
def client(tmp_path, reading):
    with TestClient(made_app(tmp_path / "store.sqlite", reading=reading), raise_server_exceptions=False) as running:
        yield running


def post(client, body, **headers):
    return client.post("/v1/jobs", json=body, headers=headers)


def finished(client, job, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = client.get(f"/v1/jobs/{job}").json()
        if answer["state"] != "running":
            return answer
        time.sleep(0.05)
    return pytest.fail(f"job {job} did not end: {answer}")


def lines(response):
    return [json.loads(line) for line in response.text.splitlines()]


def test_a_job_from_beginning_to_end(client):
    sent = [*documents(0, 3), {"text": "too late"}, {"url": "broken"}]
    response = post(client, {"label": "five", "documents": sent})
    assert response.status_code == 202
    job = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["total"], job["label"], job["state"]) == (5, "five", "running")
    done = finished(client, job["id"])
    assert (done["state"], done["done"], done["failed"], done["waiting"], done["seconds_left"]) == ("done", 3, 2, 0, 0)
    page = client.get(f"/v1/jobs/{job['id']}/results").json()
    assert page["next"] is None
    assert [result["id"] for result in page["results"]] == ["d0", "d1", "d2", "3", "4"]
    for number, result in enumerate(page["results"][:3]):
        record = ArticleRecord.model_validate(result["record"])
        assert record.article.url == f"https://kabar.example/{number}"
        assert record.article.text
    late, broken = page["results"][3:]
    assert (late["state"], late["code"], late["record"]) == ("failed", "timeout", None)
    assert (broken["code"], broken["reason"]) == ("error", "it could not be read (RuntimeError)")
    assert lines(client.get(f"/v1/jobs/{job['id']}/results?format=ndjson")) == page["results"]
    by_header = client.get(f"/v1/jobs/{job['id']}/results?after=2", headers={"accept": "application/x-ndjson"})
    assert by_header.headers["content-type"] == "application/x-ndjson"
    assert lines(by_header) == page["results"][3:]


def test_results_of_a_running_job_come_once_and_in_order(client, reading):
    reading.seconds = 0.05
    job = post(client, {"documents": documents(0, 150)}).json()["id"]
    got, after, between = [], -1, 0
    while after is not None:
        page = client.get(f"/v1/jobs/{job}/results", params={"after": after, "size": 40}).json()
        got += [result["position"] for result in page["results"]]
        between += page["next"] is not None
        after = page["next"]
        time.sleep(0.02)
    assert got == list(range(150))
    assert between > 3


def test_a_cancelled_job_stops_what_is_being_read(client, reading):
    reading.seconds = 60
    job = post(client, {"documents": documents(0, 100)}).json()["id"]
    while not reading.began:
        time.sleep(0.01)
    began = time.monotonic()
    answer = client.delete(f"/v1/jobs/{job}").json()
    assert (answer["state"], answer["cancelled"], answer["seconds_left"]) == ("cancelled", 100, 0)
    while reading.cancelled < reading.began:
        time.sleep(0.01)
        assert time.monotonic() - began < 5
    assert client.delete(f"/v1/jobs/{job}").json() == answer
    reading.seconds = 0
    other = post(client, {"documents": documents(0, 1)}).json()["id"]
    assert finished(client, other)["done"] == 1
    assert {r["state"] for r in client.get(f"/v1/jobs/{job}/results").json()["results"]} == {"cancelled"}


def test_a_hundred_posts_at_once_with_one_key_are_one_job(address):
    with TestClient(made_app(address)) as client:
        body = {"documents": documents(0, 20)}
        with ThreadPoolExecutor(100) as threads:
            sent = [threads.submit(post, client, body, **{"idempotency-key": "k"}) for _ in range(100)]
        answers = [one.result() for one in sent]
        assert {answer.status_code for answer in answers} == {202}
        (job,) = {answer.json()["id"] for answer in answers}
        assert finished(client, job)["done"] == 20
        assert client.get(f"/v1/jobs/{job + 1}").status_code == 404


def test_a_key_for_another_body_is_refused(client):
    first = post(client, {"documents": documents(0, 1)}, **{"idempotency-key": "k"})
    again = post(client, {"documents": documents(0, 1), "label": ""}, **{"idempotency-key": "k"})
    other = post(client, {"documents": documents(0, 2)}, **{"idempotency-key": "k"})
    assert again.json()["id"] == first.json()["id"]
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert other.json()["code"] == "idempotency_key_reused"
    assert post(client, {"documents": documents(0, 2)}).json()["id"] != first.json()["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"documents": []},
        {"documents": [{}]},
        {"documents": [{"html": "<p>", "text": "x"}]},
        {"documents": [{"text": ""}]},
        {"documents": [{"text": "x", "more": 1}]},
        {"documents": [{"text": "x", "id": "x" * 501}]},
        {"documents": [{"text": "\ud800"}]},
        {"documents": [{"text": "x", "published": "kemarin"}]},
        {"documents": [{"url": "https://a.example/" + "x" * 10_000}]},
        {"documents": [{"text": "x"}], "label": "x" * 201},
        {"documents": [{"text": "x"}] * (MAX_DOCUMENTS + 1)},
    ],
    ids=range(13),
)
def test_a_job_that_does_not_fit_is_refused(client, body):
    response = client.post("/v1/jobs", content=json.dumps(body).encode(), headers={"content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_ten_thousand_addresses_are_accepted(client, reading):
    reading.seconds = 60
    body = {"documents": [{"url": f"https://a{n}.example/{n}"} for n in range(MAX_DOCUMENTS)]}
    answer = post(client, body)
    assert (answer.status_code, answer.json()["waiting"]) == (202, MAX_DOCUMENTS)
    assert client.delete(f"/v1/jobs/{answer.json()['id']}").json()["cancelled"] == MAX_DOCUMENTS


def test_hostile_documents_come_back_as_failures_or_records(client):
    sent = [
        {"id": "nul\0", "text": "nul \0 7"},
        {"id": "", "text": "\u202e bidi 8"},
        {"url": "http://[", "text": "bad address 9"},
        {"url": "javascript:alert(1)"},
        {"text": "<script>alert(1)</script> 10", "published": "0001-01-01"},
        {"text": "1e400", "published": "9999-12-31T23:59:59+14:00"},
    ]
    response = post(client, {"documents": sent, "label": "\0"}, **{"idempotency-key": b"\xe9"})
    assert response.status_code == 202, response.text
    done = finished(client, response.json()["id"])
    assert (done["done"], done["failed"]) == (4, 2)


@pytest.mark.parametrize("job", ["0", "-1", "9223372036854775808", "x", "1.5", "%00"])
def test_a_job_that_cannot_be(client, job):
    assert client.get(f"/v1/jobs/{job}").status_code == 422
    assert client.delete(f"/v1/jobs/{job}").status_code == 422
    assert client.get(f"/v1/jobs/{job}/results").status_code == 422


def test_a_job_that_is_not_there(client):
    for path in ("", "/results"):
        response = client.get(f"/v1/jobs/9223372036854775807{path}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_only_json_is_taken(client):
    response = client.post("/v1/jobs", content=b"{}", headers={"content-type": "text/plain"})
    assert response.status_code == 415


def test_no_more_is_accepted_than_can_be_read(client, reading, monkeypatch):
    reading.seconds = 60
    monkeypatch.setattr(jobs, "MAX_WAITING", 5)
    assert post(client, {"documents": documents(0, 4)}, **{"idempotency-key": "k"}).status_code == 202
    full = post(client, {"documents": documents(0, 2)})
    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (503, "busy", "60")
    assert post(client, {"documents": documents(0, 4)}, **{"idempotency-key": "k"}).status_code == 202
    assert post(client, {"documents": documents(0, 1)}).status_code == 202


def test_a_job_may_be_larger_than_an_article(client):
    body = {"documents": [{"text": f"{'x' * 4000} {n}"} for n in range(2000)]}
    answer = post(client, body)
    assert answer.status_code == 202, answer.text
    assert client.delete(f"/v1/jobs/{answer.json()['id']}").status_code == 200
    assert client.post("/v1/extract", json={"text": "x" * 6_000_000}).status_code == 413


def test_a_store_that_fails_is_a_problem_that_tells_no_more(client, tmp_path):
    with sqlite3.connect(tmp_path / "store.sqlite") as other:
        other.execute("ALTER TABLE runs RENAME TO gone")
    answer = client.get("/v1/jobs/1")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "store", "5")
    assert "runs" not in answer.text
