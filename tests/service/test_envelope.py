"""What surrounds a request, below HTTP: bodies that come slowly, wrongly announced, in pieces, or too many."""

import json

import anyio
import pytest

from service.body import BoundedBody
from service.envelope import Envelope
from service.metrics import Metrics
from service.problems import ProblemError


async def echo(scope, receive, send):
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def surrounded(app):
    return Envelope(BoundedBody(app, max_body=10, deadline=0.05), Metrics(), dict)


def ask(messages, headers=(), app=echo):
    """Send the messages, then nothing more; return status, headers and body of the answer."""
    waiting, sent = list(messages), []

    async def receive():
        if not waiting:
            await anyio.sleep_forever()
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    async def run():
        scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}
        await surrounded(app)(scope, receive, send)

    anyio.run(run)
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body


def piece(body, more):
    return {"type": "http.request", "body": body, "more_body": more}


def test_pieces_arrive_as_one_body_and_the_answer_has_an_id():
    status, headers, body = ask([piece(b"ab", more=True), piece(b"cd", more=False)])
    assert (status, body) == (200, b"abcd")
    assert len(headers[b"x-request-id"]) == 32


def test_a_body_that_never_ends_is_given_up():
    status, headers, body = ask([piece(b"ab", more=True)])
    assert status == 408
    assert json.loads(body)["code"] == "slow_body"
    assert headers[b"x-request-id"]


def test_a_body_cut_off_is_not_read_as_a_whole_one():
    status, _, body = ask([piece(b"ab", more=True), {"type": "http.disconnect"}])
    assert status == 400
    assert json.loads(body)["code"] == "disconnected"


@pytest.mark.parametrize("length", [b"11", b"-1", b"x", "²".encode("latin-1")])
def test_a_length_that_is_too_large_or_no_number_is_refused(length):
    status, _, _ = ask([piece(b"a", more=False)], headers=[(b"content-length", length)])
    assert status == 413


def test_an_answer_that_breaks_off_is_not_answered_twice():
    async def breaks(scope, receive, send):
        await echo(scope, receive, send)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask([piece(b"a", more=False)], app=breaks)


def test_large_bodies_are_bounded_together():
    async def slow(_scope, _receive, _send):
        await anyio.sleep(0.02)

    app = BoundedBody(slow, max_body=10, deadline=1)
    statuses = []

    async def one():
        async def receive():
            return piece(b"x" * 10, more=False)

        try:
            await app({"type": "http", "path": "/", "headers": []}, receive, None)
            statuses.append(200)
        except ProblemError as error:
            statuses.append(error.status)

    async def run(count):
        async with anyio.create_task_group() as group:
            for _ in range(count):
                group.start_soon(one)

    anyio.run(run, 20)
    assert sorted(statuses) == [200] * 16 + [503] * 4
    anyio.run(run, 16)
    assert statuses[20:] == [200] * 16
