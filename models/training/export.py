"""Export a trained run: in, WORK/<run>; out, the shipped folder with int8 ONNX, tokenizer and label set.

    python -m models.training.export WORK/<run> OUT_DIR --version 1.0.0

The float32 model stays in the run's folder, to measure what int8 costs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from extractor.tagging import ENTITY_LABELS, MAX_PIECES, OVERLAP, SLOT_LABELS
from models.training.network import Tagger, config

OPSET = 17


def load(folder: Path) -> Tagger:
    """Return the trained network of a run's folder, ready to infer."""
    state = torch.load(folder / "model.pt")
    layers = 1 + max(int(name.split(".")[3]) for name in state if name.startswith("bert.encoder.layer."))
    rows, hidden = state["bert.embeddings.word_embeddings.weight"].shape
    inner = state["bert.encoder.layer.0.intermediate.dense.weight"].shape[0]
    network = Tagger(config(rows, hidden=hidden, layers=layers, heads=hidden // 32, ff=inner))
    network.load_state_dict(state)
    return network.eval()


def export(folder: Path, out: Path, version: str, temperature: float = 1.0) -> None:
    """Write the shipped folder's model, tokenizer and config; raises OSError if it cannot be written.

    Args:
        folder: the run.
        out: the folder that ships.
        version: goes into every record.
        temperature: what the logits are divided by, see models.training.temperature.
    """
    network = load(folder)
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(2, 16, dtype=torch.int64)
    axes = {name: {0: "batch", 1: "pieces"} for name in ("input_ids", "attention_mask", "entities", "slots", "ties")}
    full = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "raw.onnx"
        torch.onnx.export(
            network,
            (ids, ids),
            str(raw),
            input_names=["input_ids", "attention_mask"],
            output_names=["entities", "slots", "relevance", "several", "ties"],
            dynamic_axes={**axes, "relevance": {0: "batch"}, "several": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
        options = FusionOptions("bert")
        heads, hidden = network.bert.config.num_attention_heads, network.bert.config.hidden_size
        fused = optimize_model(str(raw), "bert", num_heads=heads, hidden_size=hidden, optimization_options=options)
        fused.save_model_to_file(str(full))
    onnx.checker.check_model(onnx.load(str(full)), full_check=False)
    quantize_dynamic(
        str(full),
        str(out / "model.onnx"),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # without it AVX2 machines saturate and lose accuracy
        op_types_to_quantize=["MatMul", "Attention", "Gather", "EmbedLayerNormalization"],
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    shutil.copy(folder / "tokenizer.json", out / "tokenizer.json")
    about = {
        "version": version,
        "temperature": temperature,
        "slot_labels": SLOT_LABELS,
        "entity_labels": ENTITY_LABELS,
        "max_pieces": MAX_PIECES,
        "overlap": OVERLAP,
        "layers": network.bert.config.num_hidden_layers,
        "opset": OPSET,
    }
    (out / "config.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    export(args.run, args.out, args.version)


if __name__ == "__main__":
    main()
