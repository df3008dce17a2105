"""Every page, without a browser: whole, in both languages, with no script of its own, closed to forms of other sites."""

import html
import re

import pytest
from pages_client import OWN, PATHS, Elements, store_of
from pages_made import INJECTIONS


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
