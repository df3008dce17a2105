"""The API over its own examples, and every way to be refused: a problem that says no more than it should."""

import contextlib
import json
import threading
import time

import pytest
from conftest import make_record
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import extractor
from extractor.errors import (
    BlockedError,
    DnsError,
    FetchError,
    HttpStatusError,
    InputError,
    PembinaanError,
    TimedOutError,
)
from extractor.schema import ArticleRecord
from service.api.extract import EXAMPLES
from service.app import create_app
from service.problems import STATUS_BY_CODE
from service.settings import Settings

TEXT = EXAMPLES["text"]["value"]["text"]


class FakePipeline:
    def warm(self):
        pass


class Fake:
    """Stands for the library: keeps what it was asked; answers with a record, an error or a call."""

    def __init__(self):
        self.calls = []
        self.answer = make_record

    def extract(self, **source):
        self.calls.append(source)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer()


@pytest.fixture
def fake(monkeypatch):
    stand_in = Fake()
    monkeypatch.setattr(extractor, "extract", stand_in.extract)
    monkeypatch.setattr(extractor, "load", lambda _: FakePipeline())
    return stand_in


@contextlib.contextmanager
def serving(**changes):
    """Run the service until its pipeline is warm."""
    with TestClient(create_app(Settings(**changes)), raise_server_exceptions=False) as client:
        for _ in range(100):
            if client.get("/readyz").status_code == 200:
                break
            time.sleep(0.05)
        yield client


@pytest.fixture
def client(fake):
    with serving() as running:
        yield running


def assert_problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"]
    body = response.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    return body


def test_every_example_of_the_description_is_answered(client):
    operation = client.get("/openapi.json").json()["paths"]["/v1/extract"]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == {"text", "html", "url"}
    for example in examples.values():
        response = client.post("/v1/extract", json=example["value"])
        assert response.status_code == 200, response.text
        record = ArticleRecord.model_validate_json(response.content)
        assert (record.article.text is None) == (example["value"].get("include_text") is False)


def test_the_description_names_the_problems(client):
    responses = client.get("/openapi.json").json()["paths"]["/v1/extract"]["post"]["responses"]
    assert responses["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ArticleRecord")
    assert {"400", "413", "415", "422", "500", "502", "503", "504"} <= set(responses)
    assert all("application/problem+json" in responses[status]["content"] for status in responses if status != "200")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "https://a.id", "text": "x"},
        {"text": ""},
        {"text": 7},
        {"text": "x", "published": "kemarin"},
        {"text": "x", "more": 1},
        {"published": "2025-10-13"},
        [],
        None,
        {"text": "\ud800"},
    ],
)
def test_a_request_that_does_not_fit_is_a_problem(client, fake, body):
    sent = json.dumps(body).encode()
    response = client.post("/v1/extract", content=sent, headers={"content-type": "application/json"})
    assert assert_problem(response, 422, "invalid")["errors"]
    assert not fake.calls


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json(client, content):
    response = client.post("/v1/extract", content=content, headers={"content-type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_another_media_type_is_refused(client):
    response = client.post("/v1/extract", content=b"text=x", headers={"content-type": "text/plain"})
    assert_problem(response, 415, "unsupported_media_type")


def test_unknown_paths_and_methods(client):
    assert_problem(client.get("/nowhere"), 404, "not_found")
    response = client.get("/v1/extract")
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused(fake, chunked):
    body = json.dumps({"text": "x" * 2000}).encode()
    with serving(max_body=1000) as client:
        sent = iter([body[:900], body[900:]]) if chunked else body
        response = client.post("/v1/extract", content=sent, headers={"content-type": "application/json"})
        assert_problem(response, 413, "body_too_large")
    assert not fake.calls


def errors():
    """Return an error of every kind that a fetch may raise."""
    kinds = [FetchError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return [kind("https://a.id", 404 if kind is HttpStatusError else "why") for kind in kinds[1:]]


@pytest.mark.parametrize("error", [*errors(), InputError("nothing to read")], ids=lambda error: error.code)
def test_every_error_of_ours_has_its_status(client, fake, error):
    fake.answer = error
    response = client.post("/v1/extract", json={"url": "https://a.id"})
    body = assert_problem(response, STATUS_BY_CODE[error.code], error.code)
    assert body["detail"] == str(error)


def test_statuses_say_whose_fault_it_is():
    def status(error):
        return STATUS_BY_CODE[error.code]

    assert status(BlockedError) == 403
    assert status(DnsError) == 502
    assert status(TimedOutError) == 504
    assert PembinaanError.code not in STATUS_BY_CODE


def test_an_unforeseen_error_is_sanitized(client, fake, caplog):
    fake.answer = RuntimeError("secret path /etc/passwd")
    response = client.post("/v1/extract", json={"text": TEXT})
    body = assert_problem(response, 500, "internal")
    assert "secret" not in response.text
    assert response.headers["x-request-id"] in body["detail"]
    assert "secret" in caplog.text


def test_not_ready_until_warm(fake, monkeypatch):
    warm = threading.Event()

    def load(_):
        warm.wait(10)
        return FakePipeline()

    monkeypatch.setattr(extractor, "load", load)
    with TestClient(create_app(Settings())) as client:
        try:
            assert client.get("/livez").status_code == 200
            assert_problem(client.get("/readyz"), 503, "not_ready")
            response = client.post("/v1/extract", json={"text": TEXT})
            assert_problem(response, 503, "not_ready")
            assert response.headers["retry-after"]
        finally:
            warm.set()
    assert not fake.calls


def test_a_slow_article_meets_the_deadline_and_a_full_queue_is_refused(fake):
    release = threading.Event()
    fake.answer = lambda: release.wait(10) and make_record()
    with serving(deadline=0.2, workers=1, queue=0) as client:
        try:
            assert_problem(client.post("/v1/extract", json={"text": TEXT}), 504, "deadline")
            response = client.post("/v1/extract", json={"text": TEXT})
            assert_problem(response, 503, "busy")
            assert response.headers["retry-after"]
        finally:
            release.set()


def test_slow_work_leaves_the_event_loop_free(fake):
    started, release = threading.Event(), threading.Event()

    def slow():
        started.set()
        release.wait(10)
        return make_record()

    fake.answer = slow
    with serving() as client:
        answers = []
        caller = threading.Thread(target=lambda: answers.append(client.post("/v1/extract", json={"text": TEXT})))
        caller.start()
        assert started.wait(10)
        assert client.get("/livez").status_code == 200
        release.set()
        caller.join(10)
        assert answers[0].status_code == 200


def test_published_keeps_its_zone(client, fake):
    client.post("/v1/extract", json={"text": TEXT, "published": "2025-10-13T08:00:00+07:00"})
    client.post("/v1/extract", json={"text": TEXT, "published": "2025-10-13"})
    assert [call["published"].isoformat() for call in fake.calls] == [
        "2025-10-13T08:00:00+07:00",
        "2025-10-13",
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda parts: (
            st.lists(parts) | st.dictionaries(st.sampled_from(["url", "html", "text", "published", "x"]), parts)
        ),
    )
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_makes_the_service_fail(client, body):
    sent = json.dumps(body).encode()
    response = client.post("/v1/extract", content=sent, headers={"content-type": "application/json"})
    assert response.status_code in {200, 400, 422}
