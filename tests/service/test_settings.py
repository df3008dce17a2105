"""Settings from the environment and a file; wrong ones are refused, secret ones not shown."""

import pytest

from extractor.errors import InputError
from service.settings import Settings, load_settings

HASH = "ab" * 32


@pytest.fixture
def file(tmp_path, monkeypatch):
    def write(text):
        path = tmp_path / "settings.toml"
        path.write_text(text, "utf-8")
        monkeypatch.setenv("PEMBINAAN_SETTINGS", str(path))

    return write


def test_the_environment_goes_before_the_file(file, monkeypatch):
    file(f'deadline = 5\nqueue = 3\nrate = "10/minute"\n[keys]\nredaksi = "{HASH}"\n')
    monkeypatch.setenv("PEMBINAAN_QUEUE", "7")
    monkeypatch.setenv("PEMBINAAN_HOSTS", "a.example, b.example")
    settings = load_settings()
    assert (settings.deadline, settings.queue, settings.rate) == (5, 7, "10/minute")
    assert settings.hosts == ("a.example", "b.example")
    assert settings.keys == {"redaksi": HASH}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("dedline = 5", "dedline"),
        ("deadline = 0", "deadline"),
        ('deadline = "soon"', "deadline"),
        ('rate = "often"', "rate"),
        ('[keys]\nredaksi = "my-secret-key"', "keys.redaksi"),
        ("deadline = ", "settings"),
        ('networks = ["127.0.0.0/8"]', "networks"),
    ],
)
def test_a_wrong_file_is_refused_by_the_settings_name_and_not_its_value(file, text, named):
    file(text)
    with pytest.raises(InputError, match=named) as caught:
        load_settings()
    assert "my-secret-key" not in str(caught.value)


def test_a_wrong_variable_is_refused(monkeypatch):
    monkeypatch.setenv("PEMBINAAN_KEYS", "{not json")
    with pytest.raises(InputError, match="keys"):
        load_settings()


def test_a_file_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv("PEMBINAAN_SETTINGS", "/nowhere/settings.toml")
    with pytest.raises(InputError, match="no file"):
        load_settings()


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        ("/var/lib/pembinaan/store.sqlite", "/var/lib/pembinaan/store.sqlite"),
        ("postgresql://me:secret@db:5432/news?password=secret", "postgresql://db:5432/news"),
    ],
)
def test_what_is_printed_has_no_secret(store, shown):
    told = Settings(store=store, keys={"redaksi": HASH}).shown()
    assert told["store"] == shown
    assert told["keys"] == ["redaksi"]
    assert HASH not in str(told)
    assert "secret" not in str(told)
