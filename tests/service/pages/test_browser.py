"""The pages in a real browser, over a real server process: what a person does with the mouse, by keyboard, on a phone.

Pictures of every page stay in .work/screens.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from pages_made import INJECTIONS

from corpus.store import Store
from corpus.store.accounts import kept
from corpus.store.tables import Fused

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no browser: pip install playwright axe-playwright-python"
)
CHROMIUM = os.environ.get("PEMBINAAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: apt-get install chromium, or name one by PEMBINAAN_CHROMIUM"
)
SCREENS = Path(__file__).parents[3] / ".work" / "screens"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGES = {
    "overview": "/", "programs": "/programs", "filtered": "/programs?text=menjahit", "try": "/try", "runs": "/runs",
    "run": "/runs/1", "article": "/articles/2", "hostile": "/articles/62", "missing": "/articles/9999",
    "program": "/programs/FUSED",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run the service in a process of its own; give its address and its store's path."""
    folder = tmp_path_factory.mktemp("browser")
    path, log = folder / "store.sqlite", folder / "log"
    command = [sys.executable, str(Path(__file__).with_name("pages_made.py")), str(path)]
    root = str(Path(__file__).parents[3])
    with (
        log.open("w") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | {"PYTHONPATH": root}) as process,
    ):
        try:
            deadline = time.monotonic() + 60
            while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))):
                assert time.monotonic() < deadline, log.read_text("utf-8")[-2000:]
                assert process.poll() is None, log.read_text("utf-8")[-2000:]
                time.sleep(0.1)
            yield found[0], path
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, server):
    """Return what opens a page; at the end nothing may have gone wrong in it, and nothing asked for elsewhere."""
    contexts, wrong = [], []

    def opened(path="/", *, name="Rina", **options):
        context = (
            chromium.new_context(base_url=server[0], viewport={"width": 1280, "height": 800}, **options)
            if "viewport" not in options
            else chromium.new_context(base_url=server[0], **options)
        )
        if name:
            context.add_cookies([{"name": "pembinaan_author", "value": name, "url": server[0]}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda message: (
                wrong.append(message.text)
                if message.type == "error" and "responded with a status of" not in message.text
                else None
            ),
        )
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(server[0]) else None)
        contexts.append(context)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


def corrections(server, article):
    with Store.open(server[1]) as store:
        return [(one["slot"], one["action"], one["author"]) for one in kept(store, article).corrections]


def fused_key(server):
    with Store.open(server[1]) as store, store.reading() as connection:
        return connection.scalar(sa.select(Fused.key).order_by(Fused.sources.desc()))


def select(page, words, within=".body"):
    """Select words of the article as a mouse would."""
    page.evaluate(
        """([words, within]) => {
            const walker = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const start = walker.currentNode.data.indexOf(words);
                if (start < 0) continue;
                document.getSelection().setBaseAndExtent(walker.currentNode, start, walker.currentNode, start + words.length);
                return;
            }
        }""",
        [words, within],
    )


# ---- flows


def test_from_the_map_to_the_programs_of_a_province(open_page):
    page = open_page("/")
    link = page.locator(".map a[aria-label*='Jawa Tengah']")
    number = int(re.search(r": (\d+)", link.get_attribute("aria-label"))[1])
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/programs?province=Jawa+Tengah")
    assert page.locator("table.programs tbody tr").count() == number > 0
    assert page.locator(".chips").get_by_text("Jawa Tengah").is_visible()


