"""Reading pages and texts: metadata, noise, statuses, hostile documents."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import read_html, read_text

PROSE = (
    "Sebanyak dua belas warga binaan Rutan Barru belajar membuat sabun cuci piring di aula, Senin (6/10/2025).",
    "Pengajarnya, Siti Rohmah, datang dari sanggar yang sudah lama membina ibu rumah tangga di kota itu.",
    "Kepala Rutan berharap para peserta pulang dengan keahlian yang bisa langsung dipakai mencari nafkah.",
)
REST = "Setelah latihan, sabun yang jadi dibagikan kepada penghuni lain untuk dicoba selama satu minggu penuh."


def page(body, head="", title="Rutan Barru Latih Warga Binaan Membuat Sabun"):
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def article(*paragraphs):
    return "<article>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</article>"


@pytest.mark.parametrize(
    "noise",
    [
        "<p>ADVERTISEMENT</p>",
        "<p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<p><b>Baca juga:</b> <a href='/a'>Lapas Lain Panen Jagung Bersama Petani Sekitar</a></p>",
        "<p>Simak Juga: Harga beras turun</p>",
        "<p>Penulis: Anwar | Editor: Rina</p>",
        "<p>Tag: <a href='/t'>rutan</a></p>",
        "<figure><img src='a.jpg'><figcaption>Peserta mengaduk sabun.</figcaption></figure>",
        "<div class='wp-caption'><p>Peserta mengaduk sabun di aula bersama pengajar dan petugas jaga.</p></div>",
        "<div class='share-buttons'><p>Bagikan tulisan ini kepada teman dan keluarga yang ada di sekitar Anda.</p></div>",
        "<script>document.write('<p>" + PROSE[0] + "</p>')</script>",
        "<!-- <p>komentar</p> -->",
        "<p style='display: none'>Teks yang tidak tampak bagi pembaca tetapi ada di sumber halaman ini.</p>",
        "<p>Ikuti berita kami di Google News dan saluran WhatsApp</p>",
    ],
)
def test_noise_inside_the_body_stays_out(noise):
    got = read_html(page(article(PROSE[0], PROSE[1]).replace("</p><p>", f"</p>{noise}<p>") + article(PROSE[2])))
    assert got.text.split("\n\n")[:2] == list(PROSE[:2])


def test_lists_after_the_article_stay_out_even_when_longer():
    others = "".join(
        f"<li><a href='/{i}'>Judul Berita Lain yang Panjang Nomor {i} Hari Ini</a></li>" for i in range(60)
    )
    got = read_html(page(f"<div>{article(*PROSE)}<h3>BERITA LAINNYA</h3><ul>{others}</ul></div>"))
    assert got.text == "\n\n".join(PROSE)


def test_teasers_after_the_article_stay_out():
    others = "".join(f"<li><a href='/{i}'>Judul Berita Nomor {i}</a><p>{REST} Nomor {i}.</p></li>" for i in range(20))
    body = "".join(f"<p>{text}</p>" for text in PROSE)
    got = read_html(page(f"<div class='kolom'>{body}<h3>BERITA LAINNYA</h3><ul>{others}</ul></div>"))
    assert got.text == "\n\n".join(PROSE)


def test_prose_after_a_list_in_the_middle_is_kept():
    middle = "<h4>Berita Terkait</h4><ul><li><a href='/a'>Panen Jagung</a></li></ul>"
    got = read_html(page(f"<article><p>{PROSE[0]}</p>{middle}<p>{PROSE[1]}</p><p>{PROSE[2]}</p></article>"))
    assert got.text == "\n\n".join(PROSE)


def test_the_dateline_is_kept():
    got = read_html(page(article("BARRU.NIAGA.ASIA — " + PROSE[0], *PROSE[1:])))
    assert got.text.startswith("BARRU.NIAGA.ASIA — Sebanyak")


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " :: "])
def test_the_site_is_cut_from_the_title(separator):
    head = "<meta property='og:site_name' content='Kabar Barru'>"
    html = page(article(*PROSE), head, f"Rutan Barru Latih Warga{separator}Kabar Barru").replace("h1>", "div>")
    assert read_html(html).title == "Rutan Barru Latih Warga"


def test_a_dash_in_the_title_is_no_site():
    html = page(article(*PROSE), "", "Rutan Barru - Bukan Sekadar Penjara, tetapi Tempat Belajar Sabun").replace(
        "h1>", "b>"
    )
    assert read_html(html, "https://kabar.example/a").title.startswith("Rutan Barru - Bukan")


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ('<meta property="article:published_time" content="2025-10-06T08:00:00+08:00">', "", "2025-10-06T08:00:00+08:00"),
        ("", "<div>Senin, 6 Oktober 2025 | 08:30 WITA</div>", "2025-10-06T08:30:00+08:00"),
        ("", "<div>06/10/2025, 14:15 WIB</div>", "2025-10-06T14:15:00+07:00"),
        ("", "<span>Senin, 06 Okt 2025 11.20 WIT</span>", "2025-10-06T11:20:00+09:00"),
        ("", "<time datetime='2025-10-06T01:00:00+07:00'>kemarin</time>", "2025-10-06T01:00:00+07:00"),
        ('<meta name="pubdate" content="2025-10-05T18:30:00Z">', "", "2025-10-06T01:30:00+07:00"),
        ('<meta name="pubdate" content="2025-10-06T08:30:10Z">', "<i>Senin, 6 Oktober 2025 08:30 WIB</i>", "2025-10-06T08:30:00+07:00"),
        ('<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"datePublished":"2025-10-06T09:00:00+07:00"}]}</script>', "", "2025-10-06T09:00:00+07:00"),
        ("<script type='application/ld+json'>{ broken</script>", "<div>6 Oktober 2025</div>", "2025-10-06"),
    ],
)  # fmt: skip
def test_published(head, body, expected):
    text = article(*(line.replace("(6/10/2025)", "") for line in PROSE))
    assert read_html(page(body + text, head)).published.isoformat() == expected


def test_metadata():
    ld = {
        "@type": "NewsArticle", "author": [{"@type": "Person", "name": "Anwar Said"}], "keywords": ["rutan", "sabun"],
        "publisher": {"name": "Kabar Barru"}, "dateModified": "2025-10-07T10:00:00+08:00", "articleSection": "Daerah",
    }  # fmt: skip
    head = f"<script type='application/ld+json'>{json.dumps(ld)}</script><link rel='canonical' href='/a/sabun'>"
    html = page(article(*PROSE, "Editor: Rina Marlina"), head).replace("<html>", "<html lang='id-ID'>")
    got = read_html(html, "https://www.kabarbarru.example/a/sabun?utm=1")
    assert (got.author, got.editor, got.publisher) == ("Anwar Said", "Rina Marlina", "Kabar Barru")
    assert got.canonical_url == "https://www.kabarbarru.example/a/sabun"
    assert (got.language, got.section, got.tags) == ("id", "Daerah", ("rutan", "sabun"))
    assert got.modified == dt.datetime.fromisoformat("2025-10-07T10:00:00+08:00")


@pytest.mark.parametrize(
    ("html", "url", "status"),
    [
        ("", None, "not_article"),
        ("%PDF-1.7 isi", None, "not_article"),
        ('{"judul": "a"}', None, "not_article"),
        ("<?xml version='1.0'?><rss><channel><item><title>a</title></item></channel></rss>", None, "not_article"),
        (page("<p>Maaf, halaman yang Anda cari tidak ada.</p>", "", "Halaman Tidak Ditemukan"), None, "soft_404"),
        (page("<p>Coba cari di beranda.</p>", "", "404 - Kabar Barru"), None, "soft_404"),
        (page("<div id='cf-wrapper'>Verify you are human</div>", "", "Just a moment..."), None, "blocked"),
        (page("<p>Terima semua cookie untuk melanjutkan</p>", "", "Persetujuan"), None, "blocked"),
        ("<html><head><title>Kabar</title></head><body><div id='root'></div><script src='a.js'></script>"
         "<noscript>You need to enable JavaScript to run this app.</noscript></body></html>", None, "js_only"),
        (page(article(PROSE[0]) + "<div class='paywall'><p>Lanjutkan membaca dengan berlangganan</p></div>"), None, "paywalled"),
        (page("<div>" + "".join(f"<figure><img src='{i}.jpg'></figure>" for i in range(9)) + f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p></div>"),
         "https://kabar.example/foto/12/sabun", "gallery"),
        (page(article(PROSE[0]), '<meta property="og:type" content="video.other">'), "https://kabar.example/12/sabun", "video"),
        (page(article(PROSE[0])), "https://kabar.example/video/12/sabun", "video"),
        (page(article(*PROSE[:2]), '<script type="application/ld+json">{"@type": "VideoObject"}</script>'), None, "video"),
        (page(article(*PROSE[:2]), '<script type="application/ld+json">[{"@type": "NewsArticle"}, {"@type": "VideoObject"}]</script>'), None, "ok"),
        (page(article(*PROSE * 3), '<meta property="og:type" content="video.other">'), "https://kabar.example/12/sabun", "ok"),
        (page("<div>" + "".join(f"<div><h2><a href='/{i}'>Judul Berita Nomor {i}</a></h2><p>{PROSE[i % 3]}</p></div>" for i in range(9)) + "</div>"),
         "https://kabar.example/tag/rutan", "not_article"),
        (page(article(*PROSE)), "https://kabar.example/2025/sabun", "ok"),
    ],
)  # fmt: skip
def test_status(html, url, status):
    assert read_html(html, url).status == status


def test_the_text_that_was_there_comes_with_a_status():
    walled = read_html(
        page(article(PROSE[0]) + "<div class='paywall'><p>Lanjutkan membaca dengan berlangganan</p></div>")
    )
    assert walled.text == PROSE[0]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 1000 + PROSE[0] + PROSE[1],
        "<p><b><i><a>" * 2000 + PROSE[0],
        "<p>a b c.</p>" * 5000,
        "<p>" + "x" * 1_000_000 + "</p>",
        "<p " + " ".join(f"a{i}=1" for i in range(2000)) + ">" + PROSE[0],
        "<" * 100_000,
        "<!--" * 10_000,
        "<script>" * 2000,
    ],
    ids=["deep", "unclosed", "tiny", "one-line", "attributes", "lt", "comments", "scripts"],
)
def test_hostile_documents_are_read_within_bounds(body):
    got = read_html(page(body))
    assert len(got.text) <= 1_000_000


def test_a_page_over_the_limit_is_cut_and_says_so():
    got = read_html(page(article(*(f"{text} {i}." for i in range(12_000) for text in PROSE))))
    assert got.truncated
    assert len(got.text) <= 1_000_000


def test_control_and_bidi_characters():
    got = read_html(page(article("\u202eRutan\x00 " + PROSE[0], *PROSE[1:])))
    assert "\x00" not in got.text
    assert "\u202e" in got.text  # evidence is exact: only what no text may hold is taken away


@given(st.text(max_size=400))
def test_any_text_is_read(text):
    read_html(text)
    got = read_text(text)
    assert "\r" not in got.text
    assert "\0" not in got.text


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data):
    assert read_html(data).status in {"not_article", "js_only", "soft_404", "blocked"}


def test_read_text():
    got = read_text(
        "\ufeff\r\nJudul Berita\r\n\r\nBARRU — Isi satu.\r\nIsi dua.\x00\r\n\r\nPenulis: Heri | Editor: Saud Rosadi\r\nTag:\r\n"
    )
    assert got.title == "Judul Berita"
    assert got.text == "BARRU — Isi satu.\nIsi dua.\n\nPenulis: Heri | Editor: Saud Rosadi\nTag:"
    assert (got.author, got.editor, got.published) == ("Heri", "Saud Rosadi", None)


def test_read_text_takes_a_printed_date_but_not_one_in_a_sentence():
    assert (
        read_text("Judul\nSenin, 6 Oktober 2025 | 09:00 WITA\nIsi.").published.isoformat()
        == "2025-10-06T09:00:00+08:00"
    )
    assert read_text("Judul\nLatihan digelar Senin, 6 Oktober 2025.").published is None


SAMPLES = Path(__file__).parents[3] / "service" / "samples"


def test_the_sample_page_and_the_sample_text_are_one_article():
    html = read_html((SAMPLES / "dimsum.html").read_bytes())
    text = read_text((SAMPLES / "dimsum.txt").read_text("utf-8"))
    assert html.title == text.title
    assert html.text == text.text.rsplit("\n\n", 1)[0].strip()
    assert (html.author, html.editor) == (text.author, text.editor) == ("Heri", "Saud Rosadi")
