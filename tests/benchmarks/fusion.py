"""How right fusion is on labelled clusters, how little hangs on any weight, and how long 100,000 programs take.

    python -P tests/benchmarks/fusion.py [--programs 100000] [--only groups|speed]

The groups are judged with the annotated values and with those that the shipped pipeline reads. That side is too kind:
the pipeline's weights have learned from train.jsonl and from programs of fusion.jsonl that occur there too.
The clusters beside this checkout (../shared) are left out where they are not there.
"""

import argparse
import dataclasses
import datetime as dt
import random
import resource
import tempfile
import time
from pathlib import Path

from sklearn.metrics import adjusted_rand_score

from corpus.copies import Text, find_copies
from corpus.documents import Outcome
from corpus.evaluation import predict, read_rows
from corpus.fusion.evidence import WEIGHTS
from corpus.fusion.fusing import fuse
from corpus.fusion.labelled import annotated, copies, found, paired, read, truth
from corpus.fusion.step import fuse_store
from corpus.fusion.telling import Origin, Telling
from corpus.store import Store
from extractor import load
from extractor.gazetteers.facilities import units
from extractor.gazetteers.skills import terms
from extractor.schema import ArticleInfo, ArticleRecord, Program

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared/data/programs"
SETS = {
    "our clusters": (ROOT / "tests/corpus/fusion/own.jsonl", lambda _: True),
    "shared clusters": (SHARED / "fusion.jsonl", lambda _: True),
    "shared pairs": (SHARED / "train.jsonl", lambda row: row.get("same_as")),
}
SOME = 0.3  # by which each weight is moved


def agreement(labels, keys):
    numbers = [{name: n for n, name in enumerate(dict.fromkeys(side.values()))} for side in (labels, keys)]
    sides = zip((labels, keys), numbers, strict=True)
    return adjusted_rand_score(*([number[side[at]] for at in labels] for side, number in sides))


def groups():
    pipeline = load()
    moved = [
        dataclasses.replace(WEIGHTS, **{f.name: getattr(WEIGHTS, f.name) * by})
        for f in dataclasses.fields(WEIGHTS)
        for by in (1 - SOME, 1 + SOME)
    ]
    for name, (path, chosen) in SETS.items():
        if not path.exists():
            print(f"{name}: {path} is not there")
            continue
        rows = [row for row in read_rows(path) if chosen(row)]
        labels, copied, tellings = truth(rows), copies(rows), annotated(rows)
        records = predict(pipeline, rows)
        gold = agreement(labels, found(tellings, copied))
        ours = agreement(labels, paired(rows, records, found(read(rows, records), copied)))
        others = [found(tellings, copied, by) for by in moved]
        least = min(agreement(labels, keys) for keys in others)
        wrong = sum(
            len({labels[at] for at in keys if keys[at] == key}) > 1 for keys in others for key in {*keys.values()}
        )
        print(
            f"{name}: {len(rows)} articles, {len(set(labels.values()))} programs; adjusted Rand index "
            f"{gold:.3f} with annotated values, {ours:.3f} with those of the pipeline ({pipeline.version}+"
            f"{pipeline.model_version}); at least {least:.3f} with any one weight moved by {SOME:.0%}, and {wrong} wrong merges"
        )


def corpus(number, dice):
    """Yield (program, address, day, text): programs of all units in ten years, each told by one to five outlets."""
    skills = [(" ".join(t.words), t.category) for found in terms().values() for t in found]
    words = [f"kata{n}" for n in range(20_000)]
    told = 0
    while told < number:
        unit, skill = dice.choice(units()), dice.choice(skills)
        first = dt.date(2015, 1, 1) + dt.timedelta(days=dice.randrange(3650))
        partner, count = f"LPK {dice.choice(words)} {unit.place}", dice.randrange(8, 40)
        body = dice.choices(words, k=220)
        for _ in range(dice.choices((1, 2, 3, 5), (70, 15, 10, 5))[0]):
            day, copied = first + dt.timedelta(days=dice.randrange(3)), dice.random() < 0.5
            told += 1
            text = " ".join(body[: dice.randrange(100, 220)] if copied else dice.choices(words, k=220))
            yield program(unit, skill, day, partner, count), f"https://a.example/{told}", day, text


def program(unit, skill, day, partner, count):
    sure = {
        "confidence": 0.9,
        "evidence": [{"field": "title", "start": 0, "end": 5, "text": "Judul", "method": "rule"}],
    }
    return Program.model_validate(
        {
            "facility": sure | {"name": unit.name, "type": unit.type, "class": unit.class_, "place": unit.place}
            | {"facility_id": unit.facility_id},
            "date": sure | {"start": day, "end": day, "precision": "day"},
            "partners": [sure | {"name": partner, "kind": "education"}],
            "skills": [sure | {"name": skill[0], "category": skill[1]}],
            "participants": sure | {"count": count},
            "confidence": 0.9,
            "key": f"{unit.facility_id}|{day:%Y-%m}|{skill[1]}"[:200],
        }
    )  # fmt: skip


def timed(name, work):
    began, spent = time.perf_counter(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    print(f"{name}: {wall:.0f} s (processor {cpu:.0f} s), peak so far {peak} MB", flush=True)
    return result


def speed(number):
    made = list(corpus(number, random.Random(1)))
    print(f"{len(made):,} programs in as many articles")
    alone(made)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        fill(store, made)
        print(timed("pembinaan fuse, a fresh store", lambda: fuse_store(store)))
        print(timed("pembinaan fuse, again", lambda: fuse_store(store)))


def alone(made):
    texts = [Text(address, day, "Judul", text) for _, address, day, text in sorted(made, key=lambda m: m[2])]
    copied = timed("copies alone", lambda: list(find_copies(texts)))
    tellings = [Telling(Origin(address, published=day), 0, one) for one, address, day, _ in made]
    fused = timed("fusion alone", lambda: sum(1 for _ in fuse(tellings, copied)))
    print(f"{fused:,} programs, {len(copied):,} pairs of copies")


def fill(store, made):
    run = store.begin_run("batch", "benchmark", "1+rules")
    for at in range(0, len(made), 500):
        outcomes = [
            (at + n, Outcome(address, f"{at + n:064x}", record(one, address, day, text)))
            for n, (one, address, day, text) in enumerate(made[at : at + 500])
        ]
        store.save(run, outcomes, "1+rules")


def record(one, address, day, text):
    return ArticleRecord(
        pipeline_version="1", model_version=None, status="ok", relevance=1.0, programs=[one],
        article=ArticleInfo(url=address, title="Judul", text=text, published=day, text_sha256="0" * 64),
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--only", choices=["groups", "speed"])
    chosen = parser.parse_args()
    if chosen.only != "speed":
        groups()
    if chosen.only != "groups":
        speed(chosen.programs)
