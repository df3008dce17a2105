"""Jobs and their leases, on SQLite and PostgreSQL alike."""

import threading
import time

import pytest
import sqlalchemy as sa
from made_records import make_record

from corpus.documents import Document, Outcome
from corpus.store import jobs
from corpus.store.leases import MAX_ATTEMPTS, Leases
from corpus.store.tables import Item, Record
from extractor.errors import InputError

READER = "0.2.0+1.0.1"


def texts(number):
    return [Document(f"d{n}", text=f"Judul {n}\n\nIsi") for n in range(number)]


def read(item, number=None):
    document = item.document
    return item, Outcome(document.id, document.digest, make_record(item.position if number is None else number))


def test_a_job_is_lent_read_saved_and_done(store):
    job = jobs.accept(store, texts(3), "three", "digest")
    leases = Leases(store, "a")
    held = leases.take(2, holding=False)
    assert [item.place for item in held] == [(job, 0), (job, 1)]
    assert held[0].document == texts(1)[0]
    leases.save([read(held[1])], READER)
    assert jobs.find(store, job).items == {"waiting": 2, "done": 1, "failed": 0, "cancelled": 0}
    assert jobs.results(store, job) == []  # the first is not there yet
    leases.save([read(held[0])], READER)
    (last,) = leases.take(2, holding=True)
    leases.save([(last, Outcome("d2", last.document.digest, code="timeout", reason="late"))], READER)
    done = jobs.find(store, job)
    assert (done.state, done.total, done.seconds_left()) == ("done", 3, 0)
    assert done.ended_at >= done.started_at
    first, second, third = jobs.results(store, job)
    assert first.record["article"]["text"] == make_record(0).article.text
    assert [r.document_id for r in (first, second, third)] == ["d0", "d1", "d2"]
    assert (third.state, third.record, third.code, third.reason) == ("failed", None, "timeout", "late")
    assert [r.position for r in jobs.results(store, job, after=0, size=1)] == [1]
    with store.reading() as connection:
        assert connection.scalars(sa.select(Item.payload)).all() == [None] * 3


def test_every_document_comes_back_as_it_was_given(store):
    import datetime as dt  # noqa: PLC0415

    given = [
        Document("a", url="https://a.example/x", html="<p>é</p>".encode(), published=dt.date(2025, 10, 13)),
        Document("b", text="nul \0", published=dt.datetime(2025, 10, 13, 8, tzinfo=dt.UTC)),
        Document("c", url="https://b.example/"),
    ]
    jobs.accept(store, given, "", "d")
    assert [item.document for item in Leases(store, "a").take(9, holding=False)] == given


def test_an_item_is_one_workers_until_its_lease_runs_out(store):
    jobs.accept(store, texts(1), "", "d")
    one, other = Leases(store, "a", seconds=0.4), Leases(store, "b")
    held = one.take(1, holding=False)
    assert other.take(1, holding=False) == []
    time.sleep(0.3)
    one.renew(held)
    time.sleep(0.2)
    assert other.take(1, holding=False) == []
    time.sleep(0.3)
    (taken,) = other.take(1, holding=False)
    assert taken.suspect
    one.renew(held)  # it is not its own any more
    one.give_back(held)
    assert Leases(store, "c").take(1, holding=False) == []
    one.save([read(held[0], 1)], READER)  # it was faster all the same
    other.save([read(taken, 2)], READER)
    (result,) = jobs.results(store, taken.run)
    assert result.record["article"]["url"] == "https://kabar.example/1"
    with store.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Record)) == 1


def test_what_is_given_back_was_not_tried(store):
    jobs.accept(store, texts(2), "", "d")
    leases = Leases(store, "a")
    for _ in range(2 * MAX_ATTEMPTS):
        held = leases.take(2, holding=False)
        assert [item.suspect for item in held] == [False, False]
        leases.give_back(held)


def test_a_document_that_ends_every_worker_fails_and_takes_none_with_it(store):
    job = jobs.accept(store, texts(4), "", "d")
    assert len(Leases(store, "dies", seconds=0).take(4, holding=False)) == 4
    for number in range(20):
        leases = Leases(store, f"w{number}", seconds=0)
        assert leases.take(4, holding=True) == []  # who holds others takes no suspect
        held = leases.take(4, holding=False)
        if not held:
            break
        assert len(held) == 1
        if held[0].position != 2:
            leases.save([read(held[0])], READER)
    assert [r.state for r in jobs.results(store, job)] == ["done", "done", "failed", "done"]
    assert jobs.results(store, job)[2].code == "read_limit"
    assert jobs.find(store, job).state == "done"


def test_jobs_take_turns(store):
    large, small = (jobs.accept(store, texts(n), "", "d") for n in (100, 2))
    held = Leases(store, "a").take(4, holding=False)
    assert sorted(item.place for item in held) == [(large, 0), (large, 1), (small, 0), (small, 1)]


def test_pages_of_a_site_are_lent_one_at_a_time(store):
    urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "http://[", "https://A.example/3"]
    jobs.accept(store, [Document(url, url=url) for url in urls], "", "d")
    one, other = Leases(store, "a"), Leases(store, "b")
    held = one.take(9, holding=False)
    assert [item.position for item in held] == [0, 2, 3]
    assert other.take(9, holding=False) == []
    one.save([read(held[0])], READER)
    assert [item.position for item in other.take(9, holding=False)] == [1]


def test_a_cancelled_job_takes_nothing_more(store):
    job = jobs.accept(store, texts(3), "", "d")
    leases = Leases(store, "a")
    held = leases.take(2, holding=False)
    leases.save([read(held[0])], READER)
    assert jobs.cancel(store, job).state == "cancelled"
    leases.save([read(held[1])], READER)
    assert leases.take(2, holding=False) == []
    assert [r.state for r in jobs.results(store, job)] == ["done", "cancelled", "cancelled"]
    assert jobs.cancel(store, job).state == "cancelled"
    assert jobs.find(store, job).ended_at is not None


def test_other_runs_are_no_jobs(store):
    run = store.begin_run("batch", "in", READER)
    assert jobs.find(store, run) is None
    assert jobs.cancel(store, run) is None
    assert jobs.find(store, 10**9) is None


def test_a_key_stands_for_one_job(store):
    job = jobs.accept(store, texts(1), "", "digest", "key\0")
    assert jobs.accept(store, texts(1), "", "digest", "key\0") == job
    with pytest.raises(InputError, match="another job"):
        jobs.accept(store, texts(2), "", "other", "key\0")
    assert jobs.accept(store, texts(1), "", "digest") != job


def test_what_the_reader_knows_is_not_read_again(store):
    jobs.accept(store, texts(2), "", "d")
    leases = Leases(store, "a")
    leases.save([read(item) for item in leases.take(2, holding=False)], READER)
    again = jobs.accept(store, texts(3), "", "d")
    held = leases.take(3, holding=False)
    assert [item.position for item in leases.known(held, READER)] == [0, 1]
    assert [r.state for r in jobs.results(store, again)] == ["done", "done"]
    assert leases.known(held[2:], READER) == []


def test_many_workers_read_every_item_once(store):
    job = jobs.accept(store, texts(120), "", "d")
    taken = []

    def work(name):
        leases = Leases(store, name)
        while held := leases.take(3, holding=False):
            taken.extend(item.position for item in held)
            leases.save([read(item) for item in held], READER)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that meets rows that another looks at may find nothing for a moment and leave.
    work("last")
    assert sorted(taken) == list(range(120))
    assert jobs.find(store, job).state == "done"
