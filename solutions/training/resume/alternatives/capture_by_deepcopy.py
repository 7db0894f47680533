"""Copies by Python's deepcopy; the random state of the CPU alone."""


def capture(model, optimizer, step, **rest):
    from copy import deepcopy

    parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    return deepcopy({**parts, "random": {"cpu": torch.get_rng_state()}, **rest})


def restore(state, model, optimizer):
    from copy import deepcopy

    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(state["model"][name])
    optimizer.load_state_dict(deepcopy(state["optimizer"]))
    torch.set_rng_state(state["random"]["cpu"])
    return state["step"]


def copied(value, where):
    from copy import deepcopy

    return deepcopy(value)
