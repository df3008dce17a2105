"""The network: one encoder; heads on the first piece of each word and on that of the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AttentionInterface, BertConfig, BertModel

from extractor.tagging import BOS, ENTITY_LABELS, EOS, PAD, SLOT_LABELS, WordEncoder, windows
from models.training.data import IGNORED, Example
from models.training.encoder import Encoder, bert_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LAYERS, FROZEN = 9, 2
TIES = 32  # numbers that say of a word which program it belongs to
# Without the instructions for it, bfloat16 is a hundred times slower than float32.
HALF = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001  no public name yet


def attention(
    module: nn.Module,  # noqa: ARG001  transformers calls with it
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **_: object,
) -> tuple[Tensor, None]:
    """Attention as plain products.

    A third faster in a training step on a CPU than PyTorch's own, and onnxruntime's optimizer knows this form: it
    divides by the root of the head's size and adds the mask.
    """
    scores = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    return (scores.softmax(-1) @ value).transpose(1, 2).contiguous(), None


AttentionInterface.register("plain", attention)


class Tagger(nn.Module):
    """Scores of every piece for entities and slots, its ties, and scores of the window for relevance and several."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.bert.set_attn_implementation("plain")
        self.drop = nn.Dropout(0.1)
        self.entities = nn.Linear(config.hidden_size, len(ENTITY_LABELS))
        self.slots = nn.Linear(config.hidden_size, len(SLOT_LABELS))
        self.relevance = nn.Linear(config.hidden_size, 1)
        self.several = nn.Linear(config.hidden_size, 1)
        self.ties = nn.Linear(config.hidden_size, TIES)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return what each head says.

        Logits [batch, pieces, labels] of entities and of slots; [batch] of relevance and of several programs;
        ties [batch, pieces, TIES]: the product of those of two mentions is the logit that they are of one program.
        """
        added = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * -10000.0
        hidden = self.bert(input_ids=input_ids, attention_mask=added).last_hidden_state
        hidden = self.drop(hidden)
        window = hidden[:, 0]
        return (
            self.entities(hidden),
            self.slots(hidden),
            self.relevance(window).squeeze(-1),
            self.several(window).squeeze(-1),
            self.ties(hidden),
        )


def config(vocabulary: int, **sizes: int) -> BertConfig:
    """Return the shape of the shipped encoder, or of a smaller one for tests."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=sizes.get("hidden", 384),
        num_hidden_layers=sizes.get("layers", LAYERS),
        num_attention_heads=sizes.get("heads", 12),
        intermediate_size=sizes.get("ff", 1536),
        max_position_embeddings=512,
        type_vocab_size=2,
        layer_norm_eps=1e-12,
        attention_probs_dropout_prob=0.0,  # its dropout doubles the time of a step on a CPU
        hidden_dropout_prob=0.1,
        pad_token_id=PAD,
    )


def from_encoder(encoder: Encoder, keep: Sequence[int]) -> Tagger:
    """Return a network whose lowest layers are the encoder's, with only the kept pieces."""
    network = Tagger(config(len(keep)))
    state = {name: torch.from_numpy(np.array(value)) for name, value in bert_state(encoder, LAYERS).items()}
    words = "embeddings.word_embeddings.weight"
    state[words] = state[words][list(keep)]
    missing, unexpected = network.bert.load_state_dict(state, strict=False)
    if unexpected or [m for m in missing if not m.endswith("_ids")]:
        raise ValueError(f"the encoder does not fit: {missing} {unexpected}")
    return network


def freeze(network: Tagger) -> None:
    """Leave embeddings and lowest layers as they are: they cost a third of a step and change little."""
    for part in (network.bert.embeddings, *network.bert.encoder.layer[:FROZEN]):
        for parameter in part.parameters():
            parameter.requires_grad = False


