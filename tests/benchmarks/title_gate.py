"""What the gate before fetching lets through, of annotated articles and of general news.

    python -P tests/benchmarks/title_gate.py ../shared/data/programs/train.jsonl corpus/gold/dev.jsonl \\
        --news ../shared/data/news/indosum.jsonl.gz

The titles of the annotated articles were written anew, so the words of their addresses stand for real titles.
"""

import argparse
import gzip
import json
from pathlib import Path

from corpus.monitoring.entries import Entry
from corpus.monitoring.gate import promising

LEAD = 300  # characters of the text that stand for a feed's description


def share(name, entries):
    """Print how many of the entries are let through."""
    let = sum(map(promising, entries))
    print(f"{name}: {let} of {len(entries)} ({let / max(1, len(entries)):.1%})")


def rows(path):
    """Return the rows of a JSONL file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main():
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--news", type=Path)
    args = parser.parse_args()
    gold = [row for path in args.gold for row in rows(path) if row.get("source_url")]
    for name, some in (
        ("with programs", [row for row in gold if row["programs"]]),
        ("without", [row for row in gold if not row["programs"]]),
    ):
        share(f"{name}, by address", [Entry(row["source_url"]) for row in some])
        share(f"{name}, and lead", [Entry(row["source_url"], summary=row["text"][:LEAD]) for row in some])
    if args.news:
        news = [row for row in rows(args.news) if row["url"]]
        share("general news, by address", [Entry(row["url"]) for row in news])
        share("general news, and lead", [Entry(row["url"], summary=row["text"][:LEAD]) for row in news])


if __name__ == "__main__":
    main()
