"""The queue: who is refused, who goes first, what a process takes at a time; with processes faked."""

import asyncio
import threading
from typing import ClassVar

import pytest

from corpus.documents import Document, Outcome
from corpus.engines.worker import Setup, Task
from extractor.errors import InputError
from service.metrics import Metrics
from service.problems import ProblemError
from service.reading import batcher
from service.reading.batcher import Batcher


class FakeWorker:
    """A process that reads what it is given when it is let; keeps the batches."""

    batches: ClassVar[list] = []
    gate: threading.Event = threading.Event()
    error: Exception | None = None

    def __init__(self, _):
        pass

    def read(self, tasks):
        return list(self.each(tasks))

    def each(self, tasks):
        names = [task.document.id for task in tasks]
        FakeWorker.batches.append(names)
        if names != ["first"]:
            FakeWorker.gate.wait(10)
        if FakeWorker.error:
            raise FakeWorker.error
        for task in tasks:
            yield 0, Outcome(task.document.id, "")

    def stop(self):
        FakeWorker.gate.set()

    def close(self):
        pass


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(batcher, "Worker", FakeWorker)
    monkeypatch.setattr(FakeWorker, "batches", [])
    monkeypatch.setattr(FakeWorker, "gate", threading.Event())
    monkeypatch.setattr(FakeWorker, "error", None)


def task(name, characters=4):
    return Task(0, Document(name, text="x" * characters))


def running(scenario, **changes):
    """Run a scenario with a started batcher of one process."""

    async def run():
        made = Batcher(Setup(), **({"workers": 1, "places": 2, "batch_tokens": 10, "metrics": Metrics()} | changes))
        await made.start(task("first"))
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(scenario(made), 10)
        finally:
            await made.close()

    return asyncio.run(run())


async def ask(made, *tasks, job=False):
    """Have the articles wait, in this order."""
    asked = []
    for one in tasks:
        asked.append(asyncio.ensure_future(made.read(one, job=job)))
        for _ in range(3):
            await asyncio.sleep(0)
    return asked


def test_articles_that_wait_go_together_up_to_the_tokens():
    async def scenario(made):
        asked = await ask(made, task("a"), task("b"), task("c"), task("d", 400), task("e"))
        assert made.waiting == 4
        FakeWorker.gate.set()
        return [outcome.id for outcome in await asyncio.gather(*asked)]

    assert running(scenario) == ["a", "b", "c", "d", "e"]
    assert FakeWorker.batches == [["first"], ["a"], ["b", "c"], ["d"], ["e"]]


def test_two_processes_share_what_waits():
    async def scenario(made):
        asked = await ask(made, *(task(name) for name in "abcd"))
        FakeWorker.gate.set()
        await asyncio.gather(*asked)

    running(scenario, workers=2)
    assert FakeWorker.batches[:4] == [["first"], ["first"], ["a"], ["b"]]
    assert sorted(FakeWorker.batches[4:]) == [["c"], ["d"]]


def test_who_finds_no_place_is_refused_at_once():
    async def scenario(made):
        made.check()
        asked = await ask(made, task("a"), task("b"))
        made.check()
        asked += await ask(made, task("c"))
        with pytest.raises(ProblemError) as caught:
            made.check()
        assert (caught.value.status, caught.value.headers) == (503, {"retry-after": "2"})
        FakeWorker.gate.set()
        await asyncio.gather(*asked)
        made.check()

    running(scenario)


def test_who_goes_before_his_turn_is_not_read_and_leaves_his_place():
    async def scenario(made):
        first, second, third = await ask(made, task("a"), task("b"), task("c"))
        second.cancel()
        await asyncio.sleep(0)
        assert made.waiting == 1
        FakeWorker.gate.set()
        await asyncio.gather(first, third)

    running(scenario)
    assert FakeWorker.batches == [["first"], ["a"], ["c"]]


def test_callers_go_before_jobs_and_jobs_take_no_place_of_theirs(monkeypatch):
    async def scenario(made):
        jobs = await ask(made, *(task(f"job {n}") for n in range(5)), job=True)
        assert made.waiting == 1  # one is read, one waits, the others wait for their turn to wait
        callers = await ask(made, task("a"), task("b"))
        FakeWorker.gate.set()
        await asyncio.gather(*jobs, *callers)

    running(scenario, batch_tokens=1)
    assert FakeWorker.batches[:4] == [["first"], ["job 0"], ["a"], ["b"]]
    assert len(FakeWorker.batches) == 8


def test_jobs_do_not_wait_forever(monkeypatch):
    monkeypatch.setattr(batcher, "_PATIENCE", 0.0)

    async def scenario(made):
        asked = await ask(made, task("a")) + await ask(made, task("job"), job=True) + await ask(made, task("b"))
        FakeWorker.gate.set()
        await asyncio.gather(*asked)

    running(scenario, batch_tokens=1)
    assert FakeWorker.batches == [["first"], ["a"], ["job"], ["b"]]


def test_a_process_that_cannot_be_replaced_refuses_its_batch_and_the_next_is_tried(monkeypatch):
    monkeypatch.setattr(batcher, "_PAUSE", 0.0)

    async def scenario(made):
        FakeWorker.error = InputError("no memory")
        FakeWorker.gate.set()
        with pytest.raises(ProblemError) as caught:
            await made.read(task("a"))
        assert caught.value.status == 503
        FakeWorker.error = None
        return (await made.read(task("b"))).id

    assert running(scenario) == "b"


def test_closing_refuses_who_waits():
    async def scenario(made):
        asked = await ask(made, task("a"), task("b"))
        await made.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(answers[1], ProblemError)

    running(scenario)
