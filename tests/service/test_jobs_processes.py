"""Jobs outlive the processes that read them: several replicas on one store, ended and killed under load."""

import signal
import threading
import time

import httpx
import pytest
import sqlalchemy as sa
from made_service import documents
from replicas import Replica

from corpus.store import Store, jobs
from corpus.store.tables import Item, Program, Record
from service.api.jobs import JobDocument


@pytest.fixture
def replicas():
    started = []

    def start(place, seconds=0.02):
        started.append(Replica(place, seconds))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


class Poster:
    """Posts jobs to whichever replica there is, and keeps what was accepted: job to number of documents."""

    def __init__(self, replica):
        self.replica = replica
        self.accepted = {}
        self._next = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._post)
        self._thread.start()

    def _post(self):
        while not self._stop.is_set():
            self._next += 1
            body = {"documents": documents(10 * self._next, 10)}
            try:
                answer = self.replica.client.post("/v1/jobs", json=body, headers={"idempotency-key": str(self._next)})
            except httpx.HTTPError:  # it has just been killed
                self._next -= 1  # as a caller would: the same again, with the same key
                time.sleep(0.05)
            else:
                assert answer.status_code == 202, answer.text
                self.accepted[answer.json()["id"]] = 10
                time.sleep(0.02)

    def stop(self):
        self._stop.set()
        self._thread.join()


def wait_for(client, jobs, seconds=60):
    until = time.monotonic() + seconds
    states = {}
    for job in jobs:
        while (answer := client.get(f"/v1/jobs/{job}").json())["state"] == "running":
            assert time.monotonic() < until, answer
            time.sleep(0.1)
        states[job] = answer
    return states


def assert_all_read_once(place, states, accepted):
    assert {job: state["done"] for job, state in states.items()} == accepted
    with Store.open(place) as store, store.reading() as connection:
        records = connection.scalar(sa.select(sa.func.count()).select_from(Record))
        programs = connection.scalar(sa.select(sa.func.count()).select_from(Program))
        waiting = connection.scalar(sa.select(sa.func.count()).select_from(Item).where(Item.state != "done"))
        read = connection.scalar(sa.select(sa.func.count(Item.record_id.distinct())))
    assert (records, programs, waiting, read) == (sum(accepted.values()), sum(accepted.values()), 0, records)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_no_accepted_job_is_lost_with_a_replica(address, replicas, how):
    first, second, last = replicas(address), replicas(address), replicas(address)
    assert all(replica.client for replica in (first, second, last))
    poster = Poster(first)
    for replica, other in ((first, second), (second, last)):
        time.sleep(0.8)
        replica.end(how)
        poster.replica = other
    time.sleep(0.3)
    poster.stop()
    assert len(poster.accepted) > 10
    states = wait_for(last.client, poster.accepted)
    assert_all_read_once(address, states, poster.accepted)


def test_an_only_replica_goes_on_where_it_was_killed(tmp_path, replicas):
    place = str(tmp_path / "store.sqlite")
    replica = replicas(place, 0.1)
    job = replica.client.post("/v1/jobs", json={"documents": documents(0, 200)}).json()["id"]
    while replica.client.get(f"/v1/jobs/{job}").json()["done"] < 40:
        time.sleep(0.02)
    replica.end(signal.SIGKILL)
    replica = replicas(place)
    assert replica.client.get(f"/v1/jobs/{job}").json()["done"] >= 40
    assert_all_read_once(place, wait_for(replica.client, [job]), {job: 200})


def test_what_is_given_back_at_the_end_is_read_at_once_by_others(tmp_path, replicas):
    place = str(tmp_path / "store.sqlite")
    slow = replicas(place, 60)
    job = slow.client.post("/v1/jobs", json={"documents": documents(0, 5)}).json()["id"]
    time.sleep(0.5)
    began = time.monotonic()
    assert slow.end(signal.SIGTERM) in {0, -signal.SIGTERM}
    assert time.monotonic() - began < 10
    with Store.open(place) as store, store.reading() as connection:
        assert set(connection.execute(sa.select(Item.owner, Item.attempts))) == {(None, 0)}
    assert wait_for(replicas(place, 0).client, [job])[job]["done"] == 5


def test_a_document_that_ends_processes_fails_and_the_others_are_read(tmp_path, replicas):
    place = str(tmp_path / "store.sqlite")
    sent = [*documents(0, 10), {"id": "deadly", "text": "deadly 1"}, *documents(10, 10)]
    with Store.open(place) as store:
        given = [JobDocument(**one).document(position) for position, one in enumerate(sent)]
        job = jobs.accept(store, given, "", "digest")
    all_of_them = [replicas(place) for _ in range(3)]
    assert [replica.process.wait(60) for replica in all_of_them] == [9, 9, 9]
    survivor = replicas(place).client
    state = wait_for(survivor, [job])[job]
    assert (state["done"], state["failed"]) == (20, 1)
    results = survivor.get(f"/v1/jobs/{job}/results").json()["results"]
    assert [(r["id"], r["code"]) for r in results if r["state"] == "failed"] == [("deadly", "read_limit")]
