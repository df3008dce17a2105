"""Train the tagger: in, shared/data and corpus/gold; out, WORK/<run>/{model.pt, tokenizer.json, run.json}.

    python -m models.training.train SHARED_DATA WORK --run first --material older
    python -m models.training.train SHARED_DATA WORK --run base --material own --base WORK/first
    python -m models.training.train SHARED_DATA WORK --run fold0 --fold 0 --base WORK/base

Runs on CPUs. A run that was cut off goes on at its last epoch.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch
from rich.progress import Progress
from tokenizers import Tokenizer

from extractor.tagging import WordEncoder
from models.training import data, encoder, network, vocabulary
from models.training.augment import SHARE, Pools, vary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.training.data import Example
    from models.training.network import Item, Tagger

# What a run learns from: our own articles but those kept back, all of them, or the annotated articles of shared/data.
Material = Literal["older", "own", "gold"]
EPOCHS: dict[Material, int] = {"older": 8, "own": 2, "gold": 4}
REPLAYED = 0.15  # of our own articles, that each epoch of "gold" sees again
NEWS = 120
RATE, HEAD_RATE, WARMUP = 2e-4, 1e-3, 0.06
SENTENCES, ARTICLES = 24, 3  # windows a step


def sentences(shared: Path) -> list[Example]:
    """Return the sentences with entities; those of the dev and the test part are never trained on."""
    return list(data.read_ner(shared / "ner" / "idner-news-2k" / "train.txt"))


def articles(shared: Path, fold: int | None) -> list[dict[str, Any]]:
    """Return the annotated articles of shared/data to learn from, without those of the held-out fold."""
    gold = data.gold_articles(shared)
    parts = data.fold_of(gold)
    return [a for a in gold if fold is None or parts[a["id"]] != fold]


def prepare(shared: Path, work: Path, base: Path | None) -> tuple[Tagger, Tokenizer]:
    """Return the network to go on with and its tokenizer: of the run `base`, or the pruned encoder with new heads."""
    if base:
        known = Tokenizer.from_file(str(base / "tokenizer.json"))
        model = network.Tagger(network.config(known.get_vocab_size()))
        model.load_state_dict(torch.load(base / "model.pt"))
        return model, known
    raw = encoder.read(encoder.fetch(work))
    texts = [example.text for path in sorted(shared.glob("ner/*/*.txt")) for example in _ner(path)]
    with gzip.open(shared / "news" / "indosum.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines]
    for path in [*data.gold_files(shared), *data.own_files()]:
        texts += 2 * [f"{a['title']}\n\n{a['text']}" for a in data.read_programs(path)]
    texts += 2 * [path.read_text(encoding="utf-8").replace(",", " ") for path in sorted(shared.glob("*/*.csv"))]
    keep = vocabulary.kept(raw, texts)
    made = vocabulary.tokenizer([raw.pieces[i] for i in keep], [raw.scores[i] for i in keep])
    return network.from_encoder(raw, keep), made


def _ner(path: Path) -> Iterator[Example]:
    return data.read_ner(path) if path.name in ("train.txt", "dev.txt", "valid.txt") else iter(())


def plans(
    shared: Path, fold: int | None, epochs: int, pieces: WordEncoder, material: Material
) -> list[list[list[Item]]]:
    """Return the steps of each epoch: groups of windows of like length, sentences and articles mixed.

    Every run sees every sentence; those on the articles of shared/data see, not to forget, a share of our own too. Each
    epoch sees other variations of the articles.
    """
    entities = [i for e in sentences(shared) for i in network.items(e, pieces)]
    own = data.own_articles()
    last = material == "gold"
    learned = articles(shared, fold) if last else own if material == "own" else data.older_articles()
    pools = Pools.of(shared, own + learned if last else learned)
    news = data.read_news(shared / "news" / "indosum.jsonl.gz", NEWS)
    found = []
    for number in range(epochs):
        dice = random.Random(data.SEED + number)
        seen = learned + dice.sample(own, int(REPLAYED * len(own))) if last else learned
        varied = [vary(a, pools, dice) if number and dice.random() < SHARE else a for a in seen]
        other = dice.sample(news, len(news) // 2) if last else news
        windows = [i for e in [*map(data.article_example, varied), *other] for i in network.items(e, pieces)]
        groups: list[list[Item]] = []
        for source, size in ((entities, SENTENCES), (windows, ARTICLES)):
            order = sorted(source, key=lambda item: len(item.ids) * dice.uniform(0.85, 1.15))
            groups += [order[i : i + size] for i in range(0, len(order), size)]
        dice.shuffle(groups)
        found.append(groups)
    return found


def keep_memory() -> None:
    """Have glibc keep what it got: given back after every step, a third of the time goes to page faults."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return  # another C library, which has its own ways
    # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_TOP_PAD of malloc.h
    for parameter, size in ((-3, 1 << 30), (-1, (1 << 31) - 1), (-2, 256 << 20)):
        mallopt(parameter, size)


