"""What all optimisers share: groups of parameters, a state for each parameter, saving and loading.

The names are torch.optim's, so that a schedule and a training loop can use one or the other.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

Group = dict[str, Any]  # "params", a list of tensors, and the settings that hold for them


class Optimizer:
    """Parameters in groups, and a state for each of them.

    `step` calls `update`, which a subclass writes, for each parameter that has a gradient, under no_grad.
    """

    def __init__(self, parameters: Iterable[Tensor] | Iterable[Group], **settings: Any):
        """Take parameters, or groups of them whose own settings come before these.

        Raises ValueError when there is no parameter, or one stands in two groups.
        """
        given: list[Any] = list(parameters)
        groups = given if given and isinstance(given[0], dict) else [{"params": given}]
        self.param_groups: list[Group] = [
            {**settings, **group, "params": list(group["params"])} for group in groups
        ]
        everything = [p for group in self.param_groups for p in group["params"]]
        if not everything or len({id(p) for p in everything}) < len(everything):
            raise ValueError(
                f"{len(everything)} parameters given; there must be one, and none may stand twice"
            )
        self.state: dict[Tensor, dict[str, Any]] = {p: {} for p in everything}

    def update(self, p: Tensor, gradient: Tensor, state: dict[str, Any], group: Group) -> None:
        """Change the parameter p in place; state is its own dict, empty before its first update."""
        raise NotImplementedError

    @torch.no_grad()
    def step(self) -> None:
        """Update each parameter that has a gradient; the others stand still, and their clocks too."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, p.grad, self.state[p], group)

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for p in self.state:
            p.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return copies of states and settings, by the order of the parameters."""
        state = [{k: _copy(v) for k, v in one.items()} for one in self.state.values()]
        return {
            "state": state,
            "param_groups": [{k: v for k, v in g.items() if k != "params"} for g in self.param_groups],
        }

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned. Raises ValueError when it has other numbers of parameters or groups."""
        ours, theirs = (
            (len(self.state), len(self.param_groups)),
            (len(saved["state"]), len(saved["param_groups"])),
        )
        if ours != theirs:
            raise ValueError(f"the saved state has {theirs} parameters and groups; this optimizer has {ours}")
        for p, one in zip(self.state, saved["state"], strict=True):
            self.state[p] = {
                k: v.to(p.device, copy=True) if isinstance(v, Tensor) else v for k, v in one.items()
            }
        for group, settings in zip(self.param_groups, saved["param_groups"], strict=True):
            group.update(settings)


def check_at_least_0(**numbers: float) -> None:
    """Raise ValueError, with the name, for a number that is negative or NaN."""
    for name, value in numbers.items():
        if not value >= 0:
            raise ValueError(f"{name}={value} must not be negative")


def _copy(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, Tensor) else value
