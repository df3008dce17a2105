"""/v1/programs, /v1/articles, /v1/corrections and /v1/stats over a real store."""

import csv
import datetime as dt
import io
import urllib.parse

import psycopg
import pytest
from fastapi.testclient import TestClient
from made_records import TEXT, make_program, make_record
from made_service import made_app

from corpus.corrections import annotated
from corpus.documents import Outcome
from corpus.fusion.model import FusedProgram
from corpus.fusion.step import fuse_store
from corpus.store import Store
from extractor.schema import ArticleRecord, Instructor, Program

READER = "0.2.0+1.0.1"
FORMULA = '=HYPERLINK("http://evil.example")'
SKILL = {"name": "membuat dimsum", "category": "culinary", "isco": None}


def save(place, records):
    with Store.open(place) as store:
        run = store.begin_run("batch", "in", READER)
        outcomes = [(n, Outcome(f"d{n}", f"{n:064x}", record)) for n, record in enumerate(records)]
        store.save(run, outcomes, READER)


def fill(place):
    proof = [{"field": "text", "start": 0, "end": 8, "text": TEXT[:8], "method": "rule"}]
    hostile = make_program(900, instructors=[Instructor(name=FORMULA, confidence=0.9, evidence=proof)])
    save(place, [*(make_record(n) for n in range(30)), make_record(900, [make_program(900), hostile])])
    return place


@pytest.fixture
def place(tmp_path):
    return fill(str(tmp_path / "store.sqlite"))


@pytest.fixture
def own(place):
    """A client of a store that the test may write to."""
    with TestClient(made_app(place), raise_server_exceptions=False) as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def client(request, tmp_path_factory):
    """A client of a store that no test writes to."""
    place = str(tmp_path_factory.mktemp("read") / "store.sqlite")
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE programs_api")
        place = server.replace("/postgres?", "/programs_api?")
    with TestClient(made_app(fill(place)), raise_server_exceptions=False) as running:
        yield running


def assert_problem(response, status, code):
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_pages_have_every_program_once_while_others_come(own, place):
    got, query = [], {"size": 7}
    while True:
        response = own.get("/v1/programs", params=query)
        page = response.json()
        got += [(p["day"], p["article"]["url"], p["position"]) for p in page["programs"]]
        for program in page["programs"]:
            Program.model_validate(program["program"])
        if len(got) == 7:
            save(place, [make_record(2000 + n, [make_program(2000)]) for n in range(5)])  # newer ones, before these
        if page["next"] is None:
            assert "link" not in response.headers
            break
        link = response.headers["link"]
        assert link.endswith('>; rel="next"')
        assert urllib.parse.parse_qs(urllib.parse.urlsplit(link[1:].partition(">")[0]).query)["after"] == [page["next"]]
        query["after"] = page["next"]
    assert len(got) == len(set(got)) == 32
    assert [day for day, *_ in got] == sorted((day for day, *_ in got), reverse=True)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"facility": "rutan sukamaju"}, 32),
        ({"facility_id": "rutan-kelas-iib-sukamaju", "facility_type": "rutan", "province": "Jawa Barat"}, 32),
        ({"province": "Bali"}, 0),
        ({"skill_category": "culinary", "partner": "disnaker", "partner_kind": "government"}, 32),
        ({"instructor": "dewi"}, 31),
        ({"since": "2025-10-20", "until": "2025-10-22"}, 3),
        ({"text": "belajar dimsum", "min_confidence": 0.9}, 32),
        ({"min_confidence": 0.93}, 0),
    ],
)
def test_filters(client, query, number):
    assert len(client.get("/v1/programs", params={"size": 100, **query}).json()["programs"]) == number
    assert client.get("/v1/stats", params={"by": "month", **query}).json()["accounts"] == number


@pytest.mark.parametrize("how", [{"params": {"format": "csv", "size": 2}}, {"headers": {"accept": "text/csv"}}])
def test_csv_is_what_an_export_has_and_no_formula(client, how):
    response = client.get("/v1/programs", **how)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    hostile, plain = rows[:2]
    assert hostile["instructors"] == f"'{FORMULA}"
    assert (hostile["program"], plain["program"]) == ("2", "1")
    assert (plain["id"], plain["skills"]) == ("https://kabar.example/900", "membuat dimsum; menjahit")
    assert plain["pipeline_version"]
    if "params" in how:
        assert len(rows) == 2
        assert 'rel="next"' in response.headers["link"]


@pytest.mark.parametrize(
    "query",
    [
        "size=0", "size=1001", "size=x", "after=x", "after=2025-10-13.99999999999999999999", "after=2025-13-13.1",
        "since=kemarin", "min_confidence=nan", "min_confidence=1.1", "facility_type=castle", "skill_category=magic",
        "facility=" + "x" * 201, "strange=1", "format=xml",
    ],
)  # fmt: skip
def test_what_no_program_can_be_asked_for_by(client, query):
    assert client.get(f"/v1/programs?{query}").status_code == 422


