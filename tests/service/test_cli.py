"""The command line: what it prints, and one clear line with code 2 for every wrong input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made_record import TEXT, TITLE, make_record

import extractor
from extractor.errors import BlockedError
from service.cli import main

ROOT = Path(__file__).parents[2]


class FakePipeline:
    def extract_many(self, articles):
        return (make_record() for _ in articles)


@pytest.fixture
def calls(monkeypatch):
    """Replace the library by one that gives the hand-made record; return what it is asked."""
    asked = []

    def extract(**source):
        asked.append(source)
        if "url" in source:
            raise BlockedError(source["url"], "not a public address")
        return make_record()

    monkeypatch.setattr(extractor, "extract", extract)
    monkeypatch.setattr(extractor, "load", lambda tagger: asked.append(tagger) or FakePipeline())
    return asked


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(f"{TITLE}\n\n{TEXT}", "utf-8")
    return str(path)


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["pembinaan", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


def test_json_is_the_record(run, calls, article):
    code, out, err = run("extract", article, "--published", "2025-10-14")
    assert (code, err) == (0, "")
    row = json.loads(out)
    assert row["programs"][0]["facility"]["class"] == "IIB"
    assert row["article"]["text"] == TEXT
    assert calls[-1]["published"].isoformat() == "2025-10-14"


def test_the_text_can_be_left_out(run, calls, article):
    _, out, _ = run("extract", article, "--no-text")
    assert json.loads(out)["article"]["text"] is None
    assert calls


def test_table_shows_values_and_their_words(run, calls, article, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    code, out, _ = run("extract", article, "--format", "table")
    assert code == 0
    for shown in ("Fasilitas", "Dewi Lestari", "2025-10-13", "“membuat dimsum”", "Disnaker"):
        assert shown in out
    assert calls


def test_table_lets_no_escape_through(run, monkeypatch, article):
    monkeypatch.setattr(extractor, "load", lambda _: None)
    record = make_record(title=f"\x1b[2J[red]{TITLE}[/]")
    monkeypatch.setattr(extractor, "extract", lambda **_: record)
    _, out, _ = run("extract", article, "--format", "table")
    assert "\x1b" not in out
    assert "[red]" in out


def test_html_is_a_page(run, calls, article):
    code, out, _ = run("extract", article, "--format", "html")
    assert code == 0
    assert out.startswith("<!doctype html>")
    assert calls


def test_the_tagger_is_passed_on(run, calls, article):
    run("extract", article, "--tagger", "none")
    assert calls[0] == "none"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bogus"],
        ["extract"],
        ["extract", "{article}", "--format", "yaml"],
        ["extract", "{article}", "--published", "kemarin"],
        ["extract", "{article}", "--published", "2025-02-30"],
        ["extract", "{article}", "--format", "html", "--no-text"],
        ["extract", "absent.txt"],
        ["extract", "/"],
        ["extract", sys.executable],
        ["extract", "http://127.0.0.1/"],
        ["extract", "http://a\n\x1b[2Jb/"],
        ["evaluate", "absent.jsonl"],
        ["evaluate", "{article}"],
        ["evaluate", "{gold}", "--html", "/no/such/folder/report.html"],
        ["serve", "--port", "99999"],
    ],
)
def test_wrong_input_is_one_line_and_code_2(run, calls, article, arguments):
    gold = str(ROOT / "corpus/gold/dev.jsonl")
    code, out, err = run(*(part.format(article=article, gold=gold) for part in arguments))
    assert code == 2
    assert out == ""
    assert err.startswith("pembinaan: ")
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()
    assert all("Traceback" not in str(call) for call in calls)


def test_evaluate_prints_figures_errors_and_a_page(run, calls, tmp_path):
    gold = tmp_path / "gold.jsonl"
    values = {"partners": [], "instructors": [], "skills": [], "participants": None, "facility": None}
    date = {"text": "Senin", "start": "2025-10-13", "end": "2025-10-13"}
    row = {"id": "x", "title": TITLE, "text": TEXT, "programs": [values | {"date": date}]}
    gold.write_text(json.dumps(row), "utf-8")
    code, out, _ = run("evaluate", gold, "--json")
    assert code == 0
    assert json.loads(out)["date"]["f1"] == 1
    _, out, _ = run("evaluate", gold, "--errors", "--html", tmp_path / "report.html")
    assert "x\tinstructors\twrong\tDewi Lestari" in out
    assert "macro F1 0.200" in out
    assert "Dewi Lestari" in (tmp_path / "report.html").read_text("utf-8")
    _, out, _ = run("evaluate", gold, "--calibration")
    assert "expected calibration error" in out
    assert calls


def test_training_says_what_is_missing(run, tmp_path):
    code, _, err = run("train", tmp_path, "--version", "9")
    assert code == 2
    assert "programs and ner" in err or "pembinaan[train]" in err


def test_a_closed_pipe_ends_quietly(article):
    script = (
        "import sys; sys.argv = ['pembinaan', 'extract', sys.argv[1], '--tagger', 'none'];"
        "sys.stdin.readline(); from service.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, article],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdin.write(b"go\n")
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


def test_extract_imports_nothing_that_it_does_not_need(article):
    script = (
        "import sys; sys.argv = ['pembinaan', 'extract', sys.argv[1], '--tagger', 'none']\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit as left: assert not left.code, left.code\n"
        "heavy = {'fastapi', 'uvicorn', 'transformers', 'service.app', 'models.training'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, article], check=True, stdout=subprocess.DEVNULL)
