"""Runs, records and what is known of documents, on SQLite and PostgreSQL alike."""

import datetime as dt

import pytest
import sqlalchemy as sa
from made_records import TEXT, as_json, make_program, make_record

from corpus.documents import Document, Outcome
from corpus.store import Store, StoreError
from corpus.store.rows import name_of
from corpus.store.tables import Article, Item, Program, ProgramValue, Reading, Record, Run, Version
from extractor.schema import Evidence, Participants, Skill

READER = "0.2.0+1.0.1"
LATER = "0.3.0+1.0.1"


def outcome(number=0, digest=None, **changes):
    return Outcome(f"d{number}", digest or f"{number:064x}", make_record(number, **changes))


def failure(number=0):
    return Outcome(f"d{number}", f"{number:064x}", code="timeout", reason="https://a.example: too late")


def counts(store):
    with store.engine.connect() as connection:
        tables = (Article, Version, Record, Program, ProgramValue, Reading, Item)
        return [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]


def current(store, table=Record):
    with store.engine.connect() as connection:
        return list(connection.scalars(sa.select(table.id).where(table.current.is_(True)).order_by(table.id)))


@pytest.fixture
def run(store):
    return store.begin_run("batch", "in.jsonl", READER)


def test_what_was_saved_comes_back_in_the_order_of_the_input(store, run):
    store.save(run, [(2, outcome(2)), (0, outcome(0)), (1, failure(1))], READER)
    assert list(store.records(run)) == [("d0", as_json(make_record(0))), ("d2", as_json(make_record(2)))]
    assert list(store.failures(run)) == [{"id": "d1", "code": "timeout", "reason": "https://a.example: too late"}]


def test_parts_of_a_record_come_back_in_the_order_of_the_schema(store, run):
    store.save(run, [(0, outcome())], READER)
    [(_, record)] = store.records(run)
    assert str(record) == str(as_json(make_record()))


def test_saving_the_same_again_changes_nothing(store, run):
    outcomes = [(0, outcome(0)), (1, failure(1)), (2, outcome(2))]
    store.save(run, outcomes, READER)
    before = counts(store), list(store.records(run)), list(store.failures(run)), current(store)
    store.save(run, outcomes, READER)
    assert (counts(store), list(store.records(run)), list(store.failures(run)), current(store)) == before
    assert before[0] == [2, 2, 2, 2, 10, 2, 3]


def test_an_item_that_failed_may_be_done_later_and_one_that_is_done_stays(store, run):
    store.save(run, [(0, failure(0)), (1, outcome(1))], READER)
    store.save(run, [(0, outcome(0)), (1, failure(1))], READER)
    assert [name for name, _ in store.records(run)] == ["d0", "d1"]
    assert list(store.failures(run)) == []


def test_all_of_what_is_saved_at_once_or_none(store, run):
    with pytest.raises(StoreError, match="run the same command again"):
        store.save(run + 1, [(0, outcome(0))], READER)  # there is no such run, which is told at the items, the last
    assert counts(store) == [0] * 7


def test_what_a_reader_has_read_is_known_and_linked(store, run):
    store.save(run, [(n, outcome(n)) for n in range(3)], READER)
    digests = [f"{n:064x}" for n in range(4)]
    known = store.known(digests, READER)
    assert list(known) == digests[:3]
    assert store.known(digests, LATER) == {}
    assert store.known([], READER) == {}
    second = store.begin_run("batch", "in.jsonl", READER)
    document = Document("again", text="Judul\nIsi")
    store.link(second, [(0, document, known[digests[2]])])
    store.link(second, [(0, document, known[digests[2]])])
    assert list(store.records(second)) == [("again", as_json(make_record(2)))]
    assert counts(store)[:6] == [3, 3, 3, 3, 15, 3]


def test_many_are_saved_known_and_streamed(store, run):
    store.save(run, [(n, outcome(n)) for n in reversed(range(1201))], READER)
    assert [name for name, _ in store.records(run)] == [f"d{n}" for n in range(1201)]
    assert len(store.known([f"{n:064x}" for n in range(1300)], READER)) == 1201


def test_two_documents_of_one_version_have_one_record(store, run):
    store.save(run, [(0, outcome(0)), (1, outcome(0, digest="f" * 64))], READER)
    assert counts(store) == [1, 1, 1, 1, 5, 2, 2]
    assert len(list(store.records(run))) == 2


def test_a_document_has_its_own_record_whichever_was_saved_first(store, run):
    """The same words under one canonical address, the rest of the page another: neither record has the other's parts."""
    pages = []
    for number, author in enumerate(["Rina", "Joko"]):
        record = make_record(0)
        record.article.canonical_url, record.article.author = "https://kabar.example/satu", author
        pages.append((number, Outcome(f"d{number}", f"{number:064x}", record)))
    store.save(run, pages[::-1], READER)
    assert [record["article"]["author"] for _, record in store.records(run)] == ["Rina", "Joko"]
    assert counts(store)[:3] == [1, 2, 2]


