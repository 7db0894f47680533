"""What two workers do in the tests: torchrun starts this file once, and each worker writes what it saw as JSON.

python -m torch.distributed.run --standalone --nproc-per-node 2 --max-restarts 1 tests/lib/distributed_worker.py FOLDER

In the first attempt every check runs, and at the end worker 1 is killed in the middle of a run. In the second attempt that
run goes on from its checkpoint.
"""

import io
import json
import os
import signal
import sys
import warnings
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import torch
from torch import distributed as dist
from torch import nn
from torch.nn import functional as F

import benchmarks.distributed
from benchmarks import on_gpus
from lib import exchange
from lib.distributed import (
    Group,
    average_gradients,
    broadcast_parameters,
    column_linear,
    row_linear,
    running,
    shard,
    train_data_parallel,
)
from lib.pipeline import pipeline_step
from lib.tensor_parallel import part_of
from lib.training import TrainConfig
from tests.lib.small_distributed import (
    CONFIG,
    Cliff,
    Experts,
    Feedforward,
    batch_of_half,
    flat,
    known,
    network_input,
    of_even_workers,
    two_stages,
    uneven,
)
from tests.lib.small_training import Small, batch, data

Seen = dict[str, Any]


class Counting(exchange.DistributedDataParallel):
    """Notes the numbers that DDP hands over to be averaged, message by message."""

    messages: list[int] = []

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **settings)
        self.register_comm_hook(None, self.note)

    @staticmethod
    def note(state: Any, bucket: dist.GradBucket) -> torch.futures.Future[torch.Tensor]:
        Counting.messages.append(bucket.buffer().nbytes)
        work = dist.all_reduce(bucket.buffer().div_(dist.get_world_size()), async_op=True)
        return work.get_future().then(lambda done: done.value()[0])


def trained(group: Group, model: nn.Module, batches: Any, config: TrainConfig, **more: Any) -> Seen:
    """Train; return weights, what on_step was told, and messages."""
    told: list[Any] = []
    Counting.messages = []
    history = train_data_parallel(model, batches, config, group, told.append, **more)
    return {
        "weights": flat(model),
        "losses": [record.loss for record in history.records],
        "norms": [record.norm for record in history.records],
        "tokens": [record.tokens for record in history.records],
        "scales": [record.skipped for record in history.records],
        "told": len(told),
        "best": [history.best, history.best_step, history.stopped],
        "messages": Counting.messages,
    }


def raised(group: Group, model: nn.Module, batches: Any, config: TrainConfig) -> Seen:
    """Train until an error; return it and the weights at that time."""
    try:
        train_data_parallel(model, batches, config, group)
    except (FloatingPointError, ValueError) as error:
        return {"error": str(error), "weights": flat(model)}
    return {"error": "", "weights": flat(model)}


def gradients(group: Group) -> Seen:
    """Average by hand: two dtypes, a gradient that only worker 1 has, and shares."""
    a, b, c = (nn.Parameter(torch.zeros(2, dtype=d)) for d in (torch.float64, torch.float16, torch.float64))
    a.grad, b.grad = torch.full_like(a, group.rank + 1.0), torch.full_like(b, 1000.0 * group.rank)
    if group.rank == 1:
        c.grad = torch.ones_like(c)
    average_gradients([a, b, c], group)
    plain = [p.grad.tolist() for p in (a, b, c) if p.grad is not None]
    a.grad = torch.full_like(a, group.rank + 1.0)
    average_gradients([a], group, share=[0.25, 0.75][group.rank])
    return {"plain": plain, "dtypes": [str(p.grad.dtype) for p in (a, b, c)], "shares": a.grad.tolist()}


def same_start(group: Group) -> Seen:
    """Begin with different weights and buffers."""
    model = nn.BatchNorm1d(3)
    nn.init.constant_(model.weight, group.rank + 5.0)
    model.running_mean.fill_(group.rank + 7.0)
    broadcast_parameters(model, group)
    return {"weight": model.weight.tolist(), "buffer": model.running_mean.tolist()}


