"""Corrections, which stand for good, and what the monitor remembers."""

import pytest
import sqlalchemy as sa
from made_records import make_record

from corpus.documents import Outcome
from extractor.errors import InputError

READER = "0.2.0+1.0.1"


@pytest.fixture
def record(store):
    run = store.begin_run("batch", "in.jsonl", READER)
    store.save(run, [(0, Outcome("a", "a" * 64, make_record()))], READER)
    return store.known(["a" * 64], READER)["a" * 64]


def test_corrections_come_back_in_the_order_in_which_they_were_made(store, record):
    first = store.add_correction(
        record, 0, "skill", "edit", author="Rina", before={"name": "dimsum"}, after={"name": "membuat dimsum\0"}
    )
    second = store.add_correction(record, 0, "partner", "reject", author="Joko", before={"name": "CV"}, note="bukan")
    third = store.add_correction(record, None, "program", "add", author="Rina", after=[1])
    found = list(store.corrections())
    assert [row["id"] for row in found] == [first, second, third]
    assert found[0]["after"] == {"name": "membuat dimsum�"}
    assert (found[1]["action"], found[1]["after"], found[1]["note"], found[1]["author"]) == (
        "reject",
        None,
        "bukan",
        "Joko",
    )
    assert found[2]["program"] is None
    assert found[0]["at"] <= found[2]["at"]
    assert list(store.corrections(record)) == found
    assert list(store.corrections(record + 1)) == []


@pytest.mark.parametrize(("number", "program", "said"), [(1, 0, "no record"), (0, 1, "1 programs"), (0, -1, "-1")])
def test_what_is_not_there_cannot_be_corrected(store, record, number, program, said):
    with pytest.raises(InputError, match=said):
        store.add_correction(record + number, program, "skill", "accept", author="Rina")


CHANGES = {
    "sqlite": ["INSERT OR REPLACE INTO corrections SELECT * FROM corrections"],
    "postgresql": ["TRUNCATE corrections"],
}


def test_corrections_stand(store, record):
    store.add_correction(record, 0, "skill", "accept", author="Rina")
    before = list(store.corrections())
    for change in (
        "UPDATE corrections SET author = 'x'",
        "DELETE FROM corrections",
        *CHANGES[store.engine.dialect.name],
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only added, never changed"):
            with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
                connection.exec_driver_sql(change)
    assert list(store.corrections()) == before


def test_an_address_is_seen_once_it_was_named(store):
    urls = [f"https://kabar.example/{n}" for n in range(1100)]
    urls[0] += "/panjang" * 500
    urls[1] += "\0\ud800"
    assert store.seen(urls) == set()
    store.mark_seen("kabar", [(url, f"Judul\0 {url}") for url in urls[:-1]], "found")
    assert store.seen(urls) == set(urls[:-1])
    store.mark_seen("kabar", [], "found")
    store.mark_seen("lain", [(urls[5], None)], "read")
    with store.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT title, state, source_id FROM seen WHERE url LIKE '%/5'")).one()
    assert (found.title, found.state) == ("Judul� https://kabar.example/5", "read")


def test_a_source_keeps_its_state(store):
    assert store.source_state("kabar") == {}
    store.set_source_state("kabar", {"etag": '"1"', "words": "\0"})
    assert store.source_state("kabar") == {"etag": '"1"', "words": "�"}
    store.set_source_state("kabar", {})
    assert store.source_state("kabar") == {}
    assert store.source_state("lain") == {}