@dataclass(frozen=True)
class Item:
    """One window as piece ids and a label a piece; `IGNORED` where a head learns nothing."""

    ids: list[int]
    entities: list[int]
    slots: list[int]
    relevant: float  # -1 where unknown
    several: float  # the same
    mentions: list[tuple[int, int, frozenset[int]]]  # first piece, one past the last, programs


def items(example: Example, pieces: WordEncoder) -> list[Item]:
    """Return the windows of an example, labels at the first piece of each word."""
    encoded = pieces.encode(example.text, example.words)
    found = []
    for start, end in windows([len(e) for e in encoded]):
        ids, entities, slots = [BOS], [IGNORED], [IGNORED]
        for index in range(start, end):
            rest = [IGNORED] * (len(encoded[index]) - 1)
            ids += encoded[index]
            entities += [IGNORED if example.entities is None else example.entities[index], *rest]
            slots += [IGNORED if example.slots is None else example.slots[index], *rest]
        known = start == 0 and example.relevant is not None
        places = np.cumsum([1, *(len(e) for e in encoded[start:end])])
        inside = [m for m in example.mentions if start <= m.first and m.last <= end]
        several = len(frozenset[int]().union(*(m.programs for m in example.mentions))) > 1
        found.append(
            Item(
                [*ids, EOS],
                [*entities, IGNORED],
                [*slots, IGNORED],
                float(bool(example.relevant)) if known else -1.0,
                float(several) if known and example.relevant else -1.0,
                [(int(places[m.first - start]), int(places[m.last - start]), m.programs) for m in inside],
            )
        )
    return found


def batch(group: Sequence[Item]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return ids, mask, entity labels, slot labels and relevance of some windows, padded."""
    width = max(len(item.ids) for item in group)

    def padded(rows: list[list[int]], value: int) -> NDArray[np.int64]:
        return np.array([row + [value] * (width - len(row)) for row in rows], dtype=np.int64)

    ids = padded([item.ids for item in group], PAD)
    mask = padded([[1] * len(item.ids) for item in group], 0)
    entities = padded([item.entities for item in group], IGNORED)
    slots = padded([item.slots for item in group], IGNORED)
    relevant = torch.tensor([item.relevant for item in group])
    return (
        torch.from_numpy(ids),
        torch.from_numpy(mask),
        torch.from_numpy(entities),
        torch.from_numpy(slots),
        relevant,
    )


def loss(network: Tagger, group: Sequence[Item]) -> Tensor:
    """Return the summed loss of the heads that the group has labels for."""
    ids, mask, entities, slots, relevant = batch(group)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        entity_logits, slot_logits, relevance, several, ties = (scores.float() for scores in network(ids, mask))
    total = torch.zeros(())
    for logits, labels in ((entity_logits, entities), (slot_logits, slots)):
        if bool((labels != IGNORED).any()):
            total = total + nn.functional.cross_entropy(
                logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, label_smoothing=0.02
            )
    known = relevant >= 0
    if bool(known.any()):
        total = total + 0.3 * nn.functional.binary_cross_entropy_with_logits(relevance[known], relevant[known])
    told = torch.tensor([item.several for item in group])
    if bool((told >= 0).any()):
        total = total + 0.3 * nn.functional.binary_cross_entropy_with_logits(several[told >= 0], told[told >= 0])
    tied = [_tie_loss(ties[row], item) for row, item in enumerate(group) if len(item.mentions) > 1]
    return total + 0.5 * torch.stack(tied).mean() if tied else total


def _tie_loss(ties: Tensor, item: Item) -> Tensor:
    """Return the loss of the pairs of mentions of a window, each being of one program or not."""
    means = torch.stack([ties[first:last].mean(0) for first, last, _ in item.mentions])
    one = torch.tensor([[float(bool(a & b)) for _, _, b in item.mentions] for _, _, a in item.mentions])
    pairs = torch.triu_indices(len(means), len(means), 1)
    logits = (means @ means.T)[pairs[0], pairs[1]]
    return nn.functional.binary_cross_entropy_with_logits(logits, one[pairs[0], pairs[1]])