def by_hand(group: Group) -> Seen:
    """20 steps of AdamW with a plain loop, weighted by the global count of targets."""
    model = Small(group.rank)
    broadcast_parameters(model, group)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
    for step in range(20):
        x, y = uneven(2 * step + group.rank)
        own = (y >= 0).sum()
        count = own.clone()
        dist.all_reduce(count)
        optimizer.zero_grad()
        F.cross_entropy(model(x).flatten(0, 1), y.flatten()).backward()
        average_gradients(model.parameters(), group, share=int(own) / int(count))
        optimizer.step()
    return {"weights": flat(model)}


def loop(group: Group) -> Seen:
    """The loop in float64 with accumulation, clipping and micro-batches of unequal counts; workers begin unlike."""
    return trained(group, Small(group.rank), data, CONFIG)


def loop_in_float32(group: Group) -> Seen:
    """The same in float32."""
    return trained(group, Small(0).float(), data, CONFIG)


def experts(group: Group) -> Seen:
    """A mixture of experts, one of which no batch needs."""
    config = TrainConfig(steps=8, lr=0.05, accumulate=2, decay=0.5)
    return trained(group, Experts(0), data, config, unused=True)


def no_targets_for_one(group: Group) -> Seen:
    """Worker 1 never has a target that counts."""
    return trained(group, Small(0), of_even_workers, TrainConfig(steps=5, lr=0.05))


def no_targets_at_all(group: Group) -> Seen:
    """Nobody has a target in step 2."""
    return raised(
        group, Small(0), lambda i: batch(i) if i < 4 else of_even_workers(1), TrainConfig(steps=5, lr=0.1)
    )


def nan(group: Group) -> Seen:
    """Worker 1's loss is NaN in step 3."""
    return raised(group, Cliff(torch.nan), lambda i: known(i, bad=7), TrainConfig(steps=6, lr=0.1))


def infinite(group: Group) -> Seen:
    """Worker 1's loss is inf in step 3, and all gradients are finite."""
    return raised(group, Cliff(-torch.inf), lambda i: known(i, bad=7), TrainConfig(steps=6, lr=0.1))


def overflow(group: Group) -> Seen:
    """In float16 one worker's gradient overflows while the scale is high."""
    model = Small(0).float()
    if group.rank == 1:
        model.head.bias.register_hook(lambda g: torch.where(g.abs() > 600, torch.inf, g))
    return trained(group, model, data, TrainConfig(steps=12, lr=0.01, precision="float16"))


class HeldOut:
    """Two batches, and a count of how often they were read."""

    def __init__(self) -> None:
        self.read = 0

    def __iter__(self) -> Any:
        self.read += 1
        yield from (batch(77), batch(78))


def stopping(group: Group) -> Seen:
    """With a rate that is far too high an evaluation soon is no better."""
    held_out = HeldOut()
    config = TrainConfig(steps=40, lr=5.0, eval_every=2, patience=2)
    seen = trained(group, Small(0), data, config, held_out=held_out)
    return {**seen, "read": held_out.read}


def checkpoint(group: Group, folder: Path) -> Seen:
    """Stop after 6 of 12 steps: only the lead is told a file that can be written."""
    path = folder / "half.pt"
    ours = str(path) if group.lead else str(folder / "not there" / "half.pt")
    config = TrainConfig(steps=12, lr=0.05, accumulate=2, checkpoint_every=6, checkpoint=ours)

    def until_6(i: int) -> Any:
        if i >= 24:
            raise KeyError("stopped")
        return data(i)

    with suppress(KeyError):
        train_data_parallel(Small(0), until_6, config, group)
    dist.barrier()
    whole = trained(group, Small(0), data, TrainConfig(steps=12, lr=0.05, accumulate=2))
    rest = trained(group, Small(9), data, TrainConfig(steps=12, lr=0.05, accumulate=2), resume=path)
    try:
        train_data_parallel(Small(0), data, TrainConfig(steps=12, lr=0.05), group, resume=path)
    except ValueError as error:
        refused = str(error)
    return {"whole": whole["weights"], "rest": rest["weights"], "refused": refused}