def test_the_record_saved_last_of_an_article_is_the_current_one(store, run):
    store.save(run, [(0, outcome(0))], READER)
    store.save(run, [(1, outcome(0, digest="1" * 64, title="Judul Baru"))], READER)  # a new version
    assert (current(store), current(store, Program)) == ([2], [2])
    store.save(run, [(2, outcome(0, digest="1" * 64, title="Judul Baru"))], LATER)  # a new reader
    assert (current(store), current(store, Program)) == ([3], [3])
    store.save(run, [(3, outcome(0, digest="2" * 64)), (4, outcome(0, digest="3" * 64, title="Lagi"))], LATER)
    assert (current(store), current(store, Program)) == ([5], [5])
    assert counts(store)[:3] == [1, 3, 5]
    assert len(store.programs().programs) == 1


def test_what_a_new_reader_finds_is_no_new_version(store, run):
    store.save(run, [(0, outcome(0))], READER)
    store.save(run, [(1, outcome(0, programs=[], status="not_relevant"))], LATER)
    assert counts(store)[:3] == [1, 1, 2]
    assert store.programs().programs == []


def test_an_article_without_an_address_is_known_by_its_words(store, run):
    record = make_record(0)
    record.article.url = None
    store.save(run, [(0, Outcome("a", "a" * 64, record)), (1, Outcome("b", "b" * 64, record))], READER)
    with store.engine.connect() as connection:
        assert connection.scalars(sa.select(Article.address)).all() == [f"sha256:{record.article.text_sha256}"]


def test_signs_that_cannot_be_stored_are_replaced_one_for_one(store, run):
    record = make_record(0)
    record.article.text = f"\0{TEXT}\ud800"
    record.article.title = "Judul\0"
    record.article.author = "\udfff"
    store.save(run, [(0, Outcome("a\0", "a" * 64, record)), (1, Outcome("b", "b" * 64, None, "x", "\0\ud800"))], READER)
    [(name, saved)] = store.records(run)
    assert (name, saved["article"]["title"], saved["article"]["author"]) == ("a�", "Judul�", "�")
    assert saved["article"]["text"] == f"�{TEXT}�"
    assert saved["article"]["text_sha256"] != record.article.text_sha256
    assert list(store.failures(run)) == [{"id": "b", "code": "x", "reason": "��"}]


def test_the_largest_values_can_be_stored(store, run):
    words = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(5000))  # no compression makes them fit in an index
    proof = [Evidence(field="text", start=0, end=1, text="S", method="rule")]
    program = make_program(
        skills=[Skill(name=words, confidence=1, evidence=proof)] * 3,
        participants=Participants(count=10**30, confidence=1, evidence=proof),
        date=None,
    )
    program.facility.facility_id = program.facility.name = program.facility.province = words
    record = make_record(0, [program] * 3, title=words)
    record.article.url = f"https://kabar.example/{words}"
    record.article.published = dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))
    store.save(run, [(0, Outcome("a", "a" * 64, record))], READER)
    [(_, saved)] = store.records(run)
    assert saved == as_json(record)


def test_a_key_names_one_run(store):
    first = store.begin_run("job", "100 texts", READER, total=100, key="k")
    assert store.begin_run("job", "100 texts", READER, total=100, key="k") == first
    assert store.begin_run("job", "100 texts", READER, total=100) != first


def test_a_run_is_noted_with_its_end(store):
    run = store.begin_run("batch", "in.jsonl", READER, total=2)
    store.end_run(run, "failed")
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(*Run.__table__.columns)).one()
    assert (row.kind, row.label, row.reader, row.total, row.state) == ("batch", "in.jsonl", READER, 2, "failed")
    assert row.started_at <= row.ended_at <= dt.datetime.now(dt.UTC)
    assert row.started_at.tzinfo is dt.UTC


def test_a_store_that_goes_away_is_told_as_such(database):
    store = Store.open(database)
    run = store.begin_run("batch", "in.jsonl", READER)
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE items CASCADE"))
    with pytest.raises(StoreError, match=r"items.* does not exist.*run the same command again"):
        store.save(run, [(0, outcome(0))], READER)
    store.close()


def test_a_full_disk_is_told_as_such_and_what_was_saved_is_kept(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        run = store.begin_run("batch", "in.jsonl", READER)
        store.save(run, [(0, outcome(0))], READER)
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="full"):
            store.save(run, [(n, outcome(n)) for n in range(1, 500)], READER)
        assert [name for name, _ in store.records(run)] == ["d0"]


def test_a_page_cannot_take_the_place_of_another_site_s_article():
    article = {"canonical_url": "https://kabar.example/satu", "url": "https://palsu.example/satu", "text_sha256": "0"}
    assert name_of(article) == "https://palsu.example/satu"
    assert name_of(article | {"url": "https://amp.kabar.example/satu"}) == "https://kabar.example/satu"
    assert name_of(article | {"url": None}) == "https://kabar.example/satu"
