"""The run that compares the variants of `book.cells.variants`: chapter 6.

`python -m book.cells.ablation` trains them all, which wants a GPU (minutes), and writes ablation.json beside it, which
the page shows. Seeds are trained side by side, by vmap over their stacked weights.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import Tensor
from torch.func import functional_call, stack_module_state, vmap

from book.cells.variants import VARIANTS, make_model
from lib.attention import causal_mask
from lib.characters import alphabet_of, encode
from lib.corpora import shakespeare
from lib.optim import cosine_with_warmup
from lib.transformer import GPT

RECORD = Path(__file__).with_suffix(".json")
TEST, DEVELOPMENT = "macbeth", "king-lear"
T = 128  # characters a window


def read_record() -> dict:
    """Return what was recorded: about the run, and "runs", one for each of RUNS."""
    return json.loads(RECORD.read_text("utf-8"))


class Texts:
    """The plays as numbers: all but two to train on, one to choose the learning rate by, one to test on."""

    def __init__(self, device: str = "cpu"):
        plays = shakespeare()
        self.alphabet = alphabet_of(plays.values())
        held_out = {name: plays.pop(name) for name in (TEST, DEVELOPMENT)}
        texts = ["".join(plays.values()), held_out[TEST], held_out[DEVELOPMENT]]
        self.train, self.test, self.development = (encode(text, self.alphabet).to(device) for text in texts)


def ensemble(models: list[GPT], device: str) -> tuple[dict[str, Tensor], Callable[[dict, Tensor], Tensor]]:
    """Return the stacked weights of equal models, and the losses (R, B, T) of all R models on windows (R, B, T + 1)."""
    weights, _ = stack_module_state(models)
    weights = {name: w.detach().to(device).requires_grad_() for name, w in weights.items()}
    base, mask = models[0].to(device), causal_mask(T).to(device)

    def run(weights: dict, windows: Tensor) -> Tensor:
        x = weights["embed.table.weight"][windows[:, :-1]] + weights["embed.places.table.weight"][:T]
        inner = {
            name.removeprefix("encoder."): w for name, w in weights.items() if name.startswith("encoder.")
        }
        x = functional_call(base.encoder, inner, (x, mask))
        log_probs = (x @ weights["embed.table.weight"].T).log_softmax(dim=-1)
        return -log_probs.gather(-1, windows[:, 1:, None])[..., 0]

    return weights, vmap(run)


@torch.no_grad()
def held_out_loss(weights: dict, losses: Callable, text: Tensor, chunk: int = 100) -> list[float | None]:
    """Return each model's mean loss on a text, cut into windows that do not overlap; None where it became NaN."""
    R, n = next(iter(weights.values())).shape[0], (len(text) - 1) // T
    windows = text[T * torch.arange(n, device=text.device)[:, None] + torch.arange(T + 1, device=text.device)]
    parts = [losses(weights, part.expand(R, *part.shape)).sum(dim=(1, 2)) for part in windows.split(chunk)]
    means = (torch.stack(parts).sum(dim=0) / (n * T)).tolist()
    return [None if math.isnan(mean) else round(mean, 4) for mean in means]


def train(variant: str, rate: float, warmup: int, setting: dict, device: str = "cpu") -> dict:
    """Return the held-out losses of all seeds of a variant, on the way and at the end."""
    texts, models, start = Texts(device), [], time.monotonic()
    for seed in range(setting["seeds"]):
        torch.manual_seed(seed)
        models.append(make_model(variant, setting["sizes"], len(texts.alphabet), setting["layers"], T))
    weights, losses = ensemble(models, device)
    optimizer = torch.optim.AdamW(weights.values(), lr=rate, fused=device != "cpu")
    draw, curve, total = torch.Generator(device).manual_seed(0), {}, setting["steps"]
    for step in range(total + 1):
        if step in setting["look"]:
            curve[step] = held_out_loss(weights, losses, texts.test)
        if step < total:
            now = cosine_with_warmup(step, peak=rate, warmup=warmup, total=total, floor=rate / 10)
            optimizer.param_groups[0]["lr"] = now
            shape = (len(models), setting["batch"], 1)
            starts = torch.randint(len(texts.train) - T, shape, generator=draw, device=device)
            windows = texts.train[starts + torch.arange(T + 1, device=device)]
            optimizer.zero_grad()
            losses(weights, windows).mean(dim=(1, 2)).sum().backward()
            optimizer.step()
    development = held_out_loss(weights, losses, texts.development)
    size = sum(w[0].numel() for w in weights.values())
    return {"variant": variant, "rate": rate, "warmup": warmup, "development": development, "test": curve,
            "parameters": size, "seconds": round(time.monotonic() - start)}  # fmt: skip


SETTING = {
    "sizes": {"d_model": 128, "n_heads": 4},
    "layers": 6,
    "batch": 32,
    "steps": 2000,
    "seeds": 3,
    "look": [0, 25, 50, 100, 200, 400, 800, 1200, 1600, 2000],
}
RUNS = [(variant, rate, 100) for rate in (1e-3, 3e-3) for variant in VARIANTS]  # steps of warm-up last
RUNS += [("pre-norm", 1e-3, 0), ("pre-norm", 3e-3, 0)]
RUNS += [("post-norm", 1e-3, 0), ("post-norm", 1e-3, 500), ("post-norm", 3e-4, 100)]


def one_run(run: tuple[str, float, int], setting: dict, device: str) -> dict:
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("high")
    return train(*run, setting, device)


def main(output: Path, workers: int, device: str) -> None:
    """Train everything, and write down what came out as it comes."""
    name = torch.cuda.get_device_name() if device != "cpu" else "CPU"
    about = {"command": "python -m book.cells.ablation", "date": f"{datetime.now(UTC):%Y-%m-%d}", "device": name,
             "torch": torch.__version__, "setting": SETTING, "test": TEST, "development": DEVELOPMENT}  # fmt: skip
    found: dict[tuple, dict] = {}
    with get_context("spawn").Pool(workers) as pool:
        for run in pool.imap_unordered(partial(one_run, setting=SETTING, device=device), RUNS):
            found[run["variant"], run["rate"], run["warmup"]] = run
            lines = [json.dumps(found[key]) for key in RUNS if key in found]
            output.write_text(json.dumps(about)[:-1] + ', "runs": [\n' + ",\n".join(lines) + "\n]}\n")
            print(run["variant"], run["rate"], run["warmup"], run["development"], flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=RECORD)
    parser.add_argument("--workers", type=int, default=10)
    parser.add_argument("--device", default="cuda")
    chosen = parser.parse_args()
    main(chosen.output, chosen.workers, chosen.device)
