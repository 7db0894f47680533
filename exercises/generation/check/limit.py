"""Limits on a piece of code: how large its tensors may be, and which of torch's functions it may not call."""

import torch
from torch._C import _functorch as functorch
from torch.overrides import TorchFunctionMode


class TensorTooLarge(Exception):
    """Not a MemoryError: the machine has enough, the exercise does not allow it."""


class NoTensorAbove(TorchFunctionMode):
    """Within `with NoTensorAbove(limit):` torch raises TensorTooLarge on making a tensor of more than limit numbers.

    A view counts as much as what it is a view of.
    """

    def __init__(self, limit: int):
        super().__init__()
        self.limit = limit

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Call func, then look at what it made."""
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor):
            numbers = _numbers(result)
            if numbers > self.limit:
                raise TensorTooLarge(f"a tensor of {numbers} numbers; none may have more than {self.limit}")
        return result


def _numbers(tensor: torch.Tensor) -> int:
    """Return how many numbers a tensor's memory holds; within vmap, where it stands for many, those of all together."""
    while functorch.is_functorch_wrapped_tensor(tensor):
        tensor = functorch.get_unwrapped(tensor)
    return tensor.untyped_storage().nbytes() // tensor.element_size()


class NotAllowed(Exception):
    """Code has called a function that its exercise is about."""


class Without(TorchFunctionMode):
    """Within `with Without("cross_entropy"):` torch raises NotAllowed on a call of a function of such a name.

    It holds honest code only; whoever wants to can get around it.
    """

    def __init__(self, *names: str):
        super().__init__()
        self.names = names

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Call func, unless its name is one of these."""
        if func.__name__ in self.names:
            raise NotAllowed(f"torch's {func.__name__}, which this exercise asks you to write")
        return func(*args, **(kwargs or {}))
