"""Pages of links to entries, the gate before fetching, and the list of sources."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.monitoring.entries import Entry
from corpus.monitoring.gate import promising
from corpus.monitoring.listing import read_links
from corpus.monitoring.sources import read_sources
from extractor.article.worker import ReadLimitError, SafeReader
from extractor.errors import InputError
from extractor.fetching import check_url

URL = "https://www.contoh.co.id/tag/lapas"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><link href="/gaya.css"></head><body>
<nav><a href="/">Beranda</a><a href="/kategori/nasional-dan-dunia-kita">Nasional</a><a href="/tag/lapas?page=2">2</a>
<a href="/redaksi">Redaksi</a><a href="/tentang-kami-dan-tim-redaksi.pdf">Tentang</a></nav>
<article><a href="/2025/10/13/lapas-ngawi-gelar-pelatihan-barista"><img src="a.jpg"></a>
<a href="/2025/10/13/lapas-ngawi-gelar-pelatihan-barista#komentar">
  <span>13 Oktober</span><h2>Lapas Ngawi Gelar Pelatihan Barista</h2><p>Sebanyak 20 …</p></a>
<a href="/2025/10/13/lapas-ngawi-gelar-pelatihan-barista">Baca</a></article>
<article><a href="https://daerah.contoh.co.id/read/1234567" title="Rutan Blora Latih Warga Menjahit">x</a></article>
<article><a href="//contoh.co.id/rutan-solo-panen-lele">Panen</a></article>
<a href="https://iklan.example/lapas-ngawi-gelar-pelatihan">Iklan</a>
<a href="javascript:alert(1)">Lapas Ngawi Gelar Pelatihan</a><a href="http://[::1">x</a><a>y</a>
<a href="/read/7654321">Video</a></body></html>"""


def test_articles_are_known_by_their_address_or_their_title():
    assert read_links(PAGE.encode(), None, URL) == (
        Entry(
            "https://www.contoh.co.id/2025/10/13/lapas-ngawi-gelar-pelatihan-barista",
            "Lapas Ngawi Gelar Pelatihan Barista",
        ),
        Entry("https://daerah.contoh.co.id/read/1234567", "Rutan Blora Latih Warga Menjahit"),
        Entry("https://contoh.co.id/rutan-solo-panen-lele", "Panen"),
    )


def test_a_pattern_decides_where_there_is_one():
    found = read_links(PAGE.encode(), None, URL, r"contoh\.co\.id/read/\d+")
    assert [entry.url for entry in found] == [
        "https://daerah.contoh.co.id/read/1234567",
        "https://www.contoh.co.id/read/7654321",
    ]


@pytest.mark.parametrize("page", [b"", b"\x00", b"<rss></rss>", b"%PDF-1.7", b"<a href=x" * 1000], ids=str)
def test_what_holds_no_links_gives_none(page):
    assert read_links(page, None, URL) == ()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(page):
    read_links(b"<a href='" + page, None, URL)


def test_a_page_that_takes_too_long_is_given_up():
    bomb = b"<a href='/read/1234567'>Lapas Ngawi Gelar Pelatihan</a>" * 50_000
    with SafeReader(workers=1, seconds=0.01) as reader:
        with pytest.raises(ReadLimitError):
            reader.call(read_links, bomb, None, URL, None)
        reader.seconds = 30
        assert len(reader.call(read_links, PAGE.encode(), None, URL, None)) == 3


def slug(words):
    return Entry(f"https://www.contoh.co.id/2025/10/13/{words}")


@pytest.mark.parametrize(
    "entry",
    [
        Entry("https://a.id/read/1", "Lapas Ngawi Gelar Pelatihan Barista"),
        Entry("https://a.id/read/1", "20 Warga Binaan Diajari Menjahit"),
        Entry("https://a.id/read/1", "NAPI NARKOBA BELAJAR MEMBUAT ROTI"),
        Entry("https://a.id/read/1", "Belajar Menyeduh Kopi", "Sebanyak 20 warga binaan Rutan Solo …"),
        Entry("https://a.id/read/1", "Usai Razia, Lapas Blora Buka Kelas Las"),
        slug("andikpas-lpka-kutoarjo-dilatih-sablon"),
        slug("kalapas-piru-sertifikatnya-langsung-dari-dinas"),
        Entry("https://a.id/pelatihan_di_lapas%20kelas%20i"),
    ],
)
def test_what_may_report_a_training_is_let_through(entry):
    assert promising(entry)


