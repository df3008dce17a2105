"""What people say of records: checked, kept, and given out as annotated articles."""

import threading
import time

import pytest
from made_records import TEXT, TITLE, make_program, make_record

from corpus import corrections
from corpus.documents import Outcome
from corpus.evaluation import read_rows, score
from corpus.store import Store
from corpus.store.tables import Record
from extractor.errors import InputError
from models.training.data import article_example

READER = "0.2.0+1.0.1"
SKILL = {"name": "membuat dimsum", "category": "culinary", "isco": None}


def quote(words, field="text"):
    start = {"text": TEXT, "title": TITLE}[field].index(words)
    return [{"field": field, "start": start, "end": start + len(words), "text": words}]


def saved(store, number=0, **changes):
    run = store.begin_run("batch", "in", READER)
    store.save(run, [(0, Outcome("d", f"{number:064x}", make_record(number, **changes)))], READER)
    with store.reading() as connection:
        return connection.scalar(Record.__table__.select().order_by(Record.id.desc()).with_only_columns(Record.id))


@pytest.fixture
def record(store):
    return saved(store)


@pytest.fixture
def plain(tmp_path):
    """A store of SQLite, for what no database decides."""
    with Store.open(tmp_path / "plain.sqlite") as opened:
        yield opened


def said(store, record, slot, action, program=0, **parts):
    return corrections.add(store, record, program, slot, action, author="Rina", **parts)


def row(store):
    (only,) = corrections.annotated(store)
    return only


def test_a_value_that_is_right_makes_the_record_an_annotated_article(store, record):
    one = said(store, record, "skills", "accept", before=SKILL)
    assert one["before"]["evidence"]  # as it stands, however short it was given
    assert (one["author"], one["after"], one["at"].tzinfo is not None) == ("Rina", None, True)
    found = row(store)
    assert found["title"] == TITLE
    assert found["text"].startswith(TEXT)
    assert (found["kind"], found["published"], found["source_url"]) == (
        "program",
        "2025-10-13",
        "https://kabar.example/0",
    )
    (program,) = found["programs"]
    assert program["facility"] == {
        "text": "Rutan Kelas IIB Sukamaju",
        "type": "rutan",
        "class": "IIB",
        "place": "Sukamaju",
    }
    assert program["date"] == {"text": "Senin (13/10/2025)", "start": "2025-10-13", "end": "2025-10-13"}
    assert program["partners"][0] == {"text": "Disnaker Sukamaju", "acronym": "Disnaker", "kind": "government"}
    assert program["instructors"] == [{"text": "Dewi Lestari", "title": "Chef", "affiliation": None}]
    assert program["skills"][0] == {"text": "membuat dimsum", "category": "culinary"}
    assert program["participants"] == {"text": "Sepuluh warga binaan perempuan", "count": 10, "group": "women"}


def test_values_are_edited_rejected_and_added(store, record):
    said(
        store, record, "skills", "edit", before=SKILL, after=SKILL | {"category": "other", "evidence": quote("dimsum")}
    )
    said(store, record, "skills", "reject", before={"name": "menjahit", "category": "sewing_fashion"})
    said(store, record, "partners", "add", after={"name": "Rutan", "kind": "other", "evidence": quote("Rutan")})
    said(store, record, "participants", "reject", before={"count": 10, "group": "women"})
    said(store, record, "participants", "add", after={"count": 11, "evidence": quote("Sepuluh")})
    said(
        store,
        record,
        "date",
        "edit",
        before={"start": "2025-10-13", "end": "2025-10-13", "precision": "day"},
        after={"start": "2025-10-01", "end": "2025-10-31", "precision": "month", "evidence": quote("13/10/2025")},
    )
    (program,) = row(store)["programs"]
    assert program["skills"] == [{"text": "membuat dimsum", "category": "other"}]
    assert [partner["text"] for partner in program["partners"]] == ["Disnaker Sukamaju", "CV Maju Jaya", "Rutan"]
    assert program["participants"] == {"text": "Sepuluh", "count": 11, "group": None}
    assert program["date"] == {"text": "13/10/2025", "start": "2025-10-01", "end": "2025-10-31"}


def test_a_correction_stands_on_those_before_it(store, record):
    other = SKILL | {"name": "dimsum", "evidence": quote("dimsum")}
    said(store, record, "skills", "edit", before=SKILL, after=other)
    with pytest.raises(InputError, match="no value that stands"):
        said(store, record, "skills", "reject", before=SKILL)
    said(store, record, "skills", "reject", before=SKILL | {"name": "dimsum"})
    assert [skill["text"] for skill in row(store)["programs"][0]["skills"]] == ["menjahit"]


def test_programs_are_rejected_and_added(store, record):
    added = {"facility": {"name": "Rutan", "type": "rutan", "evidence": quote("Rutan")}}
    said(store, record, "program", "add", program=None, after=added)
    said(store, record, "program", "reject")
    said(store, record, "skills", "add", program=1, after=SKILL | {"evidence": quote("membuat dimsum")})
    with pytest.raises(InputError, match="no program at position 0, or it was rejected"):
        said(store, record, "program", "reject")
    (program,) = row(store)["programs"]
    assert program["facility"]["text"] == "Rutan"
    assert program["skills"] == [{"text": "membuat dimsum", "category": "culinary"}]
    said(store, record, "program", "reject", program=1)
    assert (row(store)["programs"], row(store)["kind"]) == ([], "negative")


