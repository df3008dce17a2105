"""Feeds and sitemaps to entries: every kind, odd and hostile ones, dates in every form."""

import datetime as dt
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.monitoring.entries import Entry, day_of, plain, tidy, when
from corpus.monitoring.feeds import read_feed
from corpus.sites import same_site, site_of
from extractor.article.worker import ReadLimitError, SafeReader
from extractor.errors import InputError

URL = "https://www.contoh.co.id/feed/"
WIB = dt.timezone(dt.timedelta(hours=7))

RSS2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="/feed.xsl"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Contoh</title><link>https://www.contoh.co.id/</link>
<atom:link href="https://www.contoh.co.id/feed/" rel="self"/>
<item>
  <media:title>Foto kegiatan</media:title>
  <title><![CDATA[Lapas Ngawi & BLK Gelar <b>Pelatihan</b> Barista]]></title>
  <link>https://www.contoh.co.id/2025/10/lapas-ngawi-gelar-pelatihan/?a=1&b=2</link>
  <guid isPermaLink="false">https://www.contoh.co.id/?p=7</guid>
  <pubDate>Sun, 12 Oct 2025 23:30:00 +0000</pubDate>
  <description>&lt;p&gt;Sebanyak 20 warga&amp;nbsp;binaan&lt;/p&gt;</description>