def train(
    shared: Path,
    work: Path,
    run: str,
    fold: int | None = None,
    *,
    base: Path | None,
    material: Material = "gold",
) -> Path:
    """Train one run and return its folder; goes on where an earlier call was cut off.

    Args:
        shared: the folder with ner, news, programs, facilities and lexicon.
        work: where the encoder is, and the run's folder is made.
        run: the name of that folder.
        fold: the articles that are left out.
        base: the folder of the run to start from; None starts from the encoder.
        material: what is learned from.
    """
    epochs = EPOCHS[material]
    folder = work / run
    if (folder / "run.json").exists():
        return folder
    keep_memory()
    torch.manual_seed(data.SEED)
    torch.set_flush_denormal(True)
    folder.mkdir(parents=True, exist_ok=True)
    model, tokenizer = prepare(shared, work, base)
    tokenizer.save(str(folder / "tokenizer.json"))
    pieces = WordEncoder(tokenizer)
    network.freeze(model)
    body = [p for p in model.bert.parameters() if p.requires_grad]
    heads = [p for name, p in model.named_parameters() if not name.startswith("bert.")]
    groups = [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    plan = plans(shared, fold, epochs, pieces, material)
    steps = sum(len(p) for p in plan)
    began = time.monotonic()

    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / (WARMUP * steps), max(0.0, (1 - s / steps) / (1 - WARMUP)))
    )
    checkpoint, first = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["epochs"]
    taken = sum(len(p) for p in plan[:first])
    with Progress() as progress:
        task = progress.add_task(run, total=steps, completed=taken)
        for number in range(first, epochs):
            model.train()
            losses = []
            for group in plan[number]:
                taken += 1
                value = network.loss(model, group)
                optimizer.zero_grad(set_to_none=True)
                value.backward()
                torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
                optimizer.step()
                schedule.step()
                losses.append(float(value.detach()))
                progress.advance(task)
                if len(losses) % 25 == 0:
                    progress.console.print(
                        f"{run} epoch {number} step {len(losses)}/{len(plan[number])} "
                        f"loss {sum(losses[-25:]) / 25:.3f} {time.monotonic() - began:.0f} s",
                    )
            state = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
            }
            torch.save({**state, "epochs": number + 1}, checkpoint)
    torch.save(model.state_dict(), folder / "model.pt")
    about = {"fold": fold, "epochs": epochs, "steps": taken, "seconds": round(time.monotonic() - began)}
    (folder / "run.json").write_text(json.dumps({**about, "pieces": tokenizer.get_vocab_size()}), encoding="utf-8")
    return folder


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--run", required=True)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--base", type=Path, help="the folder of the run to start from; without it from the encoder")
    parser.add_argument("--material", choices=tuple(EPOCHS), default="gold")
    args = parser.parse_args()
    train(args.shared, args.work, args.run, args.fold, base=args.base, material=args.material)


if __name__ == "__main__":
    main()
