"""The API over its own examples, and every way to be refused: a problem that says no more than it should."""

import asyncio
import contextlib
import json

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_record import make_record
from structlog.testing import capture_logs

from corpus.documents import Outcome
from corpus.reading import failed
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
from service.problems import STATUS_BY_CODE, ProblemError
from service.reading import Versions
from service.settings import Settings

TEXT = EXAMPLES["text"]["value"]["text"]
NOT_READY = ProblemError(503, "not_ready", "The pipeline is being loaded; try again soon.", retry_after=2)


class FakeReading:
    """Stands for the reading: keeps what it was asked; answers with a record, an error of ours, or raises."""

    def __init__(self, *, ready=True):
        self.calls = []
        self.seconds = []
        self.answer = make_record
        self.versions = Versions("0.1.0", "1.0.0") if ready else None

    async def start(self):
        pass

    async def close(self):
        pass

    def check_ready(self):
        if self.versions is None:
            raise NOT_READY

    async def read(self, document, seconds):
        self.check_ready()
        self.calls.append(document)
        self.seconds.append(seconds)
        if isinstance(self.answer, PembinaanError):
            return failed(document, self.answer)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Outcome("", "", self.answer())


@pytest.fixture
def fake():
    return FakeReading()


@contextlib.contextmanager
def serving(fake, **changes):
    """Run the service, with its reading faked."""
    chosen = Settings(**({"hosts": "testserver"} | changes))
    with TestClient(create_app(chosen, reading=fake), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(fake):
    with serving(fake) as running:
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
    assert {"400", "401", "413", "415", "421", "422", "429", "500", "502", "503", "504"} <= set(responses)
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
    with serving(fake, max_body=1000) as client:
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


def test_an_unforeseen_error_is_sanitized(client, fake):
    fake.answer = RuntimeError("secret path /etc/passwd")
    with capture_logs() as logs:
        response = client.post("/v1/extract", json={"text": TEXT})
    body = assert_problem(response, 500, "internal")
    assert response.headers["x-request-id"] in body["detail"]
    told = next(entry for entry in logs if entry["event"] == "failed")
    assert told["error"] == "RuntimeError"
    assert any("test_api.py" in frame for frame in told["at"])
    assert "secret" not in response.text + str(logs)


def test_an_unforeseen_error_of_reading_is_sanitized(client, fake):
    fake.answer = PembinaanError("it could not be read (KeyError: 'secret')")
    response = client.post("/v1/extract", json={"text": TEXT})
    assert_problem(response, 500, "internal")
    assert "secret" not in response.text


def test_not_ready_until_warm():
    fake = FakeReading(ready=False)
    with serving(fake) as client:
        assert client.get("/livez").status_code == 200
        assert_problem(client.get("/readyz"), 503, "not_ready")
        response = client.post("/v1/extract", json={"text": TEXT})
        assert_problem(response, 503, "not_ready")
        assert response.headers["retry-after"]
        assert "x-model-version" not in response.headers
        fake.versions = Versions("0.1.0", None)
        assert client.get("/readyz").status_code == 200
        assert client.get("/livez").headers["x-model-version"] == "none"


def test_every_answer_says_what_it_was_made_by_and_what_a_browser_may_do_with_it(client):
    for response in (client.get("/livez"), client.post("/v1/extract", json={"text": TEXT}), client.get("/nowhere")):
        assert len(response.headers["x-request-id"]) == 32
        assert response.headers["x-schema-version"] == "1"
        assert response.headers["x-pipeline-version"]
        assert response.headers["x-model-version"] == "1.0.0"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_deadline_is_the_callers(client, fake):
    client.post("/v1/extract", json={"text": TEXT}, params={"deadline": 2.5})
    client.post("/v1/extract", json={"text": TEXT})
    assert fake.seconds == [2.5, None]


@pytest.mark.parametrize("deadline", ["0", "-1", "nan", "inf", "soon"])
def test_a_deadline_that_is_none_is_refused(client, fake, deadline):
    response = client.post("/v1/extract", json={"text": TEXT}, params={"deadline": deadline})
    assert assert_problem(response, 422, "invalid")["errors"][0]["field"] == "deadline"
    assert not fake.calls


def test_published_keeps_its_zone(client, fake):
    client.post("/v1/extract", json={"text": TEXT, "published": "2025-10-13T08:00:00+07:00"})
    client.post("/v1/extract", json={"text": TEXT, "published": "2025-10-13"})
    assert [document.published.isoformat() for document in fake.calls] == [
        "2025-10-13T08:00:00+07:00",
        "2025-10-13",
    ]


def test_a_caller_who_goes_has_his_work_cancelled(fake):
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def read(*_):
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    fake.read = read
    body = json.dumps({"text": TEXT}).encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]

    async def receive():
        if messages:
            return messages.pop()
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    async def ask():
        app = create_app(Settings(hosts="testserver"), reading=fake)
        scope = {"type": "http", "method": "POST", "path": "/v1/extract", "query_string": b"", "headers": headers}
        await asyncio.wait_for(app(scope, receive, send), 10)

    asyncio.run(ask())
    assert cancelled.is_set()


def test_the_log_has_one_line_a_request_without_its_query(client):
    with capture_logs() as logs:
        client.get("/nowhere?token=secret", headers={"authorization": "Bearer secret"})
    (line,) = [entry for entry in logs if entry["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", 404)
    assert "secret" not in str(logs)


def test_metrics_count_by_route_and_status(client):
    client.post("/v1/extract", json={"text": TEXT})
    for path in ("/nowhere", "/nowhere-else"):
        client.request("BREW", path)
    text = client.get("/metrics").text
    assert 'pembinaan_requests_total{method="POST",route="/v1/extract",status="200"} 1.0' in text
    assert 'pembinaan_requests_total{method="other",route="none",status="404"} 2.0' in text
    assert "nowhere" not in text


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
