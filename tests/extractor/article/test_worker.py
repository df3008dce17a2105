"""Pages read in a process that is killed at its limits."""

import os

import pytest

from extractor.article import read_html
from extractor.article.worker import ReadLimitError, SafeReader
from extractor.errors import InputError
from extractor.fetching import check_url

PAGE = (
    "<html><title>Judul Berita Rutan</title><body><p>"
    + "Warga binaan belajar menjahit di lapas. " * 20
    + "</p></body></html>"
)
BOMB = "<p><b><i><a href=x>teks " * 60_000


def test_a_page_is_read_as_without_the_worker_and_the_worker_survives_a_bomb():
    with SafeReader(workers=1, seconds=20) as reader:
        assert reader.read_html(PAGE, "https://a.example/b") == read_html(PAGE, "https://a.example/b")
        reader.seconds = 0.5
        with pytest.raises(ReadLimitError, match="longer than"):
            reader.read_html(BOMB)
        reader.seconds = 60
        assert reader.read_html(PAGE).title == "Judul Berita Rutan"


def test_the_memory_limit_is_a_typed_error():
    with SafeReader(workers=1, seconds=60, mebibytes=8) as reader:
        with pytest.raises(ReadLimitError, match="memory|MemoryError"):
            reader.read_html("<p>teks</p>" * 100_000)


def test_another_function_is_called_there_and_its_refusal_comes_back():
    with SafeReader(workers=1, seconds=20) as reader:
        assert reader.call(os.path.basename, "/a/b") == "b"
        assert reader.call(os.getpid) != os.getpid()
        with pytest.raises(InputError, match="the URL is empty"):
            reader.call(check_url, "")


def test_a_closed_reader_refuses():
    reader = SafeReader(workers=1)
    reader.close()
    with pytest.raises(InputError):
        reader.read_html(PAGE)
