"""The pages without a browser: what they show, what they refuse, what a correction leaves, and that nothing runs."""

import csv
import datetime as dt
import html
import io
import json
import re
import string
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pages_made import INJECTIONS, READER, fill, made, outcome, pages_app

import service.pages
from corpus.corrections import corrected
from corpus.stats import Bar
from corpus.store import Store
from corpus.store.accounts import kept
from extractor.gazetteers.regions import provinces
from service.api.filters import FilterQuery
from service.pages.charts import limits, outlines, shapes, timeline
from service.pages.review import review
from service.pages.texts import TEXTS, Words

OWN = {"origin": "http://testserver"}
PATHS = ("/", "/programs", "/programs?text=menjahit", "/try", "/runs", "/runs/1", "/articles/1", "/articles/62")
FOLDER = Path(service.pages.__file__).parent


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "store.sqlite"
    with Store.open(path) as store:
        fill(store)
    return path


@pytest.fixture
def client(filled, tmp_path):
    copy = tmp_path / "store.sqlite"
    copy.write_bytes(filled.read_bytes())
    with TestClient(pages_app(copy)) as running:
        yield running


@pytest.fixture
def reviewer(client):
    client.cookies.set("pembinaan_author", "Rina%20S.")
    return client


def store_of(client):
    return client.app.state.store


def correct(client, article=1, **form):
    record = kept(store_of(client), article)
    values = {"record_id": record.record_id, "program": 0} | form
    values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
    return client.post(f"/articles/{article}", data=values, headers=OWN, follow_redirects=False)


def value_of(client, slot, article=1):
    found = kept(store_of(client), article).record["programs"][0][slot]
    return found[0] if isinstance(found, list) else found


def standing(client, article=1):
    found = kept(store_of(client), article)
    return corrected(found.record["programs"], found.corrections)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


# ---- every page


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_in_both_languages(client, path, language):
    page = client.get(path, params={"lang": language} | ({"text": "menjahit"} if "text" in path else {}))
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    elements = Elements(page.text).found
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert sum(tag == "h1" for tag, _ in elements) <= 1
    labelled = {attributes.get("for") for tag, attributes in elements if tag == "label"}
    for tag, attributes in elements:
        if tag in {"input", "select", "textarea"} and attributes.get("type") != "hidden":
            assert attributes["id"] in labelled, attributes


@pytest.mark.parametrize("path", [*PATHS, "/articles/999", "/programs?skill_category=none"])
def test_a_page_allows_no_script_of_its_own_and_has_none(client, path):
    page = client.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    for tag, attributes in Elements(page.text).found:
        assert tag != "style"
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "action", "hx-get", "hx-post"):
            # Nothing is loaded from elsewhere, and no link runs anything.
            assert re.match(r"/(?!/)|[#?]|https?://|$", attributes.get(name) or ""), attributes


def test_nothing_is_loaded_from_elsewhere(client):
    for path in PATHS:
        for tag, attributes in Elements(client.get(path).text).found:
            if tag in {"script", "link", "img"}:
                assert (attributes.get("src") or attributes["href"]).startswith("/static/")


def test_hostile_articles_are_shown_as_they_are_written(client):
    for number, words in enumerate(INJECTIONS):
        article = 62 + number
        page = client.get(f"/articles/{article}").text
        assert html.escape(words, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
        tags = {tag for tag, _ in Elements(page).found}
        assert not tags & {"img", "svg", "iframe", "object"}
        assert "javascript:" not in " ".join(a.get("href") or "" for _, a in Elements(page).found)
    assert "49" not in re.findall(r"Warga Binaan ([^<]*)", client.get("/articles/67").text)[0]


def test_the_language_is_kept(client):
    assert "Program pelatihan" in client.get("/programs").text
    answer = client.get("/programs?lang=en")
    assert "Training programs" in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "Training programs" in client.get("/programs").text
    assert "Program pelatihan" in client.get("/programs?lang=xx").text


@pytest.mark.parametrize(
    "path", ["/articles/999", "/articles/x", f"/articles/{2**63}", "/runs/999", "/programs/none", "/runs?before=x"]
)
def test_what_is_not_there_is_said_in_a_page(client, path):
    page = client.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "Tidak ditemukan" in page.text


def test_scripts_are_small_and_kept_by_the_browser(client):
    names = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text)
    assert len(names) == 5
    sizes = {}
    for name in names:
        file = client.get(name)
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]
        sizes[name] = len(file.content)
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= 60_000
    assert client.get("/static/000000000000/pages.js").status_code == 404
    assert client.get("/static/x/../texts.toml").status_code == 404


