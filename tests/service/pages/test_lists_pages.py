"""Programs, overview, runs and the trial, without a browser."""

import csv
import html
import io
import re

import pytest
from fastapi.testclient import TestClient
from pages_client import OWN, Elements, correct
from pages_made import READER, made, outcome, pages_app

from corpus.store import Store
from service.api.filters import FilterQuery


def test_filters_narrow_the_table_and_the_numbers(client):
    page = client.get("/programs?skill_category=culinary&lang=en").text
    rows = re.findall(r'<th scope="row">', page)
    assert f"{len(rows)} programs" in page
    assert 'aria-label="Remove the filter Field of skill"' in page
    assert len(rows) < 50


def test_every_filter_has_its_name_and_can_be_taken_back(client):
    given = {
        "facility": "lapas", "facility_id": "x", "facility_type": "lapas", "province": "Bali", "partner": "a",
        "skill_category": "culinary", "partner_kind": "ngo", "instructor": "b", "since": "2024-01-01",
        "until": "2024-12-31", "min_confidence": "0.5", "text": "c",
    }  # fmt: skip
    assert set(given) == set(FilterQuery.model_fields)
    page = client.get("/programs", params=given)
    assert page.status_code == 200
    assert page.text.count("Hapus saringan") == len(given) - 1  # the words stand in their own field
    hidden = {a["name"] for tag, a in Elements(page.text).found if tag == "input" and a.get("type") == "hidden"}
    assert hidden == {"facility_id", "facility_type", "province", "skill_category", "partner_kind"}


def test_every_order_gives_each_program_once(client):
    expected = None
    for order in ("newest", "oldest", "surest", "least_sure", "largest", "facility_name"):
        found, path = [], f"/programs?sort={order}"
        while path:
            page = client.get(path).text
            found += re.findall(r'<a href="(/articles/\d+)">', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            path = following and html.unescape(following[1])
        expected = expected or sorted(found)
        assert sorted(found) == expected
        assert len(found) == 69


def test_a_filter_that_cannot_be_is_told_and_left_out(client):
    page = client.get("/programs?skill_category=sihir&since=kemarin&text=menjahit")
    assert page.status_code == 422
    assert "Sejak, Bidang keterampilan" in page.text
    assert "menjahit" in page.text
    assert client.get("/programs?after=abc").status_code == 422
    assert client.get(f"/programs?text={'x' * 500}").status_code == 422
    assert client.get("/programs.csv?skill_category=sihir").status_code == 422


def test_the_csv_has_what_the_filter_lets_through_in_order_and_no_formulas(client):
    answer = client.get("/programs.csv?sort=largest")
    assert answer.headers["content-disposition"] == 'attachment; filename="programs.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 69
    counts = [int(row["participants"]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    few = client.get("/programs.csv?text=dimsum").text
    assert 0 < few.count("\r\n") - 1 < 20
    assert client.get("/programs.csv?text=zeppelin").text.count("\r\n") == 1


def test_a_long_csv_is_one_table(client, monkeypatch):
    monkeypatch.setattr("service.pages.programs._AT_ONCE", 7)
    monkeypatch.setattr("service.pages.listing._CHUNK", 10)
    whole = client.get("/programs.csv").content
    assert whole.count(b"\xef\xbb\xbf") == 1
    assert len(list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))) == 69


def test_a_fused_program_has_its_sources_votes_and_conflicts(client):
    page = client.get(f"/programs/{made(0).programs[0].key}").text
    assert "Diberitakan 2 artikel" in page
    assert "Sumber berbeda pendapat" in page
    assert "99" in page
    assert page.count('id="source-') == 2
    assert page.count("Periksa artikel") == 2


def test_a_program_that_was_not_fused_says_so(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        store.save(store.begin_run("batch", "x", READER), [(0, outcome(made(3), 3))], READER)
    with TestClient(pages_app(tmp_path / "store.sqlite")) as client:
        assert "pembinaan fuse" in client.get(f"/programs/{made(3).programs[0].key}").text


def test_a_text_is_read_and_shown_and_not_kept(client):
    articles = client.get("/articles/70").status_code
    answer = client.post("/try", data={"source": "Judul\r\n\r\nTeks"}, headers=OWN)
    assert answer.status_code == 200
    assert "<mark" in answer.text
    assert "&#34;schema_version&#34;" in answer.text
    assert 'action="/articles' not in answer.text
    assert client.get("/articles/70").status_code == articles == 404


def test_a_text_that_is_kept_can_be_corrected(client):
    answer = client.post("/try", data={"source": "Judul\n\nTeks", "keep": "true"}, headers=OWN)
    assert re.search(r"/articles/\d+$", str(answer.url))
    assert 'action="/articles/' in answer.text


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"source": " "}, 422, "Tempelkan alamat atau teks dahulu"),
        ({"source": "https://rusak.example/x"}, 504, "Situs terlalu lambat"),
        ({"source": "x", "published": "2025-02-31"}, 422, "tidak dapat dibaca"),
        ({"source": "x", "published": "kemarin"}, 422, "Tidak berhasil"),
    ],
)
def test_what_cannot_be_read_is_said(client, form, status, told):
    answer = client.post("/try", data=form, headers=OWN)
    assert answer.status_code == status
    assert told in answer.text


def test_what_narrows_is_counted_beside_the_page_and_in_it_where_a_link_asks(client):
    counted = client.get("/facets?facility_type=lapas").text
    page = client.get("/programs?facility_type=lapas").text
    assert 'hx-get="/facets?facility_type=lapas"' in page
    assert counted.strip() not in page
    assert counted.strip() in client.get("/programs?facility_type=lapas&facets=1").text.replace("&amp;facets=1", "")
    total = int(re.search(r"(\d+) program", page)[1])
    provinces_of = re.search(r"<h2>Provinsi</h2>(.*?)</section>", counted, re.DOTALL)[1]
    assert sum(int(number) for number in re.findall(r"<span>(\d+)</span>", provinces_of)) == total


def test_the_overview_counts_and_links(client):
    page = client.get("/").text
    assert re.search(r"artikel</dt><dd>69<", page)
    links = re.findall(r'<a href="(/programs\?[^"]+)" aria-label="([^"]+)"', page)
    assert len(links) == 38
    most = max(links, key=lambda link: int(re.search(r": (\d+) program", link[1])[1]))
    number = re.search(r": (\d+) program", most[1])[1]
    assert int(number) > 1
    assert client.get(html.unescape(most[0])).status_code == 200


def test_the_overview_is_made_anew_when_the_store_changes(reviewer):
    assert re.search(r"koreksi</dt><dd>0<", reviewer.get("/").text)
    correct(reviewer, slot="program", action="reject")
    assert re.search(r"koreksi</dt><dd>1<", reviewer.get("/").text)


def test_an_empty_store_says_what_to_do(tmp_path):
    with TestClient(pages_app(tmp_path / "store.sqlite")) as client:
        assert "pembinaan batch" in client.get("/").text
        assert "Belum ada proses" in client.get("/runs").text
        assert "Longgarkan" in client.get("/programs").text


def test_runs_say_what_failed_and_why(client):
    assert "arsip 2023–2025.jsonl" in client.get("/runs").text
    page = client.get("/runs/1").text
    assert "Situs terlalu lambat" in page
    assert "baris 77 &lt;script&gt;" in page
    assert "baris 77" not in client.get("/runs/1?code=timeout").text
    assert 'hx-trigger="every' in client.get("/runs/2").text  # it still runs