@pytest.mark.parametrize("name", ["facility", "facility_id", "province", "partner", "instructor", "text"])
@pytest.mark.parametrize("words", ["\0", "%", "' OR 1=1 --", "\u202e", "||", "\\", "_", "é" * 200])
def test_hostile_words_are_words(client, name, words):
    for path in ("programs", "stats"):
        assert client.get(f"/v1/{path}", params={name: words}).status_code == 200


def test_a_program_by_its_key_before_and_after_fusion(own, place):
    key = make_program(3).key
    before = own.get(f"/v1/programs/{urllib.parse.quote(key, safe='')}").json()
    assert (before["key"], before["fused"]) == (key, None)
    assert [account["article"]["url"] for account in before["accounts"]] == ["https://kabar.example/3"]
    with Store.open(place) as store:
        fuse_store(store)
    page = own.get("/v1/programs?size=1").json()["programs"][0]
    for one in (page["fused"], page["key"], key):
        after = own.get(f"/v1/programs/{one}").json()
        fused = FusedProgram.model_validate(after["fused"])
        assert len(fused.sources) == len(after["accounts"]) >= 1
        assert {account["fused"] for account in after["accounts"]} == {fused.key}
    for strange in ("nothing", "%00", "a/b", "x" * 1000, "%ff"):
        assert_problem(own.get(f"/v1/programs/{strange}"), 404, "not_found")
    assert own.get("/v1/programs/" + "x" * 1001).status_code == 422


def test_an_article_has_its_record_and_what_was_said_of_it(own, place):
    listed = own.get("/v1/programs?size=1").json()["programs"][0]
    found = own.get(f"/v1/articles/{listed['article_id']}").json()
    assert found["record_id"] == listed["record_id"]
    record = ArticleRecord.model_validate(found["record"])
    assert found["record"]["article"]["published"] == "2026-04-01"  # a day, as it was given
    assert record.article.text == make_record(900).article.text
    assert (found["address"], found["versions"], found["corrections"]) == ("https://kabar.example/900", 1, [])
    body = {"record_id": found["record_id"], "program": 0, "slot": "skills", "action": "accept", "before": SKILL}
    said = own.post("/v1/corrections", json=body | {"author": " Rina ", "note": "ya"})
    assert said.status_code == 201
    with Store.open(place) as store:  # what is said is there to train on at once
        assert [row["source_url"] for row in annotated(store)] == ["https://kabar.example/900"]
    assert (said.json()["author"], said.json()["note"]) == ("Rina", "ya")
    assert dt.datetime.fromisoformat(said.json()["at"]).tzinfo is not None
    assert own.get(f"/v1/articles/{listed['article_id']}").json()["corrections"] == [said.json()]
    assert_problem(own.get("/v1/articles/999999"), 404, "not_found")
    assert own.get("/v1/articles/0").status_code == 422


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"author": None}, 422),
        ({"author": "  "}, 422),
        ({"record_id": 10**6}, 404),
        ({"record_id": 2**63}, 422),
        ({"program": 10}, 422),
        ({"program": -1}, 422),
        ({"slot": "skill"}, 422),
        ({"action": "delete"}, 422),
        ({"before": "x"}, 422),
        ({"before": {"name": "\0"}}, 422),
        ({"before": {"name": ["x"] * 10}}, 422),
        ({"action": "edit", "after": {"name": "x", "evidence": [{"field": "text", "start": 0, "end": 1, "text": "x"}]}}, 422),
        ({"note": "x" * 2001}, 422),
        ({"at": "2020-01-01"}, 422),
    ],
)  # fmt: skip
def test_a_correction_that_does_not_fit(client, change, status):
    record = client.get("/v1/programs?size=1").json()["programs"][0]["record_id"]
    body = {"record_id": record, "program": 0, "slot": "skills", "action": "accept", "before": SKILL, "author": "R"}
    response = client.post("/v1/corrections", json=body | change)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_counts(client):
    answer = client.get("/v1/stats", params={"by": ["province", "skill_category"]}).json()
    assert (answer["programs"], answer["fused"]) == (32, False)
    assert answer["by"]["province"] == [{"key": "Jawa Barat", "id": "Jawa Barat", "en": "Jawa Barat", "programs": 32}]
    assert set(client.get("/v1/stats").json()["by"]) == {
        "month", "province", "facility", "facility_type", "skill_category", "partner_kind"
    }  # fmt: skip
    assert client.get("/v1/stats?by=magic").status_code == 422