def test_a_record_without_programs_is_accepted_as_one(store):
    said(store, saved(store, programs=[], status="not_relevant"), "record", "accept", program=None)
    assert row(store)["programs"] == []


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("skills", "accept", 1, {"before": SKILL}), "no program at position 1"),
        (("skills", "accept", None, {"before": SKILL}), "program says which"),
        (("skills", "accept", 0, {}), "to accept, before is the value"),
        (("skills", "accept", 0, {"before": SKILL, "after": SKILL}), "to accept, after is null"),
        (("skills", "add", 0, {"after": SKILL}), "needs evidence"),
        (("skills", "add", 0, {"after": SKILL | {"evidence": quote("dimsum")}}), "has that value"),
        (("skills", "edit", 0, {"before": {"name": "x"}, "after": SKILL | {"evidence": quote("dimsum")}}), "no value"),
        (("skills", "add", 0, {"after": {"name": "x", "category": "magic", "evidence": quote("dimsum")}}), "category"),
        (("skills", "add", 0, {"after": {"name": " ", "evidence": quote("dimsum")}}), "name is blank"),
        (("skills", "add", 0, {"after": {"name": "x", "evidence": [1]}}), "list of objects"),
        (("skills", "add", 0, {"after": {"name": "x", "evidence": []}}), "needs evidence"),
        (("skills", "add", 0, {"after": {"name": "x", "more": 1, "evidence": quote("dimsum")}}), "more"),
        (("facility", "add", 0, {"after": {"name": "x", "type": "rutan", "evidence": quote("Rutan")}}), "edit it"),
        (("date", "reject", 0, {"before": {"start": "2025-10-14"}}), "no value"),
        (("program", "edit", 0, {}), "a program as a whole"),
        (("program", "add", 0, {"after": {}}), "leave program out"),
        (("program", "add", None, {}), "a program as a whole"),
        (("program", "add", None, {"after": {}}), "no value"),
        (("program", "add", None, {"after": {"key": "x"}}), "no program has"),
        (("program", "add", None, {"after": {"skills": {}}}), "a list of values"),
        (("program", "add", None, {"after": {"facility": []}}), "is an object"),
        (("record", "reject", None, {}), "only be accepted"),
        (("record", "accept", 0, {}), "only be accepted"),
    ],
)
def test_what_does_not_fit_the_record_is_refused(plain, parts, why):
    record = saved(plain)
    slot, action, program, rest = parts
    with pytest.raises(InputError, match=why):
        said(plain, record, slot, action, program, **rest)
    assert list(plain.corrections()) == []


@pytest.mark.parametrize("change", [{"start": 0}, {"end": 10**9}, {"end": 10}, {"text": "dimsam"}, {"field": "title"}])
def test_words_must_stand_where_they_are_said_to(plain, change):
    record = saved(plain)
    proof = quote("dimsum")[0] | change
    with pytest.raises(InputError, match="does not stand at"):
        said(plain, record, "skills", "add", after={"name": "dimsum", "evidence": [proof]})


def test_dates_and_trainees_say_something(plain):
    empty = [make_program(date=None, participants=None)]
    record = saved(plain, programs=empty)
    day = {"start": "2025-10-02", "end": "2025-10-01", "precision": "day", "evidence": quote("Senin")}
    with pytest.raises(InputError, match="ends before it starts"):
        said(plain, record, "date", "add", after=day)
    with pytest.raises(InputError, match="a count, a group or both"):
        said(plain, record, "participants", "add", after={"evidence": quote("Sepuluh")})


def test_no_record_no_correction(plain):
    with pytest.raises(corrections.NoRecordError):
        said(plain, 7, "skills", "accept", before=SKILL)


def test_two_who_edit_one_value_at_once_do_not_both_succeed(store, record):
    outcomes = []

    def edit(name):
        after = SKILL | {"name": name, "evidence": quote("dimsum")}
        try:
            said(store, record, "skills", "edit", before=SKILL, after=after)
        except InputError:
            outcomes.append(None)
        else:
            outcomes.append(name)

    threads = [threading.Thread(target=edit, args=(f"n{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([name for name in outcomes if name]) == 1


def test_the_last_corrected_record_of_an_article_counts(store, record):
    said(store, record, "skills", "reject", before=SKILL)
    run = store.begin_run("batch", "in", "newer")
    store.save(run, [(0, Outcome("d", "0" * 64, make_record(0)))], "newer")
    (newer,) = {one.id for one in store.engine.connect().execute(Record.__table__.select())} - {record}
    assert len(row(store)["programs"][0]["skills"]) == 1
    said(store, newer, "skills", "accept", before=SKILL)
    assert len(row(store)["programs"][0]["skills"]) == 2


def test_rows_are_read_by_evaluation_and_training(store, record, tmp_path):
    import json  # noqa: PLC0415

    said(store, record, "skills", "accept", before=SKILL)
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in corrections.annotated(store)), "utf-8"
    )
    rows = read_rows(path)
    predicted = {rows[0]["id"]: [make_program().model_dump(mode="json", by_alias=True)]}
    assert score(rows, predicted).macro == 1
    example = article_example(rows[0])
    assert example.relevant
    assert len(set(example.slots)) > 6


def test_a_correction_is_in_the_export_within_a_second(store, record):
    for number in range(1, 10):
        said(store, saved(store, number), "skills", "accept", before=SKILL)
    began = time.monotonic()
    said(store, record, "skills", "reject", before=SKILL)
    found = {one["source_url"]: one for one in corrections.annotated(store)}
    assert time.monotonic() - began < 1
    assert len(found) == 10
    assert len(found["https://kabar.example/0"]["programs"][0]["skills"]) == 1