def test_searching_narrows_without_loading_the_page_anew(open_page):
    page = open_page("/programs")
    page.evaluate("window.same = true")
    page.get_by_label("Cari", exact=True).fill("dimsum")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**text=dimsum**")
    playwright.expect(page.locator("table.programs tbody tr").first).to_contain_text("dimsum")
    page.get_by_label("Urutkan").select_option("largest")
    page.wait_for_url("**sort=largest**")
    counts = [int(text) for text in page.locator("td[data-label='Peserta']").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert page.evaluate("window.same")
    page.reload()
    assert page.get_by_label("Cari", exact=True).input_value() == "dimsum"
    page.go_back()
    playwright.expect(page.locator("table.programs tbody tr").first).to_be_visible()


def test_facets_narrow_and_are_taken_back(open_page):
    page = open_page("/programs")
    facet = page.locator(".facets section", has_text="Bidang keterampilan").locator("li").first
    number = int(facet.locator("span").inner_text())
    facet.locator("a").click()
    playwright.expect(page.get_by_role("status")).to_have_text(f"{number} program")
    page.locator(".chips a").first.click()
    playwright.expect(page.get_by_role("status")).to_have_text("69 program")


def test_pages_follow_one_another(open_page):
    page = open_page("/programs?sort=oldest")
    first = page.locator("table.programs tbody tr").count()
    page.get_by_role("link", name="Halaman berikut").click()
    playwright.expect(page.get_by_role("link", name="Halaman pertama")).to_be_visible()
    assert first + page.locator("table.programs tbody tr").count() == 69


def test_what_is_shown_is_downloaded_as_csv(open_page, tmp_path):
    page = open_page("/programs?skill_category=culinary")
    shown = int(page.get_by_role("status").inner_text().split()[0])
    with page.expect_download() as loading:
        page.get_by_role("link", name="Unduh CSV").click()
    loading.value.save_as(tmp_path / "programs.csv")
    with (tmp_path / "programs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == shown
    assert all("culinary" in row["skill_categories"] for row in rows)


def test_a_value_and_its_words_light_up_together(open_page):
    page = open_page("/articles/3")
    value, mark = page.locator("#v0-partners-0"), page.locator("mark.partners")
    value.hover()
    playwright.expect(mark).to_have_class(re.compile(r"\blit\b"))
    page.locator("h1").hover()
    playwright.expect(mark).not_to_have_class(re.compile(r"\blit\b"))
    mark.hover()
    playwright.expect(value).to_have_class(re.compile(r"\blit\b"))
    assert page.locator("#v0-skills-0").get_attribute("class") == "value read"


def test_an_article_is_reviewed_by_keyboard_alone(open_page, server):
    page = open_page("/articles/4")
    page.locator("#v0-facility-0").focus()
    page.keyboard.press("a")
    playwright.expect(page.locator("#v0-facility-0")).to_have_class(re.compile("accepted"))
    playwright.expect(page.locator("#v0-facility-0")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    playwright.expect(page.locator("#v0-partners-0")).to_be_focused()
    page.keyboard.press("r")
    playwright.expect(page.locator("#v0-partners-0")).to_have_class(re.compile("rejected"))
    playwright.expect(page.locator("#v0-partners-0")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("e")
    playwright.expect(page.locator("#e-v0-instructors-0-name")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Raja Ali")  # a, e, r and j are letters here
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#v0-instructors-0 b")).to_have_text("Raja Ali")
    assert corrections(server, 4) == [
        ("facility", "accept", "Rina"), ("partners", "reject", "Rina"), ("instructors", "edit", "Rina"),
    ]  # fmt: skip


def test_escape_leaves_a_form_and_k_goes_back(open_page):
    page = open_page("/articles/5")
    page.locator("#v0-date-0").focus()
    page.keyboard.press("e")
    playwright.expect(page.locator("#e-v0-date-0-start")).to_be_focused()
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#v0-date-0")).to_be_focused()
    page.keyboard.press("k")
    playwright.expect(page.locator("#v0-facility-0")).to_be_focused()


def test_selected_words_become_a_value(open_page, server):
    page = open_page("/articles/6")
    page.evaluate("window.same = true")
    select(page, "Kegiatan ini")  # behind a sign that a browser counts as two
    bar = page.locator("#selection")
    playwright.expect(bar).to_contain_text("Kegiatan ini")
    bar.get_by_role("button", name="Keterampilan").click()
    playwright.expect(page.locator("#a0-skills-name")).to_have_value("Kegiatan ini")
    page.locator("#a0-skills-category").select_option("digital_it")
    page.locator("details.add[data-slot=skills][data-program='0'] button").click()
    playwright.expect(page.locator("#v0-skills-1 b")).to_have_text("Kegiatan ini")
    playwright.expect(page.locator("mark.skills", has_text="Kegiatan ini")).to_be_visible()
    assert page.evaluate("window.same")
    assert corrections(server, 6) == [("skills", "add", "Rina")]


def test_without_a_name_nothing_is_corrected(open_page, server):
    page = open_page("/articles/7", name=None)
    page.locator("#v0-skills-0").get_by_role("button", name="Benar").click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("Tulis nama Anda")
    assert corrections(server, 7) == []
    page.get_by_label("Nama Anda").fill("Budi")
    page.get_by_label("Nama Anda").press("Enter")
    page.locator("#v0-skills-0").get_by_role("button", name="Benar").click()
    playwright.expect(page.locator("#v0-skills-0 .state")).to_have_text("benar, oleh Budi")
    assert corrections(server, 7) == [("skills", "accept", "Budi")]


def test_a_text_is_tried_and_kept(open_page):
    page = open_page("/try")
    page.get_by_label("Alamat atau teks").fill("Judul\n\nTeks")
    page.get_by_role("button", name="Baca").click()
    playwright.expect(page.locator("mark").first).to_be_visible()
    assert page.get_by_role("button", name="Benar").count() == 0
    page.get_by_text("Catatan sebagai JSON").click()
    assert json.loads(page.locator("pre").inner_text())["schema_version"]
    page.get_by_label("Simpan, supaya").check()
    page.get_by_role("button", name="Baca").click()
    playwright.expect(page.get_by_role("button", name="Semua catatan ini benar")).to_be_visible()


def test_what_cannot_be_read_is_said(open_page):
    page = open_page("/try")
    page.get_by_label("Alamat atau teks").fill("https://rusak.example/berita")
    page.get_by_role("button", name="Baca").click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("Situs terlalu lambat")
    assert page.get_by_label("Alamat atau teks").input_value() == "https://rusak.example/berita"


def test_a_program_shows_who_says_what(open_page, server):
    page = open_page(f"/programs/{fused_key(server)}?lang=en")
    playwright.expect(page.get_by_text("Sources disagree")).to_be_visible()
    page.locator("details", has_text="2 votes").first.locator("summary").click()
    page.locator(".votes a").first.click()
    assert re.search(r"#source-\d$", page.url)
    page.get_by_role("link", name="Review the article").first.click()
    playwright.expect(page.locator("mark").first).to_be_visible()


def test_the_language_changes_and_stays(open_page):
    page = open_page("/programs?text=menjahit")
    page.get_by_role("link", name="English").click()
    playwright.expect(page.locator("h1")).to_have_text("Training programs")
    assert page.get_by_label("Search", exact=True).input_value() == "menjahit"
    page.get_by_role("link", name="Runs").click()
    playwright.expect(page.locator("h1")).to_have_text("Runs and errors")
    assert page.locator("html").get_attribute("lang") == "en"


def test_errors_of_a_run_are_narrowed_to_a_cause(open_page):
    page = open_page("/runs")
    page.get_by_role("link", name="arsip 2023–2025.jsonl").click()
    assert page.locator("table.errors tbody tr").count() == 2
    page.get_by_role("link", name="Situs terlalu lambat").click()
    playwright.expect(page.locator("table.errors tbody tr")).to_have_count(1)


def test_everything_needed_works_without_a_script(open_page, server):
    page = open_page("/programs", java_script_enabled=False)
    page.get_by_label("Cari", exact=True).fill("batik")
    page.get_by_role("button", name="Terapkan").click()
    page.locator("td[data-label='Artikel'] a").first.click()
    number = int(page.url.rpartition("/")[2])
    page.locator("#v0-skills-0").get_by_role("button", name="Benar").click()
    assert page.locator("#v0-skills-0 .state").inner_text() == "benar, oleh Rina"
    page.locator("details.add[data-slot=skills] summary").first.click()
    page.locator("#a0-skills-words").fill("antusias")
    page.locator("details.add[data-slot=skills] button").first.click()
    assert page.locator("#v0-skills-1 b").inner_text() == "antusias"
    assert [one[:2] for one in corrections(server, number)] == [("skills", "accept"), ("skills", "add")]
    page.goto("/try")
    page.get_by_label("Alamat atau teks").fill("Judul\n\nTeks")
    page.get_by_role("button", name="Baca").click()
    assert page.locator("mark").first.is_visible()


def test_hostile_articles_do_nothing(open_page):
    for number in range(len(INJECTIONS)):
        page = open_page(f"/articles/{62 + number}")
        page.locator("mark").first.hover()
        page.locator("#v0-skills-0").focus()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hacked") is None
        assert page.url.endswith(f"/articles/{62 + number}")
        page.locator("#v0-skills-0").get_by_role("button", name="Benar").click()
        playwright.expect(page.locator("#v0-skills-0")).to_have_class(re.compile("accepted"))
        page.goto("/programs?text=jahat")
        assert page.evaluate("window.hacked") is None
        page.close()


def test_a_form_of_another_site_is_refused(chromium, server):
    context = chromium.new_context()
    page = context.new_page()
    # Another port of this machine is another site's page to the browser, and the cookie goes along with it.
    page.route("http://elsewhere.example/", lambda route: route.fulfill(
        content_type="text/html",
        body=f"<form method=post action='{server[0]}/author'><input name=author value=Jahat><input name=article value=1></form><script>document.forms[0].submit()</script>",
    ))  # fmt: skip
    page.goto("http://elsewhere.example/")
    page.wait_for_url("**/author")
    assert "situs lain" in page.locator("main").inner_text()
    assert not context.cookies(server[0])
    context.close()


# ---- every page, as it looks


@pytest.mark.parametrize("look", ["laptop", "dark", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_finding(open_page, server, name, look):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe: pip install axe-playwright-python"
    )
    options = {
        "laptop": {},
        "dark": {"color_scheme": "dark"},
        "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    }[look]
    page = open_page(PAGES[name].replace("FUSED", fused_key(server)), **options)
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENS / f"{name}-{look}.png"), full_page=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
