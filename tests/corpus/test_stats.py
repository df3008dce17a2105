"""Counts of programs, on SQLite and PostgreSQL alike."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from made_records import make_program, make_record, quote
from test_export import save

from corpus.stats import SLOTS, TITLES, count
from corpus.store import Filter
from corpus.store.tables import Fused, Program
from extractor.errors import InputError
from extractor.schema import ProgramDate, Skill


def on(day, precision="day"):
    start = dt.date.fromisoformat(day)
    return ProgramDate(
        start=start, end=start, precision=precision, confidence=0.9, evidence=quote("Senin (13/10/2025)")
    )


def facility(**changes):
    return make_program().facility.model_copy(update=changes)


def skill(category):
    return Skill(name="menjahit", category=category, confidence=0.9, evidence=quote("menjahit"))


def keys(stats, by):
    return {bar.key: bar.programs for bar in stats.by[by]}


def fuse(store, *ids):
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        fused = connection.execute(sa.insert(Fused).values(key="k", body={}, sources=len(ids)).returning(Fused.id))
        connection.execute(sa.update(Program).where(Program.id.in_(ids)).values(fused_id=fused.scalar_one()))


def test_months_are_in_order_and_without_gaps(store):
    days = ["2025-11-02", "2026-02-10", "2025-11-30"]
    others = [on("2026-01-01", "year"), None]
    programs = [make_program(date=date) for date in [*map(on, days), on("2025-12-01", "month"), *others]]
    save(store, make_record(programs=programs))
    bars = [(bar.key, bar.programs) for bar in count(store, ["month"]).by["month"]]
    assert bars == [("2025-11", 2), ("2025-12", 1), ("2026-01", 0), ("2026-02", 1), (None, 2)]


def test_places_and_types_are_ranked_and_those_not_known_come_last(store):
    papua = facility(province="Papua", type="lapas", facility_id=None, name="Lapas Entah")
    programs = [make_program(), make_program(facility=papua), make_program(), *[make_program(facility=None)] * 3]
    save(store, make_record(programs=programs))
    stats = count(store)
    assert [(bar.key, bar.programs) for bar in stats.by["province"]] == [("Jawa Barat", 2), ("Papua", 1), (None, 3)]
    assert keys(stats, "facility_type") == {"rutan": 2, "lapas": 1, None: 3}
    assert keys(stats, "facility") == {"rutan-kelas-iib-sukamaju": 2, "Lapas Entah": 1, None: 3}
    assert [(bar.id, bar.en) for bar in stats.by["facility_type"]][:2] == [
        ("Rutan", "Detention center"),
        ("Lapas", "Prison"),
    ]


def test_a_facility_of_the_list_is_called_by_its_name_there(store):
    known = facility(facility_id="rutan-kelas-iia-balikpapan", name="rutan itu")
    save(store, make_record(programs=[make_program(facility=known)]))
    (bar,) = count(store, ["facility"]).by["facility"]
    assert "Balikpapan" in bar.id


def test_a_program_counts_once_for_each_category_of_its_skills_and_partners(store):
    twice = make_program(skills=[skill("culinary"), skill("culinary"), skill("other")])
    save(store, make_record(programs=[twice, make_program(skills=[], partners=[])]))
    stats = count(store, list(SLOTS))
    assert keys(stats, "skill_category") == {"culinary": 1, "other": 1, None: 1}
    assert keys(stats, "partner_kind") == {"government": 1, "company": 1, None: 1}


def test_fused_accounts_count_once_with_what_most_of_them_say(store):
    elsewhere = facility(province="Papua")
    programs = [make_program(), make_program(facility=elsewhere), make_program(), make_program(facility=elsewhere)]
    save(store, *(make_record(n, programs=[program]) for n, program in enumerate(programs)))
    before = count(store)
    assert (before.programs, before.accounts, before.fused) == (4, 4, False)
    assert "pembinaan fuse" in before.counted
    fuse(store, 1, 2, 3)
    after = count(store)
    assert (after.programs, after.accounts, after.fused) == (2, 4, True)
    assert after.counted == "Programs: 2, each counted once; accounts of them in articles: 4."
    assert keys(after, "province") == {"Jawa Barat": 1, "Papua": 1}
    assert keys(after, "skill_category") == {"culinary": 2, "sewing_fashion": 2}


def test_only_current_programs_count_and_only_those_asked_for(store):
    save(store, make_record(0, programs=[make_program()] * 5), reader="0.1.0+1.0.1")
    save(store, make_record(0), make_record(1, programs=[make_program(confidence=0.1)]), first=100)
    assert count(store).programs == 2
    assert count(store, where=Filter(min_confidence=0.5)).programs == 1


def test_an_empty_store_has_no_bars(store):
    stats = count(store)
    assert stats.programs == 0
    assert stats.by == {by: [] for by in TITLES}


def test_json_says_what_was_counted(store):
    save(store, make_record())
    told = json.loads(json.dumps(count(store, ["skill_category"]).as_dict()))
    assert told["programs"] == 1
    assert told["counted"].startswith("Programs: 1, each")
    assert told["by"]["skill_category"][0] == {"key": "culinary", "id": "Kuliner", "en": "Culinary", "programs": 1}


def test_what_programs_cannot_be_counted_by_is_refused(store):
    with pytest.raises(InputError, match="only by month, province"):
        count(store, ["weather"])
