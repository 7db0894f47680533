"""torch as it comes, whatever a notebook or a module has set before: so it is when a submission is graded."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch


def reset_torch() -> None:
    """Set torch as it comes."""
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_deterministic_debug_mode("default")


def not_compiled(model: Callable | None = None, *args: Any, **options: Any) -> Callable:
    """Stand in for torch.compile: return the function as it is, which gives the same values and needs no compiler."""
    return (lambda function: function) if model is None else model


def compile_nothing() -> None:
    """Let torch.compile, and what excepts a function from it, return every function as it is."""
    torch.compile = torch.compiler.disable = not_compiled  # type: ignore[assignment]


@contextmanager
def fresh_torch() -> Iterator[None]:
    """Within the block torch is as it comes and compiles nothing; afterwards it is as it was."""
    grad, dtype, device = torch.is_grad_enabled(), torch.get_default_dtype(), torch.empty(0).device
    compilers, deterministic = (torch.compile, torch.compiler.disable), torch.get_deterministic_debug_mode()
    reset_torch()
    compile_nothing()
    try:
        with warnings.catch_warnings():
            # A notebook may have made errors of them.
            warnings.filters[:] = [one for one in warnings.filters if one[0] != "error"]  # type: ignore[index]
            yield
    finally:
        torch.compile, torch.compiler.disable = compilers
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        torch.set_default_device(None if device.type == "cpu" else device)
        torch.set_deterministic_debug_mode(deterministic)
