"""A small GPT trained by several processes: the steps, and the loss in the end, are those of one.

torchrun --nproc-per-node 2 -m benchmarks.distributed cpu              each process has half of every batch
torchrun --nproc-per-node 2 --max-restarts 3 -m benchmarks.distributed cpu --checkpoint run.pt
python -m benchmarks.distributed cpu                                   one process

The tiers are those of `make train`: small, cpu and gpu. Where there are GPUs every process has its own. With a checkpoint, a
run that was stopped, or a worker of which died, goes on; --max-restarts lets torchrun start all workers again by itself.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import tiers
from lib.distributed import running
from lib.training import Record


def show(record: Record) -> None:
    """Print a line for each evaluation."""
    if record.held_out is not None:
        print(f"step {record.step + 1}: loss {record.loss:.3f}, held out {record.held_out:.3f}", flush=True)


def options(given: Sequence[str] | None) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tier", choices=tiers.TIERS)
    parser.add_argument("--steps", type=int, help="in place of the tier's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", help="a file to write and, if it is there, to go on from")
    parser.add_argument("--checkpoint-every", type=int, default=100, help="steps between two checkpoints")
    parser.add_argument("--backend", choices=["gloo", "nccl"], help="nccl where there is a GPU, else gloo")
    parser.add_argument("--quick", action="store_true", help="judge by a few held-out windows, not by all")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> dict[str, Any]:
    """Train; the lead prints what came out. Return the run's numbers."""
    asked = options(given)
    changes: dict[str, Any] = {"steps": asked.steps} if asked.steps else {}
    if asked.checkpoint:
        changes |= {"checkpoint": asked.checkpoint, "checkpoint_every": asked.checkpoint_every}
    resume = asked.checkpoint if asked.checkpoint and Path(asked.checkpoint).exists() else None
    with running(asked.backend) as group:
        if (asked.tier, asked.backend, group.device.type) == ("gpu", None, "cpu"):
            raise ValueError(
                "the gpu tier takes a day on a CPU, and there is no GPU here; if you want that, say --backend gloo"
            )
        if resume and group.lead:
            print(f"goes on from {resume}", flush=True)
        if group.device.type == "cpu":  # processes that share cores hinder each other with more threads
            torch.set_num_threads(max(1, torch.get_num_threads() // group.world))
        _, result = tiers.run(
            asked.tier,
            seed=asked.seed,
            on_step=show,
            resume=resume,
            quick=asked.quick,
            group=group,
            **changes,
        )
        if group.lead:
            print(
                f"held-out loss {result['loss']:.4f} nats a character, {group.world} × {result['device']},"
                f" in {result['seconds']:.0f} s"
            )
    return result


if __name__ == "__main__":
    main()
