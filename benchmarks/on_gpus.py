"""What of training on several workers only GPUs can show: each promise once, on a small model, in some seconds.

torchrun --nproc-per-node 2 -m benchmarks.on_gpus [--backend gloo]     ends with an error if one is broken

With one GPU, --nproc-per-node 1 shows that NCCL starts and that a world of one is one process. Continuous integration has no
GPU: there it runs on two CPUs with gloo, so that the script itself is known to work.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn import functional as F

from benchmarks.on_gpu import DATA, HELD_OUT, SETTINGS, V
from lib.config import BlockConfig, ModelConfig
from lib.distributed import Group, average_gradients, column_linear, row_linear, running, train_data_parallel
from lib.fused import FusedGPT
from lib.pipeline import pipeline_step
from lib.tensor_parallel import part_of
from lib.training import TrainConfig, train

CONFIG = TrainConfig(**{**SETTINGS, "steps": 6})
NEAR = 1e-5  # of the mean difference of two weights: one alone may be far, as Adam takes a whole step for mere rounding


def gpt(group: Group, seed: int = 0) -> nn.Module:
    """Return a GPT without dropout on this worker's device."""
    torch.manual_seed(seed)
    block = BlockConfig(d_model=64, n_heads=4)
    return FusedGPT(ModelConfig(block=block, vocab_size=V, n_layers=2, context=32)).to(group.device)


def flat(model: nn.Module) -> Tensor:
    """Return a copy of all weights, one after the other."""
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def of_all(x: Tensor, group: Group) -> list[Tensor]:
    """Return every worker's x."""
    if group.world == 1:
        return [x]
    found = [torch.empty_like(x) for _ in range(group.world)]
    dist.all_gather(found, x.contiguous())
    return found


def all_weights_are_those_of_one_process(group: Group, **changes: Any) -> bool:
    """Train on all workers, and alone with as many micro-batches as all have; the weights of all are equal to the bit."""
    config = replace(CONFIG, **changes)
    together, alone = gpt(group, seed=group.rank), gpt(group)
    train_data_parallel(together, DATA, config, group, held_out=HELD_OUT)
    train(alone, DATA, replace(config, accumulate=config.accumulate * group.world), held_out=HELD_OUT)
    weights = of_all(flat(together), group)
    near = (weights[0] - flat(alone)).abs().mean() < (NEAR if config.precision == "float32" else 1e-3)
    return bool(near) and all(torch.equal(one, weights[0]) for one in weights)


def a_compiled_models_are_too(group: Group) -> bool:
    """The same with torch.compile."""
    return all_weights_are_those_of_one_process(group, compile=True)


def in_bfloat16_they_are_too(group: Group) -> bool:
    """The same in bfloat16."""
    return all_weights_are_those_of_one_process(group, precision="bfloat16")


def nan_on_one_stops_all(group: Group) -> bool:
    """Let the last worker's loss become NaN in its step 3: all name it."""
    model = gpt(group)

    def breaks(i: int) -> Any:
        if group.rank == group.world - 1 and i // (CONFIG.accumulate * group.world) == 3:
            with torch.no_grad():
                next(model.parameters()).fill_(torch.nan)
        return DATA(i)

    try:
        train_data_parallel(model, breaks, CONFIG, group, held_out=HELD_OUT)
    except FloatingPointError as error:
        return "loss is nan at step 3" in str(error)
    return False


def gradients_are_averaged(group: Group) -> bool:
    """Average ranks, in float32 and bfloat16, and a gradient that only the lead has."""
    parameters = [
        nn.Parameter(torch.zeros(3, device=group.device, dtype=d)) for d in (torch.float32, torch.bfloat16)
    ]
    for p in parameters:
        p.grad = torch.full_like(p, float(group.rank))
    lone = nn.Parameter(torch.zeros(1, device=group.device))
    if group.lead:
        lone.grad = torch.ones_like(lone)
    average_gradients([*parameters, lone], group)
    means = torch.tensor([float(p.grad[0]) for p in (*parameters, lone) if p.grad is not None])
    return torch.allclose(means, torch.tensor([(group.world - 1) / 2] * 2 + [1 / group.world]))


def a_network_that_is_cut_gives_the_same(group: Group) -> bool:
    """Cut a feed-forward network by tensor parallelism."""
    g = torch.Generator().manual_seed(1)
    width = 8 * group.world
    x, first, second = (
        torch.randn(*s, generator=g).double().to(group.device) for s in ((2, 5, 8), (width, 8), (8, width))
    )
    parts = part_of(first, 0, group), part_of(second, 1, group)
    y = row_linear(F.gelu(column_linear(x, parts[0], group)), parts[1], group)
    return torch.allclose(y, F.linear(F.gelu(F.linear(x, first)), second), rtol=0, atol=1e-10)


def stages_give_the_gradients_of_one_model(group: Group) -> bool:
    """Give each worker one layer."""
    torch.manual_seed(2)
    layers = nn.Sequential(*(nn.Linear(4, 4) for _ in range(group.world))).double().to(group.device)
    x = torch.randn(3, 2, 4, dtype=torch.float64).to(group.device)
    layers(x).square().sum().backward()
    own: Any = layers[group.rank]
    wanted = own.weight.grad.clone()
    layers.zero_grad()
    pipeline_step(own, list(x), lambda y, k: y.square().sum(), group, (2, 4))
    return torch.allclose(own.weight.grad, wanted, rtol=0, atol=1e-10)


def fully_sharded_learns_the_same(group: Group) -> bool:
    """Take three steps of AdamW with FSDP2, block by block, each worker with its own batch."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model: Any = gpt(group)
    alone = gpt(group)
    if group.world > 1:
        mesh = init_device_mesh(group.device.type, (group.world,))
        for part in (*model.encoder.blocks, model):
            fully_shard(part, mesh=mesh)
    for one, ranks in ((model, [group.rank]), (alone, range(group.world))):
        optimizer = torch.optim.AdamW(one.parameters(), lr=1e-3)
        for step in range(3):
            optimizer.zero_grad()
            for rank in ranks:
                x, y = (t.to(group.device) for t in DATA(step * group.world + rank))
                (F.cross_entropy(one(x).flatten(0, 1), y.flatten()) / len(ranks)).backward()
            optimizer.step()
    whole = [p.full_tensor() if group.world > 1 else p for p in model.parameters()]
    return bool((torch.cat([p.detach().flatten() for p in whole]) - flat(alone)).abs().mean() < NEAR)


CHECKS: tuple[Callable[[Group], bool], ...] = (
    all_weights_are_those_of_one_process,
    in_bfloat16_they_are_too,
    nan_on_one_stops_all,
    gradients_are_averaged,
    a_network_that_is_cut_gives_the_same,
    stages_give_the_gradients_of_one_model,
    fully_sharded_learns_the_same,
)
ON_CUDA = (a_compiled_models_are_too,)  # which takes a minute


def main(group: Group) -> bool:
    """Print a line for each promise; return True if all workers saw all kept."""
    kept = True
    for check in CHECKS + (ON_CUDA if group.device.type == "cuda" else ()):
        broken = torch.tensor([float(not check(group))], device=group.device)
        if group.world > 1:
            dist.all_reduce(broken)
        kept &= not broken.item()
        if group.lead:
            name = check.__name__.replace("_", " ")
            print(f"{name}: {'BROKEN' if broken.item() else 'kept'}", flush=True)
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", choices=["gloo", "nccl"])
    with running(parser.parse_args().backend) as group:
        kept = main(group)
    raise SystemExit(not kept)
