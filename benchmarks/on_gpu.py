"""What of the training loop only a GPU can show: each promise once, on a small model, in some seconds.

python -m benchmarks.on_gpu [--device cpu]     ends with an error if one is broken

Continuous integration has no GPU: there it runs on the CPU, so that the script itself is known to work.
"""

import argparse
import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from lib.checkpoint import capture
from lib.config import BlockConfig, ModelConfig
from lib.fused import FusedGPT
from lib.run import default_optimizer
from lib.training import TrainConfig, batches_of, device_of, evaluate, train, train_step, windows_of
from lib.transformer import GPT

V, CONTEXT = 80, 32
TOKENS = torch.randint(V, (4000,), generator=torch.Generator().manual_seed(0))
DATA = batches_of(TOKENS, 8, CONTEXT)
SETTINGS: dict[str, Any] = {
    "steps": 12,
    "lr": 1e-3,
    "warmup": 2,
    "accumulate": 2,
    "eval_every": 4,
    "log_every": 3,
}
HELD_OUT = windows_of(TOKENS[:1000], 8, CONTEXT)


class Dropping(nn.Module):
    """A GPT with dropout on its logits, so that a lost random state shows."""

    def __init__(self, make: Callable[[ModelConfig], GPT] = FusedGPT):
        super().__init__()
        block = BlockConfig(d_model=64, n_heads=4)
        self.gpt = make(ModelConfig(block=block, vocab_size=V, n_layers=2, context=CONTEXT))
        self.drop = nn.Dropout(0.2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits of which a fifth are 0."""
        return self.drop(self.gpt(x))


def model_on(device: torch.device, seed: int = 0, make: Callable[[ModelConfig], GPT] = FusedGPT) -> Dropping:
    """Return a model with the weights of this seed."""
    torch.manual_seed(seed)
    return Dropping(make).to(device)


def same(one: nn.Module, other: nn.Module) -> bool:
    """Return True if all weights are equal to the bit."""
    return all(torch.equal(p, q) for p, q in zip(one.parameters(), other.parameters(), strict=True))


def a_stopped_run_goes_on_to_the_same_bit(device: torch.device, precision: str = "float32") -> bool:
    """Train 12 steps, then 12 with captured states, and go on from the sixth with other weights and another seed.

    The model is the slow one: fused attention adds gradients up in whatever order they come.
    """
    config = TrainConfig(**SETTINGS, precision=precision)
    whole = model_on(device, make=GPT)
    first = train(whole, DATA, config, held_out=HELD_OUT)
    half, states = model_on(device, make=GPT), []
    optimizer = default_optimizer(half, config)
    stop = TrainConfig(**{**SETTINGS, "log_every": 1}, precision=precision)  # on_step sees each step at once

    def keep(record: Any) -> None:
        states.append(capture(half, optimizer, record.step + 1))

    train(half, DATA, stop, keep, held_out=HELD_OUT, optimizer=optimizer)
    again = model_on(device, 9, GPT)
    second = train(again, DATA, config, held_out=HELD_OUT, resume=states[5])
    return same(whole, again) and first.records[6:] == second.records


def bfloat16_does_too(device: torch.device) -> bool:
    """The same in bfloat16."""
    return a_stopped_run_goes_on_to_the_same_bit(device, "bfloat16")


def a_step_waits_for_nothing(device: torch.device) -> bool:
    """Take a step while torch raises an error for whatever waits for the GPU."""
    model = model_on(device)
    optimizer = default_optimizer(model, TrainConfig(**SETTINGS))
    batches = [DATA(0), DATA(1)]
    train_step(model, batches, optimizer, 1.0, "bfloat16")
    if device.type == "cuda":
        torch.cuda.set_sync_debug_mode("error")
    try:
        step = train_step(model, batches, optimizer, 1.0, "bfloat16")
    finally:
        if device.type == "cuda":
            torch.cuda.set_sync_debug_mode("default")
    return not bool(step.skipped)


def nothing_that_is_nan_reaches_the_weights(device: torch.device) -> bool:
    """Take a step with NaN in one gradient: weights, moments and the count of steps stay, without waiting."""
    model = model_on(device)
    optimizer = default_optimizer(model, TrainConfig(**SETTINGS))
    train_step(model, [DATA(0)], optimizer, 1.0)
    kept, state = copy.deepcopy(model), copy.deepcopy(optimizer.state_dict())
    handle = model.gpt.head.weight.register_hook(lambda gradient: gradient * torch.nan)
    skipped = bool(train_step(model, [DATA(1)], optimizer, 1.0).skipped)
    handle.remove()
    torch.testing.assert_close(optimizer.state_dict(), state, rtol=0, atol=0)
    unchanged = same(model, kept)
    return skipped and unchanged and not bool(train_step(model, [DATA(1)], optimizer, 1.0).skipped)


def the_step_of_a_nan_is_named(device: torch.device) -> bool:
    """Let the loss become NaN at step 4 of a run whose results are read three by three."""

    def breaks(i: int) -> Any:
        if i == 8:
            with torch.no_grad():
                model.gpt.encoder.blocks[0].get_parameter("norm1.weight").fill_(torch.nan)
        return DATA(i)

    model = model_on(device)
    try:
        train(model, breaks, TrainConfig(**SETTINGS), held_out=HELD_OUT)
    except FloatingPointError as error:
        return "loss is nan at step 4" in str(error)
    return False


def float16_learns_with_its_scaler(device: torch.device) -> bool:
    """Train in float16: the loss is near that of float32."""
    losses = []
    for precision in ("float32", "float16"):
        model = model_on(device)
        train(model, DATA, TrainConfig(**SETTINGS, precision=precision), held_out=HELD_OUT)
        losses.append(evaluate(model, HELD_OUT))
    return abs(losses[0] - losses[1]) < 0.02


def the_fast_model_is_the_slow_one(device: torch.device) -> bool:
    """Compare logits and gradients of both in float32."""
    fast = model_on(device).eval()
    slow = Dropping(GPT).to(device).eval()
    slow.load_state_dict(fast.state_dict())
    x = DATA(0)[0].to(device)
    outputs = [model(x) for model in (fast, slow)]
    for output in outputs:
        output.float().logsumexp(-1).sum().backward()
    torch.testing.assert_close(*outputs, rtol=1e-3, atol=1e-4)
    for p, q in zip(fast.parameters(), slow.parameters(), strict=True):
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-2, atol=1e-2)
    return True


def an_evaluation_leaves_the_gpus_random_state(device: torch.device) -> bool:
    """Draw the same number with and without an evaluation before it."""
    model, drawn = model_on(device), []
    for evaluates in (False, True):
        torch.manual_seed(1)
        if evaluates:
            evaluate(model, HELD_OUT)
        drawn.append(torch.rand(3, device=device))
    return torch.equal(*drawn)


CHECKS = (
    a_stopped_run_goes_on_to_the_same_bit,
    bfloat16_does_too,
    a_step_waits_for_nothing,
    nothing_that_is_nan_reaches_the_weights,
    the_step_of_a_nan_is_named,
    float16_learns_with_its_scaler,
    the_fast_model_is_the_slow_one,
    an_evaluation_leaves_the_gpus_random_state,
)


def main(choice: str) -> bool:
    """Print a line for each promise; return True if all are kept."""
    device, kept = device_of(choice), True
    for check in CHECKS:
        try:
            result = "kept" if check(device) else "BROKEN"
        except (RuntimeError, AssertionError) as error:
            result = f"BROKEN: {error}"
        kept &= result == "kept"
        print(f"{check.__name__.replace('_', ' ')}: {result}", flush=True)
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    raise SystemExit(not main(parser.parse_args().device))
