"""Fusing a store: what is written, that twice is once, and that keys stay."""

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from tellings import JAHIT, LAS, tell

from corpus.documents import Outcome
from corpus.fusion.model import FusedProgram
from corpus.fusion.step import fuse_store
from corpus.store.tables import Fused, Program, Record
from extractor.schema import ArticleInfo, ArticleRecord

READER = "1+rules"
BODY = " ".join(f"kata{n}" for n in range(120))


def record(article, *tellings, text=BODY, published=0):
    day = None if published is None else dt.date(2025, 3, 3) + dt.timedelta(days=published)
    info = ArticleInfo(url=f"https://{article}.example/", title="Judul", text=text, published=day, text_sha256="0" * 64)
    return ArticleRecord(
        pipeline_version="1",
        model_version=None,
        status="ok",
        article=info,
        relevance=1.0,
        programs=[t.program for t in tellings],
    )


def save(store, *records, reader=READER):
    run = store.begin_run("batch", "test", reader)
    outcomes = [(n, Outcome(str(n), hashlib.sha256(repr(r).encode()).hexdigest(), r)) for n, r in enumerate(records)]
    store.save(run, outcomes, reader)


def stored(store):
    """Return the sources of each fused program, by key, as programs' rows have it and as bodies have it."""
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(Fused.id, Fused.key, Fused.body, Fused.sources)).all()
        links = connection.execute(sa.select(Program.fused_id, Program.current)).all()
    programs = {row.key: FusedProgram.model_validate(row.body) for row in rows}
    for row in rows:
        assert row.sources == len(programs[row.key].sources) == sum(link.fused_id == row.id for link in links)
    assert all(link.current == (link.fused_id is not None) for link in links)
    return {key: sorted(s.url for s in p.sources) for key, p in programs.items()}


def test_a_store_is_fused(store):
    save(
        store,
        record("a", tell("a", LAS, count=20)),
        record("b", tell("b", LAS, count=18), text="lain sekali", published=1),
        record("c", tell("c", JAHIT), text="yang ketiga"),
        record("d", text="tanpa program"),
    )
    fusion = fuse_store(store)
    assert (fusion.programs, fusion.tellings, fusion.several, fusion.conflicts, fusion.copies) == (2, 3, 1, 1, 0)
    assert sorted(stored(store).values()) == [["https://a.example/", "https://b.example/"], ["https://c.example/"]]


def test_copies_are_found_by_their_text(store):
    save(store, record("a", tell("a", LAS)), record("b", tell("b", LAS), text=f"{BODY} lagi", published=2))
    assert fuse_store(store).copies == 1
    with store.engine.connect() as connection:
        body = connection.scalar(sa.select(Fused.body))
    assert [s["copy_of"] for s in body["sources"]] == [None, 0]
    assert body["independent"] == 1


def test_twice_is_once(store):
    save(store, record("a", tell("a", LAS)), record("b", tell("b", LAS), text="lain"), record("c", tell("c", JAHIT)))
    first = fuse_store(store)
    before = stored(store)
    second = fuse_store(store)
    assert (first.changed, second.changed) == (2, 0)
    assert stored(store) == before


def test_a_program_keeps_its_key_with_new_sources_and_new_readings(store):
    save(store, record("b", tell("b", LAS), published=5))
    fuse_store(store)
    (key,) = stored(store)
    save(store, record("a", tell("a", LAS, JAHIT), text="lain", published=0))
    assert fuse_store(store).changed == 1
    assert stored(store) == {key: ["https://a.example/", "https://b.example/"]}
    save(store, record("b", tell("b", LAS, count=12), published=5), reader="2+rules")
    fuse_store(store)
    assert stored(store) == {key: ["https://a.example/", "https://b.example/"]}


def test_what_no_current_record_has_is_taken_away(store):
    save(store, record("a", tell("a", LAS), tell("a", JAHIT, at=2, position=1)))
    assert fuse_store(store).programs == 2
    save(store, record("a", tell("a", LAS)), reader="2+rules")
    assert fuse_store(store).programs == 1
    assert list(stored(store).values()) == [["https://a.example/"]]


def test_an_empty_store_is_fused_to_nothing(store):
    assert fuse_store(store).programs == 0


def test_a_fusion_that_was_killed_is_finished_by_the_next(store, monkeypatch):
    save(store, *(record(f"a{n}", tell(f"a{n}", LAS, at=70 * n), text=f"teks {n}") for n in range(5)))
    monkeypatch.setattr("corpus.fusion.step._ROWS", 2)
    real, calls = fuse_store.__globals__["_write"], []

    def dies(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr("corpus.fusion.step._write", dies)
        with pytest.raises(KeyboardInterrupt):
            fuse_store(store)
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Fused)) == 2
        assert connection.scalar(sa.select(sa.func.count()).select_from(Record)) == 5
    assert fuse_store(store).changed == 3
    assert len(stored(store)) == 5
