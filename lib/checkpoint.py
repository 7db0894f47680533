"""Stopping and going on: all that a run is, as one dict of copies, in a file that is whole or is not there.

A checkpoint holds tensors, numbers and texts, and containers of them: to read it runs no code. Left out on purpose: the
random states of Python and numpy, which the loop does not use, and checkpoints spread over several machines.
"""

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

State = dict[str, Any]
PLAIN = (int, float, str, type(None))  # a bool is an int


def capture(model: nn.Module, optimizer: Any, step: int, **rest: Any) -> State:
    """Return the state of a run of which `step` steps are done, under model, optimizer, step, random and rest's names.

    Every tensor is a copy: to train on does not change it. random has torch's random state, "cpu" and, where there are
    GPUs, "cuda".

    Raises TypeError for what `load` would refuse.
    """
    ### BEGIN SOLUTION
    state = {
        "step": step,
        "model": dict(unwrap(model).state_dict()),
        "optimizer": optimizer.state_dict(),
        "random": random_state(),
        **rest,
    }
    return copied(state, "the state")
    ### END SOLUTION


def restore(state: State, model: nn.Module, optimizer: Any) -> int:
    """Put everything back as `capture` found it, copied again; return how many steps are done.

    The model must be on its device already. Raises ValueError when the model has other weights than the checkpoint.
    """
    _check_weights(state["model"], unwrap(model))
    ### BEGIN SOLUTION
    unwrap(model).load_state_dict(state["model"])
    # An optimiser of torch's keeps the tensors that it is given.
    optimizer.load_state_dict(copied(state["optimizer"], "the state"))
    set_random_state(state["random"])
    return state["step"]
    ### END SOLUTION


def save(state: State, path: str | Path) -> None:
    """Write a checkpoint. Whatever happens meanwhile, path is the old file or the new one, and whole.

    It is written beside path, forced to the disk, and then takes path's name in one step.
    """
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def load(path: str | Path, device: torch.device | str = "cpu") -> State:
    """Read a checkpoint; its tensors come to this device, except the random state, which belongs to the CPU.

    Raises ValueError when the file is half written, holds other objects than `capture` writes, or is no checkpoint.
    """
    path = Path(path)
    if path.exists() and not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is half written, or no checkpoint at all: take an earlier one")
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except pickle.UnpicklingError as error:
        raise ValueError(
            f"{path} is damaged, or holds other objects than tensors, numbers and texts; to read those would run code"
            " that came with the file. If you trust it, torch.load(…, weights_only=False) reads it"
        ) from error
    except RuntimeError as error:
        raise ValueError(f"{path} is damaged: take an earlier checkpoint ({error})") from error
    missing = {"step", "model", "optimizer", "random"} - set(state if isinstance(state, dict) else ())
    if missing:
        raise ValueError(f"{path} is no checkpoint of a run: it has no {', '.join(sorted(missing))}")
    state["random"] = _on_cpu(state["random"])
    return state


def random_state() -> State:
    """Return the state of torch's random generators."""
    state: State = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def set_random_state(state: State) -> None:
    """Go on drawing where `random_state` stood. States of GPUs that are not there are passed over."""
    torch.set_rng_state(state["cpu"])
    for i, one in enumerate(state.get("cuda", [])[: torch.cuda.device_count()]):
        torch.cuda.set_rng_state(one, i)


def copied(value: Any, where: str) -> Any:
    """Return a copy of a container of tensors, numbers and texts. Raises TypeError for anything else, naming where."""
    if isinstance(value, PLAIN):
        return value
    ### BEGIN SOLUTION
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: copied(one, f"{where}[{key!r}]") for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(copied(one, f"{where}[{i}]") for i, one in enumerate(value))
    ### END SOLUTION
    raise TypeError(f"{where} is a {type(value).__name__}; a checkpoint holds tensors, numbers and texts")


def unwrap(model: nn.Module) -> nn.Module:
    """Return the model that torch.compile was given: its weights have the names that they have without it."""
    return getattr(model, "_orig_mod", model)


def _check_weights(saved: State, model: nn.Module) -> None:
    """Refuse a checkpoint of another model by naming the first difference."""
    ours = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    theirs = {name: tuple(tensor.shape) for name, tensor in saved.items()}
    for name in [*ours, *theirs]:
        if ours.get(name) != theirs.get(name):
            raise ValueError(
                f"{name} is {theirs.get(name, 'not there')} in the checkpoint and {ours.get(name, 'not there')} in the"
                " model: build the model with the config that it was saved with"
            )


def _on_cpu(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _on_cpu(one) for key, one in value.items()}
    return [_on_cpu(one) for one in value] if isinstance(value, list) else value.cpu()


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk as well, where a system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
