"""Small GPTs and small BERTs in two languages: the texts, what a run is told, and what it tells.

A run follows from its setting and its seed alone, on one thread of one kind of processor. Losses are in nats a token.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from lib.config import BlockConfig, ModelConfig
from lib.corpora import shakespeare, three_kingdoms
from lib.decoding import generate
from lib.fused import FusedGPT
from lib.pretraining import (
    SPECIALS,
    Characters,
    PretrainingBERT,
    Specials,
    bert_batches_of,
    evaluate_bert,
    train_bert,
    windows,
)
from lib.training import TrainConfig, batches_of, train

CORPORA: dict[str, tuple[Callable[[], dict[str, str]], int]] = {
    "English": (
        shakespeare,
        3,
    ),  # the last three plays by name are held out, as in the tiers of the benchmarks
    "Chinese": (three_kingdoms, 10),  # the last ten chapters of the Three Kingdoms
}
CONTEXT, PAIR = 64, 63  # tokens of a GPT's window, and of a BERT's pair: [CLS] 30 [SEP] 30 [SEP]
PROMPTS = {"English": "To be, or not to b", "Chinese": "却说曹"}
STARTS = {"English": "\n", "Chinese": "却说"}
LOOK = 320  # held-out windows, spread over all of them, that a GPT's loss is measured on


@dataclass(frozen=True)
class Corpus:
    """A vocabulary of the training text, and both parts by document, as text and as ids."""

    vocabulary: Characters
    texts: tuple[list[str], list[str]]
    train: list[Tensor]
    held_out: list[Tensor]

    @property
    def specials(self) -> Specials:
        """The ids that BERT has above those of a GPT."""
        return Specials.of(self.vocabulary)

    @property
    def V(self) -> int:
        """The ids that a GPT has: all characters and the unknown."""
        return min(self.specials)


@cache
def corpus(language: str) -> Corpus:
    """Return a language's text."""
    load, held_out = CORPORA[language]
    documents = [text for _, text in sorted(load().items())]
    parts = documents[:-held_out], documents[-held_out:]
    vocabulary = Characters("".join(parts[0]), SPECIALS)
    return Corpus(vocabulary, parts, *([vocabulary.encode(text) for text in part] for part in parts))


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A model and how it is trained."""

    language: str
    steps: int
    lr: float
    look: Sequence[int]  # steps done at which it is evaluated
    d_model: int = 64
    n_layers: int = 2
    rotary: bool = True  # else learned positions, as in GPT-2 and in BERT
    tied: bool = True
    share: float = 0.15  # of tokens hidden from a BERT
    batch: int = 16

    def model(self, vocab_size: int, context: int, bias: bool) -> ModelConfig:
        """Return the model's config; contexts are short, so its rotation has the base 100."""
        block = BlockConfig(
            d_model=self.d_model,
            n_heads=4,
            network="gelu_tanh",
            bias=bias,
            rope_base=100.0 if self.rotary else None,
        )
        positions = "none" if self.rotary else "learned"
        return ModelConfig(
            block=block,
            vocab_size=vocab_size,
            n_layers=self.n_layers,
            context=context,
            positions=positions,
            tied=self.tied,
        )


@torch.no_grad()
def losses_of(model: torch.nn.Module, rows: Tensor, fresh: int = CONTEXT) -> Tensor:
    """Return the losses of the last `fresh` tokens of each window (n, fresh)."""
    parts = []
    for some in rows.split(64):
        logits = model(some[:, :-1])[:, -fresh:]
        parts.append(F.cross_entropy(logits.transpose(1, 2), some[:, -fresh:], reduction="none"))
    return torch.cat(parts)


def spread(rows: Tensor, count: int = LOOK) -> Tensor:
    """Return `count` windows or a few more, evenly spread."""
    return rows[:: max(1, len(rows) // count)]


def gpt(
    setting: Setting, seed: int, on_look: Callable[[int, FusedGPT, float], object] | None = None
) -> tuple[FusedGPT, dict[str, Any]]:
    """Train a GPT; return it and its losses: of training steps in means of ten, and held out where it was looked at."""
    text, start = corpus(setting.language), time.process_time()
    torch.manual_seed(seed)
    model = FusedGPT(setting.model(text.V, CONTEXT, bias=False))
    held_out, curve, training = spread(windows(torch.cat(text.held_out), CONTEXT)), [], []

    def look(done: int) -> None:
        if done in setting.look:
            curve.append([done, round(losses_of(model, held_out).mean().item(), 4)])
            if on_look is not None:
                on_look(done, model, curve[-1][1])

    def each(record: Any) -> None:
        training.append(record.loss)
        look(record.step + 1)

    look(0)
    data = batches_of(torch.cat(text.train), setting.batch, CONTEXT, seed)
    train(model, data, TrainConfig(steps=setting.steps, lr=setting.lr, warmup=setting.steps // 20), each)
    return model, summary(model, curve, training, start)


def summary(model: torch.nn.Module, curve: list, training: list, start: float) -> dict[str, Any]:
    """Return what is recorded of a run that began at a time of the processor."""
    spans = [training[i : i + 10] for i in range(0, len(training), 10)]
    return {
        "held_out": curve,
        "training": [round(sum(span) / len(span), 3) for span in spans],
        "parameters": sum(p.numel() for p in model.parameters()),
        "processor_seconds": round(time.process_time() - start, 1),
    }


def pairs_to_look_at(language: str, count: int = 1024) -> list[dict[str, Tensor]]:
    """Return held-out pairs with 15 % of the tokens hidden, always the same ones."""
    text = corpus(language)
    data = bert_batches_of(text.held_out, PAIR, text.specials, batch=64, seed=99)
    return [data(i) for i in range(count // 64)]


def bert(setting: Setting, seed: int) -> tuple[PretrainingBERT, dict[str, Any]]:
    """Train a BERT; return it and its losses as `gpt` does. A look has four numbers, those of `evaluate_bert`."""
    text, start = corpus(setting.language), time.process_time()
    torch.manual_seed(seed)
    model = PretrainingBERT(setting.model(text.vocabulary.size, PAIR, bias=True))
    held_out, curve, training = pairs_to_look_at(setting.language), [], []

    def look(done: int) -> None:
        if done in setting.look:
            found = evaluate_bert(model, held_out)
            curve.append([done, *(round(number, 4) for number in found.values())])

    def each(step: int, masked: float, follows: float) -> None:
        training.append(masked + follows)
        look(step + 1)

    look(0)
    data = bert_batches_of(text.train, PAIR, text.specials, setting.batch, setting.share, seed)
    train_bert(model, data, steps=setting.steps, lr=setting.lr, warmup=setting.steps // 20, on_step=each)
    return model, summary(model, curve, training, start)


def stop(done: int, model: FusedGPT, loss: float, language: str, length: int = 200) -> dict[str, Any]:
    """Return what a reader sees of a model on its way: a text drawn at temperature 1, and what follows a prompt."""
    vocabulary = corpus(language).vocabulary
    start, prompt = (vocabulary.encode(text)[None] for text in (STARTS[language], PROMPTS[language]))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        ids = generate(lambda ids: model(ids[:, -CONTEXT:]), start, length, generator=generator)[0]
        probs, best = model(prompt)[0, -1].softmax(dim=-1).topk(8)
    likely = [
        [vocabulary.decode([i]), round(p, 4)] for i, p in zip(best.tolist(), probs.tolist(), strict=True)
    ]
    return {"step": done, "loss": loss, "text": vocabulary.decode(ids), "next": likely}
