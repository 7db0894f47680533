"""Tokens a second of `lib.training.train` against a plain loop, and the share of a GPU's peak that it uses.

python -m benchmarks.training [--device cuda] [--settings gpu 124M] [--out file.json]

The plain loop is the usual one for pretraining, in one function: accumulate, clip, AdamW, autocast, and a look at the loss
now and then. It makes none of our loop's promises. Both train the same model on the same batches in the same precision
with the same number of threads. They take turns, block by block, in one run; the ratio is of the medians.
"""

import argparse
import ctypes
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.settings import SETTINGS, Setting
from lib.fused import FusedGPT
from lib.optim import decay_groups
from lib.throughput import device_name, peak_of, utilisation
from lib.training import Batch, TrainConfig, batches_of, device_of, train

LR = 1e-4
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h


def plain_loop(
    model: nn.Module, data: Callable[[int], Batch], optimizer: Any, setting: Setting, device: torch.device
) -> None:
    """Train for one block as scripts for pretraining do."""
    on_gpu = device.type == "cuda"
    half = setting.precision != "float32"
    context = torch.autocast(device.type, getattr(torch, setting.precision)) if half else nullcontext()
    scaler = torch.amp.GradScaler(device.type, enabled=setting.precision == "float16")

    def fetch(i: int) -> tuple[Tensor, Tensor]:
        x, y = data(i)
        if not on_gpu:
            return x.contiguous(), y.contiguous()
        return x.pin_memory().to(device, non_blocking=True), y.pin_memory().to(device, non_blocking=True)

    x, y = fetch(0)
    for step in range(setting.steps):
        for group in optimizer.param_groups:
            group["lr"] = LR * (0.1 + 0.45 * (1 + math.cos(math.pi * step / setting.steps)))
        for k in range(setting.accumulate):
            with context:
                loss = model(x, y) / setting.accumulate
            x, y = fetch(step * setting.accumulate + k + 1)  # while the GPU is busy
            scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        if step % 10 == 0:
            loss.item()


class WithLoss(nn.Module):
    """The plain loop's model gives its mean loss, so that both are compiled together."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the mean loss."""
        return F.cross_entropy(self.model(x).flatten(0, 1), y.flatten())


def optimizer_of(model: nn.Module, fused: bool) -> torch.optim.AdamW:
    """Return AdamW with decay for matrices alone."""
    return torch.optim.AdamW(decay_groups(model, 0.1), lr=LR, betas=(0.9, 0.95), fused=fused)


def loops_of(setting: Setting, device: torch.device) -> dict[str, Callable[[], object]]:
    """Return what does one block of each loop, on one model."""
    torch.manual_seed(0)
    model = FusedGPT(setting.model, setting.narrow).to(device)
    tokens = torch.randint(setting.model.vocab_size, (1_000_000,), generator=torch.Generator().manual_seed(0))
    data = batches_of(tokens, setting.batch, setting.context)
    forward: Any = torch.compile(model) if setting.compile else model
    with_loss: Any = torch.compile(WithLoss(model)) if setting.compile else WithLoss(model)
    config = TrainConfig(
        steps=setting.steps, lr=LR, accumulate=setting.accumulate, precision=setting.precision
    )
    ours = optimizer_of(model, fused=True)
    theirs = optimizer_of(model, fused=device.type == "cuda")
    return {
        "ours": lambda: train(forward, data, config, optimizer=ours),
        "plain": lambda: plain_loop(with_loss, data, theirs, setting, device),
    }


def turns(
    loops: dict[str, Callable[[], object]], blocks: int, device: torch.device
) -> Iterator[tuple[str, float, float]]:
    """Let the loops take turns, another one first each time; yield seconds by the clock and of the processor."""
    names = list(loops)
    for block in range(blocks):
        for name in names if block % 2 else names[::-1]:
            finish(device)
            wall, cpu = time.perf_counter(), time.process_time()
            loops[name]()
            finish(device)
            yield name, time.perf_counter() - wall, time.process_time() - cpu


def keep_freed_memory() -> None:
    """Have C's allocator keep what is freed, where it is glibc's, as the allocators that torch advises do.

    It would give back whatever lies free on top of the heap, and the next forward pass would have to ask for it again. For
    how much of it depends on what each loop happens to free last, which is 1 to 3 percent of the time and nobody's merit.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
            mallopt(parameter, 2**30)


def finish(device: torch.device) -> None:
    """Wait for the GPU."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(name: str, device: torch.device, blocks: int) -> dict[str, Any]:
    """Return tokens a second of both loops by the median of their blocks, their ratio, and the MFU of ours."""
    setting = SETTINGS[name]
    loops = loops_of(setting, device)
    start = time.perf_counter()
    for once in loops.values():  # compiles, and warms up
        once()
    finish(device)
    warm_up = time.perf_counter() - start
    seconds: dict[str, list[tuple[float, float]]] = {loop: [] for loop in loops}
    for loop, wall, busy in turns(loops, blocks, device):
        seconds[loop].append((wall, busy))
    tokens = setting.steps * setting.accumulate * setting.batch * setting.context
    speed = {loop: tokens / statistics.median(wall for wall, _ in times) for loop, times in seconds.items()}
    cpu = {loop: statistics.median(busy for _, busy in times) for loop, times in seconds.items()}
    peak = peak_of(device_name(device)) if setting.precision == "bfloat16" else None
    mfu = (
        {k: utilisation(setting.model, setting.context, v, peak) for k, v in speed.items()} if peak else None
    )
    return {
        "setting": name,
        "config": asdict(setting),
        "device": device_name(device),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "blocks": blocks,
        "tokens_per_second": speed,
        "ratio_by_the_clock": speed["ours"] / speed["plain"],
        "ratio_of_processor_time": cpu["plain"] / cpu["ours"],
        "mfu": mfu,
        "seconds_to_warm_up": warm_up,
        "peak_gigabytes": torch.cuda.max_memory_allocated() / 1e9 if device.type == "cuda" else None,
        "seconds": seconds,
    }


def main() -> None:
    """Print a line for each setting, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, help="default: cpu, or gpu and 124M")
    parser.add_argument(
        "--blocks", type=int, help="default: 7, or 41 on a CPU, where a block varies by 10 percent"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    keep_freed_memory()
    torch.set_num_threads(given.threads)
    torch.set_float32_matmul_precision("high")
    device = device_of(given.device)
    blocks = given.blocks or (7 if device.type == "cuda" else 41)
    results = []
    for name in given.settings or (["gpu", "124M"] if device.type == "cuda" else ["cpu"]):
        results.append(found := measure(name, device, blocks))
        speed, mfu = found["tokens_per_second"], found["mfu"]
        print(
            f"{name:7} {found['device']}: ours {speed['ours']:,.0f} tokens/s, plain {speed['plain']:,.0f};"
            f" ratio {found['ratio_by_the_clock']:.3f} by the clock, {found['ratio_of_processor_time']:.3f} of"
            f" processor time; MFU {mfu and round(mfu['ours'], 3)}",
            flush=True,
        )
        if given.out:
            given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
