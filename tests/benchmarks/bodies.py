"""Body F1, title, day and time a page: ours beside trafilatura, newspaper4k and readability-lxml.

usage: python tests/benchmarks/bodies.py [FOLDER]     (needs the extra: pip install -e .[bench])

FOLDER holds `gold.jsonl` and `ID.html.gz`, as shared/data/html does. The measure is that of
shared/bench/score_html.py: per page the precision and recall of the bag of 4-word shingles, the F1 of their
means. Time is the median over pages of the best of three runs, parse and extraction together, on one core.
"""

import gzip
import json
import re
import statistics
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

sys.path.remove(str(Path(__file__).parent))  # else this file stands in for the standard library's html

import newspaper
import readability
import trafilatura
from bs4 import BeautifulSoup

from extractor.article import read_html

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "html"
RUNS = 3
Found = tuple[str, str, str]  # title, day, body


def ours(page: bytes, url: str) -> Found:
    article = read_html(page, url)
    return article.title, str(article.published)[:10], article.text


def by_trafilatura(page: bytes, url: str) -> Found:
    found = trafilatura.bare_extraction(page, url=url, with_metadata=True, include_comments=False, favor_precision=True)
    return (found.title or "", found.date or "", found.text or "") if found else ("", "", "")


def by_newspaper(page: bytes, url: str) -> Found:
    article = newspaper.Article(url, language="id", fetch_images=False)
    article.download(input_html=page.decode("utf-8", "replace"))
    article.parse()
    return article.title or "", str(article.publish_date)[:10], article.text or ""


def by_readability(page: bytes, _url: str) -> Found:
    document = readability.Document(page.decode("utf-8", "replace"))
    return document.short_title(), "", BeautifulSoup(document.summary(), "lxml").get_text("\n")


READERS = {"ours": ours, "trafilatura": by_trafilatura, "newspaper4k": by_newspaper, "readability-lxml": by_readability}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return (
        Counter(zip(*(words[i:] for i in range(4)), strict=False)) if len(words) >= 4 else Counter((w,) for w in words)
    )


def squeeze(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    pages = [gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()) for row in gold]
    print(f"{'reader':<18}{'precision':>10}{'recall':>8}{'F1':>7}{'title':>7}{'day':>6}{'ms':>8}")
    for name, reader in READERS.items():
        figures, times = [], []
        for row, page in zip(gold, pages, strict=True):
            runs = []
            for _ in range(RUNS):
                start = time.perf_counter()
                title, day, body = reader(page, row["url"])
                runs.append(1000 * (time.perf_counter() - start))
            times.append(min(runs))
            expected, got = shingles(row["body"]), shingles(body)
            common = (expected & got).total()
            figures.append((
                common / max(got.total(), 1), common / expected.total(),
                squeeze(title) == squeeze(row["title"]), day == row["published"][:10],
            ))  # fmt: skip
        precision, recall, titles, days = (statistics.mean(column) for column in zip(*figures, strict=True))
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        print(
            f"{name:<18}{precision:>10.3f}{recall:>8.3f}{f1:>7.3f}{titles:>7.2f}{days:>6.2f}{statistics.median(times):>8.1f}"
        )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
