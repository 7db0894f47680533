"""A limit on the tensors that a piece of code makes, for exercises that must do with little memory."""

import torch
from torch.overrides import TorchFunctionMode


class TensorTooLarge(Exception):
    """Not a MemoryError: the machine has enough, the exercise does not allow it."""


class NoTensorAbove(TorchFunctionMode):
    """Within `with NoTensorAbove(most):` torch raises TensorTooLarge on making a tensor of more than most numbers.

    A view counts as much as what it is a view of.
    """

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Call func, then look at what it made."""
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor):
            numbers = result.untyped_storage().nbytes() // result.element_size()
            if numbers > self.most:
                raise TensorTooLarge(f"a tensor of {numbers} numbers; none may have more than {self.most}")
        return result
