"""Teach the network of a language, with PyTorch, which only whoever trains needs: `pip install torch` beside the rest.

Labels are of texts, not of sentences: a text advises as much as the sentence that advises most (multiple-instance
learning). The same texts and the same PyTorch give the same network.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogue.core.language import network
from dialogue.core.language.pieces import Language

Text = tuple[Sequence[str], bool, float]  # the sentences of a text, whether it advises, how much it counts

OFTEN_ENOUGH = 2  # texts a token must stand in
VECTOR, FILTERS, WIDTHS = 128, 160, (1, 2, 3, 4)
NARROW, WIDE = 192, 5  # what the deeper layers find, and over how many neighbours the second looks
LEFT_OUT, LEFT_OUT_OF_VECTORS = 0.5, 0.2
ROUNDS, AT_ONCE, STEP, SHRINKING = 6, 64, 1e-3, 1e-2
LONGEST = 400  # tokens; longer texts are not learned from

Arrays = Mapping[str, NDArray[np.generic]]


def taught(texts: Sequence[Text], language: Language, *, seed: int = 0) -> Arrays:
    """Return the arrays of a network that was taught by these texts."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    shuffled = random.Random(seed)
    cut = [(*network.tokens_of(sentences, language), advises, counts) for sentences, advises, counts in texts]
    cut = [one for one in cut if len(one[0]) <= LONGEST and one[1]]
    often = Counter(token for tokens, *_ in cut for token in set(tokens))
    rows = {token: at + 2 for at, token in enumerate(sorted(name for name, n in often.items() if n >= OFTEN_ENOUGH))}
    told = [
        ([rows.get(token, 1) for token in tokens], spans, advises, counts) for tokens, spans, advises, counts in cut
    ]
    layers = _layers(torch, len(rows) + 2)
    learning = torch.optim.AdamW(layers.parameters(), lr=STEP, weight_decay=SHRINKING)
    steps = ROUNDS * -(-len(told) // AT_ONCE)
    slower = torch.optim.lr_scheduler.LambdaLR(learning, lambda step: max(0.02, 1 - step / steps))
    for _ in range(ROUNDS):
        for batch in _batches(told, shuffled):
            most = _most(torch, layers, batch)
            wanted = torch.tensor([float(advises) for _, _, advises, _ in batch])
            counts = torch.tensor([counts for *_, counts in batch])
            missed = torch.nn.functional.binary_cross_entropy_with_logits(most, wanted, weight=counts)
            learning.zero_grad()
            missed.backward()
            learning.step()
            slower.step()
    return _arrays(layers, list(rows))


def _batches(told: Sequence[Any], shuffled: random.Random) -> Iterator[list[Any]]:
    """Yield all texts, those of about a length together, the batches in any order."""
    order = sorted(told, key=lambda one: len(one[0]) + 6 * shuffled.random())
    batches = [order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)]
    shuffled.shuffle(batches)
    yield from batches


def _layers(torch: Any, tokens: int) -> Any:
    found = FILTERS * len(WIDTHS)
    return torch.nn.ModuleDict(
        {
            "vectors": torch.nn.Embedding(tokens, VECTOR, padding_idx=0),
            **{f"filter {width}": torch.nn.Conv1d(VECTOR, FILTERS, width) for width in WIDTHS},
            "deeper 1": torch.nn.Conv1d(found, NARROW, 1),
            "deeper 2": torch.nn.Conv1d(NARROW, NARROW, WIDE),
            "weights": torch.nn.Linear(3 * (found + NARROW), 1),
        }
    )


def _most(torch: Any, layers: Any, batch: Sequence[Any]) -> Any:
    """Return the logit of the sentence that advises most, of each text of a batch."""
    relu, drop, pad = torch.relu, torch.nn.functional.dropout, torch.nn.functional.pad
    longest = max(len(row) for row, *_ in batch)
    rows = torch.tensor([row + [0] * (longest - len(row)) for row, *_ in batch])
    real = (rows != 0)[:, None, :]
    vectors = drop(layers["vectors"](rows), LEFT_OUT_OF_VECTORS).transpose(1, 2)

    def over(layer: Any, row: Any, width: int) -> Any:
        before = (width - 1) // 2
        return relu(layer(pad(row, (before, width - 1 - before)))) * real

    found = torch.cat([over(layers[f"filter {width}"], vectors, width) for width in WIDTHS], 1)
    deep = over(layers["deeper 2"], over(layers["deeper 1"], drop(found, LEFT_OUT), 1), WIDE)
    found = torch.cat([found, deep], 1)
    text_of = torch.tensor([at for at, (_, spans, *_) in enumerate(batch) for _ in spans])
    spans = torch.tensor([span for _, spans, *_ in batch for span in spans])
    place, begin, end = torch.arange(longest)[None, :], spans[:, :1], spans[:, 1:]
    parts = [
        (place >= begin) & (place < end),
        (place >= begin - network.NEAR) & (place > 0) & (place < begin),
        (place >= end) & (place < end + network.NEAR),
    ]
    of_text = found[text_of]
    pooled = torch.cat([(of_text * part[:, None, :]).amax(2) for part in parts], 1)
    logits = layers["weights"](drop(pooled, LEFT_OUT)).squeeze(1)
    return torch.full((len(batch),), -1e4).scatter_reduce(0, text_of, logits, "amax")


def _arrays(layers: Any, tokens: Sequence[str]) -> Arrays:
    def plain(tensor: Any) -> NDArray[np.float16]:
        kept: NDArray[np.float16] = tensor.detach().numpy().astype(np.float16)
        return kept

    kept: dict[str, NDArray[np.generic]] = {"tokens": np.array(tokens), "vectors": plain(layers["vectors"].weight)}
    for name, layer in layers.items():
        if name.startswith(("filter", "deeper")):
            width = layer.weight.shape[2]
            kept[f"{name} width"] = np.array(width)
            kept[f"{name} weights"] = plain(layer.weight.permute(2, 1, 0).reshape(-1, layer.weight.shape[0]))
            kept[f"{name} start"] = plain(layer.bias)
    return kept | {"weights": plain(layers["weights"].weight[0]), "start": np.array(layers["weights"].bias.item())}
