"""What is asked of a trained model of `pretraining_runs`: its score beside counting, what it guesses, what it fills in."""

from typing import Any

import torch
from torch import Tensor

from book.cells import counting
from book.cells.pretraining_runs import (
    CONTEXT,
    PAIR,
    Corpus,
    Setting,
    bert,
    corpus,
    gpt,
    losses_of,
    pairs_to_look_at,
    stop,
)
from lib.fused import FusedGPT
from lib.pretraining import PretrainingBERT, assemble, bits_per_character, fill, windows

HOLES = {  # in the 60 characters from this on, which are held out: places that are hidden together
    "English": ("If music be the food of love", [[25], [4], [15], [12, 13, 14], [3, 4, 5, 6, 7]]),
    "Chinese": ("却说姜维退兵屯于钟提", [[1], [0, 1], [3], [2, 3], [10]]),
}
KINDS = {"space": str.isspace, "vowel": lambda c: c in "aeiou", "other small letter": str.islower}
KINDS |= {"capital": str.isupper, "other": lambda c: True}


def scored(model: FusedGPT, language: str) -> dict[str, float]:
    """Return a GPT's loss on all held-out text, each token guessed from the 33 to 64 before it, as what counting pays.

    A character that training has not seen costs the same number of bits on top.
    """
    text = corpus(language)
    ids = torch.cat(text.held_out)
    losses = losses_of(model, windows(ids, CONTEXT, CONTEXT // 2), fresh=CONTEXT // 2).double()
    unknown = (ids == text.vocabulary.unknown_id).double().mean().item() * counting.UNKNOWN
    nats = losses.mean().item()
    return {"nats": round(nats, 4), "bits": round(bits_per_character(nats) + unknown, 4)}


def long_gpt(setting: Setting, seed: int) -> dict[str, Any]:
    """Return a run with what a reader sees on its way, and its score."""
    stops: list[dict[str, Any]] = []
    model, told = gpt(
        setting, seed, lambda done, model, loss: stops.append(stop(done, model, loss, setting.language))
    )
    return told | {"stops": stops, "scored": scored(model, setting.language)}


def by_kind(model: PretrainingBERT, language: str) -> dict[str, list[int]]:
    """Return how many hidden characters of each kind are guessed right, and how many there are."""
    vocabulary, found = corpus(language).vocabulary, {kind: [0, 0] for kind in KINDS}
    for batch in pairs_to_look_at(language):
        asked = batch["labels"] != -100
        with torch.no_grad():
            guesses = model(batch["tokens"], segments=batch["segments"])[asked].argmax(dim=-1)
        for label, guess in zip(batch["labels"][asked].tolist(), guesses.tolist(), strict=True):
            kind = next(kind for kind, has in KINDS.items() if has(vocabulary.names[label]))
            found[kind] = [found[kind][0] + (guess == label), found[kind][1] + 1]
    return found


def filled(model: PretrainingBERT, language: str) -> dict[str, Any]:
    """Return what a BERT puts into the holes of a held-out text."""
    text, (start, holes) = corpus(language), HOLES[language]
    whole = next(one[one.index(start) :][:60] for one in text.texts[1] if start in one)
    ids, special = text.vocabulary.encode(whole)[None], text.specials
    tokens, segments, _ = assemble(ids[:, :30], ids[:, 30:], *special[:3], PAIR)
    found = []
    for places in holes:
        read = tokens[0].clone()
        read[[place + 1 + (place >= 30) for place in places]] = special.mask
        best, probs = fill(model, read, special.mask, 5, segments[0])
        found.append(
            {"places": places, "best": [_named(text, *row) for row in zip(best, probs, strict=True)]}
        )
    return {"text": whole, "holes": found}


def _named(text: Corpus, ids: Tensor, probs: Tensor) -> list[list[Any]]:
    return [
        [text.vocabulary.names[i], round(p, 4)] for i, p in zip(ids.tolist(), probs.tolist(), strict=True)
    ]


def long_bert(setting: Setting, seed: int) -> dict[str, Any]:
    """Return a run with what it guesses right at its end, and what it puts into holes."""
    model, told = bert(setting, seed)
    kinds = {"by kind": by_kind(model, setting.language)} if setting.language == "English" else {}
    return told | kinds | {"filled": filled(model, setting.language)}
