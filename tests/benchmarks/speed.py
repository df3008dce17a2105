"""How fast the main job is: milliseconds an article once warm, and the cold start of the command.

    python tests/benchmarks/speed.py

Prints wall and processor time, so that a busy machine shows.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from extractor import Article, load

ROOT = Path(__file__).parents[2]
ROUNDS = 5


def warm() -> None:
    pipeline = load("none")
    pipeline.warm()
    lines = (ROOT / "corpus" / "gold" / "dev.jsonl").read_text("utf-8").splitlines()
    articles = [Article(row["title"], row["text"]) for row in map(json.loads, lines)]
    wall, cpu = [], []
    for _ in range(ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        for article in articles:
            pipeline.extract(article)
        wall.append((time.perf_counter() - began) / len(articles) * 1000)
        cpu.append((time.process_time() - spent) / len(articles) * 1000)
    print(f"warm: {statistics.median(wall):.1f} ms an article (processor {statistics.median(cpu):.1f} ms)")


def cold() -> None:
    for sample in ("dimsum.txt", "dimsum.html"):
        command = [sys.executable, "-m", "service.cli", "extract", str(ROOT / "service" / "samples" / sample)]
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            times.append(time.perf_counter() - began)
        print(f"cold start, {sample}: {statistics.median(times):.2f} s (least {min(times):.2f} s)")


if __name__ == "__main__":
    warm()
    cold()