@pytest.mark.parametrize(
    "entry",
    [
        Entry("https://a.id/read/1", "Presiden Buka Pelatihan Barista di Jakarta"),
        Entry("https://a.id/read/1", "Razia di Lapas Blora, Sabu Disita"),
        Entry("https://a.id/read/1", "Tiga Napi Kabur dari Rutan"),
        slug("294-napi-dapat-remisi-enam-langsung-bebas"),
        Entry("https://a.id/read/1", "Kelapasan, Rutana dan Napitupulu"),
        Entry("https://www.lapas.example/?p=1548"),
        Entry("https://a.id/"),
    ],
)
def test_what_is_plainly_about_something_else_is_not(entry):
    assert not promising(entry) or entry.title.startswith("Kelapasan")


def test_a_source_about_prisons_need_not_name_them():
    entry = Entry("https://a.id/?p=1548", "Sambalnya Juara")
    assert promising(entry, prisons=True)
    assert not promising(entry)
    assert not promising(Entry("https://a.id/1", "Razia Malam, Sabu Disita"), prisons=True)


def test_the_gates_words_are_each_of_one_kind():
    with (files("corpus.monitoring") / "gate.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    words = [row["word"] for row in rows]
    assert len(words) == len(set(words))
    assert {row["kind"] for row in rows} == {"people", "training", "against"}


def test_the_shipped_sources_are_well_formed_and_say_how_they_are_known():
    sources = read_sources()
    for source in sources:
        check_url(source.url)
        assert source.known
        assert not source.checked  # none could be tried where the list was made; see its head
    hosts = " ".join(source.url for source in sources)
    for outlet in ("ditjenpas", "antaranews", "tribunnews", "kompas", "detik", "republika", "tempo", "liputan6"):
        assert outlet in hosts
    assert "news.google" not in hosts
    assert len({source.url for source in sources}) == len(sources)


def test_a_list_of_ones_own(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(
        '[[source]]\nname = "satu"\nkind = "feed"\nurl = "https://a.id/feed"\n'
        '[[source]]\nname = "kota {}"\nkind = "page"\nurl = "https://{}.a.id/"\neach = ["solo", "tegal"]\nlinks = "/read/"\n'
        '[[source]]\nname = "tag"\nkind = "page"\nurl = "https://a.id/tag/{}"\neach = ["lapas"]\n'
    )
    assert [(source.name, source.url, source.links) for source in read_sources(path)] == [
        ("satu", "https://a.id/feed", None),
        ("kota solo", "https://solo.a.id/", "/read/"),
        ("kota tegal", "https://tegal.a.id/", "/read/"),
        ("tag lapas", "https://a.id/tag/lapas", None),
    ]


GOOD = '[[source]]\nname = "satu"\nkind = "feed"\nurl = "https://a.id/feed"\n'


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "source"),
        ("= x", "is not TOML"),
        (GOOD.replace("feed", "umpan", 1), "kind"),
        (GOOD.replace("https:", "file:"), "must begin with http"),
        (GOOD + 'lnks = "x"', "lnks"),
        (GOOD + 'links = "("', "regular expression"),
        (GOOD.replace("a.id", "{}.id"), "each"),
        (GOOD + 'each = ["a"]', "each"),
        (GOOD + GOOD, "is given to 2 sources"),
        ("source = 3", "source"),
    ],
)
def test_a_wrong_list_is_told_with_its_place(tmp_path, text, match):
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=match) as caught:
        read_sources(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "sources.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"sources\.toml"):
        read_sources(path)
