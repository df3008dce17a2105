"""Runs, records and what is known, on SQLite and PostgreSQL alike."""

from made_records import as_json, make_record

from corpus.documents import Outcome

READER = "0.2.0+1.0.1"


def outcome(number=0, **changes):
    return Outcome(f"d{number}", f"{number:064x}", make_record(number, **changes))


def failure(number=0):
    return Outcome(f"d{number}", f"{number:064x}", code="timeout", reason="https://a.example: too late")


def test_what_was_saved_comes_back_in_the_order_of_the_input(store):
    run = store.begin_run("batch", "in.jsonl", READER, total=3)
    store.save(run, [(2, outcome(2)), (0, outcome(0)), (1, failure(1))], READER)
    store.end_run(run)
    assert list(store.records(run)) == [("d0", as_json(make_record(0))), ("d2", as_json(make_record(2)))]
    assert list(store.failures(run)) == [{"id": "d1", "code": "timeout", "reason": "https://a.example: too late"}]