# ---- forms of other sites


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:81"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "http://["},
    ],
)
@pytest.mark.parametrize("path", ["/articles/1", "/author", "/try"])
def test_a_form_of_another_site_changes_nothing(reviewer, headers, path):
    form = {"record_id": 1, "program": 0, "slot": "program", "action": "reject", "author": "Jahat", "article": 1}
    answer = reviewer.post(path, data=form | {"source": "x"}, headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert not list(store_of(reviewer).corrections())


def test_a_form_of_ours_is_known_by_its_origin_or_by_what_the_browser_says(reviewer):
    for headers in (OWN, {"sec-fetch-site": "same-origin", "origin": "null"}):
        assert reviewer.post("/try", data={"source": "Judul\n\nTeks"}, headers=headers).status_code == 200


# ---- the article


def test_an_article_shows_each_value_with_its_words(client):
    page = client.get("/articles/1").text
    elements = Elements(page).found
    values = {a["id"] for tag, a in elements if tag == "li" and a.get("class", "").startswith("value")}
    marks = [a for tag, a in elements if tag == "mark"]
    assert len(values) == 6
    assert {i for mark in marks for i in mark["data-values"].split()} == values
    for mark in marks:
        assert mark["class"].split()[0] in {"facility", "date", "partners", "instructors", "skills", "participants"}
    text = kept(store_of(client), 1).record["article"]["text"]
    for tag, attributes in elements:
        if tag in {"mark", "span"} and attributes.get("data-field") == "text":
            assert text[int(attributes["data-at"])] != "\n"
    assert re.search(r"keyakinan \d+ %", page)


def test_accepting_editing_and_rejecting_are_kept_with_author_and_time(reviewer):
    skill = value_of(reviewer, "skills")
    before = dt.datetime.now(dt.UTC)
    answer = correct(reviewer, slot="skills", action="accept", before=skill, back="v0-skills-0")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/articles/1#v0-skills-0"
    new = {"name": "menjahit", "category": "textile_craft", "note": "nama pendek"}
    assert correct(reviewer, slot="skills", action="edit", before=skill, **new).status_code == 303
    partner = value_of(reviewer, "partners")
    assert correct(reviewer, slot="partners", action="reject", before=partner).status_code == 303
    said = list(store_of(reviewer).corrections(kept(store_of(reviewer), 1).record_id))
    assert [(one["slot"], one["action"]) for one in said] == [
        ("skills", "accept"), ("skills", "edit"), ("partners", "reject"),
    ]  # fmt: skip
    assert {one["author"] for one in said} == {"Rina S."}
    assert all(before <= one["at"] <= dt.datetime.now(dt.UTC) for one in said)
    assert said[1]["note"] == "nama pendek"
    program = standing(reviewer)[0]
    assert (program["skills"][0]["name"], program["skills"][0]["category"]) == ("menjahit", "textile_craft")
    assert program["skills"][0]["evidence"][0]["text"] == "menjahit kemeja"
    assert program["partners"] == []
    page = reviewer.get("/articles/1").text
    assert "diubah, oleh Rina S." in page
    assert "salah, oleh Rina S." in page
    assert "nama pendek" in page


def test_what_was_rejected_can_be_brought_back(reviewer):
    partner = value_of(reviewer, "partners")
    correct(reviewer, slot="partners", action="reject", before=partner)
    assert correct(reviewer, slot="partners", action="add", before=partner).status_code == 303
    assert standing(reviewer)[0]["partners"][0]["name"] == partner["name"]
    page = reviewer.get("/articles/1").text
    assert page.count('id="v0-partners-') == 1
    assert "ditambahkan, oleh Rina S." in page
    facility = value_of(reviewer, "facility")
    correct(reviewer, slot="facility", action="reject", before=facility)
    assert correct(reviewer, slot="facility", action="add", before=facility).status_code == 303
    assert standing(reviewer)[0]["facility"]["name"] == facility["name"]


def test_a_value_is_added_by_words_and_by_a_selection(reviewer):
    added = correct(reviewer, slot="instructors", action="add", words="kepala lapas", title="Kalapas")
    assert added.status_code == 303
    text = kept(store_of(reviewer), 1).record["article"]["text"]
    at = text.rindex("Kegiatan ini")  # behind a sign of two halves in a browser
    added = correct(
        reviewer, slot="skills", action="add", words="Kegiatan ini", at=at, field="text", category="other", name=""
    )
    assert added.status_code == 303
    program = standing(reviewer)[0]
    assert program["instructors"][1]["name"] == "kepala lapas"
    proof = program["skills"][1]["evidence"][0]
    assert (proof["start"], proof["text"]) == (at, "Kegiatan ini")
    page = reviewer.get("/articles/1").text
    assert f'data-at="{at}"' in page


def test_a_program_that_was_missed_is_added_and_one_that_is_none_rejected(reviewer):
    record = kept(store_of(reviewer), 1).record_id
    form = {"record_id": record, "slot": "skills", "action": "add", "words": "bekerja", "category": "other"}
    assert reviewer.post("/articles/1", data=form, headers=OWN, follow_redirects=False).status_code == 303
    assert correct(reviewer, slot="program", action="reject").status_code == 303
    first, second = standing(reviewer)
    assert first is None
    assert second["skills"][0]["name"] == "bekerja"
    page = reviewer.get("/articles/1").text
    assert "Program 2" in page
    assert 'class="program rejected"' in page


def test_a_record_is_accepted_as_a_whole(reviewer):
    form = {"record_id": kept(store_of(reviewer), 1).record_id, "slot": "record", "action": "accept"}
    assert reviewer.post("/articles/1", data=form, headers=OWN, follow_redirects=False).status_code == 303
    assert "Seluruh catatan benar" in reviewer.get("/articles/1").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"slot": "skills", "action": "add", "words": "tidak ada"}, "tidak ada di judul atau teks"),
        ({"slot": "skills", "action": "add", "words": " "}, "Tulis kata-kata artikel"),
        ({"slot": "skills", "action": "accept", "before": {"name": "memasak"}}, "before is no value"),
        ({"slot": "skills", "action": "accept", "before": "["}, "before is no value"),
        ({"slot": "skills", "action": "accept", "before": "[" * 50_000}, "before is no value"),
        ({"slot": "date", "action": "add", "words": "bekerja"}, "start"),
        ({"slot": "skills", "action": "add", "words": "bekerja", "category": "<b>"}, "category"),
        ({"slot": "program", "action": "reject", "program": 7}, "position 7"),
        ({"slot": "program", "action": "reject", "record_id": 2}, "dibaca ulang"),
    ],
)
def test_a_correction_that_does_not_fit_is_told_on_the_page(reviewer, form, told):
    answer = correct(reviewer, **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert told in answer.text
    assert not list(store_of(reviewer).corrections())


def test_a_correction_needs_a_name(client):
    skill = value_of(client, "skills")
    assert "Tulis nama Anda dahulu" in correct(client, slot="skills", action="accept", before=skill).text
    client.post("/author", data={"author": " Budi <b> ", "article": 1}, headers=OWN)
    assert 'value="Budi &lt;b&gt;"' in client.get("/articles/1").text
    assert correct(client, slot="skills", action="accept", before=skill).status_code == 303
    assert next(iter(store_of(client).corrections()))["author"] == "Budi <b>"


def test_reviewing_says_the_same_as_the_corrections(reviewer):
    skill, date = value_of(reviewer, "skills"), value_of(reviewer, "date")
    correct(reviewer, slot="skills", action="add", words="bekerja", category="other")
    correct(reviewer, slot="skills", action="edit", before=skill, name="menjahit", category="other")
    correct(reviewer, slot="skills", action="reject", before={"name": "menjahit", "category": "other", "isco": None})
    correct(reviewer, slot="date", action="edit", before=date, start="2025-01-01", end="2025-01-31", precision="month")
    found = kept(store_of(reviewer), 1)
    (shown,) = review(found.record["programs"], found.corrections)
    (left,) = corrected(found.record["programs"], found.corrections)
    for slot, values in shown.slots.items():
        stands = [one.value for one in values if one.stands]
        assert stands == (left[slot] if isinstance(left[slot], list) else [left[slot]])


# ---- programs


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


# ---- try it, overview, runs


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


# ---- words and pictures


def test_every_text_that_a_page_asks_for_is_there_and_every_one_there_is_asked_for():
    sources = [path.read_text("utf-8") for path in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html"))]
    named = set().union(*(re.findall(r'"([a-z_]+\.[a-z_]+)"', text) for text in sources))
    begun = set().union(*(re.findall(r'["\']([a-z_]+\.(?:[a-z]+_)?)["\'{]', text) for text in sources))
    dynamic = {
        f"{section}."
        for section in ("slot", "field", "state", "action", "programs", "runs", "overview", "nav", "cause")
    }
    unused = {key for key in TEXTS if key not in named and not any(key.startswith(d) for d in dynamic | begun)}
    assert not unused
    sections = {key.partition(".")[0] for key in TEXTS}
    assert not {
        key
        for key in named
        if key.partition(".")[0] in sections
        and key not in TEXTS
        and not key.endswith("_")
        and not re.search(r"\.(html|py|toml|css|js|csv)$", key)
    }


def test_both_languages_fill_in_the_same_parts():
    for key, (indonesian, english) in TEXTS.items():
        parts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (indonesian, english)]
        assert parts[0] == parts[1], key


def test_days_and_numbers_are_written_as_each_language_does():
    indonesian, english = Words("id"), Words("en")
    assert (indonesian.number(1234567), english.number(1234567)) == ("1.234.567", "1,234,567")
    assert indonesian.days("2025-05-01", "2025-05-31", "month") == "Mei 2025"
    assert english.days("2025-05-01", "2025-05-03", "day") == "1 May 2025 – 3 May 2025"
    assert english.day("kemarin") == "kemarin"


def test_the_map_has_every_province_and_is_small():
    assert {name for name, _ in outlines()} == set(provinces())
    assert (FOLDER / "map/provinces.geojson").stat().st_size < 150_000


def test_shades_part_the_provinces_evenly():
    drawn = shapes({name: n for n, name in enumerate(provinces())})
    assert [shade for shade, _, _ in limits(drawn)] == [1, 2, 3, 4, 5]
    assert sum(shape.shade == 0 for shape in drawn) == 1
    assert {shape.shade for shape in shapes({"Aceh": 4})} == {0, 1}


def test_a_long_timeline_is_by_year():
    bars = [Bar(f"{2000 + n // 12}-{n % 12 + 1:02}", "", "", 2) for n in range(132)]
    assert [column.key for column in timeline(bars)] == [str(2000 + n) for n in range(11)]
    assert len(timeline(bars[:120])) == 120
    assert timeline([Bar(None, "", "", 3)]) == []
