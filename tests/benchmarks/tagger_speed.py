"""Articles a second of the shipped tagger and of a transformers pipeline of BERT-base's shape.

    python tests/benchmarks/tagger_speed.py [GOLD.jsonl] [--articles 32] [--threads 2]

Needs torch and transformers for the comparison; the weights of that shape are random.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from extractor.tagger import load_tagger
from extractor.tagging import WORD

GOLD = Path(__file__).parents[2] / "corpus" / "gold" / "own-a.jsonl"


def bert_base(texts, threads):
    """Return a token-classification pipeline with BERT-base's shape and a word-level vocabulary of the texts."""
    # Imported late: they would count as the tagger's memory.
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    torch.set_num_threads(threads)
    words = sorted({word.lower() for text in texts for word in WORD.findall(text)})
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = Path(folder) / "vocab.txt"
        vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]), encoding="utf-8")
        tokenizer = transformers.BertTokenizerFast(vocab_file=str(vocabulary), model_max_length=512)
    model = transformers.BertForTokenClassification(transformers.BertConfig(num_labels=7))
    return transformers.pipeline("token-classification", model=model, tokenizer=tokenizer, stride=64)


def rate(run, count):
    """Return how many articles a second `run` gets through."""
    began = time.perf_counter()
    run()
    return count / (time.perf_counter() - began)


def main():
    """Print both rates, their ratio and the peak memory of a process with the tagger alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--articles", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    lines = args.gold.read_text(encoding="utf-8").splitlines()[: args.articles]
    texts = [f"{row['title']}\n\n{row['text']}" for row in map(json.loads, lines)]
    tagger = load_tagger(threads=args.threads)
    tagger.annotate(texts[:2])
    ours = rate(lambda: tagger.annotate(texts), len(texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipeline = bert_base(texts, args.threads)
    pipeline(texts[:1])
    theirs = rate(lambda: [pipeline(text) for text in texts], len(texts))
    print(f"{len(texts)} articles, {sum(map(len, texts)) // len(texts)} characters each, {args.threads} threads")
    print(f"ours {ours:.1f} articles/s, BERT-base pipeline {theirs:.2f} articles/s, ratio {ours / theirs:.1f}")
    print(f"peak memory with the tagger alone {peak:.0f} MB")


if __name__ == "__main__":
    main()