def tensor_parallel(group: Group) -> Seen:
    """A feed-forward network cut in two, forward and backward."""
    x = network_input().requires_grad_()
    first, second = (
        nn.Parameter(part_of(w, dim, group)) for w, dim in zip(Feedforward().weights(), (0, 1), strict=True)
    )
    y = row_linear(F.gelu(column_linear(x, first, group)), second, group)
    (y**2).sum().backward()
    return {
        "y": y.tolist(),
        "x": x.grad.tolist(),
        "first": first.grad.tolist(),
        "second": second.grad.tolist(),
    }


def pipeline(group: Group) -> Seen:
    """Two stages, three micro-batches."""
    stages, x, targets = two_stages()
    stage = stages[group.rank]
    loss = pipeline_step(
        stage, x, lambda y, k: F.mse_loss(y, targets[k], reduction="sum"), group, (len(x[0]), 5)
    )
    return {"loss": loss.item(), "gradients": [p.grad.flatten().tolist() for p in stage.parameters()]}


def fully_sharded(group: Group) -> Seen:
    """FSDP2 on the same network: each worker holds half, and 10 steps of AdamW give the same weights."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model = Feedforward()
    fully_shard(model, mesh=init_device_mesh("cpu", (group.world,)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for step in range(10):
        optimizer.zero_grad()
        (model(batch_of_half(step, group)) ** 2).mean().backward()
        optimizer.step()
    own = sum(p.to_local().numel() for p in model.parameters())
    return {"own": own, "weights": [p.full_tensor().flatten().tolist() for p in model.parameters()]}


def sharded_items(group: Group) -> Seen:
    """Each worker's items of two epochs."""
    return {"epochs": [shard(11, group, epoch, seed=3).tolist() for epoch in (0, 1)]}


CHECKS = (
    gradients,
    same_start,
    by_hand,
    loop,
    loop_in_float32,
    experts,
    no_targets_for_one,
    no_targets_at_all,
    nan,
    infinite,
    overflow,
    stopping,
    tensor_parallel,
    pipeline,
    fully_sharded,
    sharded_items,
)


def killed(group: Group, folder: Path, kills: bool) -> Seen:
    """Train with dropout, resumed if there is a checkpoint; worker 1 is killed in step 7 if it should be."""
    path = folder / "killed.pt"

    def batches(i: int) -> Any:
        if kills and group.rank == 1 and i >= 7 * 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return data(i)

    torch.manual_seed(5 if kills else 6)  # the resumed run has the seed of its checkpoint
    config = TrainConfig(steps=12, lr=0.05, checkpoint_every=5, checkpoint=str(path))
    return trained(group, Small(0, dropout=0.3), batches, config, resume=path if path.exists() else None)


def command(folder: Path) -> Seen:
    """What a reader types, twice: the second time all steps are done."""
    path = str(folder / "command.pt")
    given = ["small", "--steps", "3", "--checkpoint", path, "--backend", "gloo", "--quick"]
    with redirect_stdout(io.StringIO()) as printed:
        losses = [benchmarks.distributed.main(given)["loss"] for _ in range(2)]
    return {"printed": printed.getvalue(), "losses": losses}


def promises(group: Group) -> Seen:
    """What is asked of GPUs, of two CPUs."""
    with redirect_stdout(io.StringIO()) as printed:
        kept = on_gpus.main(group)
    return {"kept": kept, "printed": printed.getvalue()}


def main(folder: Path) -> None:
    """Run all, and write FOLDER/ATTEMPT-RANK.json."""
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    attempt = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
    typed = command(folder) if attempt == 0 else {}
    with running("gloo", timeout=120) as group:
        file = folder / f"{attempt}-{group.rank}.json"
        if attempt:
            assert (folder / f"0-{group.rank}.json").exists(), "the first attempt failed, see above"
            file.write_text(json.dumps({"resumed": killed(group, folder, kills=False)}))
            return
        exchange.DistributedDataParallel = Counting
        seen = {check.__name__: check(group) for check in (*CHECKS, promises)} | {"command": typed}
        seen["checkpoint"] = checkpoint(group, folder)
        whole = TrainConfig(steps=12, lr=0.05)
        torch.manual_seed(5)
        seen["undisturbed"] = trained(group, Small(0, dropout=0.3), data, whole)
        file.write_text(json.dumps(seen))
        dist.barrier()
        killed(group, folder, kills=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