</item>
</channel></rss>"""


def test_rss_2():
    (entry,) = read_feed(RSS2, None, URL).entries
    assert entry == Entry(
        url="https://www.contoh.co.id/2025/10/lapas-ngawi-gelar-pelatihan/?a=1&b=2",
        title="Lapas Ngawi & BLK Gelar Pelatihan Barista",
        summary="Sebanyak 20 warga binaan",
        published=dt.datetime(2025, 10, 12, 23, 30, tzinfo=dt.UTC),
    )
    assert entry.day == dt.date(2025, 10, 13)  # half past six in the morning, WIB


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (
            b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
            b'<rss version="0.91"><channel><item><title>A</title><link>/a</link></item></channel></rss>',
            ("https://www.contoh.co.id/a", "A", None),
        ),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>C</title></channel>'
            b"<item><title>A</title><link>https://a.id/1</link><dc:date>2025-10-13T08:00:00+08:00</dc:date></item></rdf:RDF>",
            ("https://a.id/1", "A", dt.datetime(2025, 10, 13, 0, 0, tzinfo=dt.UTC)),
        ),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &amp;amp; B</title>'
            b'<link rel="replies" href="https://a.id/1#k"/><link rel="alternate" href="https://a.id/1#top"/>'
            b"<published>2025-10-13T08:00:00Z</published><updated>2026-01-01T00:00:00Z</updated></entry></feed>",
            ("https://a.id/1", "A & B", dt.datetime(2025, 10, 13, 8, tzinfo=dt.UTC)),
        ),
        (
            b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:title>A</atom:title>'
            b'<atom:link href="https://a.id/1"/></atom:entry></atom:feed>',
            ("https://a.id/1", "A", None),
        ),
        (
            b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
            b'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://a.id/1</loc>'
            b"<image:image><image:loc>https://a.id/1.jpg</image:loc><image:title>Foto</image:title></image:image>"
            b"<news:news><news:publication><news:name>A</news:name></news:publication><news:title>Judul</news:title>"
            b"<news:publication_date>2025-10-13</news:publication_date></news:news></url></urlset>",
            ("https://a.id/1", "Judul", dt.date(2025, 10, 13)),
        ),
        (
            b"<rss><channel><item><dc:date>2025-10-13</dc:date><title>A</title><guid>https://a.id/1</guid></item></rss>",
            ("https://a.id/1", "A", dt.date(2025, 10, 13)),
        ),
    ],
    ids=["rss 0.91", "rdf", "atom", "prefixed atom", "news sitemap", "undeclared prefix, unclosed"],
)
def test_other_kinds(feed, expected):
    (entry,) = read_feed(feed, None, URL).entries
    assert (entry.url, entry.title, entry.published) == expected


def test_a_sitemap_says_when_pages_changed_and_a_list_names_sitemaps():
    index = (
        b"<sitemapindex><sitemap><loc>https://a.id/s1.xml</loc><lastmod>2025-10-13</lastmod></sitemap></sitemapindex>"
    )
    feed = read_feed(index, None, URL)
    assert feed.entries == ()
    assert feed.sitemaps == (Entry("https://a.id/s1.xml", changed=dt.date(2025, 10, 13)),)
    urls = b"<urlset><url><loc>\n https://a.id/1 \n</loc><lastmod>2025-10-13T08:00+07:00</lastmod></url></urlset>"
    (entry,) = read_feed(urls, None, URL).entries
    assert entry == Entry("https://a.id/1", changed=dt.datetime(2025, 10, 13, 8, tzinfo=WIB))


def rss(item, head=b"", tail=b"</channel></rss>"):
    return head + b"<rss><channel><item><link>https://a.id/1</link>" + item + b"</item>" + tail


@pytest.mark.parametrize(
    "feed",
    [
        rss(b"<title>Lapas & Rutan</title>"),
        rss(b"<title>Lapas &amp; Rutan</title>", tail=b""),
        rss(
            b"<title>Lapas &amp; Rutan</title>",
            head=b"\n\n<br />\n<b>Warning</b>: in /var/www/x.php\n<?xml version='1.0'?>",
        ),
        rss(b"<title>Lapas &#38; Rutan</title>", head=b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-16'?>"),
        rss(b"<title>Lapas\x00 \x0b&amp; Rutan</title>"),
        rss(b"<title>Lapas &amp; Rutan</title><description>a <b>b</description>"),
        rss(b"<title>Lapas&nbsp;&amp; Rutan</title>"),
        rss(b"<title>Lapas &amp; Rutan</title>").decode().encode("utf-16-le"),
    ],
    ids=[
        "bare &",
        "cut off",
        "a warning before it",
        "declared as UTF-16",
        "control characters",
        "unclosed",
        "nbsp",
        "UTF-16",
    ],
)
def test_broken_feeds_are_read_as_far_as_they_go(feed):
    assert [(entry.url, entry.title) for entry in read_feed(feed, None, URL).entries] == [
        ("https://a.id/1", "Lapas & Rutan")
    ]


@pytest.mark.parametrize(
    ("declared", "header"), [(b"utf-8", None), (b"windows-1252", None), (b"utf-8", "iso-8859-1"), (b"ascii", "utf-8")]
)
def test_a_charset_that_lies_is_passed_over(declared, header):
    head = b'<?xml version="1.0" encoding="' + declared + b'"?>'
    for charset in ("utf-8", "windows-1252"):
        feed = rss("<title>Kopi “Tubruk” é</title>".encode(charset), head=head)
        assert read_feed(feed, header, URL).entries[0].title == "Kopi “Tubruk” é"


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12))


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">' + LAUGHS + b"]>",
        b'<!DOCTYPE rss [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:1/y"> %p;]>',
    ],
    ids=["billion laughs", "a file", "a parameter entity from the net"],
)
def test_entities_mean_nothing(head):
    (entry,) = read_feed(rss(b"<title>x &a11; y</title><description>&a11;</description>", head=head), None, URL).entries
    assert entry.title == "x &a11; y"


@pytest.mark.parametrize(
    "link",
    [
        b"javascript:alert(1)", b"data:text/html,x", b"file:///etc/passwd", b"mailto:a@b.id", b"ftp://a.id/x", b"",
        b"http://", b"http://[::1", b"https://a.id/" + b"x" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_left_out(link):
    assert read_feed(b"<rss><item><link>" + link + b"</link><title>A</title></item></rss>", None, URL).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"<html><body><p>Bukan umpan</p></body></html>",
        b"{}",
        b"%PDF-1.7",
        gzip.compress(b"x"),
        b"\xff" * 999,
    ],
    ids=["empty", "nul", "html", "json", "pdf", "gzip", "no text"],
)
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(InputError, match="neither a feed nor a sitemap"):
        read_feed(body, None, URL)


def test_only_so_many_entries_are_taken():
    body = b"<urlset>" + b"<url><loc>https://a.id/1</loc></url>" * 60_000 + b"</urlset>"
    assert len(read_feed(body, None, URL).entries) == 50_000


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_give_entries_or_the_refusal(before, within):
    try:
        feed = read_feed(before + b"<rss><item><link>https://a.id/1</link><title>" + within, None, URL)
    except InputError:
        return
    assert all(entry.title.isprintable() for entry in feed.entries)


def test_a_feed_that_needs_too_much_is_given_up_and_the_next_one_is_read():
    with SafeReader(workers=1, seconds=20, mebibytes=64) as reader:
        with pytest.raises(ReadLimitError):
            reader.call(read_feed, b"<rss>" + b"<a b='c'>d</a>" * 1_000_000, None, URL)
        assert len(reader.call(read_feed, RSS2, None, URL).entries) == 1
        with pytest.raises(InputError, match="neither a feed"):
            reader.call(read_feed, b"<html>", None, URL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 13 Oct 2025 08:05:06 +0700", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("Mon, 13 Oct 2025 08:05:06 +0000", dt.datetime(2025, 10, 13, 8, 5, tzinfo=dt.UTC)),
        ("Mon, 13 Oct 2025 01:05:06 GMT", dt.datetime(2025, 10, 13, 1, 5, tzinfo=dt.UTC)),
        ("Sen, 13 Okt 2025 08:05:06 +0700", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("Sen, 13 Okt 2025 01:05:06 +0000", dt.datetime(2025, 10, 13, 1, 5, tzinfo=dt.UTC)),
        ("Senin, 13 Oktober 2025 08:05 WIB", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("Senin, 13 Oktober 2025 | 09:05 WITA", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("13 Oktober 2025", dt.date(2025, 10, 13)),
        ("13/10/2025", dt.date(2025, 10, 13)),
        ("2025-10-13T08:05+07:00", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("2025-10-13T01:05:06.123Z", dt.datetime(2025, 10, 13, 1, 5, tzinfo=dt.UTC)),
        ("2025-10-13 08:05:06", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
        ("2025-10-13", dt.date(2025, 10, 13)),
        ("Mon, 13 Oct 25 08:05:06 +0700", dt.datetime(2025, 10, 13, 8, 5, tzinfo=WIB)),
    ],
)
def test_dates_in_odd_forms(text, expected):
    found = when(text)
    if isinstance(found, dt.datetime):
        found = found.replace(second=0, microsecond=0)
    assert found == expected
    assert day_of(found) == dt.date(2025, 10, 13)


@pytest.mark.parametrize(
    "text", ["", "kemarin", "0000-00-00", "Mon, 99 Oct 2025 08:00:00 +0700", "2025-13-45", "9" * 5000]
)
def test_what_is_no_date_is_none(text):
    assert when(text) is None


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text):
    day_of(when(text))


def test_a_time_late_at_night_is_the_next_day_in_wib_all_year():
    for month in range(1, 13):
        late = dt.datetime(2025, month, 14, 17, 0, tzinfo=dt.UTC)
        assert day_of(late) == dt.date(2025, month, 15)
        assert day_of(late - dt.timedelta(seconds=1)) == dt.date(2025, month, 14)
    assert day_of(dt.datetime.max.replace(tzinfo=dt.UTC)) == dt.date.max


def test_titles_lose_markup_and_control_characters():
    assert plain("  <b>Lapas</b>\n&amp;amp;\x1b[31m \u202eRutan\u200b ", 100) == "Lapas &[31m Rutan"
    assert len(plain("<" * 100_000 + "a" * 100_000, 300)) <= 300


def test_a_site_is_what_was_registered():
    assert site_of("https://kepri.antaranews.com/berita/1") == "antaranews.com"
    assert site_of("https://regional.contoh.co.id/a") == "contoh.co.id"
    assert site_of("https://www.bantennews.co.id/") == site_of("https://bantennews.co.id/x") == "bantennews.co.id"
    assert site_of("https://tirto.id/a") == "tirto.id"
    assert not same_site("https://satu.co.id/", "https://dua.co.id/")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")


def test_how_somebody_came_to_an_address_is_no_part_of_it():
    assert tidy("https://a.id/b?utm_source=x&id=3&fbclid=y") == "https://a.id/b?id=3"
    assert tidy("https://a.id/b?source=rss#c") == "https://a.id/b"
    assert tidy("https://a.id/?p=1548") == "https://a.id/?p=1548"
